"""A figure as fast as matplotlib can: artists made once and moved, only they drawn anew, frames piped raw.

No pyplot and no animation classes: the Agg canvas is drawn once without what moves and kept; each frame puts that
back, draws the moving artists over it, and writes Agg's own buffer to ffmpeg, which makes one palette
for the film and writes only the changed rectangle. No dithering: on line art it costs bytes and gains nothing.
"""

import argparse
import os
import subprocess
from pathlib import Path

import matplotlib
import numpy as np
from catalog import FIGURES
from figures import fade, segments, settings
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from PIL import Image

FPS = 25
PALETTE = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none:diff_mode=rectangle"


def artist(axes, part):
    """What a part is drawn with."""
    if part.kind == "line":
        return axes.add_line(Line2D([], [], **part.style))
    if part.kind == "patch":
        return axes.add_patch(Polygon([(0, 0)], **part.style))
    if part.kind == "tail":
        return axes.add_collection(LineCollection([], **fade(part.style)))
    style = dict(part.style)
    transform = axes.transAxes if style.pop("panel", False) else axes.transData
    return axes.text(0, 0, part.text, transform=transform, **style)


def move(drawn, part, frame):
    """Brings an artist to where it is in this frame, or hides it."""
    where = part.at(frame)
    drawn.set_visible(where is not None)
    if where is None:
        return
    if part.kind == "line":
        drawn.set_data(*where)
    elif part.kind == "patch":
        drawn.set_xy(list(zip(*where)))
    elif part.kind == "tail":
        drawn.set_segments(segments(where, part.style["length"]))
    else:
        drawn.set_position(where)


def stage(figure):
    """The canvas, a copy of it with all that stands still, and the artists that move over it."""
    fig = Canvas(figsize=figure.inches(), dpi=figure.dpi())
    canvas = FigureCanvasAgg(fig)
    axes = figure.still(fig)
    figure.fixed(axes)
    for rule in figure.rules:
        draw = axes[rule.axes].axhline if rule.way == "h" else axes[rule.axes].axvline
        draw(rule.value, **rule.style)
    canvas.draw()
    ground = canvas.copy_from_bbox(fig.bbox)
    moving = [(axes[part.axes], artist(axes[part.axes], part), part) for part in figure.parts]
    moving.sort(key=lambda entry: entry[1].get_zorder())
    return canvas, ground, moving


def pictures(figure):
    """The frames, each as Agg's buffer, which the next one overwrites."""
    canvas, ground, moving = stage(figure)
    for frame in range(figure.frames):
        canvas.restore_region(ground)
        for axes, drawn, part in moving:
            move(drawn, part, frame)
            axes.draw_artist(drawn)
        yield canvas.buffer_rgba()


def film(figure, output):
    """Pipes the frames to ffmpeg, which finishes the GIF."""
    width, height = (round(side * figure.scale) for side in figure.size)
    command = [os.environ.get("FFMPEG", "ffmpeg"), "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb0"]
    command += ["-s", f"{width}x{height}", "-r", str(FPS), "-i", "-", "-filter_complex", PALETTE, output]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        for picture in pictures(figure):
            ffmpeg.stdin.write(picture)
        ffmpeg.stdin.close()
        if ffmpeg.wait() != 0:
            raise SystemExit("ffmpeg failed")


def frames(figure, folder):
    """Keeps the frames that ffmpeg would receive, to compare its file with."""
    for index, picture in enumerate(pictures(figure)):
        Image.fromarray(np.asarray(picture)).convert("RGB").save(Path(folder) / f"{index:04d}.png", compress_level=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figure", choices=FIGURES)
    parser.add_argument("output", help="the GIF, or with --frames a folder")
    parser.add_argument("--tex", action="store_true", help="labels by TeX rather than mathtext")
    parser.add_argument("--frames", action="store_true", help="write the frames as PNG")
    options = parser.parse_args()
    matplotlib.rcParams.update(settings(options.tex))
    (frames if options.frames else film)(FIGURES[options.figure](), options.output)


if __name__ == "__main__":
    main()
