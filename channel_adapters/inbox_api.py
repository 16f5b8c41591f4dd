"""Routes of the inbox: a person of the shop takes a conversation over, answers in the shopper's channel, hands back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from channel_adapters.api import View
from channel_adapters.hooks import ChannelDesk, TheDesk
from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases
from engine.api.problems import documented
from engine.domain.conversation import Conversation
from engine.domain.handover import HandoverRules, OfficeHours, PersonMessage

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["inbox"])
Id = Annotated[str, Path(description="Id of the conversation.")]
PUT_ON_ITS_WAY = timedelta(minutes=1)
SLACK = "slack"
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
    slack_channel: str
    """Id of the Slack channel where the people of the shop are told, and may take over; empty for none."""
    slack_problem: str
    """Why something could not be told there; empty when all was."""
    mails: bool
    """Whether mail leaves this installation: without a mail server it only lies in the outbox."""

    @classmethod
    def of(cls, rules: HandoverRules, *, mails: bool) -> RulesView:
        """The view of the record."""
        room = rules.room if rules.room_kind == SLACK else ""
        names = set(cls.model_fields) - {"slack_channel", "slack_problem", "mails"}
        return cls(
            **{name: getattr(rules, name) for name in names},
            slack_channel=room,
            slack_problem=rules.room_problem if room else "",
            mails=mails,
        )


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
    slack_channel: str | None = None
    """An id such as `C0123ABCD`, of a channel that the app is in; it says so there. Empty for none."""


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
    return RulesView.of(await desk.handover.rules(bot.merchant, bot.id), mails=desk.handover.mailer.delivers)


@router.patch("/bots/{bot}/handover", response_model=RulesView, responses=documented(401, 404))
async def change_rules(body: RulesChange, desk: TheDesk, caller: CurrentCaller, bot: BotHere) -> RulesView:
    """Change when the assistant asks for a person."""
    mails = desk.handover.mailer.delivers
    changes = {name: getattr(body, name) for name in body.model_fields_set if getattr(body, name) is not None}
    room = changes.pop("slack_channel", None)
    before = RulesView.of(await desk.handover.rules(bot.merchant, bot.id), mails=mails)
    if room is not None and (room.strip() != before.slack_channel or before.slack_problem):
        # The rest first: where it cannot be kept, nothing is said in the room either.
        await desk.handover.check_changes(bot, changes)
        changes |= await desk.team_rooms.chosen(bot, SLACK, room.strip())
    return RulesView.of(await desk.handover.change_rules(bot, changes, by=caller.member.email), mails=mails)


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
    body: MessageRequest, desk: TheDesk, caller: CurrentCaller, conversation: ConversationHere
) -> PersonMessageView:
    """Answer a shopper, in the channel where they wrote. The conversation has to be taken over first."""
    return await message_view(desk, await desk.speaking.say(conversation, body.text, by=caller.member.email))


async def message_view(desk: ChannelDesk, message: PersonMessage) -> PersonMessageView:
    """A message with how far it has come; one that was never put on its way, as after a crash, is said not to leave."""
    delivery, failure = message.delivery, message.failure
    late = desk.clock.now() - message.at > PUT_ON_ITS_WAY
    if delivery == "waiting" and late and await desk.inbox.records.outbound.find(message.merchant, message.id) is None:
        delivery, failure = "dead", "It was not sent. Write it again."
    return PersonMessageView(
        id=message.id, member=message.member, text=message.text, at=message.at, delivery=delivery, failure=failure
    )
