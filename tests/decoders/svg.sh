#!/bin/sh
# Tests that browsers render our SVGs as we render pixels. Headless Chromium and Firefox paint stills and animations, and frames must
# agree except for the antialiasing of edges. svg.py defines the tolerance.
#
#     tests/decoders/svg.sh [SCENE.toml]...
#
# The default scenes are those in scenes/ and tests/decoders/scenes. Missing programs are installed as in check.sh.
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
