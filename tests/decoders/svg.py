"""Compares our SVG, as headless Chromium and Firefox paint it, with our own pixels of the same frames. Run by svg.sh.

    svg.py KYMO SCENE.toml...

For the first, a middle and the last frame of each scene: the still SVG against the PNG, and the animated SVG, its clock
set to the frame, against the same PNG. A difference is one of color channels, of 255. Edges are soft in both, but each
renderer has its own idea of how soft, so single pixels of a slanted edge may differ by a good deal; what is missing,
misplaced or of another color shows in the mean and in the number of pixels that differ by more than a quarter.
Pictures that fail stay in target/decoders/svg.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from chromium import FLAGS

MEAN = 0.35  # of all channels of all pixels
MISPLACED = 0.0006  # the part of all pixels that may differ by more than a quarter
QUARTER = 64


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True).stdout


def chromium(page, profile, size, into):
    window = f"--window-size={size[0]},{size[1]}"
    run("chromium", *FLAGS, f"--user-data-dir={profile}", window, "--hide-scrollbars", f"--screenshot={into}", page)


def firefox(page, profile, size, into):
    profile.mkdir()
    window = f"--window-size={size[0]},{size[1]}"
    run("firefox-esr", "--headless", "--no-remote", "--profile", profile, window, "--screenshot", into, page)


BROWSERS = {"Chromium": chromium, "Firefox": firefox}


def shoot(browser, svg, seconds, size, into):
    """What a browser shows of an SVG at a time of its clock, a device pixel of ours to one of its own."""
    # A thousandth later, the least that Firefox tells apart: at the very instant rounding may leave what changes at once in the frame before.
    clock = f"const s = document.querySelector('svg'); s.pauseAnimations(); s.setCurrentTime({seconds} + 1e-3)"
    style = f"body {{ margin: 0 }} svg {{ display: block; width: {size[0]}px; height: {size[1]}px }}"
    page = f"<!doctype html><meta charset=utf-8><style>{style}</style>{svg}<script>{clock}</script>"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        html = Path(folder) / "page.html"
        html.write_text(page)
        # A window is never narrower than 500 pixels: what lies beyond the picture is cut off.
        window = (max(size[0], 500), max(size[1], 500))
        BROWSERS[browser](html.as_uri(), Path(folder) / "profile", window, Path(into).absolute())
    image = Image.open(into).convert("RGB").crop((0, 0, *size))
    image.save(into)
    return image


def compare(name, ours, theirs):
    """Prints how far two pictures are apart; whether that is near enough."""
    difference = ImageChops.difference(ours, theirs)
    worst = difference.getchannel(0)
    for channel in (1, 2):
        worst = ImageChops.lighter(worst, difference.getchannel(channel))
    counts = worst.histogram()
    pixels = sum(counts)
    mean = sum(sum(level * count for level, count in enumerate(band.histogram())) for band in difference.split()) / pixels / 3
    far = sum(counts[QUARTER:]) / pixels
    most = max(level for level, count in enumerate(counts) if count)
    good = mean <= MEAN and far <= MISPLACED
    print(f"  {name}: mean {mean:.3f}, most {most}, beyond a quarter {100 * far:.4f} %{'' if good else '  FAR'}")
    if not good:
        difference.point(lambda level: min(255, 4 * level)).save(f"{name}-difference.png")
    return good


def check(kymo, scene, folder):
    told = json.loads(run(kymo, "inspect", scene, "--json"))
    size, frames = (told["canvas"]["width"], told["canvas"]["height"]), told["frames"]
    stem = folder / Path(scene).stem
    render = [kymo, "--quiet", "render", scene, "--root", folder]
    run(*render, "-o", f"{stem.name}.svg", "--animated")
    film = stem.with_suffix(".svg").read_text()
    print(f"{scene}: {len(film)} bytes animated")
    good = True
    for index in sorted({0, len(frames) // 3, len(frames) - 1}):
        seconds = sum(frame["delay_ms"] for frame in frames[:index]) / 1000
        run(*render, "-o", f"{stem.name}.png", "--frame", index)
        run(*render, "-o", f"{stem.name}-still.svg", "--frame", index)
        # Between its first instant and the next frame's, what comes and goes has come or gone.
        ours = Image.open(stem.with_suffix(".png")).convert("RGB")
        pictures = {"still": (Path(f"{stem}-still.svg").read_text(), 0), "film": (film, seconds + 1e-4)}
        for browser in BROWSERS:
            for what, (svg, time) in pictures.items():
                name = f"{stem}-{what}-{index}-{browser}"
                good &= compare(name, ours, shoot(browser, svg, time, size, f"{name}.png"))
    return good


if __name__ == "__main__":
    kymo, *scenes = sys.argv[1:]
    folder = Path("target/decoders/svg")
    folder.mkdir(parents=True, exist_ok=True)
    near = [check(kymo, scene, folder) for scene in scenes]
    sys.exit(0 if near and all(near) else 1)
