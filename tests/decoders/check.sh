#!/bin/sh
# Do four independent decoders show our films alike? Pillow, ffmpeg, giflib and Chromium decode every file, and
# frames, delays, plays and composited pixels must agree. (Of WebP, ffmpeg and giflib know nothing: two remain.)
#
#     tests/decoders/check.sh [FILE.gif | FILE.apng | FILE.webp | FILE.png]...
#
# Without files it checks the samples that tests/library/encode writes. What is missing is installed where that is
# possible (root on Debian or Ubuntu); what cannot be installed is an error, never a silent gap.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/tools.sh"

need ffmpeg ffmpeg
need giftext giflib-tools
need chromium chromium

if [ $# -eq 0 ]; then
    samples=$(mktemp -d)
    trap 'rm -rf "$samples"' EXIT
    (cd "$root" && KYMO_DECODER_SAMPLES=$samples cargo test --quiet --test library -- --ignored decoder_samples)
    set -- "$samples"/*
fi

PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/check.py" "$@"
