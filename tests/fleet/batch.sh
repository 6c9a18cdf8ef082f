# Common code of the batch tests, sourced by snakemake.sh and slurm.sh: a project with a thousand scenes, their pictures as one
# process renders them, a way to kill a worker, and the counts of pictures that are lost or were rendered twice. It creates the
# folder `work` and changes to the project inside it.

set -E
trap 'echo "error: $BASH_SOURCE, line $LINENO: $BASH_COMMAND" >&2' ERR

work=$(mktemp -d "$ROOT/target/fleet/batch.XXXXXX")
project=$work/project
SCENES=1000

# The kymo that the workflows run. It writes its process id to a file, for kill_worker.
mkdir -p "$work/bin" "$work/pids" "$work/whole/imgs" "$project/imgs" "$project/sweep"
cat > "$work/bin/kymo" <<END
#!/bin/bash
echo \$\$ > "$work/pids/\$\$"
exec "$REAL_KYMO" "\$@"
END
chmod +x "$work/bin/kymo"
export PATH=$work/bin:$PATH

cp "$ROOT/tests/fleet/scene.toml" "$project/small.toml"
cd "$project"

# The grid of a thousand scenes.
grid=(zeta=0:0.99:0.01 k=1:10:1)

# Writes the scenes and renders all of them into $work/whole.
render_whole() {
  "$REAL_KYMO" sweep small.toml --set "${grid[0]}" --set "${grid[1]}" --into sweep
  # The swept scene lies outside of that root.
  "$REAL_KYMO" render sweep --root "$work/whole" --allow-outside --quiet
}

pictures() { find imgs -name '*.gif' | wc -l; }

# wait_for_pictures N
wait_for_pictures() {
  local tries=0
  until (($(pictures) >= $1)); do
    sleep 0.01
    ((++tries < 12000)) || { echo "error: fewer than $1 pictures after two minutes" >&2; exit 1; }
  done
}

is_running() { [[ $(readlink "/proc/$1/exe" || true) == "$REAL_KYMO" ]]; }

# kill_worker N: waits for N pictures, then kills the kymo that has been running longest.
kill_worker() {
  local pid tries
  wait_for_pictures "$1"
  for ((tries = 0; tries < 10; tries++)); do
    for pid in $(find "$work/pids" -type f -printf '%T@ %f\n' | sort -n | cut -d ' ' -f 2); do
      is_running "$pid" || continue
      wait_for_pictures $(($(pictures) + 20))
      is_running "$pid" && kill -9 "$pid" && return
    done
  done
  echo "error: no worker was running" >&2
  exit 1
}

# snapshot NAME: writes the inode and the modification time of each picture to $work/NAME.
snapshot() { (cd imgs && stat --format '%n %i %Y %z' -- *.gif | sort) > "$work/$1"; }

# print_counts NAME LOG: compares the snapshot `before` with the pictures now and with $work/whole, prints the counts, and fails if
# any is wrong. LOG is the output of all kymo processes.
print_counts() {
  local name=$1 log=$2
  snapshot after
  local killed rendered twice skipped lost touched leftover
  killed=$(wc -l < "$work/before")
  rendered=$(grep -Eo '^imgs/[^ ]+\.gif: [0-9]+ ×' "$log" | sort -u | wc -l)
  twice=$(grep -Eo '^imgs/[^ ]+\.gif: [0-9]+ ×' "$log" | sort | uniq -d | wc -l)
  skipped=$(grep -Ec '^imgs/[^ ]+\.gif: fresh' "$log" || true)
  touched=$(comm -23 "$work/before" "$work/after" | wc -l)
  lost=$(diff -rq --exclude='.kymo-*' "$work/whole/imgs" imgs | tee /dev/stderr | wc -l)
  # kymo writes each picture to a temporary file and renames it. After `kill -9` this file remains.
  leftover=$(find imgs -name '.kymo-*' | wc -l)
  echo "$name: $SCENES scenes; $killed pictures after the batch whose worker was killed, $(wc -l < "$work/after") after a second batch"
  echo "$name: rendered $rendered, skipped $skipped, lost or different $lost, rendered twice $((twice + touched)); $leftover temporary files after the kill"
  # A worker may be killed after it has finished a picture and before it has reported it.
  ((killed < SCENES && skipped > 0 && rendered >= SCENES - 2 && twice == 0 && touched == 0 && lost == 0))
  [[ $(wc -l < "$work/after") == "$SCENES" ]] && ((leftover <= 2))
  kymo status sweep --quiet > /dev/null
}
