"""Pictures: photographs and screenshots with text on them.

Never here: drawing anything but a raster; a vector picture can hold scripts.
"""

from __future__ import annotations

import io
import warnings

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import PICTURE_PIXELS
from engine.knowledge.parsing.content import Content
from engine.knowledge.parsing.ocr import NEEDS_OCR, PictureText

__all__ = ["read_picture"]

KINDS = ("PNG", "JPEG", "WEBP")


def read_picture(content: bytes, *, ocr: bool = False) -> Content:
    """Raises Unreadable `too_many_pixels`, `truncated`, `damaged` or `no_text_in_picture`; `needs_ocr` unless `ocr`."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - needed for pictures only

    Image.MAX_IMAGE_PIXELS = PICTURE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=KINDS)
        if picture.width * picture.height > PICTURE_PIXELS:
            raise Unreadable("too_many_pixels")
        if not ocr:
            raise Unreadable(NEEDS_OCR)
        shown = ImageOps.exif_transpose(picture)
        shown.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("too_many_pixels") from error
    except UnidentifiedImageError as error:
        raise Unreadable("damaged") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Unreadable("truncated" if "truncated" in str(error) else "damaged") from error
    reader = PictureText()
    text = reader.read(on_white(shown))
    if not any(letter.isalnum() for letter in text):
        raise Unreadable("no_text_in_picture")
    return Content("", text, notes=tuple(reader.notes))


def on_white(picture: Image.Image) -> Image.Image:  # type: ignore[name-defined] # noqa: F821 - imported when needed
    """The picture as it looks on a white page: transparent parts would turn black."""
    from PIL import Image  # noqa: PLC0415

    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return picture
    page = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    page.paste(layer, mask=layer.getchannel("A"))
    return page
