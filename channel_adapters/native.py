"""The shop's own chat endpoint: `POST /chat/{bot}` answers with a Reply or its events; feedback; the public look."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from channel_adapters.access import Admitted, TheEngine, admit_shop
from channel_adapters.limits import LONGEST_COMMENT
from channel_adapters.rate_limits import QUOTA_CODE, RateLimits
from channel_adapters.streaming import while_connected
from engine.api.events import SSE_HEADERS, answer_events, reply_body, with_keep_alive
from engine.api.problems import documented, from_engine
from engine.domain.bot import Bot, BotVersion, Theme
from engine.domain.conversation import Ask, PageShown, Reply
from engine.errors import Conflict, NotFound, RateLimited
from engine.serving import Serving

__all__ = ["PublicBot", "public_bot", "router"]

router = APIRouter(prefix="/chat", tags=["chat"])
AI_GENERATED = {"X-AI-Generated": "true"}


class Page(BaseModel):
    """A page of the shop."""

    url: str = Field("", max_length=2_000, description="Its address.")
    title: str = Field("", max_length=500, description="Its title.")


class ChatRequest(BaseModel):
    """A shopper's message."""

    text: str = Field(description="The message; at most 2,000 characters are answered.")
    conversation_id: str | None = Field(
        None, max_length=100, description="Continues a conversation of the same visitor; a new one when left out."
    )
    visitor: str = Field("", max_length=100, pattern=r"^[A-Za-z0-9_.:-]*$", description="Your id of the visitor.")
    page: Page | None = Field(
        None, description="The page before the shopper: `this` may mean the product on it. Another one changes nothing."
    )
    stream: bool = Field(False, description="Whether the answer comes as events, as with `Accept: text/event-stream`.")


class FeedbackRequest(BaseModel):
    """What a shopper thought of an answer."""

    turn_id: str = Field(max_length=100, description="`turn_id` of the Reply.")
    conversation_id: str = Field(max_length=100, description="`conversation_id` of the Reply.")
    visitor: str = Field("", max_length=100, pattern=r"^[A-Za-z0-9_.:-]*$", description="As in the question.")
    helpful: bool = Field(description="Whether the answer helped.")
    comment: str = Field("", max_length=LONGEST_COMMENT, description="In the shopper's own words.")


class MessagesRequest(BaseModel):
    """Which conversation is looked at."""

    conversation_id: str = Field(max_length=100, description="`conversation_id` of a Reply.")
    visitor: str = Field("", max_length=100, pattern=r"^[A-Za-z0-9_.:-]*$", description="As in the question.")


class PersonSaid(BaseModel):
    """What a person of the shop said."""

    id: str = Field(description="Id, in the order in which they were said.")
    text: str = Field(description="The words, as plain text.")
    at: datetime = Field(description="When.")


class ConversationNow(BaseModel):
    """A conversation beyond the bot's answers."""

    owner: Literal["bot", "waiting", "person"] = Field(
        description="Who answers: the bot; the bot until a person has time; a person alone."
    )
    items: list[PersonSaid] = Field(description="What people of the shop said, oldest first.")


class PublicBot(BaseModel):
    """What everybody may know of a bot."""

    id: str = Field(description="The bot's id.")
    name: str = Field(description="The shop's name.")
    assistant_name: str = Field(description="The assistant's name.")
    greeting: str = Field(description="Its first words.")
    example_questions: tuple[str, ...] = Field(description="Questions to begin with.")
    icon_url: str | None = Field(description="Address of the icon, or null.")
    theme: Theme | None = Field(description="Light and dark palettes.")
    state: str = Field(description="`live`, `paused` or `not_live`.")
    contact: str = Field(description="Where a person can be reached, or empty.")


def channel_of(admitted: Admitted) -> str:
    """Through what the shopper speaks: a page, or the shop's own server."""
    return "widget" if admitted.key.kind == "publishable" else "api"


async def public_bot(engine: Serving, bot: Bot) -> PublicBot:
    """What everybody may know: words of the live version, today's look."""
    state, version = await live_state(engine, bot)
    persona = bot.persona if version is None else version.persona
    guardrails = bot.guardrails if version is None else version.guardrails
    icon = None if bot.icon is None else f"{engine.settings.server_address}/v1/bots/{bot.id}/icon.png?v={bot.icon[:12]}"
    return PublicBot(
        id=bot.id,
        name=bot.name,
        assistant_name=persona.assistant_name,
        greeting=persona.greeting,
        example_questions=persona.example_questions,
        icon_url=icon,
        theme=bot.theme,
        state=state,
        contact=guardrails.contact_text,
    )


async def live_state(engine: Serving, bot: Bot) -> tuple[str, BotVersion | None]:
    """Whether shoppers are answered, and by which version."""
    try:
        return "live", await engine.answerer.live_version(bot)
    except Conflict as error:
        return error.code, None


@router.get("/{bot}/config", response_model=PublicBot, responses=documented(401, 403, 404))
async def config(bot: str, engine: TheEngine, request: Request) -> PublicBot:
    """The assistant's public words and look."""
    admitted = await admit_shop(engine, request, bot)
    return await public_bot(engine, admitted.bot)


@router.post(
    "/{bot}",
    response_model=Reply,
    responses={
        **documented(401, 403, 404, 409, 413, 429, 503),
        200: {
            "description": "The reply, or its events `token`, `products`, `citations`, `reply` or `error`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def chat(
    bot: str,
    body: ChatRequest,
    engine: TheEngine,
    request: Request,
    accept: Annotated[str, Header(description="`text/event-stream` for events.")] = "",
) -> Any:
    """Answer a shopper with the live version. A web page needs a publishable key and an allowed origin."""
    admitted = await admit_shop(engine, request, bot)
    version = await engine.answerer.live_version(admitted.bot)
    channel = channel_of(admitted)
    try:
        await count(engine, request, admitted, body.visitor)
    except RateLimited as error:
        response = from_engine(error)
        response.headers["X-Should-Retry"] = "false" if error.code == QUOTA_CODE else "true"
        return response
    if body.conversation_id is not None:
        # Before the stream begins: afterwards the status could no longer say so.
        await own_conversation(engine, admitted, body.conversation_id, body.visitor)
    page = None if body.page is None else PageShown(body.page.url, body.page.title)
    ask = Ask(body.text, body.conversation_id, channel=channel, shopper=body.visitor, page=page)
    if body.stream or "text/event-stream" in accept:
        lines = with_keep_alive(answer_events(engine.answerer.stream(admitted.bot, version, ask)))
        return StreamingResponse(lines, media_type="text/event-stream", headers=SSE_HEADERS | AI_GENERATED)
    reply = await while_connected(request, engine.answerer.answer(admitted.bot, version, ask))
    if reply is None:
        return Response(status_code=499)
    return JSONResponse(reply_body(reply), headers=AI_GENERATED)


async def count(engine: Serving, request: Request, admitted: Admitted, visitor: str) -> None:
    """Count a message. Raises RateLimited. A shop's server speaks for many shoppers: its address is not limited."""
    limits = RateLimits(engine.adapters.counter, engine.adapters.clock, engine.settings)
    address = ""
    if admitted.key.kind == "publishable":
        address = request.client.host if request.client is not None else "unknown"
    await limits.admit(bot=admitted.bot.id, visitor=visitor, address=address)


async def own_conversation(engine: Serving, admitted: Admitted, conversation_id: str, visitor: str) -> None:
    """Return when the conversation is this visitor's. Raises NotFound, as if it did not exist, when it is not."""
    bot = admitted.bot
    conversation = await engine.conversations.get(bot.merchant, bot.id, conversation_id)
    if conversation.channel != channel_of(admitted) or conversation.shopper != visitor:
        raise NotFound(f"there is no conversation {conversation_id!r}")


@router.post("/{bot}/messages", response_model=ConversationNow, responses=documented(401, 403, 404, 413))
async def messages(bot: str, body: MessagesRequest, engine: TheEngine, request: Request) -> ConversationNow:
    """What people of the shop said in a conversation: to be asked for again while its owner is not the bot.

    A POST, as the visitor's id is a secret and addresses are logged.
    """
    admitted = await admit_shop(engine, request, bot)
    await own_conversation(engine, admitted, body.conversation_id, body.visitor)
    merchant = admitted.bot.merchant
    now = await engine.records.conversations.get(merchant, body.conversation_id)
    said = await engine.records.person_messages.list(merchant, {"conversation": now.id})
    items = [PersonSaid(id=message.id, text=message.text, at=message.at) for message in said]
    return ConversationNow(owner=now.owner, items=items)


@router.post("/{bot}/feedback", status_code=204, responses=documented(401, 403, 404, 413))
async def feedback(bot: str, body: FeedbackRequest, engine: TheEngine, request: Request) -> None:
    """Note what a shopper thought of an answer; a later opinion replaces an earlier one."""
    admitted = await admit_shop(engine, request, bot)
    merchant, bot_id = admitted.bot.merchant, admitted.bot.id
    await own_conversation(engine, admitted, body.conversation_id, body.visitor)
    turn = await engine.records.turns.get(merchant, body.turn_id)
    if turn.conversation != body.conversation_id:
        raise NotFound(f"there is no answer {body.turn_id!r}")
    await engine.conversations.rate(merchant, bot_id, turn.id, helpful=body.helpful, comment=body.comment)
