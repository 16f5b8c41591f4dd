"""Answers shoppers: one path for every channel, the playground, trials and the studio."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import structlog

from engine.answering.conversations import Conversations
from engine.answering.finding import Finder
from engine.answering.guard import AnswerGuard
from engine.answering.instructions import without_instructions
from engine.answering.languages import language_of
from engine.answering.prices import without_old_prices
from engine.answering.prompts import NO_ANSWER, system_prompt
from engine.answering.redaction import CARD_WARNING, without_card_numbers
from engine.answering.scoring import Judged, judge
from engine.answering.understanding import LONGEST_MESSAGE, Understood, clean_message, understand
from engine.answering.wording import refusal_text
from engine.corrections import BotCorrections
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask, Check, Citation, Conversation, Outcome, ProductCard, Reply, Timings, Turn
from engine.domain.correction import Pin
from engine.domain.knowledge import Product
from engine.errors import Conflict, ModelUnavailable, Unavailable
from engine.ports import (
    Catalogue,
    ChatModel,
    Clock,
    CompositionLimits,
    CompositionRequest,
    Finish,
    Identifiers,
    Quote,
    Retriever,
    ScoredPassage,
    TextDelta,
)
from engine.records import Records

__all__ = ["Answerer", "Done", "Event", "Token"]

SHOWN_EVIDENCE = 8
MOST_PRODUCTS = 4
FENCE_LENGTH = 20
CARD_SCORE = 0.8
"""A product is shown as a card when a passage of it scores at least so large a share of the best."""
log = structlog.get_logger("storeclerk.answering")


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole reply, recorded."""

    reply: Reply


Event = Token | Done


@dataclass
class Draft:
    """An answer in the making."""

    started: float
    text: str = ""
    outcome: Outcome = "answered"
    quotes: tuple[Quote, ...] = ()
    products: tuple[ProductCard, ...] = ()
    checks: list[Check] = field(default_factory=list)
    model: str = ""
    pin: Pin | None = None
    """The merchant's own answer, when the question has one."""
    empty: bool = False
    """Whether nothing that the model stated could leave."""
    timings: Timings = field(default_factory=Timings)

    def elapsed(self) -> float:
        """Milliseconds since the work began."""
        return round((time.perf_counter() - self.started) * 1000, 2)

    def say(self, text: str) -> Token:
        """Add to the text, and note when the first of it came."""
        if not self.text:
            self.timings = replace(self.timings, first_token=self.elapsed())
        self.text += text
        return Token(text)


class Answerer:
    """Ask -> Reply."""

    def __init__(
        self,
        records: Records,
        conversations: Conversations,
        retriever: Retriever,
        catalogue: Catalogue,
        corrections: BotCorrections,
        model: ChatModel,
        fallback: ChatModel,
        limits: CompositionLimits,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self.records, self.conversations, self.catalogue = records, conversations, catalogue
        self.corrections, self.finder = corrections, Finder(retriever, corrections, model)
        self.model, self.fallback, self.limits = model, fallback, limits
        self.clock, self.identifiers = clock, identifiers

    async def live_version(self, bot: Bot) -> BotVersion:
        """The version shoppers meet. Raises Conflict when none is live or the bot is paused."""
        if bot.live is None:
            raise Conflict("This assistant is not live yet.", code="not_live")
        if bot.paused:
            raise Conflict("This assistant is paused.", code="paused")
        return await self.records.versions.get(bot.merchant, f"{bot.id}.{bot.live}")

    async def answer(self, bot: Bot, version: BotVersion, ask: Ask, *, test: bool = False, invite: str = "") -> Reply:
        """The whole reply at once."""
        async for event in self.stream(bot, version, ask, test=test, invite=invite):
            if isinstance(event, Done):
                return event.reply
        raise AssertionError("a stream ends with Done")

    async def stream(
        self, bot: Bot, version: BotVersion, ask: Ask, *, test: bool = False, invite: str = ""
    ) -> AsyncIterator[Event]:
        """The reply as it is made. Raises NotFound for an unknown conversation, Conflict for an unready version."""
        if not version.can_answer:
            raise Conflict(f"Version {version.number} is {version.status!r} and cannot answer yet.", code="not_ready")
        draft = Draft(time.perf_counter())
        conversation = await self.conversations.open(bot, ask, test=test)
        history = ask.history or await self.conversations.history(conversation)
        text, cards_removed = without_card_numbers(clean_message(ask.text))
        history = tuple((without_card_numbers(asked)[0], told) for asked, told in history)
        understood = understand(text[:LONGEST_MESSAGE], history, language_of(text[:LONGEST_MESSAGE]))
        draft.timings = replace(draft.timings, understand=draft.elapsed())
        evidence: tuple[ScoredPassage, ...] = ()
        if (spoken := self.without_knowledge(bot, version, text, understood)) is not None:
            words, draft.outcome = spoken
            draft.model = "storeclerk"
            yield draft.say(words)
        elif (pin := await self.corrections.pinned(bot.merchant, bot.id, understood.question)) is not None:
            draft.model, draft.pin = "storeclerk", pin
            yield draft.say(pin.answer)
        else:
            found, _ = await self.finder.find(version, understood.question)
            judged = judge(understood.question, found)
            evidence = judged.passages[:SHOWN_EVIDENCE]
            draft.timings = replace(draft.timings, retrieve=draft.elapsed())
            async for token in self.compose(bot, version, understood, history, judged, draft):
                yield token
        if cards_removed:
            draft.checks.append(
                Check("card_number", False, f"{cards_removed} card number(s) taken out of the message.")
            )
            yield draft.say(f" {CARD_WARNING.get(understood.language, CARD_WARNING['en'])}")
        reply = self.reply(conversation, understood, evidence, draft)
        turn = Turn(
            reply.turn_id,
            bot.merchant,
            bot.id,
            conversation.id,
            version.number,
            ask.channel,
            text[:LONGEST_MESSAGE],
            reply,
            self.clock.now(),
            invite=invite,
        )
        try:
            await self.conversations.record(conversation, turn)
        except Unavailable as error:
            # A shopper is answered also while the disk is full; only the record of it is lost, and said.
            log.error("turn.not_recorded", bot=bot.id, turn=turn.id, error=error.message)
            reply = replace(reply, checks=(*reply.checks, Check("recorded", False, "This answer could not be kept.")))
        yield Done(reply)

    @staticmethod
    def without_knowledge(
        bot: Bot, version: BotVersion, text: str, understood: Understood
    ) -> tuple[str, Outcome] | None:
        """What is said to messages that need no looking up, and the outcome."""
        persona = version.persona
        if not text:
            return "Your message was empty. What would you like to know?", "refused"
        if len(text) > LONGEST_MESSAGE:
            return f"Your message is longer than {LONGEST_MESSAGE:,} characters. Please ask in fewer words.", "refused"
        match understood.talk:
            case "greeting":
                return persona.greeting, "answered"
            case "thanks":
                return "You're welcome! Is there anything else I can help you with?", "answered"
            case "farewell":
                return "Goodbye, and thank you for visiting!", "answered"
            case "identity":
                return (
                    f"I am {persona.assistant_name}, an automated AI assistant of {bot.name}, not a person. "
                    "I answer from the shop's own information.",
                    "answered",
                )
            case "private":
                return (
                    "I cannot share other people's details or how I am set up. "
                    "I am glad to help with our products, delivery and returns.",
                    "refused",
                )
            case None:
                return None

    async def compose(
        self,
        bot: Bot,
        version: BotVersion,
        understood: Understood,
        history: tuple[tuple[str, str], ...],
        judged: Judged,
        draft: Draft,
    ) -> AsyncIterator[Token]:
        """Make the text: the model's, or the extractive composer's where the model cannot, or a refusal."""
        evidence = judged.passages[:SHOWN_EVIDENCE]
        products = await self.products(version, evidence)
        evidence, products, removed = without_instructions(without_old_prices(evidence, products), products)
        if removed:
            draft.checks.append(Check("instructions", False, f"{removed} sentence(s) to the assistant left out."))
        request = CompositionRequest(
            understood.question, history, understood.language, bot.name, version.persona, version.guardrails,
            evidence, products, self.identifiers.secret(FENCE_LENGTH),
        )  # fmt: skip
        models = [self.model]
        if version.guardrails.fall_back_to_extractive and self.fallback is not self.model:
            models.append(self.fallback)
        for model in models:
            draft.model = model.name
            wished = version.guardrails.refusal_threshold
            least = model.least_confidence if wished is None else wished
            if not evidence or judged.confidence < least:
                break
            try:
                async for token in self.guarded(model, request, draft):
                    yield token
            except ModelUnavailable as error:
                log.warning("model.unavailable", model=model.name, reason=error.reason, bot=bot.id)
                draft.checks.append(Check("model", False, f"{model.name}: {error.reason}"))
                if draft.text:
                    raise
                continue
            if draft.text.strip() and not draft.empty:
                draft.products = cards(products, judged.passages)
                return
            break
        else:
            yield draft.say("I cannot answer right now. Please try again in a moment.")
            draft.outcome = "refused"
            return
        draft.outcome, draft.quotes = "refused", ()
        gap = " " if draft.text and not draft.text[-1].isspace() else ""
        yield draft.say(gap + refusal_text(version.guardrails))

    async def guarded(self, model: ChatModel, request: CompositionRequest, draft: Draft) -> AsyncIterator[Token]:
        """The model's text, as far as the evidence and the rows bear it out."""
        guard = AnswerGuard(request, system_prompt(request, self.limits), (request.fence, NO_ANSWER))
        quotes: tuple[Quote, ...] = ()
        async for event in model.stream(request, self.limits):
            if isinstance(event, TextDelta):
                if free := guard.feed(event.text, event.passages):
                    yield draft.say(free)
            elif isinstance(event, Finish):
                quotes = event.quotes
        if rest := guard.finish():
            yield draft.say(rest)
        draft.quotes, draft.empty = guard.quotes(quotes), guard.nothing_remains
        draft.checks += guard.checks()

    async def products(self, version: BotVersion, evidence: tuple[ScoredPassage, ...]) -> tuple[Product, ...]:
        """Catalogue rows of the products that the evidence speaks of, best first."""
        wanted = dict.fromkeys(item.passage.product for item in evidence if item.passage.product is not None)
        found = await self.catalogue.get(version.key, list(wanted)[:MOST_PRODUCTS])
        removed = (await self.corrections.of(version.merchant, version.bot)).removed_sources
        return tuple(product for product in found if product.source not in removed)

    def reply(
        self, conversation: Conversation, understood: Understood, evidence: tuple[ScoredPassage, ...], draft: Draft
    ) -> Reply:
        """The finished reply with its citations."""
        passages = {item.passage.id: item.passage for item in evidence}
        citations = tuple(
            Citation(p.title, p.url, quote.text, p.source, p.fetched_at, p.page)
            for quote in draft.quotes
            if (p := passages.get(quote.passage)) is not None
        )
        if draft.pin is not None:
            citations = (Citation("The shop's own answer", "", draft.text.strip(), draft.pin.id, draft.pin.created_at),)
        if evidence and draft.outcome == "answered":
            draft.checks.append(Check("cited", bool(citations), f"{len(citations)} source(s) cited."))
        return Reply(
            conversation_id=conversation.id,
            turn_id=self.identifiers.new("turn"),
            text=draft.text.strip(),
            language=understood.language,
            outcome=draft.outcome,
            citations=citations if draft.outcome == "answered" else (),
            products=draft.products if draft.outcome == "answered" else (),
            checks=tuple(draft.checks),
            timings_ms=replace(draft.timings, total=draft.elapsed()),
            model=draft.model,
        )


def cards(products: tuple[Product, ...], passages: tuple[ScoredPassage, ...]) -> tuple[ProductCard, ...]:
    """Cards of the products whose passages score close to the best."""
    least = CARD_SCORE * passages[0].score
    close = {item.passage.product for item in passages if item.score >= least}
    return tuple(
        ProductCard(
            product.id,
            product.title,
            product.price,
            product.was_price,
            product.availability,
            product.url,
            product.image_url,
            "",
            product.as_of,
        )
        for product in products
        if product.id in close
    )
