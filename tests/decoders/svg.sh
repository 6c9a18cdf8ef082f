#!/bin/sh
# Do other renderers see in our SVG what we see in our pixels? Headless Chromium and Firefox paint stills and animated
# pictures, and frames must agree up to the softness of edges; svg.py says how closely.
#
#     tests/decoders/svg.sh [SCENE.toml]...
#
# Without scenes it takes those of scenes/ and tests/decoders/scenes. What is missing is installed as check.sh does.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/tools.sh"

need chromium chromium
need firefox-esr firefox-esr
cd "$root"
cargo build --locked --quiet
[ $# -gt 0 ] || set -- scenes/*.toml tests/decoders/scenes/*.toml
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/svg.py" target/debug/kymo "$@"
