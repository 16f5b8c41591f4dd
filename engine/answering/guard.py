"""The guard every answer passes: it takes a model's text piece by piece and lets out only what is borne out.

A sentence is judged whole. Its beginning may leave earlier: once three telling words of it stand together in one
passage or row, the words before its first checkable token (a number, a date, a code, an address, a stock word, any
markup) are let out, a few words behind the model. From that token on the sentence is held until it ends, and then

* leaves as it is, when each claim is borne out and its words stand in a passage or row;
* leaves mended, when a wrong price or stock word is said of one product and its row states the right one;
* is withdrawn otherwise. When its beginning was shown already, it ends in what is certain of the same matter, or in
  the words that the rest cannot be confirmed: nobody is left with half a sentence.

When something was withdrawn, the answer closes with what is certain: rows with the time they were read, and
sentences of the shop in quotation marks. When nothing remains, nothing is said and the answer becomes a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.answering.checking.addresses import without_markup
from engine.answering.checking.attribution import Attribution
from engine.answering.checking.certain import certain, ending, quoted, row_line
from engine.answering.checking.claims import claims_in
from engine.answering.checking.cutting import next_end
from engine.answering.checking.grounds import Grounds
from engine.answering.checking.judging import Judged, judge
from engine.answering.checking.mending import mended
from engine.answering.checking.quoting import quote_of
from engine.answering.checking.rows import Rows
from engine.answering.checking.safety import PromptLeaks, unsafe
from engine.answering.checking.tally import Tally
from engine.answering.checking.words import GENERIC_STEMS, content_words
from engine.answering.languages import language_of
from engine.domain.conversation import Check
from engine.domain.knowledge import Product
from engine.ports import CompositionRequest, Quote

__all__ = ["AnswerGuard"]

HELD = re.compile(r"[\[<`|@#]|!\[|https?:|www\.|\bfree\b", re.IGNORECASE)
"""Where markup or an address may begin: nothing leaves from there on before the sentence is whole."""
BEHIND = 4
"""Words by which the beginning lags: a stock word such as "no longer in stock" may still be coming."""
WORD = re.compile(r"\S+")
CONTEXT = 60
"""Characters before what may be shown that are read with it: a date or a size may have begun there."""
FIRST_WORDS = 3
FOLLOWS = 0.75
"""Share of the beginning's telling words that one passage or row must hold before it is shown."""
MOST_CERTAIN = 2


@dataclass
class Sentence:
    """The sentence under way."""

    shown: str = ""
    marked: list[int] = field(default_factory=list)
    held: bool = False
    """Whether its first checkable token was met: the rest waits for its end."""


class AnswerGuard:
    """Checks one answer while it is made. `prompt` is what must not be repeated, `secrets` what must not be told.

    `closing`: whether the answer closes with what is certain when something was withdrawn. An answer that is put
    together from the evidence's own sentences has said that already.
    """

    def __init__(
        self, request: CompositionRequest, prompt: str = "", secrets: Sequence[str] = (), *, closing: bool = True
    ) -> None:
        self.closing = closing
        self.request, self.language = request, request.language or "en"
        self.grounds = Grounds(request.evidence, request.products, request.question)
        self.rows = Rows(request.products)
        self.titles = [product.title for product in request.products]
        self.attribution = Attribution(self.grounds, request.evidence, request.products)
        self.leaks = PromptLeaks(prompt, secrets, " \n ".join(ground.text for ground in self.grounds.all))
        self.places = {item.passage.id: place for place, item in enumerate(request.evidence)}
        self.subject: Product | None = self.first_subject()
        self.waiting, self.sentence, self.said, self.tally = "", Sentence(), "", Tally()

    def first_subject(self) -> Product | None:
        """The product the shopper asks about, when it is clear."""
        named = self.rows.mentions(self.request.question)
        products = {product.id: product for mention in named for product in mention.products}
        if len(products) == 1:
            return next(iter(products.values()))
        return self.rows.meant(self.request.question)

    def feed(self, piece: str, passages: Sequence[str] = ()) -> str:
        """What may leave now. `passages` are those that the model names for the words before."""
        self.waiting += piece
        free = self.ended()
        places = [self.places[passage] for passage in passages if passage in self.places]
        if places and not self.waiting.strip() and not self.sentence.shown:
            self.tally.cite(places)
        self.sentence.marked += places
        if piece[-1:].isspace() or " " in piece:
            free += self.beginning()
        self.said += free
        return free

    def finish(self) -> str:
        """What is left at the end, and what is certain in the place of what was withdrawn."""
        free = self.ended()
        rest, self.waiting = self.waiting, ""
        free += self.whole(rest)
        self.said += free
        lines = certain(self.certain_lines(), self.language) if self.closing else ""
        if lines:
            self.tally.certain = True
            lines = f" {lines}" if self.said.strip() and not self.said.endswith("\n") else lines
            self.said += lines
        return free + lines

    def ended(self) -> str:
        """Whole sentences, judged."""
        free = ""
        while (end := next_end(self.sentence.shown + self.waiting, self.titles)) is not None:
            end -= len(self.sentence.shown)
            sentence, self.waiting = self.waiting[:end], self.waiting[end:]
            free += self.whole(sentence)
        return free

    def beginning(self) -> str:
        """The beginning of the sentence under way, as far as it can be shown."""
        if self.sentence.held or len(words := list(WORD.finditer(self.waiting))) <= BEHIND:
            return ""
        shown = self.sentence.shown
        end = min(words[-BEHIND].start(), self.first_held(shown[-CONTEXT:]))
        free = shown + self.waiting[:end]
        telling = content_words(free) - GENERIC_STEMS
        if len(free) <= len(shown) or len(telling) < FIRST_WORDS or unsafe(free, self.leaks):
            return ""
        held = [*self.attribution.words, *self.attribution.rows.values()]
        if max((len(telling & words) for words in held), default=0) < FOLLOWS * len(telling):
            return ""
        self.sentence.shown, self.waiting = free, self.waiting[end:]
        return free[len(shown) :]

    def first_held(self, context: str) -> int:
        """Where in what is waiting the first thing stands that must be checked; from then on all is held."""
        text = context + self.waiting
        places = [found.start() for found in [HELD.search(text, len(context))] if found]
        places += [claim.start for claim in claims_in(text) if claim.end > len(context)][:1]
        self.sentence.held = bool(places)
        return max(0, min(places, default=len(text)) - len(context))

    def whole(self, sentence: str) -> str:
        """A whole sentence as it may leave, its beginning left out when that was shown."""
        shown, marked, self.sentence = self.sentence.shown, self.sentence.marked, Sentence()
        body = sentence.rstrip()
        gap = sentence[len(body) :]
        body, foreign = without_markup(body, self.grounds.urls)
        self.tally.links += foreign
        text = shown + body if shown or not foreign else body.lstrip()
        if not text.strip(" -*•\n\t"):
            return sentence if text == sentence.rstrip() and not foreign else gap
        if reason := unsafe(text, self.leaks):
            self.tally.unsafe[reason] += 1
            return self.closed(shown, None) + gap if shown else ""
        judged = judge(text, self.grounds, self.rows, self.subject)
        kept = self.kept(judged, marked, shown)
        self.subject = self.next_subject(judged)
        if kept is not None:
            return kept[len(shown) :] + gap
        return self.closed(shown, judged) + gap if shown else ""

    def kept(self, judged: Judged, marked: Sequence[int], shown: str) -> str | None:
        """The sentence as it is or mended; None when it is to be withdrawn."""
        self.tally.claims += len(judged.reading.claims)
        if judged.wrong:
            text = mended(judged, self.grounds, self.rows, self.subject)
            if text is None or not text.startswith(shown):
                self.tally.withdraw(judged)
                return None
            self.tally.mended += len(judged.wrong)
            judged = judge(text, self.grounds, self.rows, self.subject)
        found = self.attribution.attribute(judged, marked, same_language=self.same_language(judged))
        if not found.supported:
            self.tally.unsupported.append(judged.reading.text.strip())
            return None
        self.tally.supported += found.states
        self.tally.cite(found.passages, judged.reading.text)
        return judged.reading.text

    def same_language(self, judged: Judged) -> bool:
        """Whether the sentence can be compared with the evidence word by word."""
        spoken = language_of(judged.reading.text) or self.request.language
        for item in self.request.evidence[:1]:
            written = item.passage.language or language_of(item.passage.text)
            return not spoken or not written or spoken == written
        return True

    def next_subject(self, judged: Judged) -> Product | None:
        """The product that "it" means in the next sentence."""
        named = [m for m in self.rows.mentions(judged.reading.text) if len(m.products) == 1]
        return named[-1].products[0] if named else self.subject

    def closed(self, shown: str, judged: Judged | None) -> str:
        """How a sentence ends whose beginning was shown and whose rest must not be."""
        line = self.certain_of(judged) if judged is not None else ""
        gap = "" if shown.endswith(" ") else " "
        return f"{gap}— {line}" if line else f"{gap.lstrip()}{ending(self.language)}"

    def certain_of(self, judged: Judged) -> str:
        """A row, or a sentence of the shop, that says what a withdrawn sentence was about."""
        for claim in judged.wrong:
            subject = judged.reading.subjects.get(claim)
            products = subject.products if subject else ()
            of_row = claim.kind in {"money", "stock", "code", "url"} and bool(products)
            if of_row and (line := row_line(products[0], self.language)):
                return line
        kinds = frozenset(claim.kind for claim in judged.wrong)
        nearest = self.attribution.nearest(judged.reading.bare, kinds) if kinds else None
        if nearest is None or nearest.passage is None:
            return ""
        self.tally.cite((nearest.passage,), nearest.text)
        return quoted(nearest.text)

    def certain_lines(self) -> list[str]:
        """What is certain of the withdrawn sentences and was not said."""
        lines: list[str] = []
        for judged in self.tally.withdrawn:
            line = self.certain_of(judged)
            if line and line not in lines and line.strip("“”") not in self.said:
                lines.append(line)
        return lines[:MOST_CERTAIN]

    @property
    def nothing_remains(self) -> bool:
        """Whether all that the model stated was withdrawn."""
        return bool(self.tally.held_back or self.tally.links) and not (self.tally.supported or self.tally.certain)

    def quotes(self, given: Sequence[Quote]) -> tuple[Quote, ...]:
        """The model's own quotes of passages that were used, and a quote of each other passage a sentence rests on."""
        cited = self.tally.cited
        known = tuple(quote for quote in given if self.places.get(quote.passage, -1) in cited or not cited)
        named = {quote.passage for quote in known}
        more = (quote_of(self.request.evidence[place].passage, text) for place, text in cited.items())
        return (*known, *(quote for quote in more if quote.passage not in named))

    def checks(self) -> list[Check]:
        """How it went: `numbers`, `grounded` and `safe`."""
        return self.tally.checks()
