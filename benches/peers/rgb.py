"""Rewrites kymo's frames as plain RGB: ffmpeg begins anew where one PNG has a palette and the next one has not."""

import sys

from PIL import Image


def main(paths):
    for path in paths:
        Image.open(path).convert("RGB").save(path, compress_level=1)


if __name__ == "__main__":
    main(sys.argv[1:])
