#!/bin/sh
# Times our mel spectrogram (double) and torchaudio's (float) in turn, each on one thread: 60 s at 22050 Hz, transforms of 1024 samples
# every 256, 80 bands. The last line is "ratio R": our best time over torchaudio's.
set -eu
cd "$(dirname "$0")/.."
tools/require-python.sh torchaudio
dotnet build -c Release -v quiet --nologo tests/VoiceKit.Benchmarks >&2
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for round in 1 2 3; do
    peer=$(/usr/bin/python3 tools/compare_mel.py)
    own=$(dotnet run --no-build -c Release --project tests/VoiceKit.Benchmarks -- peer-mel)
    echo "round $round: VoiceKit ${own% *} ms, torchaudio ${peer% *} ms; mean logarithm ${own#* } and ${peer#* }"
    echo "$own $peer" >> "$results"
done
awk 'NR == 1 || $1 < own { own = $1 } NR == 1 || $3 < peer { peer = $3 } END { printf "ratio %.3f\n", own / peer }' "$results"
