"""What happens when a tester asks, rates or finishes. Never here: Gradio.

Who the tester is comes from the cookie of each request, never from what the page remembers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from channel_adapters.rate_limits import RateLimits
from engine.answering.answerer import Done, Event
from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask, Reply
from engine.domain.trial import Invite, Questionnaire, Rating, RatingText
from engine.errors import InvalidInput
from studio.playground.opinions import Opinion, opinion_of

__all__ = ["Answer", "Choice", "Talk", "Tester", "ask", "closing", "finish", "rate", "tester_of"]


@dataclass(frozen=True, slots=True)
class Tester:
    """An invited person and what they were invited to."""

    invite: Invite
    bot: Bot
    version: BotVersion


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that a page shows."""

    place: int
    """Among the shown messages."""
    question: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Talk:
    """What one open page remembers of its conversation."""

    invite: str = ""
    conversation: str | None = None
    answers: tuple[Answer, ...] = ()

    def belonging_to(self, tester: Tester) -> Talk:
        """This talk, or a fresh one when it was another tester's."""
        return self if self.invite == tester.invite.id else Talk(invite=tester.invite.id)

    def answered(self, place: int, question: str, reply: Reply) -> Talk:
        """The talk with one more answer."""
        answers = (*self.answers, Answer(place, question, reply))
        return replace(self, conversation=reply.conversation_id, answers=answers)

    def answer_at(self, place: int) -> Answer | None:
        """The answer shown at a place."""
        return next((answer for answer in self.answers if answer.place == place), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which answer the rating belongs to: one chosen by its own thumb, until a newer one comes.

    Apart from `Talk`, so that rating while an answer is being written does not fall victim to that answer's end.
    """

    turn: str = ""
    among: int = 0
    """How many answers there were when it was chosen."""

    def answer(self, talk: Talk) -> Answer | None:
        """The chosen answer, else the newest."""
        if self.among == len(talk.answers):
            chosen = next((answer for answer in talk.answers if answer.reply.turn_id == self.turn), None)
            if chosen is not None:
                return chosen
        return talk.answers[-1] if talk.answers else None


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


async def rate(engine: Engine, tester: Tester, turn: str, said: Opinion) -> tuple[Opinion, int]:
    """Add to the tester's opinion of an answer; the whole opinion, and how many answers they have rated.

    Raises NotFound for an answer not theirs, InvalidInput for words without thumb or stars.
    """

    def say(known: Rating | None) -> RatingText:
        whole = opinion_of(known).with_more(said)
        if whole.helpful is None:
            raise InvalidInput("Choose a thumb or stars first, then write why.")
        return RatingText(whole.helpful, whole.comment or "", whole.stars, by_thumb=whole.thumb is not None)

    kept = await engine.invites.rate(tester.version, tester=tester.invite.id, turn=turn, say=say)
    invite = await engine.records.invites.get(tester.invite.merchant, tester.invite.id)
    return opinion_of(kept), invite.ratings


async def closing(engine: Engine, tester: Tester) -> Questionnaire | None:
    """What the tester said at the end of this version, if they did."""
    return await engine.invites.closing(tester.invite.merchant, tester.invite.id, tester.version.number)


async def finish(
    engine: Engine, tester: Tester, would_use: int | None, trusts: int | None, missing: str
) -> Questionnaire:
    """Keep the answers to the closing questions. Raises InvalidInput when one of the first two is missing."""
    if would_use is None or trusts is None:
        raise InvalidInput("Please answer the first two questions; the third is up to you.")
    return await engine.invites.close(
        tester.version, tester=tester.invite.id, would_use=would_use, trusts=trusts, missing=missing
    )
