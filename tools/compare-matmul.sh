#!/bin/sh
# Times our product of two 1024 x 1024 single-precision matrices and OpenBLAS's (Debian package libopenblas0-pthread) in turn, on one thread
# and on two. The last line is "ratio R": our best GFLOP/s over OpenBLAS's on one thread; the line before has that of two threads.
set -eu
cd "$(dirname "$0")/.."
library=$(find /usr/lib -path '*openblas-pthread/libopenblas.so.0' 2>/dev/null | head -n 1)
if [ -z "$library" ] || ! /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
    echo "Installing OpenBLAS (Debian packages libopenblas0-pthread and python3-numpy)" >&2
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get install -y -qq -o DPkg::Lock::Timeout=600 libopenblas0-pthread python3-numpy >&2
    library=$(find /usr/lib -path '*openblas-pthread/libopenblas.so.0' | head -n 1)
fi
dotnet build -c Release -v quiet --nologo tests/VoiceKit.Benchmarks >&2
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for round in 1 2 3; do
    one=$(OPENBLAS_NUM_THREADS=1 /usr/bin/python3 tools/compare_matmul.py "$library")
    own=$(dotnet run --no-build -c Release --project tests/VoiceKit.Benchmarks -- peer-matmul)
    two=$(OPENBLAS_NUM_THREADS=2 /usr/bin/python3 tools/compare_matmul.py "$library")
    echo "$own $one $two" >> "$results"
    tail -n 1 "$results" | awk -v round="$round" '{
        printf "round %d: one thread VoiceKit %s GFLOP/s, OpenBLAS %s; two threads %s and %s; mean square %s, %s\n", round, $1, $4, $2, $6, $3, $5 }'
done
awk '$1 > own { own = $1 } $2 > both { both = $2 } $4 > peer { peer = $4 } $6 > peers { peers = $6 }
    END { printf "two threads %.3f\nratio %.3f\n", both / peers, own / peer }' "$results"
