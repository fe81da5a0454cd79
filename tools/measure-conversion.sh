#!/usr/bin/env bash
# Measures a conversion: trains on the first 25 sentences (by name) of two folders of the same sentences, scores the last ones before
# synthesis, converts them, and scores the WAVs.
#
#   tools/measure-conversion.sh SOURCE_FOLDER TARGET_FOLDER [TRAINING_SENTENCES=25] [TEST_SENTENCES=10]
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,6p' "$0" | cut -c3-; exit 2; }
source=$(realpath "$1") target=$(realpath "$2") training=${3:-25} tests=${4:-10}
cd "$(dirname "$0")/.."
dotnet build -c Release src/VoiceKit.Cli -v q --nologo
voicekit() { dotnet src/VoiceKit.Cli/bin/Release/net10.0/VoiceKit.Cli.dll "$@"; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/source" "$scratch/target"
for file in $(ls "$source" | sort | tail -n "$tests"); do
    cp "$source/$file" "$scratch/source/"
    cp "$target/$file" "$scratch/target/"
done

TIMEFORMAT='train: %R s'
time voicekit train --source "$source" --target "$target" --limit "$training" -o "$scratch/model.safetensors"
voicekit evaluate -m "$scratch/model.safetensors" --source "$scratch/source" --target "$scratch/target" 2>/dev/null
first=$(ls "$scratch/source" | head -n 1)
TIMEFORMAT='convert, one sentence: %R s'
time voicekit convert -m "$scratch/model.safetensors" "$scratch/source/$first" -o "$scratch/one.wav"
for copy in $(seq 10); do
    for file in "$scratch"/source/*; do
        mkdir -p "$scratch/hundred"
        ln -s "$file" "$scratch/hundred/$copy-$(basename "$file")"
    done
done
seconds=$(( $(cat "$scratch"/source/* | wc -c) * 10 / 2 / 16000 ))
TIMEFORMAT="convert, $((10 * tests)) sentences (about $seconds s of 16 kHz speech): %R s"
time voicekit convert -m "$scratch/model.safetensors" "$scratch/hundred" -o "$scratch/out" 2>/dev/null
voicekit convert -m "$scratch/model.safetensors" "$scratch/source" -o "$scratch/converted" 2>/dev/null
voicekit evaluate --converted "$scratch/converted" --target "$scratch/target" 2>/dev/null
