"""Times torchaudio's mel spectrogram on one thread: the other side of compare-mel.sh. Prints the best time in ms and a mean of logarithms."""
import time

import torch
import torchaudio

torch.set_num_threads(1)
rate = 22050
n = torch.arange(60 * rate, dtype=torch.float64)
signal = torch.sin(torch.remainder(1e-6 * n * n, 2 * torch.pi)).to(torch.float32)
mel = torchaudio.transforms.MelSpectrogram(rate, n_fft=1024, hop_length=256, n_mels=80)
best = float("inf")
result = mel(signal)
for _ in range(20):
    start = time.perf_counter()
    result = mel(signal)
    best = min(best, time.perf_counter() - start)
print(f"{best * 1e3:.2f} {torch.log(result + 1e-3).mean().item():.4f}")
