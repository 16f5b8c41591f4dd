"""The extractive composer: a `ChatModel` that answers only in the passages' own words.

It needs no model and no key. It cannot state what no passage and no catalogue row states.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from engine.answering.expectations import expected_kinds, states
from engine.answering.limits_in_rules import verdict
from engine.answering.markup import BULLET, plain_line, plain_text
from engine.answering.selection import shortened
from engine.answering.stems import stems
from engine.answering.wording import product_sentence
from engine.domain.knowledge import Passage, Product
from engine.ports import CompositionLimits, CompositionRequest, Excerpt, Finish, Quote, ScoredPassage, TextDelta

__all__ = ["ExtractiveChatModel"]

CLOSE_ENOUGH = 0.7
"""A further passage is shown when its score is at least so large a share of the best one's."""
PRICE_OR_STOCK = re.compile(
    r"\bhow much (is|are|for)\b|\b(price|prices|cost|costs)\b|\bin stock\b|\b(sold out|available|availability)\b"
    r"|\bwas kostet|\bwie ?viel kostet|\bpreis\b|\bauf lager\b|\bcombien co[uû]te|\bprix\b|\bcu[aá]nto cuesta"
    r"|\bprecio\b|\bquanto costa\b|\bprezzo\b",
    re.IGNORECASE,
)
MOST_PASSAGES = 3
PRODUCT_GAP = 4.0
MOST_FACTS = 4
SHORT_LINE = 20
CELL = re.compile(r"(?:^|, )[A-Z][\w ]{1,30}: (?=\S)")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
WORD = re.compile(r"\w{3,}")
WORD_OR_NUMBER = re.compile(r"\w+")
BARE_FACT = re.compile(r"[^\w\n]*\d[\d.,]*[^\w\n]*|(?:in stock|out of stock|sold out|pre-?order)\W*", re.IGNORECASE)
"""A line of a product's page that only states its price or stock: the catalogue row says that, and is fresher."""


class ExtractiveChatModel:
    """Picks, joins and quotes."""

    @property
    def name(self) -> str:
        """Shown with each answer."""
        return "extractive"

    @property
    def least_confidence(self) -> float:
        """Below even odds it is better to offer a person."""
        return 0.5

    @property
    def judges(self) -> bool:
        """It shows what ranks first: a reranker has to read that."""
        return False

    async def stream(self, request: CompositionRequest, limits: CompositionLimits) -> AsyncIterator[TextDelta | Finish]:
        """The answer, sentence by sentence."""
        rows = {product.id: product for product in request.products}
        if request.excerpts:
            best = request.excerpts[0].passage
            if (told := price_or_stock(request.question, best, rows)) is not None:
                text, quotes = told, [Quote(best.id, quote(best, request.question))]
            else:
                text, quotes = from_excerpts(request, limits.max_words)
            for sentence in sentences(text):
                yield TextDelta(sentence)
            yield Finish("stop", tuple(quotes), len(request.question.split()), len(text.split()))
            return
        chosen = choose(request.evidence, limits.max_words)
        if not chosen:
            yield Finish("no_answer")
            return
        if (told := price_or_stock(request.question, chosen[0], rows)) is not None:
            yield TextDelta(told)
            yield Finish("stop", (Quote(chosen[0].id, quote(chosen[0], request.question)),))
            return
        pieces: list[str] = []
        named: set[str] = set()
        for passage in chosen:
            text = relevant_rows(passage.text, request.question)
            product = rows.get(passage.product or "")
            if is_summary(passage):
                text = relevant_facts(passage.text, request.question)
            if product is not None:
                text = "\n".join(line for line in text.splitlines() if not BARE_FACT.fullmatch(line.strip()))
                if product.id not in named:
                    named.add(product.id)
                    pieces.append(product_sentence(product))
            pieces.append(plain_text(text, passage.headings))
        lines = dict.fromkeys(line for piece in pieces for line in piece.splitlines())
        text = shorten("\n".join(lines), limits.max_words)
        for sentence in sentences(text):
            yield TextDelta(sentence)
        shown_quotes = tuple(Quote(passage.id, quote(passage, request.question)) for passage in chosen)
        words = len(text.split())
        yield Finish("stop", shown_quotes, len(request.question.split()), words)


def from_excerpts(request: CompositionRequest, most_words: int) -> tuple[str, list[Quote]]:
    """The best pieces that fit, in the order in which they stand in their documents; and a quote of each passage."""
    chosen = without_repetition(shortened(request.excerpts, most_words), request.question)
    chosen = rows_asked_for(chosen, request.question)
    documents = list(dict.fromkeys(excerpt.passage.document for excerpt in chosen))
    ordered = sorted(
        chosen,
        key=lambda item: (
            documents.index(item.passage.document),
            item.passage.position,
            item.passage.text.find(item.text),
        ),
    )
    lines: list[str] = []
    before: Excerpt | None = None
    for item in ordered:
        text = shorten(shown(item, request.question), most_words)
        if not text or text in lines:
            continue
        # Sentences that follow each other in one passage stay one paragraph; list items and rows have their lines.
        if (
            before is not None
            and before.passage.id == item.passage.id
            and not is_item(item.text)
            and not is_item(before.text)
        ):
            lines[-1] = f"{lines[-1]} {text}"
        else:
            lines.append(text)
        before = item
    said = next((word for item in chosen if (word := verdict(request.question, item.text)) is not None), None)
    if said is not None:
        lines.insert(0, "Yes." if said == "yes" else "No.")
    quotes: dict[str, Quote] = {}
    for item in chosen:
        quotes.setdefault(item.passage.id, Quote(item.passage.id, literal(item)))
    return "\n".join(lines), list(quotes.values())


def without_repetition(chosen: Sequence[Excerpt], question: str) -> list[Excerpt]:
    """The pieces, best first; of products without what says little beside the best, or what better ones have said.

    A product's page repeats its facts, and its card is shown beside the answer.
    """
    said: dict[str, set[str]] = {}
    kept = []
    for item in chosen:
        words = set(WORD_OR_NUMBER.findall(shown(item, question).lower()))
        known = said.setdefault(item.passage.product or item.passage.id, set())
        if item.passage.product is None or (not words <= known and item.score >= chosen[0].score - PRODUCT_GAP):
            kept.append(item)
        known |= words
    return kept


def rows_asked_for(chosen: Sequence[Excerpt], question: str) -> list[Excerpt]:
    """Of rows of one table only those that hold a word of the question which the others do not, where there are any.

    Asked about Germany, nobody wants to read of Belgium first.
    """
    asked = stems(question)
    rows = [item for item in chosen if is_row(item.text)]
    kept = set(map(id, rows))
    for document in {item.passage.document for item in rows}:
        said = {id(item): asked & stems(item.text) for item in rows if item.passage.document == document}
        common = frozenset.intersection(*map(frozenset, said.values()))
        telling = {key for key, words in said.items() if words - common}
        if telling:
            kept -= said.keys() - telling
    return [item for item in chosen if not is_row(item.text) or id(item) in kept]


def is_row(text: str) -> bool:
    """Whether a piece is the row of a table, as it stands or with the name of each cell before it."""
    return text.lstrip().startswith("|") or len(CELL.findall(text)) > 1


def shown(item: Excerpt, question: str) -> str:
    """A piece as a shopper reads it; of a product's summary only the facts that were asked for, with its name."""
    if is_summary(item.passage) and "; " in item.text:
        return f"{item.passage.title}: {relevant_facts(item.text, question)}"
    return plain_text(item.text, item.passage.headings).replace("\u2019", "'")


def is_item(text: str) -> bool:
    """Whether a piece is a list item or a table row."""
    return text.lstrip().startswith("|") or BULLET.match(text) is not None


def literal(item: Excerpt) -> str:
    """A piece as it stands in its source, where a shopper will look for it."""
    if is_summary(item.passage):
        return item.passage.title
    if item.text.startswith("|"):
        # On a page the cells stand beside each other; in typed text the row stands as it was typed.
        return " ".join(cell.strip() for cell in item.text.strip("|").split("|")) if item.passage.url else item.text
    return plain_line(item.text) if item.passage.url else BULLET.sub("", item.text)


def choose(evidence: Sequence[ScoredPassage], most_words: int) -> list[Passage]:
    """The best passage and those that come close, as far as they fit; neighbours are joined."""
    if not evidence:
        return []
    best = evidence[0]
    chosen: list[Passage] = []
    words = 0
    for item in evidence:
        if item.score < CLOSE_ENOUGH * best.score or len(chosen) == MOST_PASSAGES:
            break
        if any(item.passage.text in other.text for other in chosen):
            continue
        joined = join_neighbour(chosen, item.passage)
        if joined is not None:
            place, merged = joined
            growth = len(merged.text.split()) - len(chosen[place].text.split())
            if words + growth <= most_words:
                chosen[place], words = merged, words + growth
            continue
        size = len(item.passage.text.split())
        if chosen and words + size > most_words:
            continue
        chosen.append(item.passage)
        words += size
    return chosen


def join_neighbour(chosen: Sequence[Passage], passage: Passage) -> tuple[int, Passage] | None:
    """Where and what: a chosen passage and its neighbour as one literal text, without saying anything twice."""
    for place, other in enumerate(chosen):
        if other.document != passage.document or other.headings != passage.headings:
            continue
        first, second = sorted((other, passage), key=lambda item: item.position)
        overlap = shared_end(first.text, second.text)
        if overlap:
            return place, replace(first, id=other.id, text=first.text + second.text[overlap:])
    return None


def relevant_rows(text: str, question: str) -> str:
    """Without those rows of a table that share no word with the question, when others do."""
    asked = set(WORD.findall(question.lower()))
    lines = text.splitlines()
    rows = [line for line in lines if line.strip().startswith("|")]
    telling = {row for row in rows if asked & set(WORD.findall(row.lower()))}
    if not telling or len(telling) == len(rows):
        return text
    return "\n".join(line for line in lines if line in telling or line not in rows)


def shared_end(first: str, second: str) -> int:
    """Length of the longest end of `first` that is also the beginning of `second`."""
    for size in range(min(len(first), len(second)), 0, -1):
        if first.endswith(second[:size]):
            return size
    return 0


def sentences(text: str) -> list[str]:
    """Pieces that make up the text again when joined."""
    pieces: list[str] = []
    place = 0
    for found in SENTENCE_END.finditer(text):
        pieces.append(text[place : found.end()])
        place = found.end()
    return [*pieces, text[place:]] if place < len(text) else pieces


def shorten(text: str, most_words: int) -> str:
    """Whole sentences and lines of `text`, as many as fit; the beginning of the first when it alone is too long."""
    kept: list[str] = []
    words = 0
    for piece in sentences(text):
        size = len(piece.split())
        if not kept and size > most_words:
            return f"{' '.join(piece.split()[:most_words])} …"
        if words + size > most_words:
            break
        kept.append(piece)
        words += size
    return "".join(kept).strip()


def price_or_stock(question: str, best: Passage, rows: dict[str, Product]) -> str | None:
    """What the best product's row says, when its price or stock is asked and no variant is to be chosen."""
    product = rows.get(best.product or "")
    if product is None or product.variants or not PRICE_OR_STOCK.search(question):
        return None
    return product_sentence(product) or None


def is_summary(passage: Passage) -> bool:
    """Whether the passage was made from a catalogue row, and so is not the shop's own sentence."""
    return passage.product is not None and passage.document == passage.product and "; " in passage.text


def relevant_facts(text: str, question: str) -> str:
    """The facts of a row that share a word with the question; the first few when none does."""
    first, _, rest = text.partition("\n")
    facts = [fact for fact in first.split("; ") if ": " in fact]
    if (kinds := expected_kinds(question)) and (stated := [fact for fact in facts if states(fact, kinds[0])]):
        facts = stated
    asked = set(WORD.findall(question.lower()))
    telling = [fact for fact in facts if asked & set(WORD.findall(fact.lower()))] or facts[:MOST_FACTS]
    return "\n".join(part for part in (", ".join(telling), rest.strip()) if part)


def quote(passage: Passage, question: str) -> str:
    """The passage's line that shares most with the question, as it stands in the source."""
    if is_summary(passage):
        return passage.title
    asked = set(WORD.findall(question.lower()))
    lines = [line.strip() for line in passage.text.splitlines() if WORD.search(line)] or [passage.text.strip()]
    best = max(lines, key=lambda line: (len(asked & set(WORD.findall(line.lower()))), len(line) > SHORT_LINE))
    if best.startswith("|"):
        # On a page the cells stand beside each other; in typed text the row stands as it was typed.
        return " ".join(cell.strip() for cell in best.strip("|").split("|")) if passage.url else best
    return plain_line(best) if passage.url else BULLET.sub("", best)
