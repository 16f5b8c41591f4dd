"""What the styles of a Word file say: headings, lists, and text that is not to be seen.

Never here: the text itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.knowledge.parsing.archives import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["WordStyle", "WordStyles", "child", "value_of"]

HEADING_STYLE = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop)\s*(\d)", re.I)
DEEPEST = 12
SMALLEST = 4
"""Half points: smaller letters cannot be read."""
WHITE = re.compile(r"f[ef]f[ef]f[ef]", re.I)


def child(element: _Element | None, name: str) -> _Element | None:
    """The first child of that name, in any namespace."""
    if element is None:
        return None
    return next((part for part in element if local_name(part) == name), None)


def value_of(element: _Element | None, name: str = "val") -> str:
    """An attribute in any namespace, or nothing."""
    if element is None:
        return ""
    return next((str(text) for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def is_on(element: _Element | None) -> bool:
    """Whether a switch such as `vanish` is there and not turned off."""
    return element is not None and value_of(element).lower() not in {"0", "false", "off"}


@dataclass(frozen=True, slots=True)
class WordStyle:
    """A paragraph or character style with what it takes over from others."""

    name: str = ""
    level: int | None = None
    """0-based level of a heading."""
    is_list: bool = False
    hidden: bool = False


class WordStyles:
    """The styles of one document by id."""

    def __init__(self, root: _Element | None) -> None:
        self.found = {value_of(style, "styleId"): style for style in (root if root is not None else ())}
        self.known: dict[str, WordStyle] = {}
        self.default = next(
            (key for key, style in self.found.items()
             if value_of(style, "default") in {"1", "true"} and value_of(style, "type") == "paragraph"), "",
        )  # fmt: skip

    def named(self, key: str, kind: str) -> WordStyle:
        """The style with this id; paragraphs without one have the default."""
        key = key or (self.default if kind == "paragraph" else "")
        if key not in self.known:
            self.known[key] = self.resolve(key, 0)
        return self.known[key]

    def resolve(self, key: str, depth: int) -> WordStyle:
        """A style over the ones it is based on."""
        style = self.found.get(key)
        if style is None or depth > DEEPEST:
            # Some programs write the name of a well-known style without defining it.
            heading = re.fullmatch(r"heading\s?([1-9])", key, re.I)
            return WordStyle(key, int(heading.group(1)) - 1 if heading else None, key.startswith("List"))
        below = (
            self.resolve(value_of(child(style, "basedOn")), depth + 1) if child(style, "basedOn") is not None else None
        )
        name = value_of(child(style, "name")) or key
        paragraph, run = child(style, "pPr"), child(style, "rPr")
        outline = value_of(child(paragraph, "outlineLvl"))
        heading = HEADING_STYLE.match(name)
        level = int(heading.group(1)) - 1 if heading else None
        if level is None and outline.isdigit():
            level = int(outline) if int(outline) < 9 else None
        elif level is None and below and not outline:
            level = below.level
        listed = child(paragraph, "numPr") is not None and level is None
        vanish = child(run, "vanish")
        return WordStyle(
            name, level, listed or name.startswith("List") or bool(below and below.is_list),
            is_on(vanish) if vanish is not None else bool(below and below.hidden),
        )  # fmt: skip

    def run_is_hidden(self, run: _Element, *, inherited: bool, shaded: bool) -> bool:
        """Whether a run is marked as hidden, too small to read, or white on white."""
        properties = child(run, "rPr")
        vanish = child(properties, "vanish")
        if vanish is not None:
            return is_on(vanish)
        style = self.named(value_of(child(properties, "rStyle")), "character")
        if inherited or style.hidden:
            return True
        size = value_of(child(properties, "sz"))
        if size.isdigit() and int(size) <= SMALLEST:
            return True
        white = WHITE.fullmatch(value_of(child(properties, "color")))
        marked = child(properties, "shd") is not None or child(properties, "highlight") is not None
        return bool(white) and not (shaded or marked or on_colour(run))


def on_colour(run: _Element) -> bool:
    """Whether a run stands in a table or drawing that may colour what is behind it."""
    return any(local_name(above) in {"tc", "txbxContent"} for above in run.iterancestors())
