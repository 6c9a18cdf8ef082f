"""The table, in Markdown and as CSV."""

import csv
import datetime
import io
import os
from dataclasses import dataclass

from measure import Cost

COLUMNS = ["", "wall s", "×", "CPU s", "×", "memory MB", "×", "bytes kB", "×", "PSNR dB", "worst"]


@dataclass
class Line:
    """A tool's medians, its ratios to kymo, the size of its file, and how true it is to its own frames."""

    key: str
    name: str
    cost: Cost
    ratio: Cost
    size: int
    quality: dict


def head(tex):
    """When and where."""
    labels = "TeX" if tex else "mathtext"
    today = datetime.date.today().isoformat()
    return f"Measured {today} on {os.cpu_count()} cores, matplotlib's labels by {labels}.\n"


def ratio(value):
    """Two digits that count."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.995 else f"{value:.2f}"


def cells(line, base):
    """A line's cells; `base` is the size of kymo's GIF."""
    exact = line.quality["psnr"] is None
    return [
        line.name,
        f"{line.cost.wall:.2f}",
        ratio(line.ratio.wall),
        f"{line.cost.cpu:.2f}",
        ratio(line.ratio.cpu),
        f"{line.cost.memory / 1e6:.0f}",
        ratio(line.ratio.memory),
        f"{line.size / 1e3:.0f}",
        ratio(line.size / base),
        "exact" if exact else f"{line.quality['psnr']:.1f}",
        "0" if exact else str(line.quality["worst"]),
    ]


def figure(name, rounds, lines, base):
    """A figure's table."""
    rows = [COLUMNS, ["---", *["--:"] * (len(COLUMNS) - 1)], *(cells(line, base) for line in lines)]
    return f"\n### {name}, {rounds} rounds\n\n" + "".join("| " + " | ".join(row) + " |\n" for row in rows)


def sheet(figures, keys, results):
    """The wall times and their ratios to kymo as CSV, a row for each figure. Cells of what has not been measured are empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["row", "figure", *(f"{key} {unit}" for key in keys for unit in "sx")])
    for index, figure in enumerate(figures):
        lines = {line.key: line for line in results.get(figure, [])}
        measured = [lines.get(key) for key in keys]
        cells = [(f"{line.cost.wall:.3g}", ratio(line.ratio.wall)) if line else ("", "") for line in measured]
        writer.writerow([index, figure, *(cell for pair in cells for cell in pair)])
    return out.getvalue()
