#!/usr/bin/env bash
# Renders one long animation on a Slurm cluster: each task renders a range of its frames, and a last job joins them.
#
#     workflows/slurm-film.sh TASKS SCENE OUTPUT     (20 scenes/long.toml imgs/long.gif)
#
# Run it in the project's folder, which all nodes must see. It submits three jobs: an array that collects statistics of the frames
# (surveys), an array that encodes them (parts), and one that joins the parts. Finished parts stay in OUTPUT.parts; run the same command
# again to complete what is missing. The output is identical, byte for byte, to that of `kymo render SCENE`.
set -euo pipefail

kymo=${KYMO:-kymo}
if [[ $# != 3 || ! $1 =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: $0 TASKS SCENE OUTPUT" >&2
  exit 2
fi
tasks=$1 scene=$2 output=$3 parts=$3.parts

# submit STEP OPTION…: submits a job that runs this script again for one step, and prints the job's number.
submit() {
  STEP=$1 sbatch --parsable --kill-on-invalid-dep=yes --job-name="kymo-$1" "${@:2}" "$0" "$tasks" "$scene" "$output"
}

# Sets `words` to the arguments that render the frames of this task.
set_words() {
  local frames
  frames=$("$kymo" data "$scene" | tail -n +2 | wc -l)
  words=(render "$scene" --output "$output" --jobs "${SLURM_CPUS_PER_TASK:-1}"
    --frames "$(((SLURM_ARRAY_TASK_ID - 1) * frames / tasks))..$((SLURM_ARRAY_TASK_ID * frames / tasks))")
}

case ${STEP:-submit} in
submit)
  mkdir -p "$parts"
  array=(--array="1-$tasks" --cpus-per-task=1 --output=slurm-%A_%a.log)
  after=()
  # WebP frames are encoded independently, so a WebP needs no surveys.
  [[ $output == *.webp ]] || after=(--dependency="afterok:$(submit survey "${array[@]}")")
  encoded=$(submit part "${array[@]}" "${after[@]}")
  submit join --output=slurm-%j.log --dependency="afterok:$encoded"
  ;;
survey)
  set_words
  "$kymo" "${words[@]}" --survey "$parts/$SLURM_ARRAY_TASK_ID.survey"
  ;;
part)
  set_words
  [[ $output == *.webp ]] || words+=(--surveys "$parts"/*.survey)
  "$kymo" "${words[@]}" --part "$parts/$SLURM_ARRAY_TASK_ID.part"
  ;;
join)
  "$kymo" join "$parts"/*.part --output "$output"
  rm -r "$parts"
  ;;
esac
