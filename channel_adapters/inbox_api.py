"""Routes of the inbox: a person of the shop takes a conversation over, answers in the shopper's channel, hands back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from channel_adapters.api import View
from channel_adapters.hooks import ChannelDesk, TheDesk
from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases, UseCases
from engine.api.problems import documented
from engine.channels.inbox import day_of
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink, ChannelThread, OutboundMessage, OutboundPart
from engine.domain.conversation import Conversation, Reply
from engine.domain.handover import HandoverRules, OfficeHours, PersonMessage
from engine.errors import Conflict

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["inbox"])
Id = Annotated[str, Path(description="Id of the conversation.")]
PUT_ON_ITS_WAY = timedelta(minutes=1)
BASE = "/bots/{bot}/conversations/{conversation}"


class RulesView(View):
    """When the assistant asks for a person."""

    on: bool
    """Whether people answer at all."""
    refusals: int
    """Answers in a row that were not found, after which a person is asked for."""
    keywords: tuple[str, ...]
    """Words at which a person is asked for at once."""
    when_upset: bool
    """Whether an upset shopper gets a person."""
    hours: OfficeHours
    """When people are there."""
    notify: tuple[str, ...]
    """E-mail addresses that are told."""
    idle_hours: float
    """After so long without a word of the person, the assistant answers again."""

    @classmethod
    def of(cls, rules: HandoverRules) -> RulesView:
        """The view of the record."""
        return cls(**{name: getattr(rules, name) for name in cls.model_fields})


class RulesChange(View):
    """What is changed; what is left out stays."""

    on: bool | None = None
    """Whether people answer at all."""
    refusals: int | None = None
    """1 to 10."""
    keywords: tuple[str, ...] | None = None
    """At most 50."""
    when_upset: bool | None = None
    """Whether an upset shopper gets a person."""
    hours: OfficeHours | None = None
    """When people are there; always when no day is named."""
    notify: tuple[str, ...] | None = None
    """At most 5 e-mail addresses."""
    idle_hours: float | None = None
    """A quarter of an hour to a week."""


class PersonMessageView(View):
    """What somebody of the shop wrote."""

    id: str
    """Id."""
    member: str
    """Who."""
    text: str
    """What."""
    at: datetime
    """When."""
    delivery: Literal["waiting", "sent", "dead", "kept"]
    """Whether it has left; `kept` where the shopper's page fetches it."""
    failure: str
    """Why it did not leave."""


class InboxView(View):
    """A conversation as the people of the shop see it."""

    id: str
    """Id."""
    channel: str
    """Where the shopper is."""
    owner: Literal["bot", "waiting", "person"]
    """Who answers."""
    member: str
    """The person who took it over."""
    reason: str
    """Why a person was asked for: `asked`, `keyword`, `refused`, `upset`; empty when none was."""
    asked_at: datetime | None
    """When."""
    last_at: datetime
    """When something was said last."""
    first_question: str
    """How it began."""
    last_outcome: str
    """How the last message was answered."""

    @classmethod
    def of(cls, conversation: Conversation) -> InboxView:
        """The view of the record."""
        return cls(**{name: getattr(conversation, name) for name in cls.model_fields})


class MessageRequest(View):
    """A person's words."""

    text: str = Field(max_length=4000)
    """What is said to the shopper."""


async def conversation_here(engine: TheUseCases, bot: BotHere, conversation: Id) -> Conversation:
    """The conversation in the path. Raises NotFound."""
    return await engine.conversations.get(bot.merchant, bot.id, conversation)


ConversationHere = Annotated[Conversation, Depends(conversation_here)]


@router.get("/bots/{bot}/handover", response_model=RulesView, responses=documented(401, 404))
async def rules(desk: TheDesk, bot: BotHere) -> RulesView:
    """When the assistant asks for a person."""
    return RulesView.of(await desk.handover.rules(bot.merchant, bot.id))


@router.patch("/bots/{bot}/handover", response_model=RulesView, responses=documented(401, 404))
async def change_rules(body: RulesChange, desk: TheDesk, caller: CurrentCaller, bot: BotHere) -> RulesView:
    """Change when the assistant asks for a person."""
    changes = {name: getattr(body, name) for name in body.model_fields_set if getattr(body, name) is not None}
    return RulesView.of(await desk.handover.change_rules(bot, changes, by=caller.member.email))


@router.get("/bots/{bot}/inbox", response_model=s.Items[InboxView], responses=documented(401, 404))
async def inbox(
    engine: TheUseCases,
    bot: BotHere,
    paging: Annotated[Paging, Depends()],
    owner: Annotated[Literal["waiting", "person"], Query(description="Those that wait, or those taken over.")],
) -> dict[str, Any]:
    """Conversations that people look after, newest first."""
    page = await engine.records.conversations.page(
        bot.merchant,
        {"bot": bot.id, "owner": owner, "test": False},
        newest_first=True,
        limit=paging.limit,
        cursor=paging.cursor,
    )
    return s.page(page, InboxView.of)


@router.post(f"{BASE}/claim", response_model=InboxView, responses=documented(401, 404, 409))
async def claim(desk: TheDesk, caller: CurrentCaller, conversation: ConversationHere) -> InboxView:
    """Take a conversation over: the assistant is silent until it is handed back."""
    return InboxView.of(await desk.handover.claim(conversation, by=caller.member.email))


@router.post(f"{BASE}/hand_back", response_model=InboxView, responses=documented(401, 404, 409))
async def hand_back(desk: TheDesk, caller: CurrentCaller, conversation: ConversationHere) -> InboxView:
    """Let the assistant answer again; its next answer says that it is one."""
    return InboxView.of(await desk.handover.hand_back(conversation, by=caller.member.email))


@router.get(f"{BASE}/messages", response_model=s.Items[PersonMessageView], responses=documented(401, 404))
async def list_messages(desk: TheDesk, conversation: ConversationHere) -> dict[str, Any]:
    """What people wrote in a conversation, oldest first."""
    said = await desk.handover.messages(conversation)
    return {"items": [await message_view(desk, message) for message in said], "next_cursor": None}


@router.post(f"{BASE}/messages", status_code=201, response_model=PersonMessageView, responses=documented(401, 404, 409))
async def say(
    body: MessageRequest,
    engine: TheUseCases,
    desk: TheDesk,
    caller: CurrentCaller,
    bot: BotHere,
    conversation: ConversationHere,
) -> PersonMessageView:
    """Answer a shopper, in the channel where they wrote. The conversation has to be taken over first."""
    found = await engine.records.channel_threads.find(bot.merchant, conversation.id)
    thread = None if found is None else found.record
    link = None if thread is None else await engine.records.channel_links.find(bot.merchant, thread.link)
    if thread is not None and (link is None or link.record.status != "on"):
        raise Conflict("Its channel is not linked just now, so nothing reaches the shopper.", code="channel_off")
    message = await desk.handover.say(conversation, body.text, by=caller.member.email, channel=thread is not None)
    if thread is not None and link is not None:
        await send(engine, desk, bot, message, thread, link.record)
    return await message_view(desk, message)


async def send(
    engine: UseCases, desk: ChannelDesk, bot: Bot, message: PersonMessage, thread: ChannelThread, link: ChannelLink
) -> None:
    """Put a person's words on their way through the conversation's channel."""
    reply = Reply(message.conversation, message.id, message.text, "", "answered", model="person")
    payloads = desk.channels[link.kind].render(await desk.links.open(link), reply, ())
    now = desk.clock.now()
    out = OutboundMessage(
        id=message.id,
        merchant=bot.merchant,
        bot=bot.id,
        link=link.id,
        conversation=message.conversation,
        place=thread.place,
        parts=tuple(OutboundPart(dict(payload)) for payload in payloads),
        created_at=now,
        day=day_of(now),
        author="person",
    )
    await engine.records.outbound.add(bot.merchant, out.id, out)
    await desk.inbox.enqueue(out)
    desk.deliveries.wake(bot.merchant, message.conversation)


async def message_view(desk: ChannelDesk, message: PersonMessage) -> PersonMessageView:
    """A message with how far it has come; one that was never put on its way, as after a crash, is said not to leave."""
    delivery, failure = message.delivery, message.failure
    late = desk.clock.now() - message.at > PUT_ON_ITS_WAY
    if delivery == "waiting" and late and await desk.inbox.records.outbound.find(message.merchant, message.id) is None:
        delivery, failure = "dead", "It was not sent. Write it again."
    return PersonMessageView(
        id=message.id, member=message.member, text=message.text, at=message.at, delivery=delivery, failure=failure
    )
