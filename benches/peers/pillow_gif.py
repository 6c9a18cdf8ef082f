"""A GIF of finished frames by Pillow alone, as it does by itself: a palette for every frame, and only what changed.

One palette for the whole film was tried: 15 % fewer bytes in a sixth of the time, but by none of Pillow's quantizers
above 47 dB, where this way has hardly an error.
"""

import sys

from PIL import Image

DELAY_MS = 40


def main(output, paths):
    frames = (Image.open(path).convert("RGB") for path in paths)
    first = next(frames)
    first.save(output, save_all=True, append_images=frames, duration=DELAY_MS, loop=0)


if __name__ == "__main__":
    main(sys.argv[1], sorted(sys.argv[2:]))
