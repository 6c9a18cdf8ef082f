#!/usr/bin/env bash
# The same bytes everywhere: do other machines make the pictures that this one makes? What the release program draws and
# prints here is compared with what it makes on an x86-64 without AVX and FMA (emulated by qemu), and with what
# the debug program makes.
#
#     tests/machines/baseline.sh [--aarch64] [SCENE.toml]...
#
# Without scenes: everything.toml, which has all functions, marks and formats, and the scenes of the project; about
# a minute. --aarch64 also builds the program for 64-bit ARM and compares everything.toml, or the first scene named.
# What is missing is installed where that is possible (root on Debian or Ubuntu); what cannot be is told as NOT RUN.
set -euo pipefail
cd "$(dirname "$0")/../.."

arm=no
if [[ "${1:-}" == --aarch64 ]]; then
  arm=yes
  shift
fi
scenes=("$@")
[[ ${#scenes[@]} -gt 0 ]] || scenes=(tests/machines/everything.toml scenes/[!_]*.toml)

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
differ=0

# have PROGRAM PACKAGE: whether it is there, or can be installed
have() {
  command -v "$1" >/dev/null 2>&1 && return
  { apt-get update -q && apt-get install -y -q --no-install-recommends "$2"; } >/dev/null 2>&1 || true
  command -v "$1" >/dev/null 2>&1
}

# draw NAME "SCENE..." PROGRAM...: all pictures of the scenes, and numbers with all their digits, in a folder of that name
draw() {
  local name=$1 which=$2
  shift 2
  mkdir -p "$out/$name/imgs"
  for scene in $which; do
    "$@" render "$scene" --root "$out/$name" --quiet
  done
  # Pixels forgive a last digit; these numbers do not. Of a thousand sines of glibc one depends on the processor, hence so many.
  "$@" data tests/machines/everything.toml --set animate.frames=10000 >"$out/$name/everything.csv"
}

# compare NAME WORDS: with what the release program has made here
compare() {
  local name=$1
  if (cd "$out/$name" && find . -type f -print0 | while IFS= read -r -d '' file; do
    cmp "$file" "$out/here/$file" || exit 1
  done); then
    echo "same: $2, $(find "$out/$name" -type f | wc -l) files"
  else
    echo "DIFFERENT: $2" >&2
    differ=1
  fi
}

cargo build --locked --quiet --release
cargo build --locked --quiet
draw here "${scenes[*]}" target/release/kymo
draw debug "${scenes[*]}" target/debug/kymo
compare debug "a debug build"

# levels [EMULATOR...]: which levels of x86-64 the C library finds there; v3 has AVX2 and FMA
levels() {
  "$@" /lib64/ld-linux-x86-64.so.2 --help 2>/dev/null | sed -n 's/^ *x86-64-\(v[0-9]\) (supported.*/\1/p' | sort | tr '\n' ' ' || true
}

if [[ "$(uname -m)" != x86_64 ]]; then
  echo "NOT RUN: an emulated x86-64, since this machine is $(uname -m)"
elif ! have qemu-x86_64 qemu-user; then
  echo "NOT RUN: an emulated x86-64, since there is no qemu-x86_64 here, and apt cannot install qemu-user"
else
  # The test says something only if the C library chooses other code there than here.
  here=$(levels) there=$(levels qemu-x86_64 -cpu qemu64)
  [[ "$there" != *v3* ]] || { echo "error: the emulated processor has AVX2" >&2; exit 1; }
  [[ "$here" == *v3* ]] || echo "NOT RUN: a comparison with AVX2, which this processor has not"
  draw baseline "${scenes[*]}" qemu-x86_64 -cpu qemu64 target/release/kymo
  compare baseline "an x86-64 without AVX and FMA (this one has levels ${here:-v1 alone})"
fi

if [[ $arm == yes ]]; then
  target=aarch64-unknown-linux-gnu
  if have qemu-aarch64 qemu-user && have aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu &&
    { apt-get install -y -q --no-install-recommends libc6-dev-arm64-cross >/dev/null 2>&1 || true; } &&
    rustup target add "$target" >/dev/null 2>&1; then
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
      cargo build --locked --quiet --release --target "$target"
    draw arm "${scenes[0]}" qemu-aarch64 -L /usr/aarch64-linux-gnu "target/$target/release/kymo"
    compare arm "64-bit ARM, ${scenes[0]} alone"
  else
    echo "NOT RUN: 64-bit ARM, which needs qemu-user, gcc-aarch64-linux-gnu and rustup's target $target"
  fi
fi
exit $differ
