"""A figure as the post makes it: pyplot, celluloid, and a GIF by matplotlib's ImageMagick or Pillow writer.

celluloid records the artists that were added since the last frame, so that all that is seen is plotted anew for each
frame, steady lines as well; in the end matplotlib draws the whole figure once a frame, hiding what belongs to others.
"""

import argparse
import os
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from catalog import FIGURES
from celluloid import Camera
from figures import fade, segments, settings
from matplotlib import animation, patches
from matplotlib.collections import LineCollection

FPS = 25


class PngWriter(animation.AbstractMovieWriter):
    """Keeps the frames that a real writer would receive, to compare its file with."""

    def setup(self, fig, outfile, dpi=None):
        super().setup(fig, outfile, dpi)
        self.count = 0

    def grab_frame(self, **_):
        path = Path(self.outfile) / f"{self.count:04d}.png"
        self.fig.savefig(path, dpi=self.dpi, pil_kwargs={"compress_level": 1})
        self.count += 1

    def finish(self):
        pass


def plot(all_axes, figure, frame):
    """Everything that one frame shows, as new artists."""
    figure.fixed(all_axes)
    for rule in figure.rules:
        axes = all_axes[rule.axes]
        (axes.axhline if rule.way == "h" else axes.axvline)(rule.value, **rule.style)
    for part in figure.parts:
        axes, where = all_axes[part.axes], part.at(frame)
        if where is None:
            continue
        if part.kind == "line":
            axes.plot(*where, **part.style)
        elif part.kind == "patch":
            axes.add_patch(patches.Polygon(list(zip(*where)), **part.style))
        elif part.kind == "tail":
            axes.add_collection(LineCollection(segments(where, part.style["length"]), **fade(part.style)))
        else:
            write(axes, where, part)


def write(axes, where, part):
    """A text at a place of the panel or of the data."""
    style = dict(part.style)
    transform = axes.transAxes if style.pop("panel", False) else axes.transData
    axes.text(*where, part.text, transform=transform, **style)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figure", choices=FIGURES)
    parser.add_argument("output", help="the GIF, or with --frames a folder")
    parser.add_argument("--tex", action="store_true", help="labels by TeX rather than mathtext")
    parser.add_argument("--frames", action="store_true", help="write the frames as PNG")
    parser.add_argument("--writer", choices=["imagemagick", "pillow"], default="imagemagick")
    options = parser.parse_args()
    plt.rcParams.update(settings(options.tex))
    if "CONVERT" in os.environ:
        plt.rcParams["animation.convert_path"] = os.environ["CONVERT"]

    figure = FIGURES[options.figure]()
    fig = plt.figure(figsize=figure.inches())
    camera = Camera(fig)
    axes = figure.still(fig)
    for frame in range(figure.frames):
        plot(axes, figure, frame)
        camera.snap()
    film = camera.animate()
    if options.frames:
        film.save(options.output, dpi=figure.dpi(), writer=PngWriter(fps=FPS))
    else:
        film.save(options.output, dpi=figure.dpi(), writer=options.writer, fps=FPS)


if __name__ == "__main__":
    main()
