"""What several pages say of one matter: a right answer may come from any of them, and where they differ none is right.

Never here: making questions, and choosing among them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.answering.stems import stems
from engine.trials.generating.material import Material, Page, words_of
from engine.trials.generating.proposal import Proposal

__all__ = ["agreed"]

RANK = {"policy": 0, "faq": 1, "help": 2}
"""Pages that tell a matter first hand."""
SHARED_WORDS = 2
WORD = re.compile(r"\w+")


def agreed(material: Material, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Each question once, from the page that tells it first hand; none whose answer differs from page to page."""
    kinds = {page.id: RANK.get(page.kind, len(RANK)) for page in material.pages}
    said: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        said[" ".join((*proposal.earlier, proposal.question)).casefold()].append(proposal)
    told = Told([page for page in material.pages if not page.product])
    found = []
    for several in said.values():
        if len({item.must_include for item in several}) == 1:
            first = min(several, key=lambda item: kinds.get(item.about, 0))
            elsewhere = len({item.expected_source for item in several}) > 1 or stands_elsewhere(first, told)
            found.append(replace(first, expected_source=None) if elsewhere and first.must_include else first)
    return found


class Told:
    """What pages say, found by the words of a fact: a large site has as many statements as it makes questions."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.texts = [(page.id, text) for page in pages for text in words_of(page) if text]
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, (_, text) in enumerate(self.texts):
            for word in set(WORD.findall(text)):
                self.places[word].append(place)

    def stating(self, facts: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Page and text of each statement that holds every one of the facts, in whole words."""
        words = {word for fact in facts for word in WORD.findall(fact)}
        rarest = min((self.places.get(word, []) for word in words), key=len, default=range(len(self.texts)))
        for place in rarest:
            page, text = self.texts[place]
            if all(fact in text for fact in facts) and words <= set(WORD.findall(text)):
                yield page, text


def stands_elsewhere(proposal: Proposal, told: Told) -> bool:
    """Whether another page states the same: then citing that one is right too."""
    if proposal.expected_source is None or not proposal.must_include:
        return False
    asked = stems(proposal.question)
    return any(
        page != proposal.about and len(stems(text) & asked) >= SHARED_WORDS
        for page, text in told.stating(proposal.must_include)
    )
