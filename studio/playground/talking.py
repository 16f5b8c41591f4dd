"""What happens when a tester asks or rates. Never here: Gradio.

Who the tester is comes from the cookie of each request, never from what the page remembers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from channel_adapters.rate_limits import RateLimits
from engine.answering.answerer import Done, Event
from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask
from engine.domain.trial import Invite

__all__ = ["Talk", "Tester", "ask", "rate", "tester_of"]


@dataclass(frozen=True, slots=True)
class Tester:
    """An invited person and what they were invited to."""

    invite: Invite
    bot: Bot
    version: BotVersion


@dataclass(frozen=True, slots=True)
class Talk:
    """What one open page remembers of its conversation."""

    invite: str = ""
    conversation: str | None = None
    turns: tuple[tuple[int, str], ...] = ()
    """Place among the shown messages, and the answer's turn."""
    rated: str = ""
    """Turn of the answer that was rated last: a comment belongs to it."""
    helpful: bool = True

    def belonging_to(self, tester: Tester) -> Talk:
        """This talk, or a fresh one when it was another tester's."""
        return self if self.invite == tester.invite.id else Talk(invite=tester.invite.id)

    def answered(self, place: int, conversation: str, turn: str) -> Talk:
        """The talk with one more answer."""
        return replace(self, conversation=conversation, turns=(*self.turns, (place, turn)))

    def turn_at(self, place: int) -> str | None:
        """The turn shown at a place."""
        return dict(self.turns).get(place)

    @property
    def last_turn(self) -> str | None:
        """The newest answer's turn."""
        return self.turns[-1][1] if self.turns else None


async def tester_of(engine: Engine, token: str) -> Tester:
    """The tester whom a token names. Raises NotAuthenticated, and NotFound when the bot is gone."""
    invite = await engine.invites.check(token)
    bot = await engine.bots.get(invite.merchant, invite.bot)
    return Tester(invite, bot, await engine.versions.get(invite.merchant, invite.bot, invite.version))


async def ask(engine: Engine, tester: Tester, talk: Talk, text: str, address: str) -> AsyncIterator[Event]:
    """The answer of the version under test, in the limits shoppers have. Raises RateLimited, Conflict, NotFound."""
    limits = RateLimits(engine.adapters.counter, engine.adapters.clock, engine.settings)
    await limits.admit(bot=tester.bot.id, visitor=tester.invite.id, address=address)
    question = Ask(text, talk.conversation, channel="playground", shopper=tester.invite.id)
    events = engine.answerer.stream(tester.bot, tester.version, question, test=True, invite=tester.invite.id)
    async for event in events:
        yield event
        if isinstance(event, Done):
            return


async def rate(engine: Engine, tester: Tester, turn: str, *, helpful: bool, comment: str) -> int:
    """Keep a rating; answers how many this tester has given. Raises NotFound for an answer not theirs."""
    await engine.invites.rate(tester.version, tester=tester.invite.id, turn=turn, helpful=helpful, comment=comment)
    return (await engine.records.invites.get(tester.invite.merchant, tester.invite.id)).ratings
