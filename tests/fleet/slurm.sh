# A sweep and a long film with workflows/slurm-*.sh, on a cluster of this one machine.
. "$ROOT/tests/fleet/batch.sh"
. "$ROOT/tests/fleet/cluster.sh"
cluster_up "$work/cluster"
trap 'cluster_down; rm -rf "$work"' EXIT
srun --quiet hostname > /dev/null
undivided 2> /dev/null

# Submits a batch and waits until the queue is empty.
batch() {
  sbatch --quiet "$@"
  drained
}
drained() {
  local tries=0
  while [[ -n $(squeue --noheader) ]]; do
    sleep 0.2
    ((++tries < 1500)) || { squeue; echo "error: the queue is not empty after five minutes" >&2; exit 1; }
  done
}

scenes=(--array=1-20 "$ROOT/workflows/slurm-array.sh" sweep)
sbatch --quiet "${scenes[@]}"
kill_worker 200
# Another one is cancelled, as an operator would.
scancel "$(squeue --noheader --states=RUNNING --format=%A | tail -n 1)"
drained
snapshot before
batch "${scenes[@]}"
cat slurm-*.log > "$work/news"
figures slurm "$work/news"

# A film, of which one part fails at first: there is no film then, and later no part is made again.
cat > "$work/bin/faulty" <<END
#!/bin/bash
[[ \$* == *--part*/3.part* ]] && kill -9 \$\$
exec kymo "\$@"
END
chmod +x "$work/bin/faulty"
film=("$ROOT/workflows/slurm-film.sh" 7 long.toml imgs/long.gif)
KYMO=$work/bin/faulty "${film[@]}" > /dev/null
drained
[[ ! -e imgs/long.gif && $(find imgs/long.gif.parts -name '*.part' | wc -l) == 6 ]]
"${film[@]}" > /dev/null
drained
cmp imgs/long.gif "$work/whole/imgs/long.gif"
[[ ! -e imgs/long.gif.parts && $(cat slurm-*.log | grep -c '[0-9]\.part: frames .*, [0-9.]* s$') == 7 ]]
echo "slurm: a film of 1201 frames in 7 parts, one killed and made later, byte for byte the undivided one"
