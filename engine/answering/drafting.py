"""An answer in the making, and the reply it becomes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from engine.answering.instructions import without_instructions
from engine.domain.conversation import Check, Citation, Outcome, ProductCard, Reply, Timings
from engine.domain.correction import Pin
from engine.domain.counting import counted
from engine.domain.knowledge import Product
from engine.ports import Quote, ScoredPassage

__all__ = ["Done", "Draft", "Event", "Notice", "Token", "cards", "reply_of"]

MOST_PRODUCTS = 4
"""Catalogue rows that an answer is made of, and is cited from."""
CARD_SIMILARITY = 0.85
"""A product is shown as a card when a passage of it is at least so similar to the question as the best one."""


@dataclass(frozen=True, slots=True)
class Notice:
    """That an AI answers, where that is due: what a shopper reads before the first piece."""

    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole reply, recorded."""

    reply: Reply


Event = Notice | Token | Done


@dataclass
class Draft:
    """An answer in the making."""

    started: float
    text: str = ""
    outcome: Outcome = "answered"
    quotes: tuple[Quote, ...] = ()
    products: tuple[ProductCard, ...] = ()
    rows: tuple[Product, ...] = ()
    """The catalogue rows that the answer was made of."""
    checks: list[Check] = field(default_factory=list)
    model: str = ""
    language: str = "en"
    """What our own sentences are spoken in."""
    pin: Pin | None = None
    """The merchant's own answer, when the question has one."""
    empty: bool = False
    """Whether nothing that the model stated could leave."""
    timings: Timings = field(default_factory=Timings)
    evidence: tuple[ScoredPassage, ...] = ()
    """Passages that the answer may cite."""
    answered_in: str = ""
    """Language of the message, as the reply tells it."""
    notice: str = ""
    """That an AI answers, where that is due."""

    def elapsed(self) -> float:
        """Milliseconds since the work began."""
        return round((time.perf_counter() - self.started) * 1000, 2)

    def say(self, text: str) -> Token:
        """Add to the text, and note when the first of it came."""
        if not self.text:
            self.timings = replace(self.timings, first_token=self.elapsed())
        self.text += text
        return Token(text)


def reply_of(
    draft: Draft, evidence: tuple[ScoredPassage, ...], *, conversation: str, turn: str, language: str
) -> Reply:
    """The finished reply to a message in `language`, with its citations."""
    quoted = {quote.passage for quote in draft.quotes}
    # A title may speak to the assistant as well as a text.
    clean, _, _ = without_instructions([item for item in evidence if item.passage.id in quoted], ())
    passages = {item.passage.id: item.passage for item in clean}
    places: dict[tuple[str, str], Citation] = {}
    for quote in draft.quotes:
        if (p := passages.get(quote.passage)) is not None:
            cited = Citation(p.title, p.url, quote.text, p.source, p.fetched_at, p.page)
            places.setdefault((p.title, p.url), cited)
    citations = tuple(places.values())
    if not citations:
        rows = draft.rows[:MOST_PRODUCTS]
        citations = tuple(Citation(row.title, row.url, row.title, row.source, row.as_of) for row in rows)
    if draft.pin is not None:
        citations = (
            Citation("The shop's own answer", "", draft.pin.answer.strip(), draft.pin.id, draft.pin.created_at),
        )
    if evidence and draft.outcome == "answered":
        draft.checks.append(Check("cited", bool(citations), f"{counted(len(citations), 'source')} cited."))
    return Reply(
        conversation_id=conversation,
        turn_id=turn,
        text=draft.text.strip(),
        language=language,
        outcome=draft.outcome,
        citations=citations if draft.outcome == "answered" else (),
        products=draft.products if draft.outcome == "answered" else (),
        checks=tuple(draft.checks),
        timings_ms=replace(draft.timings, total=draft.elapsed()),
        model=draft.model,
        notice=draft.notice,
    )


def cards(products: tuple[Product, ...], passages: tuple[ScoredPassage, ...]) -> tuple[ProductCard, ...]:
    """Cards of the products whose passages are about as near to the question as the best."""
    least = CARD_SIMILARITY * passages[0].similarity
    close = {item.passage.product for item in passages if item.similarity >= least}
    return tuple(
        ProductCard(
            product.id,
            product.title,
            product.price,
            product.was_price,
            product.availability,
            product.url,
            product.image_url,
            "",
            product.as_of,
        )
        for product in products
        if product.id in close
    )
