# Tests .pre-commit-hooks.yaml: pre-commit installs the hooks from this repository's HEAD into a small repository. They accept a
# commit with a scene and its picture, and refuse one whose picture is stale.
work=$(mktemp -d "$ROOT/target/fleet/hooks.XXXXXX")
trap 'rm -rf "$work"' EXIT
export PRE_COMMIT_HOME=$ROOT/target/fleet/pre-commit CARGO_TARGET_DIR=$ROOT/target/fleet/hooks-target
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

mkdir "$work/scenes" "$work/imgs"
cp "$ROOT/tests/fleet/scene.toml" "$work/scenes/small.toml"
cd "$work"
git init --quiet .
cat > .pre-commit-config.yaml <<END
repos:
  - repo: file://$ROOT
    rev: $(git -C "$ROOT" rev-parse HEAD)
    hooks: [{ id: kymo-status }, { id: kymo-check }]
END
"$VENV/bin/pre-commit" install > /dev/null
"$VENV/bin/pre-commit" install-hooks

"$REAL_KYMO" render scenes --quiet
git add .
git commit --quiet --message "a scene with its picture"
echo "hooks: a scene with its picture is accepted"
sed -i 's/^k = 10/k = 12/' scenes/small.toml
git add .
if git commit --quiet --message "a scene with a stale picture" > log 2>&1; then echo "error: a stale picture was committed" >&2; exit 1; fi
grep -q 'stale *imgs/small.gif' log
grep -q 'changed' log
echo "hooks: a scene with a stale picture is refused"
