"""Documents and products cut into passages: the pieces that are searched, quoted and cited."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from urllib.parse import quote

from engine.domain.knowledge import Document, Passage, Product
from engine.ports import Splitter

__all__ = ["embedding_text", "passages_of", "passages_of_product"]


def embedding_text(passage: Passage) -> str:
    """What is embedded: the passage under its title and headings, so that it is found by its subject."""
    if passage.question is not None:
        return f"{passage.question}\n{passage.text}"
    return ". ".join((passage.title, " > ".join(passage.headings), passage.text)).replace(". . ", ". ")


def digest(*parts: str) -> str:
    """SHA-256 over parts that cannot run into each other."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def opening(document: Document, headings: tuple[str, ...], page: int | None) -> str:
    """The address that opens a document at a passage: at its page, or at the nearest heading above it."""
    if not document.url or "#" in document.url:
        return document.url
    if page is not None:
        return f"{document.url}#page={page}"
    for heading in reversed(headings):
        if heading in document.anchors:
            return f"{document.url}#{quote(document.anchors[heading], safe='!$&()*+,-./:;=?@_~')}"
    return document.url


def page_of(document: Document, start: int) -> int | None:
    """The 1-based page on which the character at `start` stands; an empty page never."""
    return bisect_right(document.page_starts, start) if document.page_starts else None


def passages_of(document: Document, splitter: Splitter, product: str | None = None) -> Iterator[Passage]:
    """The passages of a document, in order; `product` when it is the page of one."""
    question = document.title if document.kind == "faq" and "\n#" not in document.text else None
    start = -1
    for position, (headings, text) in enumerate(splitter.split(document.text)):
        start = max(document.text.find(text, start + 1), start)  # passages stand in order, literally
        page = page_of(document, start)
        yield Passage(
            id=f"{document.id}:{position}",
            source=document.source,
            document=document.id,
            position=position,
            title=document.title,
            headings=headings,
            text=text,
            url=opening(document, headings, page),
            digest=digest(document.title, *headings, text),
            fetched_at=document.fetched_at,
            kind=document.kind,
            language=document.language,
            product=product,
            question=question,
            page=page,
        )


def passages_of_product(product: Product, splitter: Splitter, *, described: bool = False) -> Iterator[Passage]:
    """The passages of a product; without its description where a page of its own tells that already.

    Prices and stock stay out: they are read from its row at answer time.
    """
    facts = [product.title]
    facts += [part for part in (product.brand, product.category) if part]
    facts += [f"{name}: {value}" for name, value in product.attributes.items()]
    options = dict.fromkeys(
        f"{name}: {value}" for variant in product.variants for name, value in variant.options.items()
    )
    summary = "; ".join([*facts, *options])
    body = summary if described or not product.description else f"{summary}\n\n{product.description}"
    for position, (headings, text) in enumerate(splitter.split(body)):
        yield Passage(
            id=f"{product.id}:{position}",
            source=product.source,
            document=product.id,
            position=position,
            title=product.title,
            headings=headings,
            text=text,
            url=product.url,
            digest=digest("product", product.title, *headings, text),
            fetched_at=product.as_of,
            kind="product",
            product=product.id,
        )
