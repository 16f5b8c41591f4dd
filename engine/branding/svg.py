"""Draws a drawing (SVG) as a picture, in a process of its own that cannot run away.

Never here: other picture formats. What was checked is what is drawn: the parsed tree is written out again.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from xml.etree import ElementTree

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from engine.errors import InvalidInput

__all__ = ["draw_svg", "looks_like_svg"]

SVG = "http://www.w3.org/2000/svg"
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100
DRAWING_SECONDS = 10

REFUSED = {
    "script": "contains a script",
    "foreignobject": "contains a web page (foreignObject)",
    "image": "contains an embedded or linked picture",
    "feimage": "contains an embedded or linked picture",
    "iframe": "contains a web page",
    "embed": "contains an embedded file",
    "object": "contains an embedded file",
    "handler": "contains a script",
}
OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|expression\(|javascript:", re.IGNORECASE)
"""A style that reaches outside the file; CSS escapes are refused before this is looked for."""

# The renderer is native code and some drawings take it minutes: it gets limits and a process of its own.
RENDERER = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
import resvg_py
size = int(sys.argv[1])
text = sys.stdin.buffer.read().decode("utf-8")
sys.stdout.buffer.write(resvg_py.svg_to_bytes(svg_string=text, width=size, height=size))
"""


def looks_like_svg(content: bytes) -> bool:
    """Whether the file begins like a drawing rather than like a picture of pixels."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in content[:65536]


def draw_svg(content: bytes, size: int) -> bytes:
    """The drawing as a PNG whose longer side is `size` pixels.

    Raises InvalidInput for scripts, references outside the file, entities, and what cannot be drawn in ten seconds.
    """
    root = parse_drawing(content)
    refuse_dangers(root)
    drop_filters(root)
    ElementTree.register_namespace("", SVG)
    markup: bytes = ElementTree.tostring(root, encoding="utf-8")
    try:
        done: subprocess.CompletedProcess[bytes] = subprocess.run(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-I", "-c", RENDERER, str(size)],
            input=markup,
            capture_output=True,
            timeout=DRAWING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_complicated() from None
    if done.returncode < 0:
        raise too_complicated()
    if done.returncode != 0 or not done.stdout:
        raise InvalidInput("The drawing (SVG) could not be drawn. Save it as PNG and upload that.", code="bad_image")
    return done.stdout


def too_complicated() -> InvalidInput:
    """The refusal of a drawing that takes too long or too much memory."""
    return InvalidInput("The drawing (SVG) is too complicated. Save it as PNG and upload that.", code="bad_image")


def parse_drawing(content: bytes) -> ElementTree.Element:
    """The tree of the drawing. A document type is accepted (Illustrator writes one), entities are not."""
    try:
        root = defusedxml.ElementTree.fromstring(content, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise unsafe("contains entities") from None
    except (ElementTree.ParseError, ValueError, LookupError):
        raise InvalidInput(
            "The drawing (SVG) is damaged. Export it again, or upload a PNG.", code="bad_image"
        ) from None
    if local_name(root.tag) != "svg":
        raise InvalidInput("The file is not a drawing (SVG). Upload a PNG, JPEG, WebP or SVG.", code="bad_image")
    return root


def refuse_dangers(root: ElementTree.Element) -> None:
    """Raise InvalidInput when the drawing runs code, reaches outside itself, or is built to exhaust us."""
    for count, (element, depth) in enumerate(walk(root), start=1):
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise too_complicated()
        name = local_name(element.tag)
        if name in REFUSED:
            raise unsafe(REFUSED[name])
        if name == "style":
            refuse_outside_style("".join(element.itertext()))
        for attribute, value in element.attrib.items():
            refuse_attribute(local_name(attribute), value)


def refuse_attribute(name: str, value: str) -> None:
    """Raise InvalidInput for an attribute that runs code or points outside the file."""
    if name.startswith("on"):
        raise unsafe("contains a script")
    if name in {"href", "src"} and not value.strip().startswith("#"):
        raise unsafe("refers to something outside the file")
    if "(" in value or name == "style":
        refuse_outside_style(value)


def refuse_outside_style(style: str) -> None:
    """Raise InvalidInput for a style that points outside the file, or hides where it points."""
    if "\\" in style or OUTSIDE.search(style):
        raise unsafe("refers to something outside the file")


def drop_filters(root: ElementTree.Element) -> None:
    """Take out effects such as shadows: a small filter can take minutes to draw, and an icon is fine without."""
    for parent, _ in list(walk(root)):
        for child in list(parent):
            if local_name(child.tag) == "filter":
                parent.remove(child)
        parent.attrib.pop("filter", None)
        if "style" in parent.attrib:
            parent.attrib["style"] = without_filters(parent.attrib["style"])
        if local_name(parent.tag) == "style" and parent.text:
            parent.text = without_filters(parent.text)


def without_filters(style: str) -> str:
    """CSS without its `filter` declarations."""
    return re.sub(r"(?i)\bfilter\s*:[^;}]*;?", "", style)


def walk(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, int]]:
    """Every element with its depth, without recursion: the depth is the sender's choice."""
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        yield element, depth
        waiting.extend((child, depth + 1) for child in element)


def local_name(tag: object) -> str:
    """The name without its namespace, in lower case; comments and instructions have none."""
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""


def unsafe(what: str) -> InvalidInput:
    """The refusal of a drawing that does more than draw."""
    return InvalidInput(f"The drawing (SVG) {what}. Save it as PNG and upload that.", code="unsafe_svg")
