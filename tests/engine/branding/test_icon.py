"""Uploads become harmless squares, or are refused in plain words."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.branding import clean_icon
from engine.branding import svg as svg_module
from engine.branding.icon import MAX_BYTES
from engine.errors import InvalidInput, StoreclerkError, TooLarge

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 10">{}</svg>'
RECT = '<rect width="20" height="10" fill="#c2185b"/>'


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(png):
    return Image.open(io.BytesIO(png))


def huge_png_header(width, height):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "ICO"])
def test_common_pictures_become_square_png(kind):
    icon = clean_icon(encoded(Image.new("RGB", (200, 100), "#0057b8"), kind))
    assert icon.source_format == kind
    picture = opened(icon.png)
    assert picture.format == "PNG"
    assert picture.size == (icon.size, icon.size)
    assert icon.size <= 512


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_understood(mode):
    image = Image.new(mode, (40, 40))
    assert clean_icon(encoded(image, "PNG")).size == 40


def test_sixteen_bit_grey_keeps_its_shades():
    deep = Image.fromarray(np.full((8, 8), 65535, dtype=np.uint16))
    assert opened(clean_icon(encoded(deep, "PNG")).png).getpixel((4, 4)) == (255, 255, 255, 255)


def test_cmyk_jpeg_is_understood():
    assert clean_icon(encoded(Image.new("CMYK", (30, 30)), "JPEG")).size == 30


def test_a_large_picture_is_shrunk_and_a_small_one_is_left():
    assert clean_icon(encoded(Image.new("RGB", (3000, 1000)), "JPEG")).size == 512
    assert clean_icon(encoded(Image.new("RGB", (16, 16)), "PNG")).size == 16


def test_metadata_does_not_survive():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    icon = clean_icon(encoded(Image.new("RGB", (32, 32)), "JPEG", exif=exif, comment=b"secret place"))
    assert b"secret place" not in icon.png
    assert opened(icon.png).info == {}


def test_a_photograph_taken_sideways_is_turned_upright():
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = opened(clean_icon(encoded(picture, "JPEG", exif=exif, quality=95)).png)
    top, bottom = upright.getpixel((20, 5)), upright.getpixel((20, 35))
    assert top[1] < 100 < bottom[1]


def test_a_drawing_is_drawn_large():
    icon = clean_icon(SVG.format(RECT).encode())
    assert (icon.source_format, icon.size) == ("SVG", 512)
    assert opened(icon.png).getpixel((256, 256)) == (0xC2, 0x18, 0x5B, 255)
    assert opened(icon.png).getpixel((256, 5))[3] == 0


def test_a_drawing_as_illustrator_writes_it_is_accepted():
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    style = "<style>.a{fill:url(#g);filter:url(#f)}</style><!-- a comment -->"
    body = f'{style}<filter id="f"/><g style="filter:url(#f);fill:red" filter="url(#f)">{RECT}</g>'
    icon = clean_icon(f'<?xml version="1.0" encoding="utf-8"?>\n{doctype}\n{SVG.format(body)}'.encode())
    assert opened(icon.png).getpixel((256, 256))[3] == 255


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)" width="1" height="1"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<use xlink:href="http://127.0.0.1/x.svg#a"/>',
        '<a href="javascript:alert(1)"/>',
        '<use href="file:///etc/passwd#a"/>',
        "<style>@import url(http://evil.example/a.css);</style>",
        '<rect fill="url(http://evil.example/#g)" width="1" height="1"/>',
        '<rect style="fill:u\\72l(http://evil.example/)" width="1" height="1"/>',
        '<filter id="f"><feImage href="#a"/></filter>',
    ],
)
def test_drawings_that_do_more_than_draw_are_refused(body):
    with pytest.raises(InvalidInput) as caught:
        clean_icon(SVG.format(body).encode())
    assert caught.value.code == "unsafe_svg"


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY a "aaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">'],
)
def test_entities_are_refused(entity):
    with pytest.raises(InvalidInput, match="entities"):
        clean_icon(f"<!DOCTYPE svg [{entity}]>{SVG.format('<text>&a;</text>')}".encode())


@pytest.mark.parametrize(
    "content",
    [
        b"<svg",
        b"<html><svg></svg></html>",
        SVG.format("").replace("viewBox", "width='0' viewBox").encode(),
    ],
)
def test_damaged_drawings_are_refused(content):
    with pytest.raises(InvalidInput):
        clean_icon(content)


def test_a_slow_filter_is_left_out():
    body = f'<filter id="f"><feTurbulence numOctaves="1000" baseFrequency="9"/></filter><g filter="url(#f)">{RECT}</g>'
    assert clean_icon(SVG.format(body).encode()).size == 512


@pytest.mark.parametrize("content", ["<g>" * 200 + "</g>" * 200, RECT * 20_001])
def test_drawings_built_to_exhaust_are_refused(content):
    with pytest.raises(InvalidInput, match="too complicated"):
        clean_icon(SVG.format(content).encode())


def test_uses_of_uses_end_in_a_refusal():
    def uses(i):
        return f'<use href="#g{i}"/>' * 10

    levels = "".join(f'<g id="g{i}">{uses(i - 1)}</g>' for i in range(1, 9))
    with pytest.raises(InvalidInput):
        clean_icon(SVG.format(f'<defs><rect id="g0"/>{levels}</defs><use href="#g8"/>').encode())


def test_a_renderer_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(svg_module, "DRAWING_SECONDS", 0.001)
    with pytest.raises(InvalidInput, match="too complicated"):
        clean_icon(SVG.format(RECT).encode())


def test_a_renderer_over_its_limits_is_ended(monkeypatch):
    monkeypatch.setattr(svg_module, "RENDERER", "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(InvalidInput, match="too complicated"):
        clean_icon(SVG.format(RECT).encode())


def test_too_many_bytes_are_refused():
    with pytest.raises(TooLarge, match="5 MB"):
        clean_icon(b"x" * (MAX_BYTES + 1))


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_000), (20_000, 20_000), (65_000, 65_000)])
def test_too_many_pixels_are_refused_by_the_header(width, height):
    with pytest.raises(TooLarge, match="million pixels"):
        clean_icon(huge_png_header(width, height))


def test_a_bomb_inside_an_ico_is_refused():
    inner = huge_png_header(10_000, 5_000)
    directory = struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(inner), 22)
    with pytest.raises(TooLarge):
        clean_icon(directory + inner)


def test_a_short_animation_gives_its_first_picture():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime")]
    icon = clean_icon(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert opened(icon.png).getpixel((4, 4)) == (255, 0, 0, 255)


def test_an_animation_bomb_is_refused():
    header = b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    with pytest.raises(TooLarge, match="at most 100"):
        clean_icon(header + frame * 101 + b"\x3b")


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7", b"MZ" + bytes(100), b"BM" + bytes(100)])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(InvalidInput):
        clean_icon(content)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "ICO"]))
def test_damaged_pictures_never_break_anything(data, kind):
    content = bytearray(encoded(Image.linear_gradient("L").resize((48, 48)).convert("RGB"), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))]
    try:
        icon = clean_icon(bytes(content))
    except StoreclerkError:
        return
    assert icon.size <= 512
