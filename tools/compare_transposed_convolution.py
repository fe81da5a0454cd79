"""Times PyTorch's conv_transpose1d: the other side of compare-transposed-convolution.sh. Prints the best GFLOP/s and the result's mean square.

Arguments: threads, then width and channels of the result, kernel, channels of what is convolved, stride, padding.
"""
import sys
import time

import torch

BATCH = 32
threads, width, out_channels, kernel, in_channels, stride, padding = map(int, sys.argv[1:])
length = (width + 2 * padding - kernel) // stride + 1
torch.set_num_threads(threads)


def pattern(factor, *sizes):
    count = torch.Size(sizes).numel()
    i = torch.arange(count, dtype=torch.int64)
    return (torch.remainder(i * i * factor, 1009).to(torch.float32) / 1009 - 0.5).reshape(sizes)


# The same numbers as on our side, whose channels are last.
x = pattern(7, BATCH, length, in_channels).transpose(1, 2).contiguous()
weights = pattern(11, kernel, out_channels, in_channels).permute(2, 1, 0).contiguous()
with torch.no_grad():
    result = torch.nn.functional.conv_transpose1d(x, weights, stride=stride, padding=padding)
    best = float("inf")
    begin = time.perf_counter()
    while time.perf_counter() - begin < 2:
        start = time.perf_counter()
        result = torch.nn.functional.conv_transpose1d(x, weights, stride=stride, padding=padding)
        best = min(best, time.perf_counter() - start)
assert result.shape == (BATCH, out_channels, width)
print(f"{2e-9 * weights.numel() * BATCH * length / best:.2f} {result.double().square().mean().item():.4f}")
