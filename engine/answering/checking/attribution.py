"""Where a sentence of an answer comes from: the passage or row that holds its words.

A sentence that states something and shares too little with any of them is unsupported. One in another language than
the evidence cannot be compared by words: there the model's own marker, and its numbers, have to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.answering.checking.grounds import Ground, Grounds
from engine.answering.checking.judging import Judged
from engine.answering.checking.words import GENERIC_STEMS, content_words
from engine.domain.knowledge import Product
from engine.ports import ScoredPassage

__all__ = ["Attributed", "Attribution", "is_courtesy"]

LEAST = 0.5
"""A sentence is supported when so large a share of its words and claims stands in one passage or row."""
LEAST_OF_DOCUMENT = 0.6
"""The same, when all shown passages of one document are needed."""
LEAST_TOGETHER = 0.7
"""The same, when two passages together are needed."""
SAME_MATTER = 1 / 3
"""So large a share of the question's words makes a sentence one about what was asked."""
COURTESY = re.compile(
    r"(?:great|good|nice|thanks|thank you|sure|certainly|of course|absolutely|no problem|you['’]re welcome|hello"
    r"|hi|hey"
    r"|happy to help|glad to help|i(?:['’]d| would| am|['’]m) (?:be )?(?:happy|glad)|let me know|feel free"
    r"|ask (?:us|me)"
    r"|please (?:ask|let|contact|reach|get in touch)|if you (?:have|need|want|would like)|is there anything"
    r"|anything else"
    r"|i hope|hope (?:this|that)|have a (?:nice|great|good)|enjoy|here(?:['’]s| is| are)|unfortunately,?$"
    r"|i(?:['’]m| am) sorry"
    r"|sorry|gerne|natürlich|gern geschehen|bien sûr|avec plaisir|por supuesto|claro|con gusto|certo|volentieri"
    r"|was kann ich|kann ich (?:sonst|noch)|puis-je|puedo|posso)\b.{0,110}",
    re.IGNORECASE | re.DOTALL,
)
HONEST = re.compile(
    r"\b(?:(?:could|can|did|do|does)(?: not|n['’]t)|cannot|unable to|no)\b[^.]{0,30}\b(?:find|found|know"
    r"|information|mention"
    r"|say|details?|listed|confirm|tell)\b|\bnot (?:mentioned|stated|sure|listed)\b|\bkeine (?:information"
    r"|angaben?)\b"
    r"|\bje ne (?:sais|trouve)\b|\bno (?:encuentro|tengo información)\b|\bnon (?:trovo|so)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"^(?:would|do|are|is|which|what|how|can|could|shall|may|may i|möchten|haben|soll|welche|voulez|avez|quel"
    r"|quiere|desea"
    r"|cuál|vuole|quale|and)\b(?!.*\bknow that\b).*\?$",
    re.IGNORECASE | re.DOTALL,
)
MOST_COURTESY_WORDS = 4
"""A courtesy that says more than so much of substance is a statement."""
AFFIRMS = re.compile(
    r"(?:yes|no|ja|nein|oui|non|sí|si|no)\b[\s,.!]*(?:(?:you|we|it|they|that)\b.{0,25})?[.!]?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Attributed:
    """Where a sentence comes from."""

    supported: bool
    passages: tuple[int, ...] = ()
    """Places in the evidence, the best first."""
    states: bool = True
    """Whether it says anything that needs support."""


class Attribution:
    """Compares sentences with the passages and rows of one answer."""

    def __init__(self, grounds: Grounds, evidence: Sequence[ScoredPassage], products: Sequence[Product]) -> None:
        self.grounds, self.evidence = grounds, evidence
        self.words = [gathered(g for g in grounds.all if g.passage == place) for place in range(len(evidence))]
        names = dict.fromkeys(item.passage.document for item in evidence)
        self.documents = [
            frozenset[str]().union(
                *(w for w, i in zip(self.words, evidence, strict=True) if i.passage.document == name)
            )
            for name in names
        ]
        self.rows = {p.id: gathered(g for g in grounds.all if g.product == p.id) for p in products}

    def attribute(self, judged: Judged, marked: Sequence[int], *, same_language: bool = True) -> Attributed:
        """Where a sentence whose claims were judged comes from; `marked` are passages that the model named."""
        reading = judged.reading
        words = frozenset(word for word in reading.words if word not in GENERIC_STEMS)
        if is_courtesy(reading.text, len(words)) and not reading.claims:
            return Attributed(True, states=False)
        right = len(reading.claims) - len(judged.wrong)
        proven = [g.passage for g in judged.grounds if g.passage is not None]
        total = len(words) + len(reading.claims)
        if not total:
            return Attributed(True, tuple(dict.fromkeys(marked)), states=False)
        shares = sorted(
            ((len(words & held) + right) / total, place) for place, held in enumerate(self.words)
        )[::-1]  # fmt: skip
        whole = max(((len(words & held) + right) / total for held in self.documents), default=0.0)
        row = max(((len(words & held) + right) / total for held in self.rows.values()), default=0.0)
        best = shares[0][0] if shares else 0.0
        if not same_language and (marked or right):
            return Attributed(True, tuple(dict.fromkeys((*marked, *proven))))
        if (
            max(best, row) >= LEAST
            or whole >= LEAST_OF_DOCUMENT
            or (words and self.together(words, right, total, shares) >= LEAST_TOGETHER)
        ):
            return Attributed(True, self.passages(shares, marked, proven, row))
        return Attributed(False)

    def together(self, words: frozenset[str], right: int, total: int, shares: Sequence[tuple[float, int]]) -> float:
        """The share that the two best passages hold together."""
        held = frozenset[str]().union(*(self.words[place] for _, place in shares[:2]), *self.rows.values())
        return (len(words & held) + right) / total

    @staticmethod
    def passages(
        shares: Sequence[tuple[float, int]], marked: Sequence[int], proven: Sequence[int], row: float
    ) -> tuple[int, ...]:
        """The passages to cite: those the model named where they hold the words, else the best one."""
        by_place = {place: share for share, place in shares}
        named = [place for place in marked if by_place.get(place, 0.0) >= LEAST]
        if named:
            return tuple(dict.fromkeys((*named, *proven[:1])))
        best = [place for share, place in shares[:1] if share >= LEAST and share >= row]
        return tuple(dict.fromkeys((*proven[:1], *best))) or tuple(best)

    def nearest(self, text: str, kinds: frozenset[str]) -> Ground | None:
        """The evidence's own sentence that fits best and states something of these kinds."""
        words = content_words(text) - GENERIC_STEMS
        found = [
            g
            for g in self.grounds.all
            if g.passage is not None and any(s.claim.kind in kinds for s in g.stated) and self.same_matter(words, g)
        ]
        return max(found, key=lambda g: self.grounds.fit(g, words), default=None)

    def same_matter(self, words: frozenset[str], ground: Ground) -> bool:
        """Whether a sentence of the evidence speaks of what a withdrawn one did, or of what was asked."""
        if words:
            return len(words & (ground.own | ground.about)) > LEAST * len(words)
        return len(self.grounds.question & ground.own) >= SAME_MATTER * max(1, len(self.grounds.question))


def gathered(grounds: object) -> frozenset[str]:
    """All words of some grounds, with those of their titles."""
    return frozenset(word for ground in grounds for word in ground.own | ground.about)  # type: ignore[attr-defined]


def is_courtesy(text: str, words: int) -> bool:
    """Whether a sentence only greets, offers help, asks back, or says honestly that something is not known."""
    plain = text.strip().lstrip("-*• ").strip()
    if HONEST.search(plain) or (ASKS.match(plain) and words <= 2 * MOST_COURTESY_WORDS):
        return True
    return bool(COURTESY.match(plain) or AFFIRMS.match(plain)) and words <= MOST_COURTESY_WORDS
