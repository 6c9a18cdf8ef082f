#!/usr/bin/env bash
# Counts the instructions that rendering a scene executes, with valgrind, for each scene that benches/instructions.txt lists; of
# the heavy scenes of benches/peers, whose films take minutes here, 12 frames. Counts of two runs differ by less than 1 %. Fails
# if a scene executes over 5 % more than the file says; --accept rewrites the file. To count another scene, add a line with its
# path and 1. The counts depend on the compiler and the C library, so accept new ones after changing either.
set -euo pipefail
cd "$(dirname "$0")/.."
counts=benches/instructions.txt
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/imgs"

cargo build --locked --release --quiet
for scene in $(cut -d ' ' -f 1 "$counts"); do
  frames=()
  [[ "$scene" == benches/* ]] && frames=(--set animate.frames=12)
  # With several threads, the count would depend on their timing.
  valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/kymo \
    render "$scene" "${frames[@]}" --root "$out" --jobs 1 --quiet 2>"$out/log" || { cat "$out/log" >&2; exit 1; }
  echo "$scene $(sed -n 's/.*refs: *//p' "$out/log" | tr -d ,)"
done >"$out/counts"

if [[ "${1:-}" == --accept ]]; then
  cp "$out/counts" "$counts"
fi
awk '
  NR == FNR { known[$1] = $2; next }
  {
    change = 100 * ($2 / known[$1] - 1)
    printf "%-45s %14s  %+6.1f %%%s\n", $1, $2, change, (change > 5 ? "  too many" : "")
    if (change > 5) failed = 1
  }
  END { exit failed }
' "$counts" "$out/counts" || {
  echo "If this is intended, run benches/instructions.sh --accept"
  exit 1
}
