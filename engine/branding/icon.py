"""An uploaded icon becomes a small, square, harmless PNG.

Never here: colours of a theme. Headers are judged before a single pixel is decoded.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.branding.svg import draw_svg, looks_like_svg
from engine.errors import InvalidInput, TooLarge

__all__ = ["MAX_BYTES", "MAX_FRAMES", "MAX_PIXELS", "SIZE", "CleanIcon", "clean_icon"]

MAX_BYTES = 5_000_000
MAX_PIXELS = 40_000_000
MAX_FRAMES = 100
SIZE = 512
"""Largest side of a cleaned icon, pixels."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "ICO")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ICO_SIGNATURE = b"\0\0\1\0"
CANNOT_READ = "The file is not a picture we can read. Upload a PNG, JPEG, WebP, GIF, ICO or SVG."
DAMAGED = "The picture is damaged or incomplete. Save it again and upload the new file."


@dataclass(frozen=True, slots=True)
class CleanIcon:
    """A square picture without anything but its pixels."""

    png: bytes
    size: int
    """Width and height, pixels; at most 512."""
    digest: str
    """SHA-256 of `png`, in hex."""
    source_format: str
    """What was uploaded: `PNG`, `JPEG`, `WEBP`, `GIF`, `ICO` or `SVG`."""


def clean_icon(content: bytes) -> CleanIcon:
    """Make an upload safe to show: decoded, turned upright, fitted into a square, written anew as PNG.

    Raises TooLarge (bytes, pixels, frames) and InvalidInput (not a picture, damaged, an unsafe drawing).
    """
    if not content:
        raise InvalidInput("The file is empty. Choose another picture.", code="bad_image")
    if len(content) > MAX_BYTES:
        raise TooLarge(f"The picture is larger than {MAX_BYTES // 1_000_000} MB. Upload a smaller one.")
    if looks_like_svg(content):
        picture, source_format = decode(draw_svg(content, SIZE))[0], "SVG"
    else:
        picture, source_format = decode(content)
    square = fit_square(picture)
    out = io.BytesIO()
    square.save(out, format="PNG", optimize=True)
    png = out.getvalue()
    return CleanIcon(png, square.width, hashlib.sha256(png).hexdigest(), source_format)


def decode(content: bytes) -> tuple[Image.Image, str]:
    """The first picture of the file as RGBA, and the name of its format."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes and odd metadata; sizes are judged below
            if content.startswith(ICO_SIGNATURE):
                refuse_ico_bombs(content)  # first: opening an ICO already decodes it
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                refuse_bombs(image)
                source_format = str(image.format)
                if source_format == "JPEG":
                    image.draft("RGB", (2 * SIZE, 2 * SIZE))
                image.load()
                return ImageOps.exif_transpose(to_rgba(image)), source_format
    except Image.DecompressionBombError:
        raise too_many_pixels() from None
    except UnidentifiedImageError:
        raise InvalidInput(CANNOT_READ, code="bad_image") from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, MemoryError):
        raise InvalidInput(DAMAGED, code="bad_image") from None


def refuse_bombs(image: Image.Image) -> None:
    """Raise TooLarge by the header alone."""
    if image.width * image.height > MAX_PIXELS:
        raise too_many_pixels()
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES:
        raise TooLarge(f"The animation has {frames} pictures; at most {MAX_FRAMES} are accepted. Upload a still one.")


def refuse_ico_bombs(content: bytes) -> None:
    """Raise TooLarge when a picture inside an ICO is bigger than the directory admits.

    An ICO directory speaks of at most 256 pixels; the PNG or bitmap inside says its own size.
    """
    count = struct.unpack_from("<H", content, 4)[0]
    for entry in range(count):
        offset = struct.unpack_from("<I", content, 6 + 16 * entry + 12)[0]
        if content[offset : offset + 8] == PNG_SIGNATURE:
            width, height = struct.unpack_from(">II", content, offset + 16)
        else:
            width, height = (abs(side) for side in struct.unpack_from("<ii", content, offset + 4))
        if width * height > MAX_PIXELS:
            raise too_many_pixels()


def too_many_pixels() -> TooLarge:
    """The refusal of a picture with too many pixels."""
    return TooLarge(f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels. Upload a smaller one.")


def to_rgba(image: Image.Image) -> Image.Image:
    """The picture with 8 bits for red, green, blue and opacity; keeps EXIF so that it can be turned upright."""
    if image.mode.startswith(("I", "F")):
        deep = np.asarray(image, dtype=np.float64)
        top = 65535.0 if deep.max(initial=0.0) > 255 else 255.0
        grey = Image.fromarray((np.clip(deep / top, 0, 1) * 255).astype(np.uint8))
        return grey.convert("RGBA")
    return image.convert("RGBA")


def fit_square(picture: Image.Image) -> Image.Image:
    """The picture at most 512 pixels wide and high, centred on a transparent square."""
    if max(picture.size) > SIZE:
        picture = ImageOps.contain(picture, (SIZE, SIZE), Image.Resampling.LANCZOS)
    side = max(picture.size)
    square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square
