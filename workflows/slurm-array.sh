#!/usr/bin/env bash
# Renders a folder of scenes on a Slurm cluster: task K of an array of N renders the K-th of N shares of them.
#
#     sbatch --array=1-20 workflows/slurm-array.sh [SCENE|DIR]…     (left out: scenes)
#
# Submitted from the project's folder, which all nodes see. The same line again completes what is missing, since kymo passes
# over pictures that are there and fresh.
#SBATCH --job-name=kymo
#SBATCH --cpus-per-task=1
#SBATCH --output=slurm-%A_%a.log
set -euo pipefail

if [[ ${SLURM_ARRAY_TASK_MIN:-} != 1 || $SLURM_ARRAY_TASK_COUNT != "$SLURM_ARRAY_TASK_MAX" ]]; then
  # Of an array 3,7 nobody could tell how many shares there are.
  echo "error: submit all shares at once, counted from 1: sbatch --array=1-20 $0; finished ones take no time" >&2
  exit 2
fi

[[ $# -gt 0 ]] || set -- scenes
exec "${KYMO:-kymo}" render "$@" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_MAX" --jobs "${SLURM_CPUS_PER_TASK:-1}"
