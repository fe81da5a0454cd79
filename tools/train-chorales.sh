#!/bin/sh
# Makes the model that ships, src/VoiceKit/Music/chorales.safetensors, again: trains on Bach's chorales (a JSON file in the form of
# Boulanger-Lewandowski et al. 2012 on a grid of sixteenths: train, valid and test arrays of [steps][4] MIDI pitches), without the test split.
# The same file, seed and processor give the same bytes. Its score, by tools/measure-music.sh: mean overlap with the training chorales .863, notes of
# three steps or more .69, top-voice steps .69, scale consistency .93, consonance .87, tonal distance of beats .90, diversity .94, nearest
# training window at most .48.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 jsb-chorales-16th.json [more options of voicekit music train]" >&2; exit 2; }
chorales=$(realpath "$1")
shift
cd "$(dirname "$0")/.."
dotnet run -c Release --project src/VoiceKit.Cli -- music train --midi "$chorales" -o chorales.safetensors --steps 7000 --seed 4 "$@"
mv chorales.safetensors src/VoiceKit/Music/chorales.safetensors
rm -rf chorales.checkpoint.safetensors chorales-previews
