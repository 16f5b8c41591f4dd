"""Conversations as they are kept: opened, remembered, recorded, rated."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from engine.domain.bot import Bot
from engine.domain.conversation import Ask, Conversation, Feedback, Turn
from engine.domain.handover import PersonMessage
from engine.errors import AlreadyExists, NotFound
from engine.ports import Clock, Identifiers
from engine.records import Listing, Records

__all__ = ["Conversations"]

REMEMBERED_TURNS = 6


class Conversations:
    """Use cases around conversations."""

    def __init__(self, records: Records, clock: Clock, identifiers: Identifiers) -> None:
        self.records, self.clock, self.identifiers = records, clock, identifiers

    async def open(self, bot: Bot, ask: Ask, *, test: bool) -> Conversation:
        """The conversation an ask continues, or a new one. Raises NotFound for an unknown id."""
        if ask.conversation_id is not None:
            conversation = await self.get(bot.merchant, bot.id, ask.conversation_id)
            if conversation.channel != ask.channel or conversation.shopper != ask.shopper:
                raise NotFound(f"there is no conversation {ask.conversation_id!r}")
            return conversation
        now = self.clock.now()
        return Conversation(
            self.identifiers.new("conversation"), bot.merchant, bot.id, ask.channel, ask.shopper, now, now, test=test
        )

    async def begin(self, bot: Bot, conversation: str, channel: str, shopper: str) -> None:
        """Make a conversation that the channel names; nothing when it is there already."""
        now = self.clock.now()
        made = Conversation(conversation, bot.merchant, bot.id, channel, shopper, now, now)
        with suppress(AlreadyExists):
            await self.records.conversations.add(bot.merchant, conversation, made)

    async def get(self, merchant: str, bot: str, conversation_id: str) -> Conversation:
        """One conversation. Raises NotFound."""
        conversation = await self.records.conversations.get(merchant, conversation_id)
        if conversation.bot != bot:
            raise NotFound(f"there is no conversation {conversation_id!r}")
        return conversation

    async def history(self, conversation: Conversation) -> tuple[tuple[str, str], ...]:
        """The last (question, answer) pairs, oldest first."""
        if not conversation.turns:
            return ()
        page = await self.records.turns.page(
            conversation.merchant, {"conversation": conversation.id}, newest_first=True, limit=REMEMBERED_TURNS
        )
        turns = list(reversed(page.items))
        said = await self.records.person_messages.list(conversation.merchant, {"conversation": conversation.id})
        return tuple((turn.question, told(turn, turns[place + 1 :], said)) for place, turn in enumerate(turns))

    async def record(self, conversation: Conversation, turn: Turn, reason: str | None = None) -> None:
        """Keep a turn and bring its conversation up to date; with a reason, a person is on the way from now on."""
        await self.records.turns.add(turn.merchant, turn.id, turn)
        if conversation.turns == 0:
            with suppress(AlreadyExists):
                await self.records.conversations.add(turn.merchant, conversation.id, after(conversation, turn, reason))
                return
        await self.records.conversations.change(
            turn.merchant,
            conversation.id,
            lambda current: after(replace(current, opted_out=conversation.opted_out), turn, reason),
        )

    async def catch_up(self, turn: Turn, reason: str | None) -> Conversation | None:
        """Bring a conversation up to date with a turn that was kept before a process died; None when it is."""
        found = await self.records.conversations.find(turn.merchant, turn.conversation)
        if found is None or found.record.last_at >= turn.at:
            return None

        def behind(current: Conversation) -> Conversation:
            return current if current.last_at >= turn.at else after(current, turn, reason)

        return await self.records.conversations.change(turn.merchant, turn.conversation, behind)

    async def page(
        self, merchant: str, bot: str, *, test: bool, limit: int, cursor: str | None
    ) -> Listing[Conversation]:
        """A bot's conversations, newest first: shoppers' ones, or those of tests."""
        return await self.records.conversations.page(
            merchant, {"bot": bot, "test": test}, newest_first=True, limit=limit, cursor=cursor
        )

    async def turns(self, merchant: str, conversation_id: str) -> list[Turn]:
        """All turns of a conversation, oldest first."""
        return list(await self.records.turns.list(merchant, {"conversation": conversation_id}))

    async def rate(self, merchant: str, bot: str, turn_id: str, *, helpful: bool, comment: str) -> Turn:
        """Note what was thought of an answer; a later opinion replaces an earlier one. Raises NotFound."""
        turn = await self.records.turns.get(merchant, turn_id)
        if turn.bot != bot:
            raise NotFound(f"there is no answer {turn_id!r}")
        feedback = Feedback(helpful, comment.strip()[:2000], self.clock.now())
        return await self.records.turns.change(merchant, turn_id, lambda current: replace(current, feedback=feedback))


def after(conversation: Conversation, turn: Turn, reason: str | None) -> Conversation:
    """The conversation after a turn."""
    outcome = turn.reply.outcome
    spoken = replace(
        conversation,
        turns=conversation.turns + 1,
        first_question=conversation.first_question or turn.question[:200],
        last_at=turn.at,
        last_outcome=outcome,
        refusals=conversation.refusals + 1 if outcome == "refused" else 0,
    )
    if turn.reply.notice:
        spoken = replace(spoken, returned=False)
    if reason is None or conversation.owner != "bot":
        return spoken
    return replace(spoken, owner="waiting", reason=reason, asked_at=turn.at)


def told(turn: Turn, later: Sequence[Turn], said: Sequence[PersonMessage]) -> str:
    """What was answered to a turn: by the bot, and by people until the shopper wrote again."""
    until = later[0].at if later else None
    people = [one.text for one in said if one.at >= turn.at and (until is None or one.at < until)]
    return "\n".join(part for part in (turn.reply.text, *people) if part)
