# What the batches share: a thousand scenes and what an undivided render makes of them, a worker that is killed half-way, and the
# count of what is lost or was done twice. `work` is a folder of its own and the project's.

set -E
trap 'echo "error: $BASH_SOURCE, line $LINENO: $BASH_COMMAND" >&2' ERR

work=$(mktemp -d "$ROOT/target/fleet/batch.XXXXXX")
project=$work/project
SCENES=1000

# kymo as the workflows find it; it leaves its process id in a file, for whoever kills it.
mkdir -p "$work/bin" "$work/pids" "$work/whole/imgs" "$project/imgs" "$project/sweep"
cat > "$work/bin/kymo" <<END
#!/bin/bash
echo \$\$ > "$work/pids/\$\$"
exec "$REAL_KYMO" "\$@"
END
chmod +x "$work/bin/kymo"
export PATH=$work/bin:$PATH

cp "$ROOT/tests/fleet/scene.toml" "$project/small.toml"
sed 's/^frames = .*/frames = 1201/' "$project/small.toml" > "$project/long.toml"
cd "$project"

# Words for a grid of a thousand.
grid=(zeta=0:0.99:0.01 k=1:10:1)

undivided() {
  "$REAL_KYMO" sweep small.toml --set "${grid[0]}" --set "${grid[1]}" --into sweep
  # The swept scene lies outside of that root.
  "$REAL_KYMO" render sweep --root "$work/whole" --allow-outside --quiet
  "$REAL_KYMO" render long.toml --root "$work/whole" --quiet
}

pictures() { find imgs -name '*.gif' | wc -l; }

# until_pictures N
until_pictures() {
  local tries=0
  until (($(pictures) >= $1)); do
    sleep 0.01
    ((++tries < 12000)) || { echo "error: no $1 pictures in two minutes" >&2; exit 1; }
  done
}

at_work() { [[ $(readlink "/proc/$1/exe" || true) == "$REAL_KYMO" ]]; }

# kill_worker N: waits for N pictures, then kills the kymo that has been at work for longest.
kill_worker() {
  local pid tries
  until_pictures "$1"
  for ((tries = 0; tries < 10; tries++)); do
    for pid in $(find "$work/pids" -type f -printf '%T@ %f\n' | sort -n | cut -d ' ' -f 2); do
      at_work "$pid" || continue
      until_pictures $(($(pictures) + 20))
      at_work "$pid" && kill -9 "$pid" && return
    done
  done
  echo "error: no worker was at work" >&2
  exit 1
}

# The pictures that are there, each with its inode and its time.
snapshot() { (cd imgs && stat --format '%n %i %Y %z' -- *.gif | sort) > "$work/$1"; }

# Prints the figures and fails if any is not as it should be: what happened before the kill and after, and the news of all kymos.
figures() {
  local name=$1 news=$2
  snapshot after
  local killed rendered twice skipped lost touched litter
  killed=$(wc -l < "$work/before")
  rendered=$(grep -Eo '^imgs/[^ ]+\.gif: [0-9]+ ×' "$news" | sort -u | wc -l)
  twice=$(grep -Eo '^imgs/[^ ]+\.gif: [0-9]+ ×' "$news" | sort | uniq -d | wc -l)
  skipped=$(grep -Ec '^imgs/[^ ]+\.gif: fresh' "$news" || true)
  touched=$(comm -23 "$work/before" "$work/after" | wc -l)
  lost=$(diff -rq --exclude=long.gif --exclude='.kymo-*' "$work/whole/imgs" imgs | tee /dev/stderr | wc -l)
  # Where a picture waits to be moved into its place, while a few bytes are copied; nothing can take it away after `kill -9`.
  litter=$(find imgs -name '.kymo-*' | wc -l)
  echo "$name: $SCENES scenes; $killed pictures when the batch ended with a worker killed, $(wc -l < "$work/after") when it was run again"
  echo "$name: rendered $rendered, passed over $skipped, lost or unlike an undivided render $lost, rendered twice $((twice + touched)); $litter temporary files left by the kill"
  # What a worker finished in the instant of its death it may not have told.
  ((killed < SCENES && skipped > 0 && rendered >= SCENES - 2 && twice == 0 && touched == 0 && lost == 0))
  [[ $(wc -l < "$work/after") == "$SCENES" ]] && ((litter <= 2))
  kymo status sweep --quiet > /dev/null
}
