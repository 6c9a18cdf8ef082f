# Common code of the scripts in this folder: installs programs, and a Python environment with Pillow. `root` is the repository.
venv=$root/target/decoders

# need PROGRAM PACKAGE: installs the Debian package if the program is missing.
need() {
    command -v "$1" >/dev/null 2>&1 && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing $2" >&2
        apt-get install -y --no-install-recommends "$2" >/dev/null
    fi
    command -v "$1" >/dev/null 2>&1 || { echo "error: $1 is missing: install the package $2" >&2; exit 1; }
}

need python3 python3-venv
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" || { echo "error: python3 -m venv fails: install python3-venv" >&2; exit 1; }
fi
"$venv/bin/python" -c 'import PIL' 2>/dev/null || "$venv/bin/pip" install --quiet Pillow
