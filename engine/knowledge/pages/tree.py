"""A page's element tree, with everything removed that a visitor does not see.

Never here: choosing the main content. Hidden text is removed first because it is where injected orders hide.
"""

from __future__ import annotations

import re

from lxml import etree, html

from engine.knowledge.failures import Unreadable

__all__ = ["classes_of", "clean_text", "drop", "page_tree", "strip_hidden"]

INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
NEVER_SHOWN = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "math")
HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0?\.?0+\s*(;|!|$)"
    r"|font-size\s*:\s*(0*[0-3](\.\d+)?\s*px|0+(\.0+)?\s*(%|r?em|pt)?\s*(;|!|$))"
    r"|text-indent\s*:\s*-\d{3,}|(left|top|right)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0",
    re.I,
)
OFF_SCREEN = re.compile(r"sr-only|visually-?hidden|screen-reader|off-?screen", re.I)
COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.I)
BACKGROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)", re.I)
MEDIA_BLOCK = re.compile(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIMPLE_SELECTOR = re.compile(r"[.#][\w-]+")
DISCLOSURE = re.compile(r"accordion|collaps|panel|\btabs?\b|tab-|faq|answer|toggle|expand|details", re.I)
COLOUR_NAMES = {"white": "#fff", "black": "#000"}


def page_tree(content: bytes | str, charset: str = "") -> html.HtmlElement:
    """The parsed page. Raises Unreadable `empty` when there is nothing to parse."""
    text = content if isinstance(content, str) else decoded(content, charset)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("empty") from error
    return tree


def decoded(content: bytes, charset: str) -> str:
    """The page as text: by its mark, by the server's word, by its own word, by guess."""
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-8-sig" if content[0] == 0xEF else "utf-16", "replace")
    declared = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w:.-]+)", content[:4096], re.I)
    for name in (charset, declared.group(1).decode("ascii", "replace") if declared else "", "utf-8"):
        try:
            if name:
                return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def clean_text(text: str) -> str:
    """`text` without characters that cannot be seen."""
    return INVISIBLE.sub("", text)


def classes_of(element: html.HtmlElement) -> str:
    """Class and id of an element, for matching words in them."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def drop(element: html.HtmlElement) -> None:
    """Remove an element and keep the text that follows it."""
    if element.getparent() is not None:
        element.drop_tree()


def strip_hidden(tree: html.HtmlElement) -> bool:
    """Remove what a visitor cannot see, in place; answers whether words were among it.

    Panels that a visitor can open stay.
    """
    hidden_by_sheet = hiding_selectors(tree)
    openable = {
        name for control in tree.iter() if isinstance(control.tag, str)
        for name in (control.get("aria-controls") or control.get("data-target") or "").replace("#", "").split()
    }  # fmt: skip
    for element in list(tree.iter(*NEVER_SHOWN)):
        drop(element)
    words = False
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and is_hidden(element, hidden_by_sheet, openable):
            words = words or bool(re.search(r"\w", element.text_content()))
            drop(element)
    return words


def hiding_selectors(tree: html.HtmlElement) -> frozenset[str]:
    """Simple `.class` and `#id` selectors that the page's own style sheets hide."""
    found: set[str] = set()
    for sheet in tree.iter("style"):
        text = MEDIA_BLOCK.sub("", re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.S))
        for rule in STYLE_RULE.finditer(text):
            if HIDING_STYLE.search(rule.group(2)):
                found.update(part.strip() for part in rule.group(1).split(","))
    return frozenset(selector for selector in found if SIMPLE_SELECTOR.fullmatch(selector))


def is_hidden(element: html.HtmlElement, by_sheet: frozenset[str], openable: set[str]) -> bool:
    """Whether an element is kept from visitors for good."""
    if element.tag in {"html", "body", "main"}:
        return False
    style = element.get("style") or ""
    by_class = by_sheet and any(
        selector in by_sheet
        for selector in (
            *(f".{name}" for name in (element.get("class") or "").split()),
            f"#{element.get('id')}",
        )
    )
    if element.get("aria-hidden") == "true" and OFF_SCREEN.search(classes_of(element)):
        return True
    if style and (same_colours(style) or re.search(r"font-size\s*:\s*[0-3](\.\d+)?px", style, re.I)):
        return True
    if not (by_class or "hidden" in element.attrib or (style and HIDING_STYLE.search(style))):
        return False
    return not (
        element.get("id") in openable or element.get("role") == "tabpanel" or DISCLOSURE.search(classes_of(element))
    )


def same_colours(style: str) -> bool:
    """Whether a style writes text in the colour of its background, or in white on an assumed white page."""
    colour, background = COLOUR.search(style), BACKGROUND.search(style)
    if not colour:
        return False
    ink = normal_colour(colour.group(1))
    if ink == "transparent":
        return True
    return background is not None and ink == normal_colour(background.group(1))


def normal_colour(value: str) -> str:
    """A CSS colour in a form that can be compared."""
    value = value.strip().lower().replace(" ", "")
    value = COLOUR_NAMES.get(value, value)
    channels = re.fullmatch(r"rgba?\((\d+),(\d+),(\d+)(,[\d.]+)?\)", value)
    if channels:
        return "#" + "".join(f"{min(int(channels.group(index)), 255):02x}" for index in (1, 2, 3))
    short = re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", value)
    return "#" + "".join(2 * digit for digit in short.groups()) if short else value
