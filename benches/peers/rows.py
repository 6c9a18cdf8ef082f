"""The rows of the table: who draws or encodes a figure, by which command."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FPS, DELAY_MS = 25, 40
FIGURES = {
    "simple-harmonic-motion": "scenes/simple-harmonic-motion.toml",
    "damping-comparison": "scenes/damping-comparison.toml",
    "simple-harmonic-motion-z": "scenes/simple-harmonic-motion-z.toml",
} | {
    name: f"benches/peers/{name}.toml"
    for name in ("waves", "wave-packet", "fourier-winding", "lorenz", "small-multiples", "hippo-legs")
}
PALETTE = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none:diff_mode=rectangle"


@dataclass
class Job:
    """One figure's names and places. kymo's frames are what encoders read."""

    figure: str
    work: Path
    tools: dict

    @property
    def scene(self):
        return FIGURES[self.figure]

    @property
    def kymo_frames(self):
        return self.work / "frames-kymo"

    def tex(self):
        return ["--tex"] if self.tools.get("tex") else []

    def script(self, name, *arguments):
        return [self.tools["python"], str(HERE / name), *map(str, arguments)]

    def pngs(self):
        return sorted(map(str, self.kymo_frames.glob("*.png")))


@dataclass
class Row:
    """A tool: what it needs, its file, the command that makes it, and the command that makes its full-color frames.

    Without `frames` it encodes kymo's.
    """

    key: str
    name: str
    needs: list
    ending: str
    command: Callable
    frames: Callable | None = None

    def draws(self, figure):
        """Whether the tool draws a figure: gnuplot has scripts for some."""
        return self.key != "gnuplot" or (HERE / f"gnuplot/{figure}.gp").exists()


def kymo():
    """A row of kymo itself."""

    def command(job, output):
        return [job.tools["kymo"], "render", job.scene, "-q", "--force", "-o", output.name, "--root", str(output.parent)]

    def frames(job, folder):
        return [job.tools["kymo"], "render", job.scene, "-q", "--force", "-o", "%04d.png", "--root", str(folder)]

    return command, frames


def celluloid(job, output):
    writer = "imagemagick" if job.tools.get("convert") else "pillow"
    return job.script("celluloid_post.py", job.figure, output, "--writer", writer, *job.tex())


def script(name, *flags):
    """One of the Python scripts, for a film or with flags for its frames."""
    return lambda job, output: job.script(name, job.figure, output, *flags, *job.tex())


def pillow(job, output):
    return job.script("pillow_gif.py", output, *job.pngs())


def gnuplot(how):
    """gnuplot, for the film or for stills; it runs in its folder, where `common.gp` is."""
    return lambda job, output: [job.tools["gnuplot"], "-c", f"{job.figure}.gp", str(output), how]


def ffmpeg(*options):
    def command(job, output):
        source = ["-framerate", str(FPS), "-i", str(job.kymo_frames / "%04d.png")]
        return [job.tools["ffmpeg"], "-y", "-v", "error", *source, *options, str(output)]

    return command


def img2webp(job, output):
    return [job.tools["img2webp"], "-loop", "0", "-lossless", "-d", str(DELAY_MS), *job.pngs(), "-o", str(output)]


def gifski(job, output):
    return [job.tools["gifski"], "-q", "--fps", str(FPS), "-o", str(output), *job.pngs()]


def gifsicle(job, output):
    return [job.tools["gifsicle"], "-O3", str(job.work / "kymo.gif"), "-o", str(output)]


LOSSLESS = ["-c:v", "libwebp_anim", "-lossless", "1", "-pix_fmt", "bgra", "-loop", "0"]
POST, BEST = "celluloid_post.py", "matplotlib_best.py"
ROWS = [
    Row("kymo", "kymo, GIF", [], "gif", *kymo()),
    Row("kymo-apng", "kymo, APNG", [], "apng", *kymo()),
    Row("kymo-webp", "kymo, lossless WebP", [], "webp", *kymo()),
    Row("celluloid", "matplotlib, celluloid as in the post", ["python"], "gif", celluloid, script(POST, "--frames")),
    Row("matplotlib", "matplotlib at its best, ffmpeg", ["python", "ffmpeg"], "gif", script(BEST), script(BEST, "--frames")),
    Row("gnuplot", "gnuplot, gif terminal", ["gnuplot"], "gif", gnuplot("gif"), gnuplot("png")),
    Row("gifski", "PNG → gifski, GIF", ["gifski"], "gif", gifski),
    Row("ffmpeg", "PNG → ffmpeg, GIF", ["ffmpeg"], "gif", ffmpeg("-filter_complex", PALETTE)),
    Row("pillow", "PNG → Pillow, GIF", ["python"], "gif", pillow),
    Row("gifsicle", "kymo's GIF → gifsicle -O3", ["gifsicle"], "gif", gifsicle),
    Row("img2webp", "PNG → img2webp, lossless WebP", ["img2webp"], "webp", img2webp),
    Row("ffmpeg-webp", "PNG → ffmpeg, lossless WebP", ["ffmpeg"], "webp", ffmpeg(*LOSSLESS)),
]
