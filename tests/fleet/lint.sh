# Validates the files for GitHub and pre-commit with their schemas, and the scripts with shellcheck.
command -v shellcheck > /dev/null || { apt-get update -qq && apt-get install -y -qq shellcheck > /dev/null; }
schema() { "$VENV/bin/check-jsonschema" --quiet --builtin-schema "vendor.$1" "$2"; }

schema github-actions action.yml
schema github-workflows workflows/github-matrix.yml
"$VENV/bin/pre-commit" validate-manifest .pre-commit-hooks.yaml
# The scripts in tests/fleet are sourced or run with `bash -e`. So their variables come from other files, and a failing cd ends them.
shellcheck --shell=bash --exclude=SC1091,SC2034,SC2154,SC2164 workflows/*.sh tests/fleet/run tests/fleet/*.sh
# The scripts inside action.yml.
"$VENV/bin/python" - <<'END' | shellcheck --shell=bash -
import yaml

for step in yaml.safe_load(open("action.yml"))["runs"]["steps"]:
    print(step.get("run", ""))
END
echo "lint: action.yml, github-matrix.yml, .pre-commit-hooks.yaml and all scripts are valid"
