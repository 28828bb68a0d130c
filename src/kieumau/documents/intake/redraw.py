"""Draws a hostile picture anew, in a process of its own with little memory: run as a script, never imported.

Standard input is the file that came, standard output the picture that is kept, standard error one line of
JSON when it is refused. The arguments are numbers that the caller has made. Knows nothing of this package,
so that it starts fast and can reach nothing.
"""

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageCms

OPTIONS = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 90, "method": 2},
}
TRANSPARENT = {"LA", "La", "PA", "RGBA", "RGBa"}


class Told(Exception):
    """Why there is no picture."""


def main() -> int:
    """0: drawn; 3: refused, and told why."""
    kind = sys.argv[1]
    pixels, longest_side, side, memory, seconds, size = (int(word) for word in sys.argv[2:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    try:
        picture = draw(kind, pixels, longest_side, side)
        picture.save(sys.stdout.buffer, kind, **OPTIONS[kind])
        sys.stdout.buffer.flush()
    except Told as told:
        return say(told.args[0])
    except MemoryError:
        return say({"code": "picture-not-drawn"})
    except Exception:  # noqa: BLE001 (whatever a decoder trips over is a broken picture)
        return say({"code": "broken-picture"})
    return 0


def say(words: dict[str, str | int]) -> int:
    """Tell the caller; the exit code."""
    print(json.dumps(words), file=sys.stderr)  # noqa: T201 (how a process answers)
    return 3


def draw(kind: str, pixels: int, longest_side: int, side: int) -> Image.Image:
    """A new picture with the old one's dots, upright, in sRGB and at most `side` long."""
    Image.MAX_IMAGE_PIXELS = None
    came: Image.Image = Image.open(sys.stdin.buffer, formats=[kind])
    width, height = came.size
    if width * height > pixels or max(width, height) > longest_side:
        raise Told({"code": "too-many-pixels", "width": width, "height": height})
    if kind != "JPEG" and getattr(came, "n_frames", 1) > 1:
        raise Told({"code": "moving-picture"})
    Image.MAX_IMAGE_PIXELS = pixels
    profile = came.info.get("icc_profile")
    turned = came.getexif().get(0x0112, 1)
    if came.mode in {"P", "1"}:
        came = came.convert("RGBA" if "transparency" in came.info else "RGB")
    came.thumbnail((side, side), reducing_gap=2.0)
    came.load()
    return bare(upright(plain(came, profile), turned))


def plain(came: Image.Image, profile: bytes | None) -> Image.Image:
    """Grey or colored, with transparency where there was some, in the colors of screens."""
    if came.mode.startswith("I"):
        return came.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if came.mode == "L":
        return came
    has_alpha = came.mode in TRANSPARENT or "transparency" in came.info
    if profile and came.mode in {"RGB", "CMYK"} and not has_alpha:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(came, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # colors a little off are better than no picture
        else:
            if changed is not None:
                return changed
    return came.convert("RGBA" if has_alpha else "RGB")


def upright(picture: Image.Image, turned: int) -> Image.Image:
    """The picture turned as the camera said; what it said is not kept."""
    turns = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_270],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_90],
    }
    for turn in turns.get(turned, []):
        picture = picture.transpose(turn)
    return picture


def bare(picture: Image.Image) -> Image.Image:
    """A new picture with the same dots and nothing else: comments and profiles travel along otherwise."""
    canvas = Image.new(picture.mode, picture.size)
    canvas.paste(picture)
    return canvas


if __name__ == "__main__":
    sys.exit(main())
