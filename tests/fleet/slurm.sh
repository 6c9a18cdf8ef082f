# A sweep with workflows/slurm-array.sh, on a cluster of this one machine.
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
