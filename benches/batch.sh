#!/usr/bin/env bash
# Measures how much faster two threads render a batch than one. Renders 200 scenes with one thread and with two, three times each, and
# prints the ratio of the medians. The result is meaningful only if two cores are idle.
set -euo pipefail
cd "$(dirname "$0")/.."
scenes=200
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/scenes" "$out/imgs"

cargo build --locked --release --quiet
kymo=$PWD/target/release/kymo
cp scenes/simple-harmonic-motion.toml "$out"
"$kymo" sweep "$out/simple-harmonic-motion.toml" --set k=9.01:11:0.01 --into "$out/scenes" --quiet

# seconds THREADS: prints the wall time of the batch.
seconds() {
  local start=$EPOCHREALTIME
  "$kymo" render "$out/scenes" --root "$out" --force --quiet --jobs "$1"
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}

for _ in 1 2 3; do
  for threads in 1 2; do
    seconds "$threads" >>"$out/$threads"
  done
done
one=$(sort -n "$out/1" | sed -n 2p) two=$(sort -n "$out/2" | sed -n 2p)
awk -v n="$scenes" -v one="$one" -v two="$two" 'BEGIN {
  printf "%d scenes: %.2f s on one thread, %.2f s on two, %.2f times as fast\n", n, one, two, one / two
}'
