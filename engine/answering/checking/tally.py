"""What an answer went through: counted while it is checked, told in `Reply.checks`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.answering.checking.judging import Judged
from engine.domain.conversation import Check
from engine.domain.counting import counted

__all__ = ["Tally"]

REASONS = {
    "setup": "it told how the assistant is set up",
    "human": "it claimed to be a person",
    "secret": "it asked for a secret",
}


@dataclass
class Tally:
    """Counts of one answer."""

    supported: int = 0
    """Sentences that left and say something."""
    certain: bool = False
    """Whether the answer closes with what is certain."""
    claims: int = 0
    mended: int = 0
    links: int = 0
    withdrawn: list[Judged] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    unsafe: Counter[str] = field(default_factory=Counter)
    cited: dict[int, str] = field(default_factory=dict)
    """Place in the evidence to the sentence that rests on it."""

    @property
    def held_back(self) -> int:
        """Sentences that did not leave."""
        return len(self.withdrawn) + len(self.unsupported) + self.unsafe.total()

    def withdraw(self, judged: Judged) -> None:
        """A sentence with a wrong claim."""
        self.withdrawn.append(judged)

    def cite(self, places: Sequence[int], sentence: str = "") -> None:
        """Note what a sentence rests on."""
        for place in places:
            self.cited.setdefault(place, sentence)

    def checks(self) -> list[Check]:
        """In words, with counts."""
        wrong = bool(self.withdrawn) or self.mended > 0
        numbers = f"{self.claims} checked, each stands in a source." if self.claims else "There was none to check."
        if wrong:
            numbers = (
                f"{self.claims} checked; {self.mended} corrected from the catalogue, "
                f"{counted(len(self.withdrawn), 'sentence')} withdrawn."
            )
        stated = self.supported + len(self.unsupported)
        grounded = f"{self.supported} of {counted(stated, 'sentence rests', 'sentences rest')} on a source."
        if self.unsupported:
            grounded += f" {len(self.unsupported)} withdrawn."
        told = [f"{counted(count, 'sentence')} withdrawn: {REASONS[reason]}." for reason, count in self.unsafe.items()]
        told += (
            [f"{counted(self.links, 'picture, tag or foreign link', 'pictures, tags or foreign links')} taken out."]
            if self.links
            else []
        )
        return [
            Check("numbers", not wrong, numbers),
            Check("grounded", not self.unsupported, grounded),
            Check("safe", not told, " ".join(told) or "Nothing had to be held back."),
        ]
