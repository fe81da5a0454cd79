#!/bin/sh
# Times our real FFT and FFTW 3 in turn, in one process, on one thread. The last line is "ratio R": our time over FFTW's,
# at the worse of 1024 and 2048 samples. Arguments: transform lengths, when others are wanted.
set -eu
cd "$(dirname "$0")/.."
if ! ldconfig -p | grep -q 'libfftw3\.so\.3'; then
    echo "Installing FFTW 3 (Debian package libfftw3-double3)" >&2
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get install -y -qq -o DPkg::Lock::Timeout=600 libfftw3-double3 >&2
fi
exec dotnet run -c Release --project tests/VoiceKit.Benchmarks -- peer-fft "$@"
