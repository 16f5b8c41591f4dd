"""The server that shoppers' traffic meets: the API, the exported endpoints and the demo shop in one application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from channel_adapters import api, demo_shop, hooks, inbox_api, native, openai_compatible, widget
from channel_adapters.agents import AgentServer
from channel_adapters.channel import Channel
from channel_adapters.collecting import Collecting
from channel_adapters.hooks import ChannelDesk
from channel_adapters.registry import (
    late_words_of,
    make_channels,
    openings_of,
    streams_of,
    team_rooms_of,
    vendor_calls,
)
from channel_adapters.surroundings import BodyLimit, Cors
from engine.api.app import create_api
from engine.bootstrap import Adapters, Engine, assemble, embedded
from engine.channels.answering import MessageAnswering
from engine.channels.deliveries import Deliveries, DeliveryRules
from engine.channels.forgetting import Forgetting
from engine.channels.memory import LinkMemory
from engine.channels.opening import Openings
from engine.channels.sending import Sending
from engine.channels.speaking import Speaking
from engine.channels.streaming import Streaming
from engine.channels.team_posts import TeamPosts
from engine.channels.team_rooms import TeamRooms
from engine.channels.team_talk import TeamTalk
from engine.settings import Settings

__all__ = ["CHANNEL_ROUTERS", "create_server"]

SWEEPS_A_LOOK = 6
"""What a room of the shop's people shows is looked at by the clock less often than what waits: it is told at once."""
CHANNEL_ROUTERS = (
    openai_compatible.router,
    native.router,
    widget.router,
    demo_shop.router,
    api.router,
    inbox_api.router,
    hooks.router,
)


def channel_desk(engine: Engine, channels: Mapping[str, Channel]) -> ChannelDesk:
    """What channels' requests need, and the workers that answer them."""
    settings, records = engine.settings, engine.records
    clock, identifiers = engine.adapters.clock, engine.adapters.identifiers
    rules = DeliveryRules(
        settings.channel_conversations_at_once,
        timedelta(seconds=settings.channel_settle_seconds),
        timedelta(seconds=settings.channel_lease_seconds),
        timedelta(seconds=settings.channel_sweep_seconds),
    )
    streams = streams_of(channels)
    streaming = Streaming(records, engine.channel_links, streams, clock)
    answering = MessageAnswering(records, engine.answerer, engine.conversations, channels, streaming, clock)
    sending = Sending(records, engine.channel_links, channels, streams, late_words_of(channels), clock)
    deliveries = Deliveries(records, engine.channel_links, answering, sending, clock, identifiers, rules)
    handover, links, wake = engine.handover, engine.channel_links, deliveries.wake
    speaking = Speaking(records, handover, links, channels, engine.inbox, wake, clock)
    posts = TeamPosts(records, engine.inbox, team_rooms_of(channels), wake, clock, settings.studio_address)
    every = timedelta(seconds=settings.channel_sweep_seconds * SWEEPS_A_LOOK)
    team_rooms = TeamRooms(records, handover, links, posts, every)
    handover.watchers.append(team_rooms.look)
    sending.watchers.append(team_rooms.ended)
    return ChannelDesk(
        dict(channels),
        links,
        engine.inbox,
        deliveries,
        handover,
        Forgetting(records),
        engine.conversations,
        speaking,
        team_rooms,
        TeamTalk(records, handover, posts, speaking),
        Openings(records, links, engine.answerer, openings_of(channels)),
        clock,
    )


def create_server(settings: Settings, adapters: Adapters | None = None) -> FastAPI:
    """The whole server; the engine's jobs begin and end with it."""
    engine = assemble(settings, adapters or embedded(settings))
    app = create_api(engine)
    for router in CHANNEL_ROUTERS:
        app.include_router(router)
    calls = vendor_calls(settings)
    memory = LinkMemory(engine.records, engine.channel_links, engine.adapters.clock, engine.adapters.identifiers)
    app.state.channels = desk = channel_desk(engine, make_channels(settings, calls, memory))
    every, lease = (
        timedelta(seconds=settings.channel_collect_seconds),
        timedelta(seconds=settings.channel_lease_seconds),
    )
    collecting = Collecting(desk, memory, every, lease)
    agents = AgentServer(engine)
    app.router.routes.extend(agents.routes)
    app.add_middleware(Cors, engine=engine)
    app.add_middleware(BodyLimit)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.open()
        await desk.deliveries.open()
        await collecting.open()
        await desk.team_rooms.open()
        try:
            # The parent's lifespan runs it: applications below a path have none of their own.
            async with agents.running():
                yield
        finally:
            await desk.team_rooms.close()
            await collecting.close()
            await desk.deliveries.close()
            await calls.close()
            await engine.close()

    app.router.lifespan_context = lifespan
    return app
