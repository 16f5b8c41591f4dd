"""What may answer a question: passages as the merchant corrected them, and how sure it is that they do.

Never here: composing an answer, or recording anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.answering.glossary import GLOSSED, gloss
from engine.answering.languages import language_of
from engine.answering.scoring import READ, Judged, in_context, judge, rank, with_readings, without_contents
from engine.answering.selection import candidates, select
from engine.answering.shop_words import in_shop_words
from engine.answering.understanding import LONGEST_MESSAGE, clean_message, understand
from engine.corrections import BotCorrections, corrected
from engine.domain.bot import BotVersion
from engine.domain.correction import Corrections, Pin
from engine.ports import ChatModel, Reranker, Retriever, ScoredPassage

__all__ = ["Finder", "Found", "LookUp", "talk_of"]

CANDIDATES = 60
MOSTLY_KNOWN = 0.5
"""Share of a question's words; pages that know fewer speak another language."""
HALF_UNDERSTOOD = 0.8
"""What the confidence in an answer is worth to a question of which the pages know so few words."""
READABLE = frozenset({"", "en"})
"""Languages that the reader knows; short questions have none that can be told."""
TALK_WORDS = 60
"""Words of the last answer that a message may lean on."""


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


@dataclass(frozen=True, slots=True)
class Found:
    """What may answer a question."""

    judged: Judged
    left_out: tuple[ScoredPassage, ...]
    """Passages that would have been found if the merchant had not left them out."""


class Finder:
    """Finds for shoppers, and shows merchants what would be found."""

    def __init__(
        self, retriever: Retriever, reranker: Reranker | None, corrections: BotCorrections, model: ChatModel
    ) -> None:
        self.retriever, self.reranker = retriever, reranker
        self.corrections, self.model = corrections, model

    async def find(
        self, version: BotVersion, question: str, *, language: str = "", before: tuple[str, str] | None = None
    ) -> Found:
        """Passages as they were corrected, best first, and how sure it is that they answer.

        `before` is the last (question, answer) of the conversation: what a message leans on is found by it.
        """
        corrections = await self.corrections.of(version.merchant, version.bot)
        asked = await self.asked(version, question, language)
        found = await self.retrieve(version, asked, corrections, question)
        ranked = rank(corrected(found, corrections))
        if before is not None:
            beside = await self.retrieve(version, talk_of(asked, before), corrections, talk_of(question, before))
            ranked = in_context(ranked, rank(corrected(beside, corrections)))
        judged = judge(asked, ranked) if self.model.judges else await self.read(version, asked, ranked)
        if not self.model.judges and await self.is_half_understood(version, asked, language):
            judged = replace(judged, confidence=judged.confidence * HALF_UNDERSTOOD)
        return Found(judged, tuple(left_out(found, corrections)))

    async def is_half_understood(self, version: BotVersion, asked: str, language: str) -> bool:
        """Whether a question was put into English word by word, and the pages still know too few of them."""
        return language in GLOSSED and await self.retriever.known(version.key, asked) < MOSTLY_KNOWN

    async def asked(self, version: BotVersion, question: str, language: str) -> str:
        """The question as it is looked up: slips mended, and in English where the pages know too few of its words."""
        if language in GLOSSED and await self.retriever.known(version.key, question) < MOSTLY_KNOWN:
            question = gloss(question, language)
        asked = await self.retriever.corrected(version.key, question)
        called = in_shop_words(asked)
        return f"{asked} ({called})" if called else asked

    async def retrieve(
        self, version: BotVersion, text: str, corrections: Corrections, spoken: str
    ) -> list[ScoredPassage]:
        """What the index finds, without deleted sources; an embedder of many languages takes the words as spoken."""
        return await self.retriever.retrieve(
            version.key,
            text,
            embedder=version.embedder,
            limit=CANDIDATES,
            meaning=spoken if version.languages == "many" else text,
            without_sources=corrections.removed_sources,
        )

    async def read(self, version: BotVersion, question: str, ranked: Sequence[ScoredPassage]) -> Judged:
        """The best passages and then their pieces read closely, where there is a reranker that knows the language."""
        foreign = version.languages == "many" and language_of(question) not in READABLE
        if self.reranker is None or not ranked or foreign:
            return judge(question, ranked)
        ranked = without_contents(ranked)
        readings = await self.reranker.read(question, ranked[:READ])
        closely = with_readings(question, ranked, readings)
        pieces = candidates(question, closely)
        excerpts = select(question, pieces, await self.reranker.read(question, [item.piece for item in pieces]))
        return judge(question, closely, excerpts)

    async def look_up(self, version: BotVersion, question: str, limit: int) -> LookUp:
        """What would answer a question, and how sure that is."""
        understood = understand(clean_message(question)[:LONGEST_MESSAGE], (), language_of(question))
        found = await self.find(version, understood.question, language=understood.language)
        wished = version.guardrails.refusal_threshold
        return LookUp(
            await self.corrections.pinned(version.merchant, version.bot, understood.question),
            round(found.judged.confidence, 3),
            self.model.least_confidence if wished is None else wished,
            found.judged.passages[:limit],
            found.left_out[:limit],
        )


def talk_of(question: str, before: tuple[str, str]) -> str:
    """The question after the last (question, answer), as it is looked up beside the question alone."""
    return " ".join((before[0], *before[1].split()[:TALK_WORDS], question))


def left_out(found: list[ScoredPassage], corrections: Corrections) -> list[ScoredPassage]:
    """What was found although the merchant left it out."""
    excluded = {item.digest for item in corrections.items if item.kind == "exclude"}
    return [scored for scored in found if scored.passage.digest in excluded]
