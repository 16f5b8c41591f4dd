"""The one way in for every channel's requests: bytes, verified, read, kept, acknowledged; answered afterwards.

Never here: anything that one vendor does otherwise than another.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from channel_adapters.channel import Channel, Heard, Hook, Learned
from engine.answering.conversations import Conversations
from engine.api.problems import from_engine, problem_response
from engine.channels.deliveries import Deliveries
from engine.channels.forgetting import Forgetting
from engine.channels.gateway import Arrival, OpenLink
from engine.channels.inbox import Inbox, conversation_of
from engine.channels.links import ChannelLinks
from engine.channels.opening import Openings
from engine.channels.speaking import Speaking
from engine.channels.team_rooms import TeamRooms
from engine.channels.team_talk import TeamTalk
from engine.domain.channel import ChannelLink
from engine.errors import Conflict, InvalidInput, NotAllowed, NotAuthenticated, NotFound, TooLarge, Unavailable
from engine.handover.handover import Handover
from engine.ports import Clock

__all__ = ["ChannelDesk", "TheDesk", "router"]

router = APIRouter(prefix="/hooks", tags=["hooks"], include_in_schema=False)
log = structlog.get_logger("storeclerk.channels")
HALF = re.compile(r"[\ud800-\udfff]")
"""Half a character."""
UNVERIFIED = "This request is not signed as it has to be."


@dataclass(frozen=True)
class ChannelDesk:
    """All that channels' requests need, joined when the server starts."""

    channels: dict[str, Channel]
    links: ChannelLinks
    inbox: Inbox
    deliveries: Deliveries
    handover: Handover
    forgetting: Forgetting
    conversations: Conversations
    speaking: Speaking
    team_rooms: TeamRooms
    team_talk: TeamTalk
    openings: Openings
    clock: Clock
    withdrawing: set[asyncio.Task[None]] = field(default_factory=set)

    async def step_aside(self, link: ChannelLink, conversation: str) -> None:
        """Let the bot be silent where somebody of the shop spoke by other means than ours, also when they began."""
        bot = await self.inbox.records.bots.get(link.merchant, link.bot)
        ident = conversation_of(link, conversation)
        await self.conversations.begin(bot, ident, link.kind, conversation)
        aside = await self.handover.step_aside(await self.inbox.records.conversations.get(link.merchant, ident))
        # Not waited for: the platform wants its acknowledgement.
        task = asyncio.create_task(self.handover.silence(aside))
        self.withdrawing.add(task)
        task.add_done_callback(self.withdrawing.discard)


def the_desk(request: Request) -> ChannelDesk:
    """The desk of this server."""
    desk: ChannelDesk = request.app.state.channels
    return desk


TheDesk = Annotated[ChannelDesk, Depends(the_desk)]


@router.api_route("/{kind}/{link}/{tail:path}", methods=["GET", "POST"])
async def hook(kind: str, link: str, tail: str, request: Request, desk: TheDesk) -> Response:
    """Take one request in. It is kept before it is acknowledged, and answered after that."""
    channel = desk.channels.get(kind)
    if channel is None:
        return from_engine(NotFound("there is no such channel"))
    try:
        found = await desk.links.by_id(kind, link)
        came = await read(request, tail, channel.body_bytes)
        opened = await desk.links.open(found)
        heard = await verified(channel, opened, came, desk.clock)
        await take(desk, found, heard)
    except InvalidInput as error:
        return problem_response(400, "It cannot be read", error.message, error.code)
    except (NotFound, TooLarge, NotAuthenticated, NotAllowed, Unavailable) as error:
        return from_engine(error)
    later = None if heard.afterwards is None else BackgroundTask(heard.afterwards)
    if heard.media_type == "application/json" and not heard.body:
        return JSONResponse({}, heard.status, dict(heard.headers), background=later)
    return Response(heard.body, heard.status, dict(heard.headers), heard.media_type, background=later)


async def read(request: Request, tail: str, most: int) -> Hook:
    """The request as bytes. Raises TooLarge while it is still coming in."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise TooLarge(f"The request is larger than {most:,} bytes.")
        pieces.append(piece)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Hook(request.method, tail, headers, dict(request.query_params), b"".join(pieces))


async def verified(channel: Channel, link: OpenLink, came: Hook, clock: Clock) -> Heard:
    """What a genuine request holds.

    Raises NotAuthenticated for one that is not, whatever broke while that was looked at, and InvalidInput for one
    that cannot be read.
    """
    now = clock.now()
    try:
        await channel.verify(link, came, now)
    except NotAllowed:
        raise
    except Unavailable:
        raise
    except Exception as error:
        # A verifier meets whatever strangers send; each of its stumbles is a refusal, and none is a fault of ours.
        log.info("hook.refused", kind=link.kind, link=link.id, reason=type(error).__name__)
        raise NotAuthenticated(UNVERIFIED, code="not_verified") from error
    try:
        return usable(link, await channel.hear(link, came, now))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        log.warning("hook.unreadable", kind=link.kind, link=link.id, reason=type(error).__name__)
        raise InvalidInput(f"This request cannot be read: {error}", code="unreadable") from error


def usable(link: OpenLink, heard: Heard) -> Heard:
    """What was heard, without what can neither be kept nor name anything.

    JSON may hold half a character, and one of a thousand updates with one must not stop the others.
    """
    arrivals = tuple(
        replace(arrival, text=HALF.sub("\ufffd", arrival.text))
        for arrival in heard.arrivals
        if not any(HALF.search(name) for name in names_of(arrival))
    )
    learned = tuple(one for one in heard.learned if not HALF.search(f"{one.address} {one.conversation}"))
    left_out = len(heard.arrivals) - len(arrivals) + len(heard.learned) - len(learned)
    if left_out:
        log.warning("hook.left_out", kind=link.kind, link=link.id, count=left_out)
    return replace(heard, arrivals=arrivals, learned=learned)


def names_of(arrival: Arrival) -> tuple[str, ...]:
    """All that has to be kept as it came."""
    return (arrival.key, arrival.conversation, arrival.shopper, *arrival.place.values())


async def take(desk: ChannelDesk, link: ChannelLink, heard: Heard) -> None:
    """Keep all that was heard, then let it be answered. Raises Unavailable: then nothing is acknowledged."""
    for learned in heard.learned:
        link = await learn(desk, link, learned)
    taken = {one.key for one in heard.team if await desk.team_talk.heard(link, one)}
    for arrival in (arrival for arrival in heard.arrivals if arrival.key not in taken):
        kept = await desk.inbox.accept(link, arrival)
        if kept is not None:
            desk.deliveries.wake(kept.merchant, kept.conversation)


async def learn(desk: ChannelDesk, link: ChannelLink, learned: Learned) -> ChannelLink:
    """Note what a request said about the link itself."""
    match learned.kind:
        case "place":
            try:
                return await desk.links.take_place(link, learned.address)
            except Conflict as error:
                return await desk.links.refused(link, error.message)
        case "broken":
            return await desk.links.refused(link, learned.problem)
        case "secrets":
            return await desk.links.learn(link, learned.secrets)
        case "person_spoke":
            await desk.step_aside(link, learned.conversation)
            return link
        case "opened":
            desk.openings.opened(link, learned.conversation, learned.where)
            return link
        case "forget":
            await desk.forgetting.shopper(link, learned.address)
            return link
