"""What may be said: every sentence and row of the evidence, with the words it stands among and what it claims.

Never here: prices and stock of a catalogue row; those are `rows`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.answering.checking.addresses import LINK, host_of, normal_address
from engine.answering.checking.claims import claims_in
from engine.answering.checking.values import Claim, equal, same_kind
from engine.answering.checking.words import content_words, word_places
from engine.answering.markup import plain_text
from engine.domain.knowledge import Passage, Product
from engine.ports import ScoredPassage

__all__ = [
    "Ground",
    "Grounds",
    "Held",
    "Stated",
    "comparable",
    "near_words",
    "repeating",
    "sentences_of",
    "without_claims",
]

SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[^a-zäöü])|\n+")
NEAR_BEFORE, NEAR_AFTER = 5, 3
ABOUT = 0.5
"""A word of the title or a heading counts so much against one of the sentence itself."""
NEAR = 1.0
TOGETHER = 1.0
"""Another claim of the sentence that a ground states too counts as much as a rather common word."""
CLEARLY = 0.9
"""A value is contradicted when sentences that state another one fit better than this share allows."""
QUESTION = 0.4
"""A word of the shopper's question helps so much to tell which sentence is meant."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim of the evidence and the words beside it."""

    claim: Claim
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """One sentence, table row or fact of the evidence."""

    text: str
    own: frozenset[str]
    about: frozenset[str]
    """Words of its title, headings and question."""
    stated: tuple[Stated, ...]
    passage: int | None
    """Place of its passage in the evidence; None for a fact of a catalogue row."""
    product: str | None
    table: bool = False


Held = tuple[float, Ground, Stated]
"""How well a ground fits, the ground, and what it states."""


class Grounds:
    """The evidence of one answer."""

    def __init__(self, evidence: Sequence[ScoredPassage], products: Sequence[Product], question: str = "") -> None:
        self.all = whole_only([*passage_grounds(evidence), *row_grounds(products)])
        self.question_text = question
        self.question = content_words(question)
        self.asked = claims_in(question)
        counts = Counter(word for ground in self.all for word in ground.own | ground.about)
        self.rarity = {word: math.log(1 + len(self.all) / count) for word, count in counts.items()}
        self.tokens = frozenset(value for g in self.all for s in g.stated for value in s.claim.values)
        self.documents = tuple(item.passage.document for item in evidence)
        self.links = tuple((item.passage.url, links_of(item.passage.text)) for item in evidence)
        urls = [url for own, linked in self.links for url in (own, *linked)]
        urls += [url for product in products for url in urls_of(product)]
        own = [item.passage.url for item in evidence] + [product.url for product in products]
        self.own_hosts = frozenset(host_of(normal_address(url)) for url in own if url)
        stated = (s.claim for g in self.all for s in g.stated if s.claim.kind == "url")
        self.urls = frozenset({normal_address(url) for url in urls if url} | {v for c in stated for v in c.values})

    def weight(self, word: str) -> float:
        """How telling a word is among this evidence."""
        return self.rarity.get(word, 0.0)

    def fit(self, ground: Ground, words: frozenset[str]) -> float:
        """How much of the words a ground is made of, the rare ones before the common."""
        own = sum(self.weight(word) for word in words & ground.own)
        about = sum(self.weight(word) for word in (words & ground.about) - ground.own)
        asked = sum(self.weight(word) for word in (self.question - words) & (ground.own | ground.about))
        return own + ABOUT * about + QUESTION * asked

    def address_books(self, words: frozenset[str]) -> list[tuple[float, frozenset[str]]]:
        """For each document and row: how well it fits, and the addresses it states, links to or opens at."""
        gathered: dict[str | None, tuple[set[str], set[str]]] = {}
        for ground in self.all:
            document = ground.product if ground.passage is None else self.documents[ground.passage]
            held, known = gathered.setdefault(document, (set(), set()))
            held |= ground.own | ground.about
            known |= {
                value for s in ground.stated if s.claim.kind in {"url", "email", "phone"} for value in s.claim.values
            }
        for place, (own, linked) in enumerate(self.links):
            _, known = gathered.setdefault(self.documents[place], (set(), set()))
            known |= {normal_address(url) for url in (own, *linked) if url}
        asked = words | self.question
        return [
            (sum(self.weight(word) for word in asked & held), frozenset(known)) for held, known in gathered.values()
        ]

    def holders(
        self, claim: Claim, near: frozenset[str], words: frozenset[str], others: Sequence[Claim] = ()
    ) -> list[Held]:
        """Every ground that states something of the claim's kind: how well it fits the sentence, best first.

        `others` are the sentence's other claims: a ground that states them too fits better.
        """
        found = []
        for ground in self.all:
            with_it = sum(states(ground, other) for other in others if other is not claim)
            for stated in ground.stated:
                if comparable(claim, stated.claim, ground):
                    closeness = sum(self.weight(word) for word in near & stated.near)
                    score = self.fit(ground, words) + NEAR * closeness + TOGETHER * with_it
                    found.append((score, ground, stated))
        return sorted(found, key=lambda item: -item[0])


def repeating(found: list[Held], words: frozenset[str]) -> list[Held]:
    """Only those grounds that hold every word of the sentence, when some do: it repeats one of them."""
    return [item for item in found if words and words <= item[1].own] or found


def states(ground: Ground, claim: Claim) -> bool:
    """Whether a ground says the same."""
    return any(same_kind(claim, stated.claim) and equal(claim, stated.claim) for stated in ground.stated)


def comparable(claim: Claim, stated: Claim, ground: Ground) -> bool:
    """Whether evidence of this kind can carry or contradict the claim."""
    if same_kind(claim, stated):
        return True
    if stated.kind == "number" and claim.kind in {"money", "quantity"}:
        # A table states the unit in its header, an attribute in its name.
        of_shop = ground.passage is not None and ground.product is None
        return ground.table and (claim.kind == "quantity" or of_shop) and equal(plain(claim), stated)
    if claim.kind == "number":
        return stated.kind in {"money", "quantity", "size", "date"} and equal_digits(claim, stated)
    if claim.kind in {"size", "code"} and stated.kind in {"size", "number", "code"}:
        return equal(claim, stated)
    return claim.kind == "phone" and stated.kind == "number"


def plain(claim: Claim) -> Claim:
    """The claim's number as it is written, without its unit."""
    digits = re.search(r"\d+(?:[.,]\d+)*", claim.text)
    return claims_in(digits[0])[0] if digits else claim


def equal_digits(claim: Claim, stated: Claim) -> bool:
    """Whether a bare number is the number of a quantity, an amount or a year."""
    numbers = [one for one in claims_in(re.sub(r"[^\d.,]", " ", stated.text)) if one.kind == "number"]
    return any(equal(claim, number) for number in numbers)


def links_of(text: str) -> list[str]:
    """The targets of a text's links, which a shopper does not see."""
    return [found[2] for found in LINK.finditer(text)]


def whole_only(made: Sequence[Ground]) -> list[Ground]:
    """Each ground once: no sentence that another one holds whole, as overlapping passages and rows have them."""
    kept = [ground for ground in made if ground.text]
    return [
        ground
        for place, ground in enumerate(kept)
        if not any(
            ground.text in other.text and (len(ground.text) < len(other.text) or place > later)
            for later, other in enumerate(kept)
            if other is not ground and other.product == ground.product
        )
    ]


def sentences_of(text: str) -> list[str]:
    """Sentences and lines."""
    return [part.strip() for part in SENTENCE.split(text) if part and part.strip()]


def without_claims(text: str, claims: Sequence[Claim]) -> str:
    """The text with its claims blanked, so that only words are left; places stay the same."""
    for claim in claims:
        text = text[: claim.start] + " " * (claim.end - claim.start) + text[claim.end :]
    return text


def near_words(places: Sequence[tuple[int, str]], claim: Claim) -> frozenset[str]:
    """The few meaningful words on both sides of a claim."""
    before = [word for place, word in places if place < claim.start][-NEAR_BEFORE:]
    after = [word for place, word in places if place >= claim.end][:NEAR_AFTER]
    return frozenset((*before, *after))


def ground(text: str, about: frozenset[str], passage: int | None, product: str | None, *, table: bool) -> Ground:
    """A ground of a sentence."""
    own, stated = parsed(text)
    return Ground(text, own, about, stated, passage, product, table)


@lru_cache(maxsize=20_000)
def parsed(text: str) -> tuple[frozenset[str], tuple[Stated, ...]]:
    """(words, claims) of a sentence; kept, because the same passages are found for many questions."""
    claims = claims_in(text)
    places = word_places(without_claims(text, claims))
    return content_words(text), tuple(Stated(claim, near_words(places, claim)) for claim in claims)


def passage_grounds(evidence: Sequence[ScoredPassage]) -> Iterator[Ground]:
    """The sentences of the passages, each once, and their titles."""
    seen: list[str] = []
    for number, item in enumerate(evidence):
        passage = item.passage
        about = content_words(" ".join((passage.title, *passage.headings, passage.question or "")))
        for text, table in lines_of(passage):
            if any(text in earlier for earlier in seen):
                continue  # passages overlap
            seen.append(text)
            yield ground(text, about, number, passage.product, table=table)
        heading = " > ".join((passage.title, *passage.headings, passage.question or ""))
        named = ground(heading, about, number, passage.product, table=False)
        # A heading such as "On example.org" says where, not which address to open.
        yield replace(named, stated=tuple(s for s in named.stated if s.claim.kind != "url"))


def lines_of(passage: Passage) -> Iterator[tuple[str, bool]]:
    """(sentence, whether it is a row of a table), as written and as a shopper reads it."""
    table = any(line.strip().startswith("|") for line in passage.text.splitlines())
    shown = plain_text(passage.text, passage.headings)
    facts = bool(passage.product) and "; " in passage.text
    for text in dict.fromkeys(sentences_of(shown)):
        yield text, table or facts


def row_grounds(products: Sequence[Product]) -> Iterator[Ground]:
    """Facts of catalogue rows, except prices and stock."""
    for product in products:
        about = content_words(product.title)
        facts = [product.title, product.brand, product.category]
        facts += [f"SKU {code}" for code in codes_of(product)]
        facts += [f"{name}: {value}" for name, value in product.attributes.items()]
        for variant in product.variants:
            options = ", ".join(f"{name}: {value}" for name, value in variant.options.items())
            facts.append(", ".join(part for part in (variant.title, options, variant.sku) if part))
        for fact in dict.fromkeys(facts):
            yield ground(fact, about, None, product.id, table=True)
        for sentence in sentences_of(plain_text(product.description)):
            yield ground(sentence, about, None, product.id, table=False)


def codes_of(product: Product) -> list[str]:
    """Every identifier of a row and its variants."""
    found = [product.sku, product.gtin, product.mpn]
    found += [code for v in product.variants for code in (v.sku, v.gtin, v.mpn)]
    return [code for code in dict.fromkeys(found) if code]


def urls_of(product: Product) -> list[str]:
    """Every address of a row."""
    return [product.url, product.image_url, *product.images, *(v.url for v in product.variants)]
