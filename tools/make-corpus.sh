#!/bin/sh
# Makes corpora/flite again from its sentences with Debian's flite, or checks that the shipped files are what flite gives.
#   tools/make-corpus.sh [FOLDER]     write FOLDER/slt/NNN.wav and FOLDER/rms/NNN.wav (default: corpora/flite)
#   tools/make-corpus.sh --check      compare with the shipped files byte for byte; exit 1 and list what differs
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
sentences=$root/corpora/flite/sentences.txt
check=false
target=$root/corpora/flite
case "${1:-}" in
    --check) check=true; target=$(mktemp -d); trap 'rm -rf "$target"' EXIT ;;
    -h | --help) sed -n '2,4s/^# *//p' "$0"; exit 0 ;;
    -*) echo "make-corpus.sh: unknown option $1; try --help" >&2; exit 2 ;;
    ?*) target=$1 ;;
esac

if ! command -v flite > /dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        apt-get update -qq >&2 && apt-get install -y -qq flite >&2
    else
        echo "make-corpus.sh: flite is not installed; run: sudo apt-get install flite" >&2
        exit 4
    fi
fi

for voice in slt rms; do
    mkdir -p "$target/$voice"
    number=0
    while IFS= read -r sentence; do
        number=$((number + 1))
        file=$target/$voice/$(printf %03d "$number").wav
        # The rename keeps an interrupted run from leaving half a file under the final name.
        flite -voice "$voice" -t "$sentence" -o "$file.tmp" < /dev/null
        mv -f "$file.tmp" "$file"
    done < "$sentences"
done

if $check; then
    differing=0
    for voice in slt rms; do
        for made in "$target/$voice"/*.wav; do
            shipped=$root/corpora/flite/$voice/$(basename "$made")
            if ! cmp -s "$made" "$shipped"; then
                echo "$voice/$(basename "$made") differs"
                differing=$((differing + 1))
            fi
        done
    done
    echo "$differing files differ from the shipped ones" >&2
    [ "$differing" = 0 ]
fi
