#!/usr/bin/env bash
# Tests that other machines and builds make the same bytes. Compares the pictures and the data of the release build on this machine
# with those of the release build on an x86-64 without AVX and FMA (emulated by qemu), and with those of the debug build.
#
#     tests/machines/baseline.sh [--aarch64] [SCENE.toml]...
#
# The default scenes are everything.toml, which has all functions, marks and formats, and the scenes of the project; they take about
# a minute. --aarch64 also builds kymo for 64-bit ARM and compares everything.toml, or the first of the given scenes.
# The script installs missing programs if it can (as root on Debian or Ubuntu), and prints NOT RUN for tests that need others.
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

# have PROGRAM PACKAGE: succeeds if the program exists or can be installed.
have() {
  command -v "$1" >/dev/null 2>&1 && return
  { apt-get update -q && apt-get install -y -q --no-install-recommends "$2"; } >/dev/null 2>&1 || true
  command -v "$1" >/dev/null 2>&1
}

# draw NAME "SCENE..." PROGRAM...: writes all pictures of the scenes, and a table of numbers, to the folder NAME.
draw() {
  local name=$1 paths=$2
  shift 2
  mkdir -p "$out/$name/imgs"
  for scene in $paths; do
    "$@" render "$scene" --root "$out/$name" --quiet
  done
  # A wrong last digit is often invisible in pixels, but not in these numbers. There are many of them, since only about one in a
  # thousand of glibc's sines depends on the processor.
  "$@" data tests/machines/everything.toml --set animate.frames=10000 >"$out/$name/everything.csv"
}

# compare NAME DESCRIPTION: compares the folder NAME with the folder `here`.
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
compare debug "the debug build"

# levels [EMULATOR...]: prints the x86-64 levels that the C library detects; v3 has AVX2 and FMA.
levels() {
  "$@" /lib64/ld-linux-x86-64.so.2 --help 2>/dev/null | sed -n 's/^ *x86-64-\(v[0-9]\) (supported.*/\1/p' | sort | tr '\n' ' ' || true
}

if [[ "$(uname -m)" != x86_64 ]]; then
  echo "NOT RUN: emulated x86-64, because this machine is $(uname -m)"
elif ! have qemu-x86_64 qemu-user; then
  echo "NOT RUN: emulated x86-64, because qemu-x86_64 is missing and apt cannot install qemu-user"
else
  # The comparison is meaningful only if the C library uses other code here than under the emulator.
  here=$(levels) there=$(levels qemu-x86_64 -cpu qemu64)
  [[ "$there" != *v3* ]] || { echo "error: the emulated processor has AVX2" >&2; exit 1; }
  [[ "$here" == *v3* ]] || echo "NOT RUN: comparison with AVX2, which this processor lacks"
  draw baseline "${scenes[*]}" qemu-x86_64 -cpu qemu64 target/release/kymo
  compare baseline "x86-64 without AVX and FMA (this processor has ${here:-only v1})"
fi

if [[ $arm == yes ]]; then
  target=aarch64-unknown-linux-gnu
  if have qemu-aarch64 qemu-user && have aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu &&
    { apt-get install -y -q --no-install-recommends libc6-dev-arm64-cross >/dev/null 2>&1 || true; } &&
    rustup target add "$target" >/dev/null 2>&1; then
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
      cargo build --locked --quiet --release --target "$target"
    draw arm "${scenes[0]}" qemu-aarch64 -L /usr/aarch64-linux-gnu "target/$target/release/kymo"
    compare arm "64-bit ARM, only ${scenes[0]}"
  else
    echo "NOT RUN: 64-bit ARM, which needs qemu-user, gcc-aarch64-linux-gnu and the rustup target $target"
  fi
fi
exit $differ
