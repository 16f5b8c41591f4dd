"""Routes of the merchant API around channels: what can be linked, links, the doctor, and what got no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from channel_adapters.api_views import Channels, DeadLetters, DeadLetterView, LinkRequest, Links, LinkView, View
from channel_adapters.channel import Addresses, Channel
from channel_adapters.filling_in import filled_in
from channel_adapters.hooks import ChannelDesk, TheDesk
from channel_adapters.showing import addresses_of, letter, link_view, shown
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases, UseCases
from engine.api.problems import documented
from engine.channels.gateway import ConnectionBroken, DeliveryFailed, NotDelivered
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink, Finding
from engine.errors import Conflict, FieldProblem, GateNotPassed, NotFound, Unavailable, spelled_out

__all__ = ["View", "router"]

router = APIRouter(prefix="/v1", tags=["channels"])
BREAKING = {"expired_token", "revoked", "not_installed"}
"""Causes after which nothing can be sent any more."""


def channel_of(desk: ChannelDesk, kind: str) -> Channel:
    """The channel of a kind. Raises NotFound."""
    found = desk.channels.get(kind)
    if found is None:
        raise NotFound(f"there is no channel {kind!r}; there are {', '.join(sorted(desk.channels))}")
    return found


@router.get("/channels", response_model=Channels, responses=documented(401))
async def list_channels(desk: TheDesk, caller: CurrentCaller) -> Channels:
    """What a bot can be linked with."""
    return Channels(items=[shown(channel) for channel in desk.channels.values()])


@router.get("/bots/{bot}/channels", response_model=Links, responses=documented(401, 404))
async def list_links(engine: TheUseCases, desk: TheDesk, bot: BotHere) -> Links:
    """The bot's links, each with its steps, its health and its volume."""
    links = [link for link in await desk.links.of(bot) if link.kind in desk.channels]
    return Links(items=[await link_view(engine, desk.channels[link.kind], link) for link in links])


@router.put("/bots/{bot}/channels/{kind}", response_model=LinkView, responses=documented(401, 404, 409))
async def put_link(
    kind: str, body: LinkRequest, engine: TheUseCases, desk: TheDesk, caller: CurrentCaller, bot: BotHere
) -> LinkView:
    """Link the bot with a place, or fill its link in anew. Only a bot that has proved itself is linked."""
    channel = channel_of(desk, kind)
    await ask_gate(engine, bot)
    kept = next((link for link in await desk.links.of(bot) if link.kind == kind), None)
    if kept is None and not body.settings:
        return await link_view(engine, channel, await desk.links.begin(bot, kind, by=caller.member.email))
    settings, secrets = filled_in(channel, body.settings, () if kept is None else kept.sealed)
    link = await desk.links.put(bot, kind, settings, secrets, by=caller.member.email)
    return await link_view(engine, channel, await settled(desk, channel, link))


async def settled(desk: ChannelDesk, channel: Channel, link: ChannelLink) -> ChannelLink:
    """The link with the place that its credentials open, or marked as broken when the vendor refuses them.

    Raises Conflict when another bot is linked to that place; the link is broken then, and answers nobody.
    """
    try:
        place = await channel.place(await desk.links.open(link))
        if place is not None:
            link = await desk.links.take_place(link, place)
        await channel.settle(await desk.links.open(link))
    except (ConnectionBroken, NotDelivered) as error:
        return await desk.links.refused(link, error.message)
    except DeliveryFailed:
        return link  # out of reach just now: the doctor says so
    except Conflict as error:
        await desk.links.refused(link, error.message)
        raise
    return link


async def ask_gate(engine: UseCases, bot: Bot) -> None:
    """Return when shoppers may meet the bot. Raises Conflict before it is live, GateNotPassed when it fails now."""
    if bot.live is None:
        raise Conflict("Go live first: only a version that has passed its tests may meet shoppers.", code="not_live")
    report = await engine.gate.report(await engine.versions.get(bot.merchant, bot.id, bot.live))
    if report.verdict == "fail":
        failing = [FieldProblem(m.name, m.detail or "not good enough") for m in report.metrics if m.verdict == "fail"]
        opening = f"Version {bot.live} does not pass its tests any more."
        raise GateNotPassed(spelled_out(opening, failing, {m.name: m.label for m in report.metrics}), fields=failing)


@router.post("/bots/{bot}/channels/{kind}/check", response_model=LinkView, responses=documented(401, 404))
async def check_link(kind: str, engine: TheUseCases, desk: TheDesk, bot: BotHere) -> LinkView:
    """The doctor: look at everything that may be wrong, and say what to do."""
    channel = channel_of(desk, kind)
    link, now = await desk.links.find(bot, kind), desk.clock.now()
    findings = await examined(channel, desk, link, addresses_of(engine, link), now)
    broken = next((one for one in findings if one.state == "bad" and one.cause in BREAKING), None)

    def noted(current: ChannelLink) -> ChannelLink:
        found = replace(current, findings=tuple(findings), checked_at=now)
        if broken is not None:
            return found.broken(broken.says)
        return found.mended() if all(one.state != "bad" for one in findings) else found

    return await link_view(engine, channel, await desk.links.change(link, noted))


async def examined(
    channel: Channel, desk: ChannelDesk, link: ChannelLink, addresses: Addresses, now: datetime
) -> list[Finding]:
    """What the channel's doctor finds; or why it could not begin."""
    if link.status == "unfinished":
        step = "Follow the steps, and fill in what you got."
        return [Finding("setup", "bad", "This link is not finished.", "not_installed", step)]
    try:
        opened = await desk.links.open(link)
    except Unavailable as error:
        return [Finding("secrets", "bad", error.message, "wrong_secret", "Fill in all secrets anew under Settings.")]
    return [finding async for finding in channel.check(opened, link, addresses, now)]


@router.post("/bots/{bot}/channels/{kind}/pause", response_model=LinkView, responses=documented(401, 404, 409))
async def pause_link(kind: str, engine: TheUseCases, desk: TheDesk, caller: CurrentCaller, bot: BotHere) -> LinkView:
    """Let the channel be silent for now; what comes in is kept and can be answered later."""
    link = await desk.links.pause(bot, kind, paused=True, by=caller.member.email)
    return await link_view(engine, channel_of(desk, kind), link)


@router.post("/bots/{bot}/channels/{kind}/resume", response_model=LinkView, responses=documented(401, 404, 409))
async def resume_link(kind: str, engine: TheUseCases, desk: TheDesk, caller: CurrentCaller, bot: BotHere) -> LinkView:
    """Let the channel answer again."""
    await ask_gate(engine, bot)
    link = await desk.links.pause(bot, kind, paused=False, by=caller.member.email)
    return await link_view(engine, channel_of(desk, kind), link)


@router.delete("/bots/{bot}/channels/{kind}", status_code=204, responses=documented(401, 404))
async def delete_link(kind: str, desk: TheDesk, caller: CurrentCaller, bot: BotHere) -> None:
    """End a link at once, with its secrets."""
    await desk.links.remove(bot, kind, by=caller.member.email)


@router.get("/bots/{bot}/dead_letters", response_model=DeadLetters, responses=documented(401, 404))
async def list_dead_letters(desk: TheDesk, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """Messages that got no answer, each with its reason."""
    page = await desk.inbox.dead(bot.merchant, bot.id, paging.limit, paging.cursor)
    kinds = {link.id: link.kind for link in await desk.links.of(bot)}
    return {"items": [letter(message, kinds) for message in page.items], "next_cursor": page.cursor}


@router.post(
    "/bots/{bot}/dead_letters/{message}/replay",
    status_code=202,
    response_model=DeadLetterView,
    responses=documented(401, 404, 409),
)
async def replay(message: str, desk: TheDesk, bot: BotHere) -> DeadLetterView:
    """Try to answer a message again."""
    waiting = await desk.inbox.replay(bot.merchant, bot.id, message)
    desk.deliveries.wake(waiting.merchant, waiting.conversation)
    return letter(waiting, {link.id: link.kind for link in await desk.links.of(bot)})
