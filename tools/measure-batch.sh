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
mkdir "$scratch/single"
cp "$(find "$scratch/tenth" -name '*.wav' | head -n 1)" "$scratch/single/"
least() { awk -v a="$1" -v b="$2" 'BEGIN { print a < b ? a : b }'; }
best_start=1e9 best_one=1e9 best_two=$two best_alone=1e9
for round in 1 2 3; do
    # In turn, so that what else the machine does disturbs all alike.
    rm -rf "$scratch/start" "$scratch/one" "$scratch/two"
    read -r start _ < <(run 0 1 "$scratch/single" "$scratch/start")
    read -r one _ < <(run 0 1 "$scratch/tenth" "$scratch/one")
    read -r two _ < <(run 0,1 2 "$scratch/tenth" "$scratch/two")
    # With the settings with which the program itself runs.
    alone=$(DOTNET_TieredCompilation=0 DOTNET_gcConcurrent=0 DOTNET_GCConserveMemory=7 DOTNET_GCLOHThreshold=200000 taskset -c 0 dotnet "$benchmarks" analyse-clips "$scratch/tenth")
    echo "  round $round: one file $start s; $tenth files, one core $one s, two $two s; analysis alone $alone ms a file"
    best_start=$(least "$start" "$best_start") best_one=$(least "$one" "$best_one") best_two=$(least "$two" "$best_two") best_alone=$(least "$alone" "$best_alone")
done
diff -r -x .voicekit "$scratch/one" "$scratch/two"
awk -v one="$best_one" -v two="$best_two" -v start="$best_start" -v alone="$best_alone" -v n="$tenth" 'BEGIN {
    printf "%d files, best of three: one core %.2f s, two cores %.2f s, scaling %.2f; the same bytes\n", n, one, two, one / two
    each = 1000 * (one - start) / (n - 1)
    printf "a file, one core: %.2f ms in the batch, %.2f ms for the analysis alone, %.2f ms beside it\n", each, alone, each - alone }'
