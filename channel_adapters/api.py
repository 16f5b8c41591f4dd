"""Routes of the merchant API around channels: what can be linked, links, the doctor, and what got no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from channel_adapters.channel import Addresses, Channel, FormField
from channel_adapters.hooks import ChannelDesk, TheDesk
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases, UseCases
from engine.api.problems import documented
from engine.channels.gateway import ConnectionBroken, DeliveryFailed, NotDelivered
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink, Finding, InboundMessage
from engine.errors import Conflict, FieldProblem, GateNotPassed, InvalidInput, NotFound, Unavailable, spelled_out

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["channels"])
LONGEST_VALUE = 4_000
BODY = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class View(BaseModel):
    """A shape of the API."""

    model_config = BODY


class FieldView(View):
    """Something to fill in."""

    name: str
    """Name."""
    label: str
    """As the vendor's own screen calls it."""
    help: str
    """Where to find it."""
    secret: bool
    """Kept sealed, and never shown again."""
    required: bool
    """Whether it may be left out."""
    example: str
    """What it looks like."""
    options: list[tuple[str, str]]
    """(value, words) to choose from; empty for text."""
    default: str
    """Filled in unless changed."""


class CapabilitiesView(View):
    """What a channel can show and do."""

    cards: bool
    """Product cards."""
    buttons: bool
    """Questions to press."""
    pictures_in: bool
    """Shoppers may send pictures."""
    voice_in: bool
    """Shoppers may speak."""
    typing: bool
    """Shows that an answer is being made."""
    streaming: bool
    """An answer appears while it is made."""
    window_hours: int | None
    """How long after a shopper's last message they may be written to; null for ever."""
    notes: str
    """What a merchant should know."""


class ChannelView(View):
    """A kind of place where shoppers are."""

    kind: str
    """Names it."""
    label: str
    """Its name."""
    about: str
    """One sentence."""
    fields: list[FieldView]
    """What to fill in."""
    capabilities: CapabilitiesView
    """What it can show and do."""


class StepView(View):
    """One step at the vendor's."""

    title: str
    """What it is about."""
    text: str
    """How to do it, in Markdown."""
    values: list[tuple[str, str]]
    """(what it is called there, what to paste)."""
    link: str
    """Where it is done; may be empty."""
    file_name: str
    """Name of a file to hand over there; empty when there is none."""
    file: str
    """Its content."""


class LinkView(View):
    """A bot at one place."""

    kind: str
    """The channel."""
    status: Literal["unfinished", "on", "paused", "broken"]
    """Whether it answers; `unfinished` while it waits for what the vendor gives."""
    problem: str
    """Why it is broken."""
    settings: dict[str, str]
    """What was filled in, without secrets."""
    secrets: list[str]
    """Names of the secrets that are kept."""
    address: str
    """The workspace, page or number, once it is known."""
    place_name: str
    """What people call it, where the vendor says so."""
    steps: list[StepView]
    """What to do at the vendor's."""
    findings: list[Finding]
    """What the doctor found last."""
    checked_at: datetime | None
    """When."""
    last_in_at: datetime | None
    """When a message came in last."""
    last_out_at: datetime | None
    """When an answer left last."""
    waiting: int
    """Messages that wait for their answer."""
    dead: int
    """Messages of the last nine days that got no answer."""


class Links(View):
    """A bot's links."""

    items: list[LinkView]
    """One a channel."""
    next_cursor: None = None
    """Null: there are few."""


class Channels(View):
    """All channels."""

    items: list[ChannelView]
    """In the order in which they are offered."""
    next_cursor: None = None
    """Null: there are few."""


class LinkRequest(View):
    """What was filled in."""

    settings: dict[str, Annotated[str, Field(max_length=LONGEST_VALUE)]]
    """Field to value. A secret that is left out, or empty, stays as it is kept. Nothing at all begins a link, so that
    it has an address to give to the vendor."""


class DeadLetterView(View):
    """A message that got no answer."""

    id: str
    """Id."""
    kind: str
    """The channel."""
    conversation_id: str
    """The conversation it belongs to."""
    text: str
    """What the shopper wrote."""
    at: datetime
    """When, by the platform's clock."""
    failure: str
    """Why it got no answer."""


class DeadLetters(View):
    """Some messages that got no answer."""

    items: list[DeadLetterView]
    """Newest first."""
    next_cursor: str | None
    """Where the next part begins, or null."""


def channel_of(desk: ChannelDesk, kind: str) -> Channel:
    """The channel of a kind. Raises NotFound."""
    found = desk.channels.get(kind)
    if found is None:
        raise NotFound(f"there is no channel {kind!r}; there are {', '.join(sorted(desk.channels))}")
    return found


def addresses_of(engine: UseCases, link: ChannelLink) -> Addresses:
    """Where this installation is reached for a link."""
    return Addresses(engine.settings.server_address, link.id, link.kind)


def shown(channel: Channel) -> ChannelView:
    """A channel's view."""
    fields = [
        FieldView(
            name=one.name,
            label=one.label,
            help=one.help,
            secret=one.secret,
            required=one.required,
            example=one.example,
            options=list(one.options),
            default=one.default,
        )
        for one in channel.fields
    ]
    can = channel.capabilities
    return ChannelView(
        kind=channel.kind,
        label=channel.label,
        about=channel.about,
        fields=fields,
        capabilities=CapabilitiesView(**{name: getattr(can, name) for name in CapabilitiesView.model_fields}),
    )


async def link_view(engine: UseCases, channel: Channel, link: ChannelLink) -> LinkView:
    """A link's view."""
    bot = await engine.records.bots.get(link.merchant, link.bot)
    addresses = replace(addresses_of(engine, link), name=bot.persona.assistant_name)
    asked = {one.name for one in channel.fields}
    steps = [
        StepView(
            title=step.title,
            text=step.text,
            values=list(step.values),
            link=step.link,
            file_name="" if step.download is None else step.download[0],
            file="" if step.download is None else step.download[1],
        )
        for step in channel.steps(addresses, link.settings)
    ]
    counted: Mapping[str, str | int | bool] = {"bot": link.bot, "link": link.id}
    return LinkView(
        kind=link.kind,
        status=link.status,
        problem=link.problem,
        settings={name: value for name, value in link.settings.items() if name in asked},
        secrets=sorted(asked & link.sealed.keys()),
        address=link.address,
        place_name=link.settings.get("place_name", ""),
        steps=steps,
        findings=list(link.findings),
        checked_at=link.checked_at,
        last_in_at=link.last_in_at,
        last_out_at=link.last_out_at,
        waiting=await engine.records.inbound.count(link.merchant, {**counted, "status": "waiting"}),
        dead=await engine.records.inbound.count(link.merchant, {**counted, "status": "dead"}),
    )


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


def filled_in(
    channel: Channel, given: Mapping[str, str], kept: Mapping[str, str] | tuple[()]
) -> tuple[dict[str, str], dict[str, str]]:
    """(settings, secrets) that were filled in, as they are kept. Raises InvalidInput naming each field at fault."""
    known = {one.name: one for one in channel.fields}
    problems = [FieldProblem(name, "there is no such field") for name in given if name not in known]
    values = {name: given.get(name, "").strip() or one.default for name, one in known.items()}
    for name, one in known.items():
        if fault := fault_of(one, values[name], kept=one.secret and name in kept):
            problems.append(FieldProblem(name, fault))
    if not problems:
        present = {name: value for name, value in values.items() if value}
        problems = [FieldProblem(name, fault) for name, fault in channel.problems(present).items()]
    if problems:
        labels = {name: one.label for name, one in known.items()}
        raise InvalidInput(spelled_out("Some of this cannot be used.", problems, labels), fields=problems)
    secrets = {name: value for name, value in values.items() if known[name].secret and value}
    return {name: value for name, value in values.items() if not known[name].secret}, secrets


def fault_of(one: FormField, value: str, *, kept: bool) -> str:
    """What is wrong with a value; empty when nothing is."""
    if not value:
        return "" if kept or not one.required else f"fill this in: {one.label}"
    if one.options and value not in {option for option, _ in one.options}:
        return f"choose one of {', '.join(option for option, _ in one.options)}"
    if one.pattern and re.fullmatch(one.pattern, value) is None:
        return f"does not look like one, such as {one.example}" if one.example else "does not look like one"
    return ""


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


BREAKING = {"expired_token", "revoked", "not_installed"}
"""Causes after which nothing can be sent any more."""


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


def letter(message: InboundMessage, kinds: Mapping[str, str]) -> DeadLetterView:
    """A dead letter's view."""
    return DeadLetterView(
        id=message.id,
        kind=kinds.get(message.link, ""),
        conversation_id=message.conversation,
        text=message.text,
        at=message.at,
        failure=message.failure,
    )
