#!/bin/sh
# Makes the MIDI files of corpora/classical again from its ABC files with Debian's abc2midi, or checks that the shipped files are what it gives.
#   tools/make-classical.sh [FOLDER]     write FOLDER/NAME.mid for every NAME.abc (default: corpora/classical)
#   tools/make-classical.sh --check      compare with the shipped files byte for byte; exit 1 and list what differs
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
corpus=$root/corpora/classical
check=false
target=$corpus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case "${1:-}" in
    --check) check=true; target=$work/made ;;
    -h | --help) sed -n '2,4s/^# *//p' "$0"; exit 0 ;;
    -*) echo "make-classical.sh: unknown option $1; try --help" >&2; exit 2 ;;
    ?*) target=$1 ;;
esac

if ! command -v abc2midi > /dev/null; then
    echo "Installing abc2midi (Debian package abcmidi)" >&2
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq >&2
    $as_root apt-get install -y -qq -o DPkg::Lock::Timeout=600 abcmidi >&2
fi

mkdir -p "$target"
for source in "$corpus"/*.abc; do
    name=$(basename "$source" .abc)
    # abc2midi succeeds even where it warns; a warning is a mistake in the piece.
    abc2midi "$source" -o "$work/piece.mid" > "$work/log"
    if grep -Eiq 'error|warning' "$work/log"; then
        cat "$work/log" >&2
        exit 1
    fi
    mv -f "$work/piece.mid" "$target/$name.mid"
done

if $check; then
    differing=0
    for made in "$target"/*.mid; do
        if ! cmp -s "$made" "$corpus/$(basename "$made")"; then
            echo "$(basename "$made") differs"
            differing=$((differing + 1))
        fi
    done
    echo "$differing files differ from the shipped ones" >&2
    [ "$differing" = 0 ]
fi
