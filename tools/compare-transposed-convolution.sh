#!/bin/sh
# Times our transposed convolutions along one axis and PyTorch's (Debian package python3-torch) in turn, each in its own layout, batch 32, on
# two threads. The last line is "ratio R": the geometric mean over the shapes of our best GFLOP/s over PyTorch's.
set -eu
cd "$(dirname "$0")/.."
threads=${1:-2}
tools/require-python.sh torch
dotnet build -c Release -v quiet --nologo tests/VoiceKit.Benchmarks >&2
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# The width and channels of the result, kernel, channels of what is convolved, stride, padding.
for shape in "8 128 4 128 2 1" "16 128 4 128 2 1" "32 128 4 128 2 1" "64 128 4 128 2 1" \
             "32 192 4 128 2 1" "64 384 4 128 2 1" "32 192 4 128 4 0" "64 384 4 128 4 0" "32 128 3 192 1 1"; do
    : > "$results.shape"
    for round in 1 2 3; do
        peer=$(/usr/bin/python3 tools/compare_transposed_convolution.py "$threads" $shape)
        own=$(dotnet run --no-build -c Release --project tests/VoiceKit.Benchmarks -- peer-transposed-convolution "$threads" $shape)
        echo "$own $peer" >> "$results.shape"
    done
    awk -v shape="$shape" '$1 > own { own = $1 } $3 > peer { peer = $3 } { square = $2; other = $4 }
        END { printf "%s: VoiceKit %.2f GFLOP/s, PyTorch %.2f, ratio %.3f; mean square %s, %s\n", shape, own, peer, own / peer, square, other }' \
        "$results.shape" | tee -a "$results"
    rm "$results.shape"
done
awk -F 'ratio ' '{ logarithms += log($2 + 0) } END { printf "ratio %.3f\n", exp(logarithms / NR) }' "$results"
