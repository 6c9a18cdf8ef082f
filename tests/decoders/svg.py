"""Compares our SVGs, painted by headless Chromium and Firefox, with our PNGs of the same frames. Run by svg.sh.

    svg.py KYMO SCENE.toml...

Compares three frames of each scene (the first, one in between and the last). For each, both the still SVG and the animated
SVG at that frame's time are compared with the PNG. Differences are those of color channels, of 255. Each renderer antialiases
edges differently, so single pixels of a slanted edge may differ much. Missing, misplaced or recolored shapes show in the mean
difference and in the number of pixels that differ by more than a quarter. Failed pictures stay in target/decoders/svg.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from chromium import FLAGS

MAX_MEAN = 0.35  # the mean over all channels of all pixels
MAX_FAR = 0.0006  # the share of pixels that may differ by more than a quarter
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


def screenshot(browser, svg, seconds, size, into):
    """A browser's rendering of an SVG at a time of its animation, one pixel for each device pixel of our PNG."""
    # 1 ms later: at the exact time of a frame, rounding may leave discrete changes in the previous frame. 1 ms is Firefox's resolution.
    clock = f"const s = document.querySelector('svg'); s.pauseAnimations(); s.setCurrentTime({seconds} + 1e-3)"
    style = f"body {{ margin: 0 }} svg {{ display: block; width: {size[0]}px; height: {size[1]}px }}"
    page = f"<!doctype html><meta charset=utf-8><style>{style}</style>{svg}<script>{clock}</script>"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        html = Path(folder) / "page.html"
        html.write_text(page)
        # Browser windows are at least 500 pixels wide, so the screenshot is cropped to the picture.
        window = (max(size[0], 500), max(size[1], 500))
        BROWSERS[browser](html.as_uri(), Path(folder) / "profile", window, Path(into).absolute())
    image = Image.open(into).convert("RGB").crop((0, 0, *size))
    image.save(into)
    return image


def compare(name, ours, theirs):
    """Prints how much two pictures differ, and returns whether that is tolerable."""
    difference = ImageChops.difference(ours, theirs)
    worst = difference.getchannel(0)
    for channel in (1, 2):
        worst = ImageChops.lighter(worst, difference.getchannel(channel))
    counts = worst.histogram()
    pixels = sum(counts)
    mean = sum(sum(level * count for level, count in enumerate(band.histogram())) for band in difference.split()) / pixels / 3
    far = sum(counts[QUARTER:]) / pixels
    most = max(level for level, count in enumerate(counts) if count)
    good = mean <= MAX_MEAN and far <= MAX_FAR
    print(f"  {name}: mean {mean:.3f}, most {most}, over a quarter {100 * far:.4f} %{'' if good else '  TOO FAR'}")
    if not good:
        difference.point(lambda level: min(255, 4 * level)).save(f"{name}-difference.png")
    return good


def check(kymo, scene, folder):
    scene_info = json.loads(run(kymo, "inspect", scene, "--json"))
    canvas, frames = scene_info["canvas"], scene_info["frames"]
    size = (canvas["width"], canvas["height"])
    stem = folder / Path(scene).stem
    render = [kymo, "--quiet", "render", scene, "--root", folder]
    run(*render, "-o", f"{stem.name}.svg", "--animated")
    animation = stem.with_suffix(".svg").read_text()
    print(f"{scene}: {len(animation)} bytes animated")
    good = True
    for index in sorted({0, len(frames) // 3, len(frames) - 1}):
        seconds = sum(frame["delay_ms"] for frame in frames[:index]) / 1000
        run(*render, "-o", f"{stem.name}.png", "--frame", index)
        run(*render, "-o", f"{stem.name}-still.svg", "--frame", index)
        ours = Image.open(stem.with_suffix(".png")).convert("RGB")
        # Slightly after the start of the frame, so that elements that appear or disappear with it have done so.
        pictures = {"still": (Path(f"{stem}-still.svg").read_text(), 0), "animated": (animation, seconds + 1e-4)}
        for browser in BROWSERS:
            for what, (svg, time) in pictures.items():
                name = f"{stem}-{what}-{index}-{browser}"
                good &= compare(name, ours, screenshot(browser, svg, time, size, f"{name}.png"))
    return good


if __name__ == "__main__":
    kymo, *scenes = sys.argv[1:]
    folder = Path("target/decoders/svg")
    folder.mkdir(parents=True, exist_ok=True)
    passed = [check(kymo, scene, folder) for scene in scenes]
    sys.exit(0 if passed and all(passed) else 1)
