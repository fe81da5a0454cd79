#!/bin/sh
# Times training steps (critic and generator, WGAN-GP) of a small 1-D network, ours and PyTorch's in turn: the same shapes, batch and loss on the
# same number of threads (the first argument, 1 by default). The last line is "ratio R": our best rate over PyTorch's.
set -eu
cd "$(dirname "$0")/.."
threads=${1:-1}
tools/require-python.sh torch
dotnet build -c Release -v quiet --nologo tests/VoiceKit.Benchmarks >&2
export OMP_NUM_THREADS="$threads" MKL_NUM_THREADS="$threads" OPENBLAS_NUM_THREADS="$threads"
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for round in 1 2 3; do
    peer=$(/usr/bin/python3 tools/compare_training_step.py "$threads")
    own=$(dotnet run --no-build -c Release --project tests/VoiceKit.Benchmarks -- peer-training-step "$threads")
    echo "round $round, $threads thread(s): VoiceKit $own; PyTorch $peer"
    echo "${own%% *} ${peer%% *}" >> "$results"
done
awk '$1 > own { own = $1 } $2 > peer { peer = $2 } END { printf "ratio %.3f\n", own / peer }' "$results"
