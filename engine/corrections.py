"""Corrections and pinned answers: what the merchant put right holds from the next answer on.

Never here: searching. Corrections are laid over what was found, so that no version has to be trained for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from engine.domain.bot import VersionKey
from engine.domain.correction import Correction, Corrections, Pin
from engine.domain.words import telling_words
from engine.errors import AlreadyExists, Conflict, FieldProblem, InvalidInput, NotFound
from engine.ports import Clock, Identifiers, PassageIndex, ScoredPassage
from engine.records import Listing, Records

__all__ = ["BotCorrections", "corrected"]

MOST_CORRECTIONS = 1_000
MOST_PINS = 200
LONGEST_TEXT = 5_000
LONGEST_QUESTION = 500
MOST_WORDINGS = 20


def corrected(found: Sequence[ScoredPassage], corrections: Corrections) -> list[ScoredPassage]:
    """What was found, without what is left out and with what was worded anew."""
    by_digest = {item.digest: item for item in corrections.items}
    kept: list[ScoredPassage] = []
    for scored in found:
        item = by_digest.get(scored.passage.digest)
        if item is None:
            kept.append(scored)
        elif item.kind == "edit":
            kept.append(replace(scored, passage=replace(scored.passage, text=item.text)))
    return [scored for scored in kept if scored.passage.source not in corrections.removed_sources]


class BotCorrections:
    """Use cases around a bot's corrections and pinned answers."""

    def __init__(self, records: Records, index: PassageIndex, clock: Clock, identifiers: Identifiers) -> None:
        self.records, self.index, self.clock, self.identifiers = records, index, clock, identifiers

    async def of(self, merchant: str, bot: str) -> Corrections:
        """All corrections of a bot; none when there are none."""
        found = await self.records.corrections.find(merchant, bot)
        return Corrections(merchant, bot) if found is None else found.record

    async def digest(self, merchant: str, bot: str, sources: Collection[str]) -> str:
        """SHA-256 over all that lies over a version with these sources: equal when it is corrected in the same way."""
        corrections = await self.of(merchant, bot)
        parts = [f"{item.digest} {item.kind} {item.text}" for item in corrections.items]
        parts += [f"removed {source}" for source in corrections.removed_sources if source in sources]
        async for pin in self.records.pins.all(merchant, {"bot": bot}):
            parts.append(f"pin {pin.questions} {pin.answer}")
        return hashlib.sha256("\x1e".join(sorted(parts)).encode()).hexdigest()

    async def change(self, merchant: str, bot: str, change: Callable[[Corrections], Corrections]) -> Corrections:
        """Apply a change to a bot's corrections, made when there are none yet."""
        with suppress(AlreadyExists):
            await self.records.corrections.add(merchant, bot, Corrections(merchant, bot))
        return await self.records.corrections.change(merchant, bot, change)

    async def remove_source(self, merchant: str, bot: str, source: str) -> None:
        """Let nothing of a deleted source be found any more."""

        def add(current: Corrections) -> Corrections:
            return replace(current, removed_sources=tuple(dict.fromkeys((*current.removed_sources, source))))

        await self.change(merchant, bot, add)

    async def restore_sources(self, merchant: str, bot: str, sources: Collection[str]) -> None:
        """Let deleted sources be found again, as far as a version knows them."""
        if set(sources).isdisjoint((await self.of(merchant, bot)).removed_sources):
            return

        def restore(current: Corrections) -> Corrections:
            return replace(current, removed_sources=tuple(s for s in current.removed_sources if s not in sources))

        await self.change(merchant, bot, restore)

    async def exclude(self, version: VersionKey, document: str, position: int) -> Correction:
        """Leave a passage out of all answers. Raises NotFound."""
        return await self.correct(version, document, position, None)

    async def edit(self, version: VersionKey, document: str, position: int, text: str) -> Correction:
        """Let a passage say something else. Raises NotFound, InvalidInput."""
        cleaned = text.strip()
        if not 1 <= len(cleaned) <= LONGEST_TEXT:
            raise InvalidInput(
                f"Write 1 to {LONGEST_TEXT:,} characters, or leave the passage out altogether.",
                fields=[FieldProblem("text", f"has {len(cleaned):,} characters")],
            )
        return await self.correct(version, document, position, cleaned)

    async def correct(self, version: VersionKey, document: str, position: int, text: str | None) -> Correction:
        """Make a correction in the place of an earlier one of the same passage."""
        found = await self.index.read(version, document=document, start=position, limit=1)
        if not found:
            raise NotFound(f"there is no passage {position} in document {document!r}")
        passage = found[0]
        made = Correction(
            self.identifiers.new("correction"), "exclude" if text is None else "edit", passage.digest, passage.title,
            passage.text, text or "", self.clock.now(),
        )  # fmt: skip

        def add(current: Corrections) -> Corrections:
            others = tuple(item for item in current.items if item.digest != passage.digest)
            if len(others) >= MOST_CORRECTIONS:
                raise Conflict(
                    f"A bot can have {MOST_CORRECTIONS:,} corrections; mend the source itself instead.",
                    code="too_many_corrections",
                )
            return replace(current, items=(*others, made))

        await self.change(version.merchant, version.bot, add)
        return made

    async def undo(self, merchant: str, bot: str, correction: str) -> None:
        """Take a correction back. Raises NotFound."""

        def remove(current: Corrections) -> Corrections:
            rest = tuple(item for item in current.items if item.id != correction)
            if len(rest) == len(current.items):
                raise NotFound(f"there is no correction {correction!r}")
            return replace(current, items=rest)

        await self.change(merchant, bot, remove)

    # --- pinned answers -----------------------------------------------------------------------

    async def pin(self, merchant: str, bot: str, questions: Sequence[str], answer: str) -> Pin:
        """Fix the answer to a question. Raises InvalidInput naming the field, Conflict when there are too many."""
        wordings = tuple(dict.fromkeys(" ".join(question.split()) for question in questions if question.strip()))
        if not 1 <= len(wordings) <= MOST_WORDINGS or max(map(len, wordings)) > LONGEST_QUESTION:
            raise InvalidInput(
                f"Give the question in 1 to {MOST_WORDINGS} wordings of at most {LONGEST_QUESTION} characters.",
                fields=[FieldProblem("questions", "are missing, too many or too long")],
            )
        if not 1 <= len(answer.strip()) <= LONGEST_TEXT:
            raise InvalidInput(
                f"Write an answer of 1 to {LONGEST_TEXT:,} characters.",
                fields=[FieldProblem("answer", f"has {len(answer.strip()):,} characters")],
            )
        if await self.records.pins.count(merchant, {"bot": bot}) >= MOST_PINS:
            raise Conflict(f"A bot can have {MOST_PINS} pinned answers.", code="too_many_pins")
        made = Pin(self.identifiers.new("pin"), merchant, bot, wordings, answer.strip(), self.clock.now())
        await self.records.pins.add(merchant, made.id, made)
        return made

    async def pins(self, merchant: str, bot: str, limit: int, cursor: str | None) -> Listing[Pin]:
        """A bot's pinned answers, newest first."""
        return await self.records.pins.page(merchant, {"bot": bot}, newest_first=True, limit=limit, cursor=cursor)

    async def unpin(self, merchant: str, bot: str, pin: str) -> None:
        """Remove a pinned answer. Raises NotFound."""
        found = await self.records.pins.get(merchant, pin)
        if found.bot != bot:
            raise NotFound(f"there is no pinned answer {pin!r}")
        await self.records.pins.delete(merchant, pin)

    async def pinned(self, merchant: str, bot: str, question: str) -> Pin | None:
        """The pinned answer to a question: one of its wordings asks with the same words, the empty ones left aside.

        Meaning alone is not enough: to an embedder, Sunday is nearly Saturday and Norway nearly Sweden.
        """
        asked = telling_words(question)
        async for pin in self.records.pins.all(merchant, {"bot": bot}, newest_first=True):
            if any(telling_words(wording) == asked for wording in pin.questions):
                return pin
        return None
