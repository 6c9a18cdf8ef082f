# A sweep with workflows/Snakefile.
. "$ROOT/tests/fleet/batch.sh"
trap 'rm -rf "$work"' EXIT
undivided 2> /dev/null
rm -r sweep

snakemake() {
  "$VENV/bin/snakemake" -s "$ROOT/workflows/Snakefile" --cores 2 --quiet all --rerun-incomplete "$@"
}
sweep=(--config scene=small.toml "set=[\"${grid[0]}\", \"${grid[1]}\"]" scenes=sweep shares=20)

snakemake "${sweep[@]}" --keep-going 2> "$work/news" &
batch=$!
kill_worker 300
if wait "$batch"; then echo "error: nobody noticed that a worker was killed" >&2; exit 1; fi
snapshot before
snakemake "${sweep[@]}" 2>> "$work/news"
figures snakemake "$work/news"

# Nothing is left to do, by shares as well as by scenes, even if Snakemake does not remember.
snakemake "${sweep[@]}" --forceall 2> "$work/again"
[[ $(grep -c '^imgs/.*: fresh' "$work/again") == "$SCENES" ]]
