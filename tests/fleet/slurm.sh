# Tests workflows/slurm-array.sh with a sweep, on a cluster that consists of this machine.
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

