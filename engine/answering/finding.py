"""What may answer a question: passages as the merchant corrected them, and how sure it is that they do.

Never here: composing an answer, or recording anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.answering.languages import language_of
from engine.answering.scoring import judge
from engine.answering.understanding import LONGEST_MESSAGE, clean_message, understand
from engine.corrections import BotCorrections, corrected
from engine.domain.bot import BotVersion
from engine.domain.correction import Corrections, Pin
from engine.ports import ChatModel, Retriever, ScoredPassage

__all__ = ["Finder", "LookUp"]

CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class LookUp:
    """What was found for a question, before any answer is made of it."""

    pin: Pin | None
    """The merchant's own answer, which would be given whatever was found."""
    confidence: float
    """How sure it is that the passages hold the answer, 0 to 1."""
    least_confidence: float
    """Below it the assistant says that it does not know."""
    passages: tuple[ScoredPassage, ...]
    """Best first; `score` is comparable between questions."""
    left_out: tuple[ScoredPassage, ...]
    """Passages that would have been found if the merchant had not left them out."""


class Finder:
    """Finds for shoppers, and shows merchants what would be found."""

    def __init__(self, retriever: Retriever, corrections: BotCorrections, model: ChatModel) -> None:
        self.retriever, self.corrections, self.model = retriever, corrections, model

    async def find(self, version: BotVersion, question: str) -> tuple[list[ScoredPassage], list[ScoredPassage]]:
        """(passages as they were corrected, those that were left out), best first."""
        corrections = await self.corrections.of(version.merchant, version.bot)
        found = await self.retriever.retrieve(
            version.key, question, limit=CANDIDATES, without_sources=corrections.removed_sources
        )
        return corrected(found, corrections), left_out(found, corrections)

    async def look_up(self, version: BotVersion, question: str, limit: int) -> LookUp:
        """What would answer a question, and how sure that is."""
        understood = understand(clean_message(question)[:LONGEST_MESSAGE], (), language_of(question))
        found, without = await self.find(version, understood.question)
        judged = judge(understood.question, found)
        wished = version.guardrails.refusal_threshold
        return LookUp(
            await self.corrections.pinned(version.merchant, version.bot, understood.question),
            round(judged.confidence, 3),
            self.model.least_confidence if wished is None else wished,
            judged.passages[:limit],
            tuple(without[:limit]),
        )


def left_out(found: list[ScoredPassage], corrections: Corrections) -> list[ScoredPassage]:
    """What was found although the merchant left it out."""
    excluded = {item.digest for item in corrections.items if item.kind == "exclude"}
    return [scored for scored in found if scored.passage.digest in excluded]
