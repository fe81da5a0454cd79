#!/bin/sh
# Times our mel-cepstral analysis and SPTK's in turn on the same spectra, in processor time, without the programs' start.
#     tools/compare-mcep.sh [--sptk4 MGCEP]
# SPTK 3.9's mcep comes from the Debian package sptk; MGCEP is the bin/mgcep of an SPTK 4 (https://github.com/sp-nitech/SPTK) that you have built.
# "ratio NAME R" is our time over SPTK's. newton: the full analysis. transform: only its start, the frequency transform (mgcep -i 0).
set -eu
root=$(realpath "$(dirname "$0")/..")
mcep=/usr/libexec/sptk/bin/mcep
if [ ! -x "$mcep" ]; then
    echo "Installing SPTK 3.9 (Debian package sptk)" >&2
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get install -y -qq -o DPkg::Lock::Timeout=600 sptk >&2
fi
exec dotnet run -c Release --project "$root/tests/VoiceKit.Benchmarks" -- peer-mcep --sptk3 "$mcep" "$@"
