# Tests workflows/Snakefile with a sweep.
. "$ROOT/tests/fleet/batch.sh"
trap 'rm -rf "$work"' EXIT
render_whole 2> /dev/null
rm -r sweep

snakemake() {
  "$VENV/bin/snakemake" -s "$ROOT/workflows/Snakefile" --cores 2 --quiet all --rerun-incomplete "$@"
}
sweep=(--config scene=small.toml "set=[\"${grid[0]}\", \"${grid[1]}\"]" scenes=sweep shares=20)

snakemake "${sweep[@]}" --keep-going 2> "$work/log" &
batch=$!
kill_worker 300
if wait "$batch"; then echo "error: snakemake did not report the killed worker" >&2; exit 1; fi
snapshot before
snakemake "${sweep[@]}" 2>> "$work/log"
print_counts snakemake "$work/log"

# kymo finds all pictures fresh, even if Snakemake runs every job again.
snakemake "${sweep[@]}" --forceall 2> "$work/again"
[[ $(grep -c '^imgs/.*: fresh' "$work/again") == "$SCENES" ]]
