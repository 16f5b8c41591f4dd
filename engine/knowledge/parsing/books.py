"""Electronic books (EPUB): chapters in reading order, read like web pages.

Never here: books locked by a shop's copy protection; those are refused.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.archives import Parts, all_text, local_name, resolved
from engine.knowledge.parsing.content import Content, check_size
from engine.knowledge.parsing.web import page_content

__all__ = ["read_epub"]

CHAPTERS = frozenset({"application/xhtml+xml", "text/html"})
FONTS = re.compile(r"\.(ttf|otf|woff2?)$", re.I)


def read_epub(content: bytes) -> Content:
    """Raises Unreadable `damaged`, `encrypted`, `xml_entities` or `too_large`."""
    parts = Parts(content)
    check_locks(parts)
    if "META-INF/container.xml" not in parts:
        raise Unreadable("damaged")
    root = parts.xml("META-INF/container.xml")
    package_name = next((file.get("full-path", "") for file in root.iter("{*}rootfile")), "")
    if package_name not in parts:
        raise Unreadable("damaged")
    package = parts.xml(package_name)
    folder = package_name.rpartition("/")[0]
    items = {item.get("id"): item for item in package.iter("{*}item")}
    title = next((all_text(found) for found in package.iter("{*}title")), "")
    texts: list[str] = []
    notes: list[str] = []
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in CHAPTERS or reference.get("linear") == "no":
            continue
        name = resolved(folder, item.get("href", ""))
        if name not in parts or "nav" in (item.get("properties") or "").split():
            continue
        chapter = page_content(parts.read(name))
        texts.append(chapter.text)
        notes += chapter.notes
        check_size(sum(map(len, texts)))
    return Content(title, "\n\n".join(filter(None, texts)), notes=tuple(dict.fromkeys(notes)))


def check_locks(parts: Parts) -> None:
    """Raises Unreadable `encrypted` when more than fonts is locked."""
    if "META-INF/rights.xml" in parts:
        raise Unreadable("encrypted")
    if "META-INF/encryption.xml" not in parts:
        return
    for element in parts.xml("META-INF/encryption.xml").iter():
        if local_name(element) == "CipherReference" and not FONTS.search(unquote(element.get("URI", ""))):
            raise Unreadable("encrypted")
