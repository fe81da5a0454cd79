"""Times torchaudio's mel spectrograms of long recordings from host memory to host memory: the other side of the benchmark device-mel.

Usage: compare_mel_device.py cpu|cuda [hours]
"""
import json
import sys
import time

import torch
import torchaudio

RATE, PIECE_SECONDS = 16000, 600
device = torch.device(sys.argv[1] if len(sys.argv) > 1 else "cpu")
hours = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
pieces = max(1, int(hours * 3600 / PIECE_SECONDS))
n = torch.arange(int(min(PIECE_SECONDS * RATE, hours * 3600 * RATE)), dtype=torch.float64)
signal = torch.sin(torch.remainder(1e-6 * n * n, 2 * torch.pi)).to(torch.float32)
mel = torchaudio.transforms.MelSpectrogram(RATE, n_fft=1024, hop_length=256, n_mels=80).to(device)
result = mel(signal.to(device)).cpu()
start = time.perf_counter()
for _ in range(pieces):
    result = mel(signal.to(device)).cpu()
seconds = time.perf_counter() - start
print(json.dumps({"device": str(device), "hours": pieces * signal.numel() / 3600 / RATE, "seconds": seconds,
                  "mean_log": torch.log(result + 1e-3).mean().item(), "torchaudio": torchaudio.__version__}))
