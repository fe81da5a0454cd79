#!/bin/sh
# Installs Debian's package of a Python module, python3-MODULE, unless the system's Python has it: the peers of the comparisons.
set -eu
/usr/bin/python3 -c "import $1" 2>/dev/null && exit
echo "Installing $1 (Debian package python3-$1)" >&2
as_root=$([ "$(id -u)" = 0 ] || echo sudo)
$as_root apt-get install -y -qq -o DPkg::Lock::Timeout=600 "python3-$1" >&2
