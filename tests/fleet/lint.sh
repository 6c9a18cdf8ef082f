# What GitHub and pre-commit read is what they understand, and the scripts are sound shell.
command -v shellcheck > /dev/null || { apt-get update -qq && apt-get install -y -qq shellcheck > /dev/null; }
schema() { "$VENV/bin/check-jsonschema" --quiet --builtin-schema "vendor.$1" "$2"; }

schema github-actions action.yml
schema github-workflows workflows/github-matrix.yml
"$VENV/bin/pre-commit" validate-manifest .pre-commit-hooks.yaml
# The parts of the test are sourced, or run with bash -e: variables come from elsewhere, and a cd that fails ends them.
shellcheck --shell=bash --exclude=SC1091,SC2034,SC2154,SC2164 workflows/*.sh tests/fleet/run tests/fleet/*.sh
# The action's own steps, as files.
"$VENV/bin/python" - <<'END' | shellcheck --shell=bash -
import yaml

for step in yaml.safe_load(open("action.yml"))["runs"]["steps"]:
    print(step.get("run", ""))
END
echo "lint: action.yml, github-matrix.yml, .pre-commit-hooks.yaml and all scripts are sound"
