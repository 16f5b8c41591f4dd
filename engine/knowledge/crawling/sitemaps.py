"""Sitemaps: XML, gzip, plain text, and indexes of them.

Never here: deciding which of the addresses are read.
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urljoin

from lxml import etree

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import FetchSession
from engine.knowledge.fetching.bodies import unpack_gzip
from engine.knowledge.limits import SITEMAP_BYTES, SITEMAP_DEPTH, SITEMAP_FILES, SITEMAP_URLS

__all__ = ["parse_sitemap", "sitemap_urls"]


async def sitemap_urls(session: FetchSession, starts: list[str], *, pause: float = 0.0) -> list[str]:
    """Every page address in the sitemaps at `starts`; what cannot be read is passed over."""
    waiting = [(url, 0) for url in dict.fromkeys(starts)]
    seen: set[str] = set()
    found: dict[str, None] = {}
    while waiting and len(seen) < SITEMAP_FILES and len(found) < SITEMAP_URLS:
        url, depth = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        try:
            fetched = await session.get(url, types=(), most=SITEMAP_BYTES)
            pages, maps = await asyncio.to_thread(parse_sitemap, fetched.content, fetched.url)
        except Unreadable:
            continue
        found.update(dict.fromkeys(pages))
        if depth < SITEMAP_DEPTH:
            waiting.extend((inner, depth + 1) for inner in maps)
        await asyncio.sleep(pause if waiting else 0)
    return list(found)[:SITEMAP_URLS]


def parse_sitemap(content: bytes, url: str) -> tuple[list[str], list[str]]:
    """(pages, further sitemaps) of one file. Raises Unreadable for a bomb; other nonsense is just empty."""
    if content.startswith(b"\x1f\x8b"):
        content = unpack_gzip(content, SITEMAP_BYTES)
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"<"):
        lines = text.decode("utf-8", "replace").split()
        return [line for line in lines if line.startswith(("http://", "https://"))][:SITEMAP_URLS], []
    if re.search(rb"<!(DOCTYPE|ENTITY)", text[:10_000], re.I):
        return [], []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        return [], []
    pages: list[str] = []
    maps: list[str] = []
    for entry in root if root is not None else ():
        kind = etree.QName(entry).localname if isinstance(entry.tag, str) else ""
        link = next((child.text for child in entry if isinstance(child.tag, str) and child.tag.endswith("loc")), None)
        if link and link.strip():
            (maps if kind == "sitemap" else pages).append(urljoin(url, link.strip()))
    return pages[:SITEMAP_URLS], maps[:SITEMAP_FILES]
