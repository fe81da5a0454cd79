#!/bin/sh
# Checks VoiceKit on a machine with an NVIDIA GPU, its driver and a python3 with PyTorch, but no .NET and no network.
#   tools/gpu-check.sh pack               here: builds bin/gpu-check.tar.xz, with the .NET runtime, the program, the tests of devices and the benchmarks
#   tools/gpu-check.sh run [FILE.json]    there: unpacks it, runs the self-test, the tests and four comparisons; prints a table; under 8 minutes
#   tools/gpu-check.sh run --simulator    the same with small sizes on the CPU: to try the check itself
set -eu
cd "$(dirname "$0")/.."
bundle=bin/gpu-check.tar.xz
case ${1:-} in
pack)
    dotnet build -c Release -v quiet --nologo VoiceKit.sln >&2
    staging=$(mktemp -d)
    trap 'rm -rf "$staging"' EXIT
    # The runtime that the build machine has; with the program's own files it is all that a Linux machine with glibc needs.
    root=$(dirname "$(readlink -f "$(command -v dotnet)")")
    version=$(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" && $2 ~ /^10\./ { version = $2 } END { print version }')
    mkdir -p "$staging/dotnet/shared/Microsoft.NETCore.App" "$staging/tools" bin
    cp "$root/dotnet" "$staging/dotnet/"
    cp -r "$root/host" "$staging/dotnet/"
    cp -r "$root/shared/Microsoft.NETCore.App/$version" "$staging/dotnet/shared/Microsoft.NETCore.App/"
    for project in src/VoiceKit.Cli tests/VoiceKit.Compute.Tests tests/VoiceKit.Gpu.Tests tests/VoiceKit.Benchmarks; do
        mkdir -p "$staging/$project"
        cp -r "$project/bin/Release/net10.0/." "$staging/$project/"
        rm -rf "$staging/$project/corpora" "$staging/$project/TestResults" "$staging/$project/Golden"
    done
    # What only the other benchmarks need: without a list of dependencies, the files in the folder are what there is.
    (cd "$staging/tests/VoiceKit.Benchmarks" && rm -rf ./*.deps.json BenchmarkDotNet* Microsoft.* System.Management* Iced* amd64 arm64 x86 runtimes)
    find "$staging" \( -name 'libmscordac*' -o -name 'libmscordbi*' -o -name createdump -o -name 'Microsoft.VisualBasic*' -o -name '*.pdb' -o -name 'VoiceKit*.xml' \) -delete
    # The same libraries lie beside each program: the archive holds each once.
    (cd "$staging" && find . -type f -size +16k -exec sha256sum {} + | sort | while read -r sum path; do
        if [ "$sum" = "${last:-}" ]; then ln -f "$first" "$path"; else last=$sum first=$path; fi
    done)
    cp tools/compare_*.py tools/gpu_check.py "$staging/tools/"
    git rev-parse HEAD > "$staging/commit"
    tar -C "$staging" -cf - . | xz -T0 -6 > "$bundle.new"
    mv "$bundle.new" "$bundle"
    ls -l "$bundle"
    ;;
run)
    shift
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter="data")' "$bundle" "$folder"
    python3 "$folder/tools/gpu_check.py" "$folder" "$@"
    ;;
*)
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
    ;;
esac
