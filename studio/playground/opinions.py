"""What a tester says of one answer, given piece by piece: a thumb, stars, words.

Never here: keeping it; the engine does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.domain.trial import Rating

__all__ = ["Opinion", "opinion_of"]

HELPFUL_FROM = 4
"""Stars from which an answer without a thumb counts as helpful: three of five is a shrug, not a yes."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A tester's opinion of one answer; None where nothing was said."""

    thumb: bool | None = None
    stars: int | None = None
    comment: str | None = None

    @property
    def helpful(self) -> bool | None:
        """What the thumb says, else what the stars say."""
        if self.thumb is not None or self.stars is None:
            return self.thumb
        return self.stars >= HELPFUL_FROM

    def with_more(self, more: Opinion) -> Opinion:
        """This opinion with what was said now; what was left out stays."""
        said = {name: value for name in ("thumb", "stars", "comment") if (value := getattr(more, name)) is not None}
        return replace(self, **said)


def opinion_of(rating: Rating | None) -> Opinion:
    """The opinion that a kept rating holds."""
    if rating is None:
        return Opinion()
    return Opinion(rating.helpful if rating.by_thumb else None, rating.stars, rating.comment)
