"""Answers shoppers: one path for every channel, the playground, trials and the studio."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import structlog

from engine.answering.conversations import Conversations
from engine.answering.drafting import MOST_PRODUCTS, Done, Draft, Event, Notice, Token, cards, reply_of
from engine.answering.finding import Finder
from engine.answering.guard import AnswerGuard
from engine.answering.instructions import without_instructions
from engine.answering.languages import language_of
from engine.answering.notices import disclosure, notice_due
from engine.answering.opting_out import opted, opting_of
from engine.answering.other_companies import other_company
from engine.answering.phrases import phrase, spoken_language
from engine.answering.prices import that_hold, without_old_prices
from engine.answering.prompts import NO_ANSWER, system_prompt
from engine.answering.ready_answers import ready_answer
from engine.answering.redaction import CARD_WARNING, without_card_numbers
from engine.answering.scoring import Judged
from engine.answering.shopping import Shelf, Shopping
from engine.answering.stems import stems
from engine.answering.understanding import LONGEST_MESSAGE, Understood, clean_message, understand
from engine.answering.viewing import meant_by
from engine.answering.wording import refusal_text
from engine.corrections import BotCorrections
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask, Check, Conversation, Outcome, Reply, Turn
from engine.domain.counting import counted
from engine.domain.handover import HandoverReason
from engine.domain.knowledge import Product
from engine.errors import Conflict, ModelUnavailable, Unavailable
from engine.handover.handover import Handover
from engine.ports import (
    Catalogue,
    ChatModel,
    Clock,
    CompositionLimits,
    CompositionRequest,
    Excerpt,
    Finish,
    Identifiers,
    Quote,
    Reranker,
    Retriever,
    ScoredPassage,
    TextDelta,
)
from engine.records import Records

__all__ = ["Answerer", "Done", "Event", "Notice", "Token"]

SHOWN_EVIDENCE = 8
READ_EVIDENCE = 24
"""Passages whose pieces an extractive answer may quote."""
FENCE_LENGTH = 20
log = structlog.get_logger("storeclerk.answering")


class Answerer:
    """Ask -> Reply."""

    def __init__(
        self,
        records: Records,
        conversations: Conversations,
        retriever: Retriever,
        reranker: Reranker | None,
        catalogue: Catalogue,
        corrections: BotCorrections,
        model: ChatModel,
        fallback: ChatModel,
        limits: CompositionLimits,
        clock: Clock,
        identifiers: Identifiers,
        shopping: Shopping,
        handover: Handover,
    ) -> None:
        self.shopping, self.handover = shopping, handover
        self.records, self.conversations, self.catalogue = records, conversations, catalogue
        self.corrections, self.finder = corrections, Finder(retriever, reranker, corrections, model)
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
        meant = await meant_by(text, ask.page, self.shopping.catalogue, version.key, begins=not history)
        understood = understand(meant[:LONGEST_MESSAGE], history, language_of(text[:LONGEST_MESSAGE]))
        draft.language = spoken_language(
            text, understood.language, [question for question, _ in history], version.persona.greeting
        )
        draft.timings = replace(draft.timings, understand=draft.elapsed())
        if not test:
            conversation = await self.handover.now(conversation)
        opting = opting_of(text) if ask.may_opt_out else None
        conversation, understood = opted(conversation, understood, opting)
        if not test and (conversation.owner == "person" or (conversation.opted_out and opting is None)):
            # A person owns the conversation, or the bot is not wanted: what is said is kept, and the bot is silent.
            draft.outcome, draft.model = "handed_off", "person"
            silent = await self.recorded(bot, version, ask, conversation, draft, text=text, invite=invite)
            await self.handover.moved(bot.merchant, conversation.id)
            yield Done(silent)
            return
        if notice_due(conversation, continues=bool(ask.history), now=self.clock.now()):
            draft.notice = disclosure(draft.language, name=version.persona.assistant_name, shop=bot.name)
            yield Notice(draft.notice)
        reason = None
        if not test:
            asked = understood.intent == "person"
            reason = await self.handover.reason_at_once(bot, conversation, text, asked=asked)
        if reason is None:
            async for token in self.made(bot, version, meant, understood, history, draft):
                yield token
        else:
            draft.model = "storeclerk"
        if cards_removed:
            draft.checks.append(
                Check("card_number", False, f"{counted(cards_removed, 'card number')} taken out of the message.")
            )
            yield draft.say(f" {CARD_WARNING.get(understood.language, CARD_WARNING['en'])}")
        if reason is None and not test:
            reason = await self.handover.reason_after(bot, conversation, draft.outcome)
        if reason is not None:
            draft.outcome = "handed_off"
            yield draft.say(await self.handed_over(bot, draft))
        draft.answered_in = understood.language
        reply = await self.recorded(bot, version, ask, conversation, draft, text=text, invite=invite, reason=reason)
        if reason is not None:
            self.handover.tell_soon(bot, conversation, reason, text)
            await self.handover.moved(bot.merchant, conversation.id)
        yield Done(reply)

    async def made(
        self,
        bot: Bot,
        version: BotVersion,
        text: str,
        understood: Understood,
        history: tuple[tuple[str, str], ...],
        draft: Draft,
    ) -> AsyncIterator[Token]:
        """The answer's words: at once, the merchant's own, from the shelf, or from the pages."""
        if (spoken := await self.at_once(bot, version, text, understood, draft.language)) is not None:
            words, draft.outcome = spoken
            draft.model = "storeclerk"
            yield draft.say(words)
            return
        if (pin := await self.corrections.pinned(bot.merchant, bot.id, understood.question)) is not None:
            draft.model, draft.pin = "storeclerk", pin
            yield draft.say(pin.answer)
            return
        shelf = await self.shelf(version, understood, history)
        judged = Judged((), 0.0)
        if shelf is None or not (shelf.sure and self.model is self.fallback):
            before = history[-1] if understood.leans and await self.says_something(version, text) else None
            found = await self.finder.find(version, understood.question, language=understood.language, before=before)
            judged = found.judged
        draft.evidence = shown(judged)
        draft.timings = replace(draft.timings, retrieve=draft.elapsed())
        if shelf is not None and (shelf.sure or not answered_by_pages(judged, self.least_confidence(version))):
            draft.evidence = () if self.model is self.fallback else evidence_of(shelf, draft.evidence)
            tokens = self.sell(bot, version, understood, history, shelf, draft.evidence, draft)
        else:
            tokens = self.compose(bot, version, understood, history, judged, draft)
        async for token in tokens:
            yield token

    async def says_something(self, version: BotVersion, text: str) -> bool:
        """Whether a message has a word of this shop in it, or only words that point at what was said before."""
        return not stems(text) or await self.finder.retriever.known(version.key, text) > 0

    async def recorded(
        self,
        bot: Bot,
        version: BotVersion,
        ask: Ask,
        conversation: Conversation,
        draft: Draft,
        *,
        text: str,
        invite: str,
        reason: HandoverReason | None = None,
    ) -> Reply:
        """The draft as a reply, kept as a turn of its conversation."""
        reply = reply_of(
            draft,
            draft.evidence,
            conversation=conversation.id,
            turn=ask.turn_id or self.identifiers.new("turn"),
            language=draft.answered_in,
        )
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
            await self.conversations.record(conversation, turn, reason)
        except Unavailable as error:
            # A shopper is answered also while the disk is full; only the record of it is lost, and said.
            log.error("turn.not_recorded", bot=bot.id, turn=turn.id, error=error.message)
            return replace(reply, checks=(*reply.checks, Check("recorded", False, "This answer could not be kept.")))
        return reply

    async def catch_up(self, bot: Bot, turn: Turn) -> None:
        """Bring a conversation up to date with a turn after which a process died, and tell of a hand-over it began."""
        asked = turn.reply.outcome == "handed_off" and bool(turn.reply.text)
        conversation = await self.conversations.catch_up(turn, "asked" if asked else None)
        if conversation is not None and asked:
            self.handover.tell_soon(bot, conversation, "asked", turn.question)
        if turn.reply.outcome == "handed_off":
            await self.handover.moved(turn.merchant, turn.conversation)

    async def handed_over(self, bot: Bot, draft: Draft) -> str:
        """That a person of the shop was asked to join, and when one is there."""
        back = await self.handover.back_at(bot)
        words = phrase("handed_over", draft.language)
        if back is not None:
            words = phrase("handed_over_later", draft.language).format(when=back)
        return f" {words}" if draft.text else words

    async def at_once(
        self, bot: Bot, version: BotVersion, text: str, understood: Understood, language: str
    ) -> tuple[str, Outcome] | None:
        """What is said without looking up an answer, and the outcome: also to a question about another company.

        It is another one when the shop's own knowledge holds no word of its name, and no answer was fixed for it.
        """
        spoken = ready_answer(bot, version, text, understood, language)
        if spoken is not None:
            return spoken
        named = other_company(text, understood.language, f"{bot.name} {version.persona.assistant_name}")
        if named is None:
            return None
        retriever = self.finder.retriever
        # A name of the shop's own may be written with a slip.
        if await retriever.known(version.key, await retriever.corrected(version.key, named)) > 0:
            return None
        if await self.corrections.pinned(bot.merchant, bot.id, understood.question) is not None:
            return None
        return phrase("beyond", language).format(shop=bot.name), "refused"

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
        models = [self.model]
        if version.guardrails.fall_back_to_extractive and self.fallback is not self.model:
            models.append(self.fallback)
        for model in models:
            draft.model = model.name
            if not model.judges and not judged.excerpts:
                judged = await self.finder.read(version, understood.question, judged.passages)
            evidence = shown(judged)
            products = await self.products(version, evidence)
            request, removed = self.request(bot, version, understood, history, evidence, products, judged.excerpts)
            evidence = request.evidence
            if removed and model is models[0]:
                draft.checks.append(
                    Check("instructions", False, f"{counted(removed, 'sentence')} to the assistant left out.")
                )
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
            yield draft.say(phrase("unavailable", draft.language))
            draft.outcome = "refused"
            return
        draft.outcome, draft.quotes = "refused", ()
        gap = " " if draft.text and not draft.text[-1].isspace() else ""
        yield draft.say(gap + refusal_text(version.guardrails, draft.language))

    def request(
        self,
        bot: Bot,
        version: BotVersion,
        understood: Understood,
        history: tuple[tuple[str, str], ...],
        evidence: tuple[ScoredPassage, ...],
        products: tuple[Product, ...],
        excerpts: tuple[Excerpt, ...] = (),
    ) -> tuple[CompositionRequest, int]:
        """All that an answer may be made of, and how many sentences that spoke to the assistant were left out."""
        evidence, products, removed = without_instructions(without_old_prices(evidence, products), products)
        return CompositionRequest(
            question=understood.question,
            history=history,
            language=understood.language,
            shop_name=bot.name,
            persona=version.persona,
            guardrails=version.guardrails,
            evidence=evidence,
            products=products,
            excerpts=that_hold(excerpts, evidence),
            fence=self.identifiers.secret(FENCE_LENGTH),
        ), removed

    async def shelf(
        self, version: BotVersion, understood: Understood, history: tuple[tuple[str, str], ...]
    ) -> Shelf | None:
        """What the shop has for the message, when it is about products."""
        removed = (await self.corrections.of(version.merchant, version.bot)).removed_sources
        earlier = [question for question, _ in history]
        return await self.shopping.shelf(
            version, understood.text, earlier=earlier, language=understood.language, without_sources=removed
        )

    def least_confidence(self, version: BotVersion) -> float:
        """Confidence in passages below which they do not answer."""
        wished = version.guardrails.refusal_threshold
        return self.fallback.least_confidence if wished is None else wished

    async def sell(
        self,
        bot: Bot,
        version: BotVersion,
        understood: Understood,
        history: tuple[tuple[str, str], ...],
        shelf: Shelf,
        evidence: tuple[ScoredPassage, ...],
        draft: Draft,
    ) -> AsyncIterator[Token]:
        """The shelf's own sentence, or a language model's from the same rows; the cards are the same."""
        draft.products, draft.rows = shelf.cards, shelf.rows
        draft.checks.append(
            Check("conditions", True, f"{counted(len(shelf.cards), 'card')}, each holds all that was asked.")
        )
        if self.model is not self.fallback and shelf.rows:
            request, removed = self.request(bot, version, understood, history, evidence, shelf.rows)
            if removed:
                draft.checks.append(
                    Check("instructions", False, f"{counted(removed, 'sentence')} to the assistant left out.")
                )
            draft.model = self.model.name
            try:
                async for token in self.guarded(self.model, request, draft):
                    yield token
            except ModelUnavailable as error:
                log.warning("model.unavailable", model=self.model.name, reason=error.reason, bot=bot.id)
                draft.checks.append(Check("model", False, f"{self.model.name}: {error.reason}"))
                if draft.text:
                    raise
        if not draft.text.strip():
            draft.model = self.fallback.name
            yield draft.say(shelf.text)

    async def guarded(self, model: ChatModel, request: CompositionRequest, draft: Draft) -> AsyncIterator[Token]:
        """The model's text, as far as the evidence and the rows bear it out."""
        guard = AnswerGuard(
            request, system_prompt(request, self.limits), (request.fence, NO_ANSWER), closing=model.judges
        )
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


def shown(judged: Judged) -> tuple[ScoredPassage, ...]:
    """The passages an answer may be made of: more of them where single pieces are quoted."""
    return judged.passages[: READ_EVIDENCE if judged.excerpts else SHOWN_EVIDENCE]


def answered_by_pages(judged: Judged, least: float) -> bool:
    """Whether something other than a product's description answers, and surely enough."""
    return bool(judged.passages) and judged.passages[0].passage.product is None and judged.confidence >= least


def evidence_of(shelf: Shelf, evidence: tuple[ScoredPassage, ...]) -> tuple[ScoredPassage, ...]:
    """What is said elsewhere of the products on the shelf."""
    shown = {row.id for row in shelf.rows}
    return tuple(item for item in evidence if item.passage.product in shown)
