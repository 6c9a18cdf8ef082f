# A sweep and a long film with workflows/Snakefile.
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

# Two formats of one film; a WebP's parts are made without surveys.
kymo render long.toml --output long.webp --root "$work/whole" --quiet
cp long.toml webp.toml
snakemake --config 'films={"long.toml": "imgs/long.gif", "webp.toml": "imgs/long.webp"}' parts=7 2> "$work/film"
cmp imgs/long.gif "$work/whole/imgs/long.gif"
cmp imgs/long.webp "$work/whole/long.webp"
echo "snakemake: a film of 1201 frames in 7 parts, byte for byte the undivided one"
