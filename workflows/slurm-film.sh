#!/usr/bin/env bash
# Renders one long film on a Slurm cluster, each task a range of its frames, and joins the ranges.
#
#     workflows/slurm-film.sh TASKS SCENE FILM     (20 scenes/long.toml imgs/long.gif)
#
# Started in the project's folder, which all nodes see; it submits three jobs: an array that surveys what the frames hold, one that
# codes them, and the joining. What is ready waits in FILM.parts, so that the same line again completes what is missing. The film is,
# byte for byte, what `kymo render SCENE` makes.
set -euo pipefail

kymo=${KYMO:-kymo}
if [[ $# != 3 || ! $1 =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: $0 TASKS SCENE FILM" >&2
  exit 2
fi
tasks=$1 scene=$2 film=$3 parts=$3.parts

# submit STEP OPTION… : one of the jobs, which runs this script again; prints its number.
submit() {
  STEP=$1 sbatch --parsable --kill-on-invalid-dep=yes --job-name="kymo-$1" "${@:2}" "$0" "$tasks" "$scene" "$film"
}

# The range of a task, and what it is rendered with.
range() {
  local frames
  frames=$("$kymo" data "$scene" | tail -n +2 | wc -l)
  words=(render "$scene" --output "$film" --jobs "${SLURM_CPUS_PER_TASK:-1}"
    --frames "$(((SLURM_ARRAY_TASK_ID - 1) * frames / tasks))..$((SLURM_ARRAY_TASK_ID * frames / tasks))")
}

case ${STEP:-submit} in
submit)
  mkdir -p "$parts"
  each=(--array="1-$tasks" --cpus-per-task=1 --output=slurm-%A_%a.log)
  after=()
  # The frames of a WebP are coded without knowing the others.
  [[ $film == *.webp ]] || after=(--dependency="afterok:$(submit survey "${each[@]}")")
  coded=$(submit part "${each[@]}" "${after[@]}")
  submit join --output=slurm-%j.log --dependency="afterok:$coded"
  ;;
survey)
  range
  "$kymo" "${words[@]}" --survey "$parts/$SLURM_ARRAY_TASK_ID.survey"
  ;;
part)
  range
  [[ $film == *.webp ]] || words+=(--surveys "$parts"/*.survey)
  "$kymo" "${words[@]}" --part "$parts/$SLURM_ARRAY_TASK_ID.part"
  ;;
join)
  "$kymo" join "$parts"/*.part --output "$film"
  rm -r "$parts"
  ;;
esac
