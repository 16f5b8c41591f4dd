"""What people of the shop answered shoppers, offered as answers of the assistant: used, or never offered again.

The pairs are looked up when they are shown, so a shopper who is forgotten takes them along. Never here: giving pinned
answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from engine.answering.intents import intent_of
from engine.answering.personal import personal_in
from engine.corrections import BotCorrections
from engine.domain.conversation import Turn
from engine.domain.correction import Pin
from engine.domain.handover import PersonMessage
from engine.domain.suggestion import Suggestion, SuggestionEnd
from engine.errors import AlreadyExists, Conflict, NotFound
from engine.ports import Clock
from engine.records import Records

__all__ = ["Suggestions"]

LOOKED_AT = 200
"""Newest messages of people that are looked through."""
MOST = 20
"""Suggestions shown at once: the next ones come when these are settled."""
PERSONAL = (
    "Take out what belongs to one customer: {found}. Every shopper would read it. If it belongs to the shop, say that "
    "you have checked it."
)


class Suggestions:
    """Use cases around them."""

    def __init__(self, records: Records, corrections: BotCorrections, clock: Clock) -> None:
        self.records, self.corrections, self.clock = records, corrections, clock

    async def of(self, merchant: str, bot: str) -> list[Suggestion]:
        """What people answered and nobody has settled yet, newest first."""
        page = await self.records.person_messages.page(merchant, {"bot": bot}, newest_first=True, limit=LOOKED_AT)
        found: list[Suggestion] = []
        for conversation in dict.fromkeys(message.conversation for message in page.items):
            for suggestion in await self.in_conversation(merchant, conversation):
                if await self.records.suggestion_ends.find(merchant, suggestion.id) is None:
                    found.append(suggestion)
            if len(found) >= MOST:
                break
        return sorted(found, key=lambda suggestion: suggestion.at, reverse=True)[:MOST]

    async def in_conversation(self, merchant: str, conversation: str) -> list[Suggestion]:
        """All pairs of one conversation, oldest first."""
        where: dict[str, str | int | bool] = {"conversation": conversation}
        return pairs_of(
            await self.records.turns.list(merchant, where), await self.records.person_messages.list(merchant, where)
        )

    async def get(self, merchant: str, bot: str, suggestion: str) -> Suggestion:
        """One that is still offered. Raises NotFound, Conflict when it was settled."""
        message = await self.records.person_messages.find(merchant, suggestion)
        if message is None or message.record.bot != bot:
            raise NotFound(f"there is no suggestion {suggestion!r}")
        pairs = await self.in_conversation(merchant, message.record.conversation)
        found = next((pair for pair in pairs if pair.id == suggestion), None)
        if found is None:
            raise NotFound(f"there is no suggestion {suggestion!r}")
        end = await self.records.suggestion_ends.find(merchant, suggestion)
        if end is not None:
            raise settled(end.record.became)
        return found

    async def use(
        self, merchant: str, bot: str, suggestion: str, questions: Sequence[str], answer: str, *, checked: bool, by: str
    ) -> Pin:
        """Let the assistant say it from now on, as it was edited. Raises NotFound, InvalidInput, Conflict.

        Unless somebody has `checked` it, nothing that may belong to one customer is taken.
        """
        found = await self.get(merchant, bot, suggestion)
        personal = personal_in(*questions, answer)
        if personal and not checked:
            named = ", ".join(repr(one.text) for one in personal)
            raise Conflict(PERSONAL.format(found=named), code="personal_data")
        pin = await self.corrections.pin(merchant, bot, questions, answer)
        try:
            await self.end(found, merchant, bot, "used", by)
        except Conflict:
            await self.corrections.unpin(merchant, bot, pin.id)
            raise
        return pin

    async def dismiss(self, merchant: str, bot: str, suggestion: str, *, by: str) -> None:
        """Never offer it again. Raises NotFound, Conflict when it is used."""
        found = await self.get(merchant, bot, suggestion)
        await self.end(found, merchant, bot, "dismissed", by)

    async def end(
        self, found: Suggestion, merchant: str, bot: str, became: Literal["used", "dismissed"], by: str
    ) -> None:
        """Settle a suggestion; of two who do so at the same moment one is told."""
        end = SuggestionEnd(found.id, merchant, bot, became, by, self.clock.now())
        try:
            await self.records.suggestion_ends.add(merchant, found.id, end)
        except AlreadyExists:
            raise settled((await self.records.suggestion_ends.get(merchant, found.id)).became) from None


def settled(became: str) -> Conflict:
    """That somebody was faster."""
    words = "The assistant says this already." if became == "used" else "This was put aside already."
    return Conflict(words, code="suggestion_settled")


def pairs_of(turns: Sequence[Turn], said: Sequence[PersonMessage]) -> list[Suggestion]:
    """What was asked, and what people said until somebody else spoke, oldest first; nothing asked, nothing answered."""
    events: list[Turn | PersonMessage] = sorted([*turns, *said], key=lambda event: event.at)
    found: list[Suggestion] = []
    asked: list[Turn] = []
    for _, run in groupby(events, key=type):
        spoken = list(run)
        messages = [event for event in spoken if isinstance(event, PersonMessage)]
        asked += [event for event in spoken if isinstance(event, Turn)]
        question = question_of(asked)
        if messages and question:
            first, words = messages[0], "\n\n".join(message.text for message in messages)
            found.append(Suggestion(first.id, first.conversation, question, words, first.member, first.at))
        if messages:
            asked.clear()
    return found


def question_of(asked: Sequence[Turn]) -> str:
    """The last question among a shopper's messages, empty when there is none.

    A call for a person, a greeting or thanks is none; who goes on to those has taken the assistant's answer before.
    """
    question, known = "", False
    for turn in asked:
        if intent_of(turn.question) is None:
            question, known = turn.question, turn.reply.outcome == "answered"
        elif known:
            question = ""
    return question
