#!/bin/sh
# Times our estimators and synthesis, and WORLD's, in turn, in one process, on one thread, on the same signals.
#     tools/compare-world.sh LIBWORLD [--rate HZ] [WAV ...]
# LIBWORLD is the shared library of a WORLD (https://github.com/mmorise/World) that you have built, optimised for this machine.
# The last lines are "ratio KERNEL R", our time over WORLD's, and "ratio R", the worst of these over its target; at most 1 is what we want.
set -eu
case "${1:-}" in
    '' | -*) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac
root=$(realpath "$(dirname "$0")/..")
exec dotnet run -c Release --project "$root/tests/VoiceKit.Benchmarks" -- peer-world --library "$@"
