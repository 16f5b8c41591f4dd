"""What test questions are made from: a version's pages as statements and rows, and its products.

Never here: a question; and the answering of any.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.answering.excerpts import is_bare_fact, pieces_of
from engine.answering.markup import BULLET, plain_line
from engine.answering.stems import stems
from engine.domain.bot import BotVersion
from engine.domain.knowledge import LearnedDocument, PageKind, Passage, Product
from engine.ports import Catalogue, PassageIndex, ProductSearch
from engine.records import Records

__all__ = ["Material", "Page", "Row", "Section", "Statement", "page_of", "read_material"]

MOST_DOCUMENTS = 400
"""Pages that are read for one batch: a fresh choice of them each time, so that a large site is come through."""
MOST_PASSAGES = 60
MOST_PRODUCTS = 1_000
ATTRIBUTE_MARK = re.compile(r"\s*\{[#.:][^}]*\}|\[\^\w+\]")
NOTE = re.compile(r"^(?:>\s*)+(?:\[!\w+\]\s*)?")
COLUMNS = " · "
"""Between the names of a table's columns, as the splitter writes them above a row."""
BOILERPLATE = re.compile(
    r"cookie|©|all rights reserved|click here|read more|in this article|table of contents|javascript|subscribe to our"
    r"|follow us|skip to|back to top|was this (article|page) helpful",
    re.IGNORECASE,
)
COMMON, FEWEST_TITLES = 0.15, 5
SHOP_TITLES = re.compile(
    r"\b(policy|policies|terms|delivery|shipping|returns?|refunds?|payments?|warranty|guarantee|faqs?|questions|contact"
    r"|help|privacy|opening hours|store information)\b",
    re.IGNORECASE,
)
SHOP_KINDS = frozenset({"policy", "faq", "help"})
LONGEST_EVIDENCE = 300
"""Characters of evidence: a person reads it at a glance."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list item, in plain words."""

    text: str
    listed: bool = False
    """Whether it is an item of a list."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    names: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading."""

    heading: str
    """Empty for what stands before the first."""
    statements: tuple[Statement, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One learned document."""

    id: str
    title: str
    place: str
    """What a right answer cites: its address, or its source where it has none."""
    kind: PageKind
    language: str
    sections: tuple[Section, ...]
    product: bool = False
    """Whether it is a product's own page: the row says the same, and fresher."""

    @property
    def of_shop(self) -> bool:
        """Whether it speaks of the shop as a whole, so that its sentences need no other context."""
        return self.kind in SHOP_KINDS or (len(self.title.split()) <= 4 and SHOP_TITLES.search(self.title) is not None)

    def evidence(self, heading: str, *texts: str) -> str:
        """The words a question was made from, with where they stand."""
        place = f"{self.title} › {heading}" if heading and heading != self.title else self.title
        told = " ".join(texts)
        short = told if len(told) <= LONGEST_EVIDENCE else f"{told[: LONGEST_EVIDENCE - 2].rsplit(' ', 1)[0]} …"
        return f"{place}: {short}"


@dataclass(frozen=True, slots=True)
class Material:
    """All that the generators read."""

    pages: tuple[Page, ...]
    products: tuple[Product, ...]
    seed: str
    """Decides every choice that is left to chance."""
    words: frozenset[str]
    """Stems of all that the shop says: a question about none of them is none of its business."""
    language: str = "en"
    """What most of its pages are written in."""
    common: frozenset[str] = frozenset()
    """Stems that stand in many titles, such as the name of the shop: they tell no page from another."""

    def random(self, *purpose: str) -> random.Random:
        """Chance for one purpose, the same each time."""
        return random.Random("\n".join((self.seed, *purpose)))  # noqa: S311 - a choice of questions, not a secret


async def read_material(
    version: BotVersion, records: Records, index: PassageIndex, catalogue: Catalogue, batch: int
) -> Material:
    """What a version knows. `batch` lets a later call read other pages of a site too large to read whole."""
    where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number}
    documents = list(await records.documents.list(version.merchant, where))
    chance = random.Random(f"{version.fingerprint} {batch}")  # noqa: S311 - a choice of pages, not a secret
    if len(documents) > MOST_DOCUMENTS:
        documents = chance.sample(documents, MOST_DOCUMENTS)
    pages = []
    for document in documents:
        passages = await index.read(version.key, document=document.id, limit=MOST_PASSAGES)
        pages.append(page_of(document, passages))
    products = (await catalogue.search(version.key, ProductSearch(limit=MOST_PRODUCTS))).items
    return material_of(pages, products, version.fingerprint)


def material_of(pages: Sequence[Page], products: Sequence[Product], seed: str) -> Material:
    """The material, with what is counted over all of it."""
    said = [word for page in pages for word in words_of(page)]
    said += [f"{product.title} {product.category} {product.description}" for product in products]
    languages = [page.language for page in pages if page.language]
    language = max(sorted(set(languages)), key=languages.count) if languages else "en"
    titles = Counter(word for page in pages for word in stems(page.title))
    common = frozenset(word for word, count in titles.items() if count >= max(FEWEST_TITLES, COMMON * len(pages)))
    return Material(tuple(pages), tuple(products), seed, frozenset(stems("\n".join(said))), language, common)


def words_of(page: Page) -> Iterator[str]:
    """Everything a page says."""
    yield page.title
    for section in page.sections:
        yield section.heading
        yield from (statement.text for statement in section.statements)
        yield from (" ".join(row.cells) for row in section.rows)


def page_of(document: LearnedDocument, passages: Sequence[Passage]) -> Page:
    """A document as its statements; what overlapping passages repeat stands once."""
    sections: dict[str, tuple[list[Statement], list[Row]]] = {}
    seen: set[str] = set()
    for passage in passages:
        heading, names = place_of(passage)
        statements, rows = sections.setdefault(heading, ([], []))
        for piece in pieces_of(passage.text):
            if f"{heading}\n{piece}" in seen:
                continue
            seen.add(f"{heading}\n{piece}")
            if piece.startswith("|"):
                rows.append(Row(names, tuple(cleaned(cell) for cell in piece.strip("| ").split("|"))))
            elif (text := cleaned(piece)) and not BOILERPLATE.search(text) and not is_bare_fact(text):
                statements.append(Statement(text, BULLET.match(piece) is not None))
    found = tuple(Section(heading, tuple(said), tuple(rows)) for heading, (said, rows) in sections.items())
    return Page(
        document.id,
        cleaned(document.title),
        document.url or document.source,
        document.kind,
        document.language,
        found,
        any(passage.product is not None for passage in passages),
    )


def place_of(passage: Passage) -> tuple[str, tuple[str, ...]]:
    """The heading a passage stands under, and the names of its table's columns."""
    headings = [cleaned(heading) for heading in passage.headings]
    names: tuple[str, ...] = ()
    if headings and passage.text.lstrip().startswith("|"):
        names = tuple(name.strip() for name in headings.pop().split(COLUMNS))
    heading = headings[-1] if headings else passage.question or ""
    return heading, names


def cleaned(text: str) -> str:
    """Plain words: no markup, anchors, notes or footnotes."""
    return plain_line(NOTE.sub("", ATTRIBUTE_MARK.sub("", text))).strip()
