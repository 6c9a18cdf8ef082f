"""Finds the peers, and installs those that are missing from the ordinary package managers.

Debian's packages are installed as root only; everything else lies below target/peers. gifski is under the AGPL: it is
installed as a program and run as one, and nothing of it is linked into or shipped with kymo.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

GIFSKI = "1.34.0"
PYTHON = ["matplotlib==3.11.2", "celluloid==0.2.0", "Pillow==13.0.0", "numpy==2.4.6", "scipy==1.17.1"]
DEBIAN = {
    "time": "time",
    "gnuplot": "gnuplot-nox",
    "ffmpeg": "ffmpeg",
    "gifsicle": "gifsicle",
    "img2webp": "webp",
    "convert": "imagemagick",
}
# What matplotlib's usetex asks for: programs, and styles that packages bring.
TEX = {"texlive-latex-base": "latex", "dvipng": "dvipng", "texlive-latex-extra": "type1cm", "cm-super": "type1ec"}
STYLES = {"type1cm", "type1ec"}


def say(*words):
    print("peers:", *words, file=sys.stderr, flush=True)


def attempt(*command):
    """Runs an installer quietly; whether it worked, and a line about it if not."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        say(f"`{' '.join(command)}` failed:", *last)
    return done.returncode == 0


def imagemagick():
    """ImageMagick's `convert`, which is not the only program of that name."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        candidate = Path(folder) / "convert"
        if not os.access(candidate, os.X_OK):
            continue
        said = subprocess.run([candidate, "-version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if said.stdout.startswith("Version: ImageMagick"):
            return str(candidate)
    return None


def debian_tool(name):
    """Where a tool of Debian's is."""
    return imagemagick() if name == "convert" else shutil.which(name)


def debian(packages):
    """Installs packages as far as this user may."""
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say("not root on a Debian system; install by hand what is to be measured:", *packages)
        return
    say("apt-get install", *packages)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    attempt("apt-get", "update", "-q")
    attempt("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)


def tex_packages():
    """What a TeX for matplotlib lacks here."""

    def style(name):
        asked = ["kpsewhich", f"{name}.sty"]
        return shutil.which("kpsewhich") and subprocess.run(asked, capture_output=True).stdout

    return [package for package, name in TEX.items() if not (style(name) if name in STYLES else shutil.which(name))]


def python(home, missing_too):
    """A Python with the plotting libraries in an environment of its own, or None."""
    interpreter = home / "venv/bin/python"
    probe = [str(interpreter), "-c", "import matplotlib, celluloid, PIL, numpy, scipy"]
    if interpreter.exists() and subprocess.run(probe, capture_output=True).returncode == 0:
        return str(interpreter)
    if not missing_too:
        return None
    say("pip install", *PYTHON)
    if not attempt(sys.executable, "-m", "venv", str(home / "venv")):
        debian(["python3-venv"])
        if not attempt(sys.executable, "-m", "venv", "--clear", str(home / "venv")):
            return None
    return str(interpreter) if attempt(str(interpreter), "-m", "pip", "install", "-q", *PYTHON) else None


def gifski(home, missing_too):
    """gifski, built once, or None."""
    program = home / "bin/gifski"
    if not program.exists() and missing_too:
        say("cargo install gifski", GIFSKI, "(a few minutes)")
        attempt("cargo", "install", "-q", "--locked", "--version", GIFSKI, "--root", str(home), "gifski")
    return str(program) if program.exists() else None


def tools(home, wanted, tex, missing_too):
    """The path of every tool that peers want; with `missing_too` installed where it was missing. None if it is not there."""
    names = [name for name in DEBIAN if name in wanted or name == "time"]
    if missing_too:
        debian([DEBIAN[name] for name in names if debian_tool(name) is None] + (tex_packages() if tex else []))
    found = {name: debian_tool(name) for name in names}
    found["python"] = python(home, missing_too)  # also compares pictures
    if "gifski" in wanted:
        found["gifski"] = gifski(home, missing_too)
    found["tex"] = tex and not tex_packages()
    if tex and not found["tex"]:
        say("no complete TeX: labels by mathtext")
    return found
