"""Documents and products cut into passages: the pieces that are searched, quoted and cited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

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


def passages_of(document: Document, splitter: Splitter, product: str | None = None) -> Iterator[Passage]:
    """The passages of a document, in order; `product` when it is the page of one."""
    question = document.title if document.kind == "faq" and "\n#" not in document.text else None
    for position, (headings, text) in enumerate(splitter.split(document.text)):
        yield Passage(
            id=f"{document.id}:{position}",
            source=document.source,
            document=document.id,
            position=position,
            title=document.title,
            headings=headings,
            text=text,
            url=document.url,
            digest=digest(document.title, *headings, text),
            fetched_at=document.fetched_at,
            kind=document.kind,
            language=document.language,
            product=product,
            question=question,
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
