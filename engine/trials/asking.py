"""One test case asked once: through the same `answer` that shoppers get, and scored.

Never here: which cases are asked, and what becomes of the results; see `trials`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from engine.answering.answerer import Answerer
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask, Reply
from engine.domain.trial import CaseResult, TestCase
from engine.errors import ModelUnavailable, StoreclerkError
from engine.trials.judging import Judge
from engine.trials.scoring import checks_of, reasons
from engine.trials.shoppers import MOST_MESSAGES, PlayedShopper, together

__all__ = ["CaseAsking"]

QUOTA_WAITS = (2.0, 8.0, 30.0)
"""Seconds to wait, one after the other, while the model's server says that its quota is used up."""
log = structlog.get_logger("storeclerk.trials")


class CaseAsking:
    """Asks a version one test case, and says how it went."""

    def __init__(
        self,
        answerer: Answerer,
        judge: Judge | None,
        shopper: PlayedShopper | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.answerer, self.judge, self.shopper, self.sleep = answerer, judge, shopper, sleep

    async def result(self, bot: Bot, version: BotVersion, case: TestCase, attempt: int) -> CaseResult:
        """How one case went; whatever breaks on the way is a failed result of this case and of no other."""
        blank = CaseResult(
            case.id, case.question, "", "failed", passed=False, reasons=(), total_ms=0.0, first_token_ms=0.0,
            failed=True, attempt=attempt, kind=case.kind, expects=case.expects, digest=case.digest,
        )  # fmt: skip
        try:
            reply = await self.reply(bot, version, case)
            if (outage := outage_of(reply)) is not None:
                # Somebody else answered in the model's place: that proves nothing about the model.
                return replace(blank, answer=reply.text, reasons=(f"The language model did not answer ({outage}).",))
            return await self.scored(blank, case, reply)
        except StoreclerkError as error:
            return replace(blank, reasons=(error.message,))
        except Exception as error:
            # One case that breaks the program must not end the run each time anew: the other cases still tell.
            log.exception("trial.case_broke", bot=bot.id, case=case.id, attempt=attempt)
            return replace(blank, reasons=(f"A fault in Storeclerk ({type(error).__name__}).",))

    async def scored(self, blank: CaseResult, case: TestCase, reply: Reply) -> CaseResult:
        """The result of an answer, by rules and with the second opinion."""
        checks = checks_of(case, reply)
        wrong = reasons(case, checks)
        opinion = None if self.judge is None else await self.judge.opinion(case, reply)
        return replace(
            blank,
            answer=reply.text,
            outcome=reply.outcome,
            passed=not wrong,
            reasons=wrong,
            total_ms=reply.timings_ms.total,
            first_token_ms=reply.timings_ms.first_token,
            failed=False,
            checks=checks,
            citations=tuple(dict.fromkeys(cited.url or cited.title for cited in reply.citations)),
            judged_right=None if opinion is None else opinion.right,
            judged_why="" if opinion is None else opinion.why,
            turn=reply.turn_id,
        )

    async def reply(self, bot: Bot, version: BotVersion, case: TestCase) -> Reply:
        """The last answer of the case's conversation; begins again later while the model's quota is used up."""
        for wait in QUOTA_WAITS:
            try:
                reply = await self.conversation(bot, version, case)
            except ModelUnavailable as error:
                if error.reason != "over_quota":
                    raise
            else:
                if not (outage_of(reply) or "").endswith("over_quota"):
                    return reply
            log.info("trial.waits_for_quota", bot=bot.id, seconds=wait)
            await self.sleep(wait)
        return await self.conversation(bot, version, case)

    async def conversation(self, bot: Bot, version: BotVersion, case: TestCase) -> Reply:
        """The last answer, or all of a shopper with a goal; or the first one that the model did not give.

        The rest would build on that one.
        """
        conversation: str | None = None
        for text in case.earlier:
            ask = Ask(text, conversation, channel="trial")
            reply = await self.answerer.answer(bot, version, ask, test=True)
            if outage_of(reply) is not None:
                return reply
            conversation = reply.conversation_id
        ask = Ask(case.question, conversation, channel="trial")
        reply = await self.answerer.answer(bot, version, ask, test=True)
        return await self.played_on(bot, version, case, reply)

    async def played_on(self, bot: Bot, version: BotVersion, case: TestCase, reply: Reply) -> Reply:
        """All answers of a shopper with a goal, played by the model, as one; the reply itself without a goal."""
        if not case.goal or self.shopper is None or outage_of(reply) is not None:
            return reply
        replies, talk = [reply], [(case.question, reply.text)]
        for _ in range(MOST_MESSAGES):
            message = await self.shopper.next_message(case.goal, talk)
            if message is None:
                break
            ask = Ask(message, reply.conversation_id, channel="trial")
            reply = await self.answerer.answer(bot, version, ask, test=True)
            if outage_of(reply) is not None:
                return reply
            replies.append(reply)
            talk.append((message, reply.text))
        return together(replies)


def outage_of(reply: Reply) -> str | None:
    """Why the language model did not answer, or None when it did."""
    return next((check.detail for check in reply.checks if check.name == "model" and not check.passed), None)
