#!/usr/bin/env bash
# Renders a folder of scenes on a Slurm cluster. Task K of an array of N tasks renders shard K/N.
#
#     sbatch --array=1-20 workflows/slurm-array.sh [SCENE|DIR]…     (default: scenes)
#
# Submit it from the project's folder, which all nodes must see. Submit it again to complete what is missing: kymo skips fresh
# pictures.
#SBATCH --job-name=kymo
#SBATCH --cpus-per-task=1
#SBATCH --output=slurm-%A_%a.log
set -euo pipefail

if [[ ${SLURM_ARRAY_TASK_MIN:-} != 1 || $SLURM_ARRAY_TASK_COUNT != "$SLURM_ARRAY_TASK_MAX" ]]; then
  # An array such as 3,7 does not tell the number of shards.
  echo "error: submit all shards at once, counted from 1: sbatch --array=1-20 $0 (finished ones take no time)" >&2
  exit 2
fi

[[ $# -gt 0 ]] || set -- scenes
exec "${KYMO:-kymo}" render "$@" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_MAX" --jobs "${SLURM_CPUS_PER_TASK:-1}"
