#!/bin/sh
# Tests that four independent decoders read our files alike: Pillow, ffmpeg, giflib and Chromium must agree on frames, delays, loop
# counts and composited pixels. ffmpeg and giflib do not decode animated WebP, so only the other two read it.
#
#     tests/decoders/check.sh [FILE.gif | FILE.apng | FILE.webp | FILE.png]...
#
# Without files it checks the samples that tests/library/encode writes. The script installs missing programs if it can (as root on Debian
# or Ubuntu), and fails if it cannot.
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
