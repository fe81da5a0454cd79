#!/usr/bin/env bash
# Measures a batch of one-second recordings: peak memory of many files against a tenth of them, what the batch costs beside the analysis itself,
# how it scales from one core to two, and a run with nothing to do.
#
#   tools/measure-batch.sh [FILES=10000]
set -euo pipefail
count=${1:-10000}
cd "$(dirname "$0")/.."
dotnet build -c Release src/VoiceKit.Cli -v q --nologo
dotnet build -c Release tests/VoiceKit.Benchmarks -v q --nologo
voicekit=src/VoiceKit.Cli/bin/Release/net10.0/VoiceKit.Cli.dll
benchmarks=tests/VoiceKit.Benchmarks/bin/Release/net10.0/VoiceKit.Benchmarks.dll
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
dotnet "$benchmarks" make-clips "$scratch/all" "$count"
mkdir "$scratch/tenth"
for speaker in $(ls "$scratch/all" | head -n $((count / 1000))); do cp -r "$scratch/all/$speaker" "$scratch/tenth/"; done
tenth=$((count / 10))

# run CORES JOBS INPUT OUTPUT: seconds and peak memory in MiB.
run() {
    local start=$EPOCHREALTIME peak=0 now
    taskset -c "$1" dotnet "$voicekit" batch analyze "$3" -o "$4" --f0-method dio --jobs "$2" 2>/dev/null &
    local child=$!
    while now=$(awk '/VmHWM/ { print $2 }' "/proc/$child/status" 2>/dev/null) && [ -n "$now" ]; do peak=$now; sleep 0.02; done
    wait $child
    awk -v a="$start" -v b="$EPOCHREALTIME" -v p="$peak" 'BEGIN { printf "%.2f %.1f\n", b - a, p / 1024 }'
}

read -r seconds memory < <(run 0,1 2 "$scratch/all" "$scratch/features")
echo "$count files, two cores: $seconds s, peak $memory MiB"
read -r again _ < <(run 0,1 2 "$scratch/all" "$scratch/features")
echo "the same again, nothing to do: $again s"
rm -rf "$scratch/features"
read -r two small < <(run 0,1 2 "$scratch/tenth" "$scratch/two")
echo "$tenth files, two cores: $two s, peak $small MiB; memory of $count files over it: $(awk -v a="$memory" -v b="$small" 'BEGIN { printf "%.3f", a / b }')"
best_one=1e9 best_two=$two
for round in 1 2 3; do
    rm -rf "$scratch/one" "$scratch/two"
    read -r one _ < <(run 0 1 "$scratch/tenth" "$scratch/one")
    read -r two _ < <(run 0,1 2 "$scratch/tenth" "$scratch/two")
    best_one=$(awk -v a="$one" -v b="$best_one" 'BEGIN { print a < b ? a : b }') best_two=$(awk -v a="$two" -v b="$best_two" 'BEGIN { print a < b ? a : b }')
done
diff -r -x .voicekit "$scratch/one" "$scratch/two"
echo "$tenth files, best of three: one core $best_one s, two cores $best_two s, scaling $(awk -v a="$best_one" -v b="$best_two" 'BEGIN { printf "%.2f", a / b }'); the same bytes"
mkdir "$scratch/single"
cp "$(find "$scratch/tenth" -name "*.wav" | head -n 1)" "$scratch/single/"
read -r start _ < <(run 0 1 "$scratch/single" "$scratch/one")
alone=1e9
for round in 1 2 3; do
    # The settings with which the program itself runs.
    time=$(DOTNET_TieredCompilation=0 DOTNET_gcConcurrent=0 DOTNET_GCConserveMemory=7 DOTNET_GCLOHThreshold=200000 taskset -c 0 dotnet "$benchmarks" analyse-clips "$scratch/tenth")
    alone=$(awk -v a="$time" -v b="$alone" 'BEGIN { print a < b ? a : b }')
done
awk -v one="$best_one" -v start="$start" -v alone="$alone" -v n="$tenth" \
    'BEGIN { printf "a file, one core: %.2f ms in the batch, %.2f ms for the analysis alone, %.2f ms beside it\n", 1000 * (one - start) / (n - 1), alone, 1000 * (one - start) / (n - 1) - alone }'
