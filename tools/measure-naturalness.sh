#!/bin/sh
# Predicts how natural recordings sound, 1 - 5, by NISQA (https://github.com/gabrielmittag/NISQA): its model for synthetic speech, and its
# model for transmitted speech beside it.
#
#     tools/measure-naturalness.sh CHECKOUT FOLDER ...
#
# CHECKOUT is a checkout of NISQA with its weights (CC BY-NC-SA 4.0: for measuring, never shipped). Folders hold recordings of the same
# names; the first is the reference of the paired differences. Means and 95 % intervals; about a second a recording. The predictions are
# off by some tenths on single recordings: compare means of the same sentences, ten or more, and look at what they claim.
set -eu
[ $# -ge 2 ] || { sed -n '2,9p' "$0" | sed 's/^#[ ]\{0,1\}//' >&2; exit 2; }
for module in torch numpy scipy pandas yaml; do
    "$(dirname "$0")/require-python.sh" "$module"
done
exec /usr/bin/python3 "$(dirname "$0")/measure_naturalness.py" "$@"
