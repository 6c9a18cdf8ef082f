# Tests workflows/slurm-*.sh with a sweep and a long animation, on a cluster that consists of this machine.
. "$ROOT/tests/fleet/batch.sh"
. "$ROOT/tests/fleet/cluster.sh"
cluster_up "$work/cluster"
trap 'cluster_down; rm -rf "$work"' EXIT
srun --quiet hostname > /dev/null
render_whole 2> /dev/null

wait_for_jobs() {
  local tries=0
  while [[ -n $(squeue --noheader) ]]; do
    sleep 0.2
    ((++tries < 1500)) || { squeue; echo "error: the queue is not empty after five minutes" >&2; exit 1; }
  done
}

scenes=(--array=1-20 "$ROOT/workflows/slurm-array.sh" sweep)
sbatch --quiet "${scenes[@]}"
kill_worker 200
# An operator cancels another worker.
scancel "$(squeue --noheader --states=RUNNING --format=%A | tail -n 1)"
wait_for_jobs
snapshot before
sbatch --quiet "${scenes[@]}"
wait_for_jobs
cat slurm-*.log > "$work/log"
print_counts slurm "$work/log"

# An animation with a part that fails at first. Then the output does not exist; the second run makes only the missing part.
cat > "$work/bin/faulty" <<END
#!/bin/bash
[[ \$* == *--part*/3.part* ]] && kill -9 \$\$
exec kymo "\$@"
END
chmod +x "$work/bin/faulty"
command=("$ROOT/workflows/slurm-film.sh" 7 long.toml imgs/long.gif)
KYMO=$work/bin/faulty "${command[@]}" > /dev/null
wait_for_jobs
[[ ! -e imgs/long.gif && $(find imgs/long.gif.parts -name '*.part' | wc -l) == 6 ]]
"${command[@]}" > /dev/null
wait_for_jobs
cmp imgs/long.gif "$work/whole/imgs/long.gif"
[[ ! -e imgs/long.gif.parts && $(cat slurm-*.log | grep -c '[0-9]\.part: frames .*, [0-9.]* s$') == 7 ]]
echo "slurm: an animation of 1201 frames in 7 parts, one of them killed and made later, equals the whole one byte for byte"
