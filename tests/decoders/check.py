"""Decodes each file with four decoders and compares the results. Run by check.sh, which installs the decoders.

A decoder is a function from a path to a Decoded, or to None if it does not read the format. Delays are in milliseconds.
`plays` is how often the animation plays: 0 means forever, and None means that the decoder does not tell. A frame is a
pair of digests of its composited RGBA pixels.
"""

import ctypes
import ctypes.util
import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import chromium
from PIL import Image


@dataclass
class Decoded:
    frames: list
    delays: list
    plays: int | None


def digest(rgba):
    """Two digests of RGBA bytes that are not premultiplied: one that ignores the colors of transparent pixels, and one that
    ignores those of all pixels that are not opaque."""
    exact, opaque = bytearray(rgba), bytearray(rgba)
    alphas = rgba[3::4]
    for i, alpha in enumerate(alphas) if min(alphas) < 255 else ():
        if alpha < 255:
            opaque[4 * i : 4 * i + 3] = b"\0\0\0"
            if alpha == 0:
                exact[4 * i : 4 * i + 3] = b"\0\0\0"
    return hashlib.sha256(exact).hexdigest(), hashlib.sha256(opaque).hexdigest()


def is_gif(path):
    return path.read_bytes()[:4] == b"GIF8"


def is_webp(path):
    return path.read_bytes()[8:12] == b"WEBP"


def by_pillow(path):
    frames, delays = [], []
    with Image.open(path) as image:
        # A GIF stores the number of repetitions, an APNG or a WebP the number of plays.
        loop = image.info.get("loop")
        if is_gif(path):
            plays = 1 if loop is None else loop and loop + 1
        else:
            plays = loop
        for index in range(image.n_frames):
            image.seek(index)
            # Pillow knows the delay of a WebP frame only after decoding it.
            frames.append(digest(image.convert("RGBA").tobytes()))
            delays.append(round(image.info["duration"]))
    return Decoded(frames, delays, plays)


def by_ffmpeg(path):
    """ffmpeg does not decode animated WebP."""
    if is_webp(path):
        return None
    kind = ["-f", "gif"] if is_gif(path) else ["-f", "apng"]
    probe = ["ffprobe", "-v", "error", *kind, "-of", "json", "-show_streams", "-show_packets", str(path)]
    probed = json.loads(subprocess.run(probe, check=True, capture_output=True).stdout)
    stream = probed["streams"][0]
    size = stream["width"] * stream["height"] * 4
    decode = ["ffmpeg", "-v", "error", *kind, "-i", str(path), "-fps_mode", "passthrough"]
    run = subprocess.Popen([*decode, "-enc_time_base", "1/1000", "-pix_fmt", "rgba", "-f", "rawvideo", "-"], stdout=subprocess.PIPE)
    frames = [digest(pixels) for pixels in iter(lambda: run.stdout.read(size), b"")]
    if run.wait() != 0:
        raise RuntimeError("ffmpeg fails")
    delays = [round(1000 * float(packet["duration_time"])) for packet in probed["packets"]]
    return Decoded(frames, delays, None)


class ColorMap(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("bits", ctypes.c_int), ("sort", ctypes.c_bool)]
    _fields_ += [("colors", ctypes.POINTER(ctypes.c_ubyte * 3))]


class ImageDesc(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("left", "top", "width", "height")]
    _fields_ += [("interlace", ctypes.c_bool), ("color_map", ctypes.POINTER(ColorMap))]


class Extension(ctypes.Structure):
    _fields_ = [("length", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_ubyte)), ("function", ctypes.c_int)]


class SavedImage(ctypes.Structure):
    _fields_ = [("desc", ImageDesc), ("raster", ctypes.POINTER(ctypes.c_ubyte))]
    _fields_ += [("extension_count", ctypes.c_int), ("extensions", ctypes.POINTER(Extension))]


class GifFile(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("width", "height", "resolution", "background")]
    _fields_ += [("aspect", ctypes.c_ubyte), ("color_map", ctypes.POINTER(ColorMap)), ("count", ctypes.c_int)]
    _fields_ += [("image", ImageDesc), ("images", ctypes.POINTER(SavedImage))]


class Control(ctypes.Structure):
    _fields_ = [("disposal", ctypes.c_int), ("input", ctypes.c_bool)]
    _fields_ += [("delay", ctypes.c_int), ("transparent", ctypes.c_int)]


def by_giflib(path):
    """giflib does not composite frames, so this function does it, as GIF89a specifies."""
    if not is_gif(path):
        return None
    lib = ctypes.CDLL(ctypes.util.find_library("gif") or "libgif.so.7")
    lib.DGifOpenFileName.restype = ctypes.POINTER(GifFile)
    error = ctypes.c_int()
    file = lib.DGifOpenFileName(str(path).encode(), ctypes.byref(error))
    if not file or lib.DGifSlurp(file) != 1:
        raise RuntimeError("giflib fails")
    gif, plays = file.contents, 1
    canvas = [b"\0\0\0\0"] * (gif.width * gif.height)
    frames, delays = [], []
    for index in range(gif.count):
        image, control = gif.images[index], Control()
        lib.DGifSavedExtensionToGCB(file, index, ctypes.byref(control))
        for at in range(image.extension_count):
            data = bytes(image.extensions[at].data[: image.extensions[at].length])
            if image.extensions[at].function == 0 and len(data) == 3 and data[0] == 1:
                repetitions = data[1] | data[2] << 8
                plays = repetitions and repetitions + 1
        desc, before = image.desc, canvas[:]
        colors = (desc.color_map or gif.color_map).contents
        table = [bytes(colors.colors[i]) + b"\xff" for i in range(colors.count)]
        raster = ctypes.string_at(image.raster, desc.width * desc.height)
        for row in range(desc.height):
            start = (desc.top + row) * gif.width + desc.left
            for column, value in enumerate(raster[row * desc.width : (row + 1) * desc.width]):
                if value != control.transparent:
                    canvas[start + column] = table[value]
        frames.append(digest(b"".join(canvas)))
        delays.append(10 * control.delay)
        if control.disposal == 2:
            for row in range(desc.height):
                start = (desc.top + row) * gif.width + desc.left
                canvas[start : start + desc.width] = [b"\0\0\0\0"] * desc.width
        elif control.disposal == 3:
            canvas = before
    return Decoded(frames, delays, plays)


def by_chromium(path):
    kind = "image/gif" if is_gif(path) else "image/webp" if is_webp(path) else "image/png"
    decoded = chromium.decode(path, kind)
    # Chromium reports the number of repetitions, or null for infinitely many.
    plays = 0 if decoded["repetitions"] is None else decoded["repetitions"] + 1
    # Chromium premultiplies by alpha, which rounds the colors of translucent pixels. So only the second digest is comparable.
    return Decoded([(None, opaque) for opaque in decoded["frames"]], decoded["delays"], plays)


DECODERS = {"Pillow": by_pillow, "ffmpeg": by_ffmpeg, "giflib": by_giflib, "Chromium": by_chromium}


def differences(name, decoded, other_name, other):
    """Yields a sentence for each difference between two results."""
    if len(decoded.frames) != len(other.frames):
        yield f"{name} decodes {len(decoded.frames)} frames, {other_name} {len(other.frames)}"
        return
    which = 1 if any(frame[0] is None for frame in decoded.frames) else 0
    different = [i for i, (a, b) in enumerate(zip(decoded.frames, other.frames)) if a[which] != b[which]]
    if different:
        yield f"{name} and {other_name} differ in the pixels of frames {different}"
    if decoded.delays != other.delays:
        yield f"{name} has delays {decoded.delays}, {other_name} {other.delays}"
    if None not in (decoded.plays, other.plays) and decoded.plays != other.plays:
        yield f"{name} plays {decoded.plays} times, {other_name} {other.plays} (0: forever)"


def check(path):
    """Compares all decoders with the first and returns whether they agree."""
    results = {name: decode(path) for name, decode in DECODERS.items()}
    results = {name: result for name, result in results.items() if result is not None}
    (first, reference), *others = results.items()
    found = [line for name, result in others for line in differences(name, result, first, reference)]
    total = sum(reference.delays)
    print(f"{path.name}: {len(reference.frames)} frames, {total} ms, plays {reference.plays}: {', '.join(results)}")
    for line in found:
        print(f"  {line}")
    return not found


if __name__ == "__main__":
    agreed = [check(Path(name)) for name in sys.argv[1:]]
    sys.exit(0 if agreed and all(agreed) else 1)
