#!/bin/sh
# Times training steps (critic and generator, WGAN-GP) of the 2-D reference network on a GPU, ours and PyTorch's in turn, then the product of two matrices of
# 4096 x 4096 with our kernel and with cuBLAS. Needs a CUDA device and PyTorch with CUDA; tools/gpu-check.sh does the same, and more, where there is no .NET.
# "ratio R" is our best rate over the peer's.
set -eu
cd "$(dirname "$0")/.."
tools/require-python.sh torch
dotnet build -c Release -v quiet --nologo tests/VoiceKit.Benchmarks >&2
benchmarks="dotnet run --no-build -c Release --project tests/VoiceKit.Benchmarks --"
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for round in 1 2 3; do
    peer=$(/usr/bin/python3 tools/compare_training_step_2d.py cuda | head -n 1)
    own=$($benchmarks device-training-step cuda | grep steps/s)
    echo "round $round: VoiceKit $own; PyTorch $peer"
    echo "${own%% *} ${peer%% *}" >> "$results"
done
awk '$1 > own { own = $1 } $2 > peer { peer = $2 } END { printf "ratio %.3f\n", own / peer }' "$results"
$benchmarks device-matmul cuda
