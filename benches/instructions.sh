#!/usr/bin/env bash
# How many instructions whole scenes take, counted by valgrind: unlike times, the same in every run. Compares
# with benches/instructions.txt and fails if a scene takes over 5 % more; --accept writes the file anew.
# Counts belong to one compiler and one C library, so whoever changes either accepts.
set -euo pipefail
cd "$(dirname "$0")/.."
counts=benches/instructions.txt
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/imgs"

cargo build --locked --release --quiet
for scene in scenes/[!_]*.toml; do
  # On one thread, so that the count does not depend on which of them is quicker.
  valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/kymo \
    render "$scene" --root "$out" --jobs 1 --quiet 2>"$out/log" || { cat "$out/log" >&2; exit 1; }
  echo "$scene $(sed -n 's/.*refs: *//p' "$out/log" | tr -d ,)"
done >"$out/counts"

if [[ "${1:-}" == --accept ]]; then
  cp "$out/counts" "$counts"
fi
awk '
  NR == FNR { known[$1] = $2; next }
  !($1 in known) { printf "%-45s %14s  new: accept it\n", $1, $2; failed = 1; next }
  {
    change = 100 * ($2 / known[$1] - 1)
    printf "%-45s %14s  %+6.1f %%%s\n", $1, $2, change, (change > 5 ? "  too many" : "")
    if (change > 5) failed = 1
  }
  END { exit failed }
' "$counts" "$out/counts" || {
  echo "If that is meant: benches/instructions.sh --accept"
  exit 1
}
