"""Sitemaps: XML, gzip, plain text, and indexes of them.

Never here: deciding which of the addresses are read.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import FetchSession
from engine.knowledge.fetching.bodies import GzipSieve
from engine.knowledge.limits import SITEMAP_BYTES, SITEMAP_DEPTH, SITEMAP_FILES, SITEMAP_URLS, TOTAL_SECONDS

__all__ = ["Listed", "Sitemap", "parse_sitemap", "read_sitemaps"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page in a sitemap."""

    url: str
    modified: str = ""
    """When it last changed, as the sitemap writes it: year first, so that it can be sorted."""
    language: str = ""
    """As another entry names it by `hreflang`."""


@dataclass(slots=True)
class Sitemap:
    """What sitemaps say."""

    pages: dict[str, Listed] = field(default_factory=dict)
    maps: list[str] = field(default_factory=list)
    """Further sitemaps."""
    failures: list[tuple[str, Unreadable]] = field(default_factory=list)
    """Sitemaps that could not be read."""

    def add(self, page: Listed) -> None:
        """Take a page in; what is known of it already is completed."""
        known = self.pages.get(page.url)
        if known is None and len(self.pages) >= SITEMAP_URLS:
            return
        language = page.language or (known.language if known else "")
        self.pages[page.url] = Listed(page.url, page.modified or (known.modified if known else ""), language)


async def read_sitemaps(session: FetchSession, named: list[str], guess: str, *, pause: float = 0.0) -> Sitemap:
    """All that the sitemaps at `named` and at `guess` say; that there is none at `guess` is no failure."""
    waiting = [(url, 0) for url in dict.fromkeys([*named, guess])]
    seen: set[str] = set()
    found = Sitemap()
    while waiting and len(seen) < SITEMAP_FILES and len(found.pages) < SITEMAP_URLS:
        url, depth = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        try:
            sieve = GzipSieve(SITEMAP_BYTES)
            fetched = await session.download(url, sieve.add, most=SITEMAP_BYTES, seconds=TOTAL_SECONDS)
            one = await asyncio.to_thread(parse_sitemap, sieve.content(), fetched.url)
        except Unreadable as error:
            if url in named or error.code in {"decompression_bomb", "too_large", "timeout"}:
                found.failures.append((url, error))
            continue
        for page in one.pages.values():
            found.add(page)
        if depth < SITEMAP_DEPTH:
            waiting.extend((inner, depth + 1) for inner in one.maps)
        await asyncio.sleep(pause if waiting else 0)
    return found


def parse_sitemap(content: bytes, url: str) -> Sitemap:
    """What one file says; nonsense is just empty."""
    found = Sitemap()
    start = content[:10_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        for line in content.decode("utf-8", "replace").split():
            if line.startswith(("http://", "https://")):
                found.add(Listed(line))
    elif not re.search(rb"<!(DOCTYPE|ENTITY)", start, re.I) and not re.match(rb"<(!doctype )?html", start, re.I):
        for element in elements(content):
            take_in(found, element, url)
    return found


def elements(content: bytes) -> Iterator[etree._Element]:
    """The entries of a sitemap, one at a time: a tree of fifty megabytes would take ten times the memory."""
    stream = io.BytesIO(content.lstrip(b"\xef\xbb\xbf \t\r\n"))
    events = etree.iterparse(
        stream, events=("end",), tag=("{*}url", "{*}sitemap"), recover=True, resolve_entities=False, no_network=True,
        huge_tree=False, load_dtd=False,
    )  # fmt: skip
    try:
        for _, element in events:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        return


def take_in(found: Sitemap, element: etree._Element, base: str) -> None:
    """Take in one entry with its pages in other languages."""
    texts = {
        etree.QName(child).localname: (child.text or "").strip() for child in element if isinstance(child.tag, str)
    }
    link = whole(base, texts.get("loc", ""))
    if not link:
        return
    if etree.QName(element).localname == "sitemap":
        if len(found.maps) < SITEMAP_FILES:
            found.maps.append(link)
        return
    found.add(Listed(link, (element.findtext("{*}lastmod") or "").strip()))
    for child in element.iterchildren("{http://www.w3.org/1999/xhtml}link"):
        language, other = (child.get("hreflang") or "").lower(), whole(base, child.get("href") or "")
        if other and re.match(r"[a-z]{2}(?![a-z])", language):
            found.add(Listed(other, language=language[:2]))


def whole(base: str, link: str) -> str:
    """A link as a whole web address, or nothing."""
    try:
        address = urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""
    return address if address.startswith(("http://", "https://")) else ""
