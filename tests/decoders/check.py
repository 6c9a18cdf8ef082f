"""Shows each file to four decoders and compares what they see. Run by check.sh, which installs them.

A decoder is a function from a path to a Seen. Delays are in milliseconds; `plays` is how often the film plays in
all, 0 for ever and None where the decoder does not tell; a frame is the digests of its composited RGBA pixels.
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
class Seen:
    frames: list
    delays: list
    plays: int | None


def digest(rgba):
    """Two of straight RGBA bytes: one with the colors of clear pixels zeroed, one with those of all that are less
    than opaque."""
    exact, solid = bytearray(rgba), bytearray(rgba)
    alphas = rgba[3::4]
    for i, alpha in enumerate(alphas) if min(alphas) < 255 else ():
        if alpha < 255:
            solid[4 * i : 4 * i + 3] = b"\0\0\0"
            if alpha == 0:
                exact[4 * i : 4 * i + 3] = b"\0\0\0"
    return hashlib.sha256(exact).hexdigest(), hashlib.sha256(solid).hexdigest()


def is_gif(path):
    return path.read_bytes()[:4] == b"GIF8"


def is_webp(path):
    return path.read_bytes()[8:12] == b"WEBP"


def by_pillow(path):
    frames, delays = [], []
    with Image.open(path) as image:
        # A GIF says how often it is played again, an APNG or a WebP how often it plays.
        loop = image.info.get("loop")
        if is_gif(path):
            plays = 1 if loop is None else loop and loop + 1
        else:
            plays = loop
        for index in range(image.n_frames):
            image.seek(index)
            # A WebP tells its delays only when it is decoded.
            frames.append(digest(image.convert("RGBA").tobytes()))
            delays.append(round(image.info["duration"]))
    return Seen(frames, delays, plays)


def by_ffmpeg(path):
    """Its decoder of WebP knows no animation."""
    if is_webp(path):
        return None
    kind = ["-f", "gif"] if is_gif(path) else ["-f", "apng"]
    probe = ["ffprobe", "-v", "error", *kind, "-of", "json", "-show_streams", "-show_packets", str(path)]
    told = json.loads(subprocess.run(probe, check=True, capture_output=True).stdout)
    stream = told["streams"][0]
    size = stream["width"] * stream["height"] * 4
    decode = ["ffmpeg", "-v", "error", *kind, "-i", str(path), "-fps_mode", "passthrough"]
    run = subprocess.Popen([*decode, "-enc_time_base", "1/1000", "-pix_fmt", "rgba", "-f", "rawvideo", "-"], stdout=subprocess.PIPE)
    frames = [digest(pixels) for pixels in iter(lambda: run.stdout.read(size), b"")]
    if run.wait() != 0:
        raise RuntimeError("ffmpeg fails")
    delays = [round(1000 * float(packet["duration_time"])) for packet in told["packets"]]
    return Seen(frames, delays, None)


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
    """giflib decodes; it leaves compositing to its caller, who does what GIF89a says."""
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
                again = data[1] | data[2] << 8
                plays = again and again + 1
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
    return Seen(frames, delays, plays)


def by_chromium(path):
    kind = "image/gif" if is_gif(path) else "image/webp" if is_webp(path) else "image/png"
    told = chromium.decode(path, kind)
    # It counts repetitions, null standing for infinity.
    plays = 0 if told["repetitions"] is None else told["repetitions"] + 1
    # It premultiplies by alpha, so that the colors of translucent pixels come back rounded.
    return Seen([(None, solid) for solid in told["frames"]], told["delays"], plays)


DECODERS = {"Pillow": by_pillow, "ffmpeg": by_ffmpeg, "giflib": by_giflib, "Chromium": by_chromium}


def complaints(name, seen, other_name, other):
    """In words, where the two differ."""
    if len(seen.frames) != len(other.frames):
        yield f"{name} sees {len(seen.frames)} frames, {other_name} {len(other.frames)}"
        return
    which = 1 if any(frame[0] is None for frame in seen.frames) else 0
    different = [i for i, (a, b) in enumerate(zip(seen.frames, other.frames)) if a[which] != b[which]]
    if different:
        yield f"{name} and {other_name} show other pixels in frames {different}"
    if seen.delays != other.delays:
        yield f"{name} has delays {seen.delays}, {other_name} {other.delays}"
    if None not in (seen.plays, other.plays) and seen.plays != other.plays:
        yield f"{name} plays {seen.plays} times, {other_name} {other.plays} (0: for ever)"


def check(path):
    """Compares all decoders with the first; whether they agree."""
    seen = {name: decode(path) for name, decode in DECODERS.items()}
    seen = {name: what for name, what in seen.items() if what is not None}
    (first, truth), *others = seen.items()
    found = [line for name, what in others for line in complaints(name, what, first, truth)]
    total = sum(truth.delays)
    print(f"{path.name}: {len(truth.frames)} frames, {total} ms, plays {truth.plays}: {', '.join(seen)}")
    for line in found:
        print(f"  {line}")
    return not found


if __name__ == "__main__":
    agreed = [check(Path(name)) for name in sys.argv[1:]]
    sys.exit(0 if agreed and all(agreed) else 1)
