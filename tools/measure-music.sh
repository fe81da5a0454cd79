#!/bin/sh
# Measures the generator against the chorales that it was trained on, and the test chorales beside it, which no generator can surpass:
# 1000 snippets of the model that ships, or of the one that the second argument names.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 jsb-chorales-16th.json [model.safetensors]" >&2; exit 2; }
chorales=$(realpath "$1")
model=${2:+--model $(realpath "$2")}
cd "$(dirname "$0")/.."
dotnet build -c Release -v quiet --nologo src/VoiceKit.Cli >&2
voicekit="dotnet src/VoiceKit.Cli/bin/Release/net10.0/VoiceKit.Cli.dll"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
$voicekit music generate --count 1000 --format mid -o "$folder/snippets" $model 2>/dev/null
$voicekit music inspect "$folder/snippets" "$chorales:test" --reference "$chorales:train" 2>/dev/null
