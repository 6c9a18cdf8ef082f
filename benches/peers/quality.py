"""How far an animation is from full-color frames: PSNR over all pixels and channels, and the worst channel.

Tools leave out repeated frames and lengthen the one before, so a frame is looked up by the middle of the time that it is
shown. Prints one JSON object.
"""

import json
import math
import sys

import numpy as np
from PIL import Image, ImageSequence

DELAY_MS = 40


def shown(path, count):
    """The picture that a player shows in each of `count` time steps."""
    pictures, end = ImageSequence.Iterator(Image.open(path)), 0
    picture = None
    for frame in range(count):
        while end <= (frame + 0.5) * DELAY_MS:
            following = next(pictures, None)
            if following is None:
                break
            picture = np.asarray(following.convert("RGB"), dtype=np.int16)
            # The duration of an animated WebP is known only once its frame is decoded.
            end += following.info.get("duration", DELAY_MS)
        yield picture


def compare(path, frames):
    """The squared error, its worst, and how many values were compared."""
    total, worst, values = 0, 0, 0
    for picture, frame in zip(shown(path, len(frames)), frames):
        truth = np.asarray(Image.open(frame).convert("RGB"), dtype=np.int16)
        if truth.shape != picture.shape:
            raise SystemExit(f"{path}: {picture.shape}, but its frames are {truth.shape}")
        error = np.abs(picture - truth)
        rows = error.reshape(-1)[error.reshape(-1) > 0].astype(np.int64)
        total += int((rows * rows).sum())
        worst = max(worst, int(rows.max(initial=0)))
        values += error.size
    return total, worst, values


def main(path, frames):
    total, worst, values = compare(path, frames)
    psnr = 10 * math.log10(255**2 * values / total) if total else None
    print(json.dumps({"psnr": psnr, "worst": worst}))


if __name__ == "__main__":
    main(sys.argv[1], sorted(sys.argv[2:]))
