#!/bin/sh
# Do four independent decoders show our films alike? Pillow, ffmpeg, giflib and Chromium decode every file, and
# frames, delays, plays and composited pixels must agree.
#
#     tests/decoders/check.sh [FILE.gif | FILE.apng | FILE.png]...
#
# Without files it checks the samples that tests/encode writes. What is missing is installed where that is
# possible (root on Debian or Ubuntu); what cannot be installed is an error, never a silent gap.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=$root/target/decoders

# need PROGRAM PACKAGE
need() {
    command -v "$1" >/dev/null 2>&1 && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing $2" >&2
        apt-get install -y --no-install-recommends "$2" >/dev/null
    fi
    command -v "$1" >/dev/null 2>&1 || { echo "error: $1 is missing: install $2" >&2; exit 1; }
}

need python3 python3-venv
need ffmpeg ffmpeg
need giftext giflib-tools
need chromium chromium

if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" || { echo "error: python3 -m venv fails: install python3-venv" >&2; exit 1; }
fi
"$venv/bin/python" -c 'import PIL' 2>/dev/null || "$venv/bin/pip" install --quiet Pillow

if [ $# -eq 0 ]; then
    samples=$(mktemp -d)
    trap 'rm -rf "$samples"' EXIT
    (cd "$root" && KYMO_DECODER_SAMPLES=$samples cargo test --quiet --test encode -- --ignored decoder_samples)
    set -- "$samples"/*
fi

PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/check.py" "$@"
