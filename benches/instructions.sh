#!/usr/bin/env bash
# Counts the instructions that rendering each scene executes, with valgrind; of the heavy scenes of benches/peers, whose films
# take minutes here, 12 frames. Counts of two runs differ by less than 1 %. Fails if a scene executes over 5 % more than
# benches/instructions.txt says; --accept rewrites that file. The counts depend on the compiler and the C library, so accept
# new ones after changing either.
set -euo pipefail
cd "$(dirname "$0")/.."
counts=benches/instructions.txt
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/imgs"

cargo build --locked --release --quiet
for scene in scenes/[!_]*.toml benches/peers/*.toml; do
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
  !($1 in known) { printf "%-45s %14s  new: run with --accept\n", $1, $2; failed = 1; next }
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
