"""Use cases of hand-over: whether a person is wanted, telling the shop, taking over, speaking, handing back.

Never here: how words reach the shopper's channel.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from engine.audit import Audit
from engine.domain.bot import Bot
from engine.domain.channel import OutboundMessage
from engine.domain.conversation import Conversation, Outcome
from engine.domain.handover import HandoverReason, HandoverRules, PersonMessage
from engine.errors import AlreadyExists, Conflict, FieldProblem, InvalidInput, MailNotSent, NotFound, spelled_out
from engine.handover.faults import LABELS, faults
from engine.handover.moods import is_upset
from engine.ports import Clock, Identifiers, Mail, Mailer
from engine.records import Records

__all__ = ["Handover"]

LONGEST_MESSAGE = 4_000
SENDING_SECONDS = 30.0
"""As long as a message may be on its way out when a person takes over: each send is cut off before."""
LOOKED_EVERY = 0.1
WHY: Mapping[str, str] = {
    "asked": "The shopper asked for a person.",
    "keyword": "The shopper used one of your words.",
    "refused": "The assistant did not know an answer several times in a row.",
    "upset": "The shopper seems upset.",
}
Watcher = Callable[[str, str], Awaitable[None]]
"""Called with a merchant and a conversation."""
log = structlog.get_logger("storeclerk.handover")


class Handover:
    """A person behind each bot that has one."""

    def __init__(
        self,
        records: Records,
        audit: Audit,
        mailer: Mailer,
        clock: Clock,
        identifiers: Identifiers,
        studio_address: str,
    ) -> None:
        self.records, self.audit, self.mailer = records, audit, mailer
        self.clock, self.identifiers, self.studio_address = clock, identifiers, studio_address
        self.telling: set[asyncio.Task[None]] = set()
        self.watchers: list[Watcher] = []
        """Are told when something about a conversation may concern the shop's people."""

    # --- rules --------------------------------------------------------------------------------

    async def rules(self, merchant: str, bot: str) -> HandoverRules:
        """When this bot asks for a person; never, unless its merchant says so."""
        found = await self.records.handover_rules.find(merchant, bot)
        return HandoverRules(merchant, bot) if found is None else found.record

    async def change_rules(self, bot: Bot, changes: Mapping[str, Any], *, by: str) -> HandoverRules:
        """Change some of the rules. Raises InvalidInput naming each field that cannot be used."""
        await self.check_changes(bot, changes)
        with suppress(AlreadyExists):
            await self.records.handover_rules.add(bot.merchant, bot.id, HandoverRules(bot.merchant, bot.id))
        changed = await self.records.handover_rules.change(
            bot.merchant, bot.id, lambda current: replace(current, **changes)
        )
        detail = "People answer as well." if changed.on else "People do not answer."
        await self.audit.note(bot.merchant, bot.id, by=by, action="handover_changed", detail=detail)
        return changed

    async def check_changes(self, bot: Bot, changes: Mapping[str, Any]) -> None:
        """Return when the rules can be changed like this. Raises InvalidInput naming each field that cannot be used."""
        if problems := faults(replace(await self.rules(bot.merchant, bot.id), **changes)):
            raise InvalidInput(spelled_out("Hand-over cannot be set like this.", problems, LABELS), fields=problems)

    async def moved(self, merchant: str, conversation: str) -> None:
        """Let the watchers look at a conversation. Their failure is none of the shopper's: they look again later."""
        for watcher in self.watchers:
            try:
                await watcher(merchant, conversation)
            except Exception:
                log.exception("handover.watcher_broke", conversation=conversation)

    # --- the bot's side -----------------------------------------------------------------------

    async def reason_at_once(
        self, bot: Bot, conversation: Conversation, text: str, *, asked: bool
    ) -> HandoverReason | None:
        """Why a person is wanted whatever the bot would answer, or None. Never twice while one is on the way."""
        rules = await self.rules(bot.merchant, bot.id)
        if not rules.on or conversation.owner != "bot":
            return None
        if asked:
            return "asked"
        words = text.casefold()
        if any(re.search(rf"\b{re.escape(word.casefold())}\b", words) for word in rules.keywords):
            return "keyword"
        return "upset" if rules.when_upset and is_upset(text) else None

    async def reason_after(self, bot: Bot, conversation: Conversation, outcome: Outcome) -> HandoverReason | None:
        """Why a person is wanted after an answer: so many in a row were not found. Else None."""
        rules = await self.rules(bot.merchant, bot.id)
        if not rules.on or conversation.owner != "bot" or outcome != "refused":
            return None
        return "refused" if conversation.refusals + 1 >= rules.refusals else None

    async def back_at(self, bot: Bot) -> str | None:
        """When a person is there again, in words of the shop's own time; None when one is there now."""
        rules = await self.rules(bot.merchant, bot.id)
        opens = rules.hours.opens(self.clock.now())
        return None if opens is None else f"{opens:%Y-%m-%d %H:%M} ({rules.hours.timezone})"

    def tell_soon(self, bot: Bot, conversation: Conversation, reason: HandoverReason, question: str) -> None:
        """Tell the people of the shop, without letting the shopper wait for a mail server."""
        task = asyncio.create_task(self.tell(bot, conversation, reason, question))
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)

    async def tell(self, bot: Bot, conversation: Conversation, reason: HandoverReason, question: str) -> None:
        """Tell the people of the shop that one of them is wanted; mail that does not leave is logged, not raised."""
        rules = await self.rules(bot.merchant, bot.id)
        link = f"{self.studio_address}/inbox?bot={bot.id}&conversation={conversation.id}"
        text = f"{WHY[reason]}\n\nThe last message:\n\n{question[:500]}\n\nAnswer here: {link}"
        for address in rules.notify:
            mail = Mail(address, f"A shopper of {bot.name} waits for a person", text, self.clock.now(), {"link": link})
            try:
                await self.mailer.send(bot.merchant, mail)
            except MailNotSent as error:
                log.warning("handover.not_mailed", bot=bot.id, reason=error.message)

    async def now(self, conversation: Conversation) -> Conversation:
        """The conversation as it is owned now: a person who fell silent for too long has handed it back by that."""
        if conversation.owner != "person":
            return conversation
        rules = await self.rules(conversation.merchant, conversation.bot)
        last = conversation.person_at
        if last is not None and self.clock.now() - last < timedelta(hours=rules.idle_hours):
            return conversation
        back = await self.change(conversation, returned)
        await self.moved(back.merchant, back.id)
        return back

    async def drain(self) -> None:
        """Let mails that are on their way leave."""
        await asyncio.gather(*self.telling, return_exceptions=True)

    # --- the person's side --------------------------------------------------------------------

    async def claim(self, conversation: Conversation, *, by: str) -> Conversation:
        """Let a member own the conversation: once this returns, nothing of the bot leaves any more.

        Raises Conflict when somebody else owns it.
        """
        taken = await self.take(conversation, by=by)
        await self.silence(taken)
        return taken

    async def take(self, conversation: Conversation, *, by: str, key: str = "") -> Conversation:
        """Let somebody own the conversation; what of the bot leaves at this moment ends with `silence`.

        `key` tells people from elsewhere apart. Raises Conflict when somebody else owns it.
        """
        now = self.clock.now()

        def take(current: Conversation) -> Conversation:
            refuse_others(current, by, key)
            return replace(current, owner="person", member=by, member_key=key, person_at=now, refusals=0)

        return await self.change(conversation, take)

    async def silence(self, taken: Conversation) -> None:
        """Withdraw what waits of the bot, wait for what leaves, and only then let it be seen who has taken over."""
        await self.withdraw(taken)
        await self.moved(taken.merchant, taken.id)

    async def step_aside(self, conversation: Conversation) -> Conversation:
        """Let the bot be silent where somebody answered by other means than ours; any member may take it over.

        What of the bot waits is withdrawn later by `withdraw`; nothing that begins to leave from now on does.
        """
        now = self.clock.now()
        return await self.change(
            conversation, lambda current: replace(current, owner="person", person_at=now, refusals=0)
        )

    async def bots_messages(self, conversation: Conversation) -> list[OutboundMessage]:
        """Answers of the bot that have not left: being made, waiting, or leaving at this moment."""
        here: dict[str, str | int | bool] = {"conversation": conversation.id}
        # In this order: one that is made meanwhile goes from the first to the second.
        return [
            out
            for status in ("making", "waiting")
            for out in await self.records.outbound.list(conversation.merchant, here | {"status": status})
            if out.author == "bot"
        ]

    async def withdraw(self, conversation: Conversation) -> None:
        """Take back the bot's messages that wait, and wait for one that is leaving at this moment.

        One that is shown while it is made is taken off the screen by whoever makes it, and waited for as well.
        """
        ends = asyncio.get_running_loop().time() + SENDING_SECONDS
        while asyncio.get_running_loop().time() < ends:
            bots = await self.bots_messages(conversation)
            for out in bots:
                if not out.is_leaving:
                    await self.records.outbound.change(out.merchant, out.id, taken_back)
            if not any(out.is_leaving for out in bots):
                return
            await asyncio.sleep(LOOKED_EVERY)

    async def say(
        self, conversation: Conversation, text: str, *, by: str, channel: bool, key: str = "", ident: str = ""
    ) -> PersonMessage:
        """Keep a person's words; `channel` when they leave through one. Raises InvalidInput, Conflict.

        Who writes has taken the conversation over before; nobody speaks into another person's conversation. Words with
        an `ident` that are kept already are not kept again.
        """
        if ident and (known := await self.records.person_messages.find(conversation.merchant, ident)) is not None:
            return known.record
        words = text.strip()
        if not words or len(words) > LONGEST_MESSAGE:
            told = f"has 1 to {LONGEST_MESSAGE:,} characters"
            raise InvalidInput(f"A message {told}.", fields=[FieldProblem("text", told)])
        if conversation.owner != "person" or (conversation.member, conversation.member_key) != (by, key):
            raise Conflict("Take the conversation over first, so that the assistant is silent.", code="not_yours")
        now = self.clock.now()
        message = PersonMessage(
            ident or self.identifiers.new("message"),
            conversation.merchant,
            conversation.bot,
            conversation.id,
            by,
            words,
            now,
            "waiting" if channel else "kept",
        )
        try:
            await self.records.person_messages.add(conversation.merchant, message.id, message)
        except AlreadyExists:
            return await self.records.person_messages.get(conversation.merchant, message.id)
        await self.change(conversation, lambda current: replace(current, person_at=now, last_at=now))
        return message

    async def hand_back(self, conversation: Conversation, *, by: str, key: str = "") -> Conversation:
        """Let the bot answer again; its next answer says that it is one. Raises Conflict."""

        def give(current: Conversation) -> Conversation:
            if current.owner == "bot":
                raise Conflict("The assistant answers here already.", code="not_taken")
            refuse_others(current, by, key)
            return returned(current)

        given = await self.change(conversation, give)
        await self.moved(given.merchant, given.id)
        return given

    async def messages(self, conversation: Conversation) -> list[PersonMessage]:
        """What people wrote in a conversation, oldest first."""
        where: dict[str, str | int | bool] = {"conversation": conversation.id}
        return list(await self.records.person_messages.list(conversation.merchant, where))

    async def message(self, merchant: str, bot: str, message: str) -> PersonMessage:
        """One message of a person. Raises NotFound."""
        found = await self.records.person_messages.get(merchant, message)
        if found.bot != bot:
            raise NotFound(f"there is no message {message!r}")
        return found

    async def change(self, conversation: Conversation, change: Any) -> Conversation:
        """Change a conversation's record."""
        return await self.records.conversations.change(conversation.merchant, conversation.id, change)


def refuse_others(conversation: Conversation, by: str, key: str) -> None:
    """Raise Conflict when somebody else owns the conversation. Who answered by other means holds nobody up."""
    if conversation.owner == "person" and (conversation.member, conversation.member_key) not in {("", ""), (by, key)}:
        raise Conflict(f"{conversation.member} has taken this conversation over.", code="taken")


def taken_back(out: OutboundMessage) -> OutboundMessage:
    """An answer of the bot that does not leave any more; one that is leaving, or has left, as it is."""
    if out.status != "waiting" or out.is_leaving:
        return out
    return replace(out, status="withdrawn", failure="A person had taken over the conversation.")


def returned(conversation: Conversation) -> Conversation:
    """The conversation with the bot at it again."""
    return replace(conversation, owner="bot", member="", member_key="", reason="", returned=True, refusals=0)
