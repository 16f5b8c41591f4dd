"""Questions made from the rows of tables: what delivery to a country costs, when a shop opens, what belongs to what.

Never here: tables of a product's variants; its row in the catalogue knows them better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.stems import stems
from engine.trials.generating.figures import TIME, amount_in, figure_in
from engine.trials.generating.material import Material, Page, Row, Section
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.voice import has_vague_words, question

__all__ = ["from_tables"]

DELIVERY = re.compile(r"\b(deliver\w*|shipping|shipment|postage)\b", re.IGNORECASE)
PLACE = re.compile(r"\b(country|destination|region|zone|to|where)\b", re.IGNORECASE)
HOURS = re.compile(r"\b(hours|opening|open)\b", re.IGNORECASE)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OTHERS = re.compile(r"^(other|others|rest|all|any|total|average|note|example)\b", re.IGNORECASE)
GERUND = re.compile(r"^[A-Z][a-z]+ing\b")
VALUE_NAMES = re.compile(
    r"\b(time|temperature|price|cost|size|weight|length|width|height|voltage|current|power|capacity|speed|frequency|"
    r"duration|amount|number|range|resolution|memory|period|limit)\b",
    re.IGNORECASE,
)
"""Columns that hold a figure one can ask for."""
MOST_CELL_WORDS = 8
WITH_ARTICLE = re.compile(r"(netherlands|united|uk\b|us\b|usa\b|eu\b|european|czech|philippines)", re.IGNORECASE)


def from_tables(material: Material) -> Iterator[Proposal]:
    """Cases from rows of tables on pages that are not a product's own."""
    for page in material.pages:
        if page.product:
            continue
        for section in page.sections:
            for row in section.rows:
                if len(row.names) == len(row.cells) >= 2 and row.cells[0]:
                    yield from of_row(page, section, row)


def of_row(page: Page, section: Section, row: Row) -> Iterator[Proposal]:
    """What one row is asked for."""
    about = f"{page.title} {section.heading}"
    if DELIVERY.search(about) and PLACE.search(row.names[0]):
        yield from deliveries(page, section, row)
    elif HOURS.search(f"{about} {row.names[1]}") and any(day in row.cells[0] for day in DAYS):
        yield from opening_hours(page, section, row)
    else:
        yield from figures(page, section, row)


def told(row: Row) -> str:
    """A row in words."""
    return ", ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(row.names, row.cells, strict=True) if cell
    )


def made(
    page: Page, section: Section, row: Row, asked: str, facts: tuple[str, ...], topic: str = "", subject: str = ""
) -> Proposal:
    """A question whose answer stands in one cell."""
    return Proposal(
        "policy",
        asked,
        page.evidence(section.heading, told(row)),
        page.id,
        f"{page.id} {row.cells[0]} {' '.join(facts)} {topic or asked}",
        must_include=facts,
        expected_source=page.place,
        topic=topic,
        subject=subject,
        standing=1,
    )


def deliveries(page: Page, section: Section, row: Row) -> Iterator[Proposal]:
    """What delivery to each country of a row costs, how long it takes, from what amount it is free."""
    if OTHERS.match(row.cells[0]):
        return
    for said in re.split(r",\s*|\s+and\s+", row.cells[0]):
        place = f"the {said}" if WITH_ARTICLE.match(said) else said
        for name, cell in zip(row.names[1:], row.cells[1:], strict=True):
            amount = amount_in(cell)
            if re.search(r"\bfree\b", name, re.IGNORECASE):
                if amount:
                    yield made(page, section, row, f"From what amount is delivery to {place} free?", (amount,))
            elif re.search(r"\b(time|days|duration)\b", name, re.IGNORECASE) and re.search(r"\d", cell):
                asked = f"How long does delivery to {place} take?"
                yield made(page, section, row, asked, (cell,), "delivery_time", place)
            elif re.search(r"\b(cost|price|fee|charge|rate)s?\b", name, re.IGNORECASE) and amount:
                asked = f"How much does delivery to {place} cost?"
                yield made(page, section, row, asked, (amount,), "delivery_cost", place)


def days_of(cell: str) -> list[str]:
    """The days that `Tuesday to Friday` or `Sunday and Monday` names."""
    named = [day for day in DAYS if day in cell]
    between = re.search(rf"({'|'.join(DAYS)})s? ?(?:to|-|–|until) ?({'|'.join(DAYS)})", cell)
    return list(DAYS[DAYS.index(between[1]) : DAYS.index(between[2]) + 1]) if between else named


def opening_hours(page: Page, section: Section, row: Row) -> Iterator[Proposal]:
    """When the shop is open on each day."""
    shut = "closed" in row.cells[1].lower()
    clock = tuple(re.findall(TIME, row.cells[1]))
    for day in days_of(row.cells[0]):
        topic = "open_saturday" if day == "Saturday" else ""
        if shut:
            yield made(page, section, row, f"Are you open on {day}?", ("closed",), topic)
        elif clock:
            yield made(page, section, row, f"What are your opening hours on {day}?", clock, topic)


def figures(page: Page, section: Section, row: Row) -> Iterator[Proposal]:
    """Any cell that holds a figure, asked by its column and its row."""
    thing = row.cells[0]
    if OTHERS.match(thing) or has_vague_words(thing) or len(thing.split()) > 6 or not re.search(r"[A-Za-z]{3}", thing):
        return
    doing = GERUND.match(page.title)
    for name, cell in zip(row.names[1:], row.cells[1:], strict=True):
        figure = figure_in(cell)
        if (
            not figure
            or cell.startswith((">", "<"))
            or not VALUE_NAMES.search(name)
            or len(cell.split()) > MOST_CELL_WORDS
            or len(name.split()) > 4
        ):
            continue
        what = name if name.isupper() else name.lower()
        if doing and doing[0].lower() not in what:
            what = f"{doing[0].lower()} {what}"
        same_kind = thing if any(character.isupper() for character in thing[1:]) else thing[0].lower() + thing[1:]
        asked = question(f"What is the {what} for {same_kind}")
        if len(stems(asked)) >= 2:
            yield made(page, section, row, asked, (cell if len(cell.split()) <= 5 else figure,))
