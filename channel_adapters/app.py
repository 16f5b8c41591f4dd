"""The server that shoppers' traffic meets: the API, the exported endpoints and the demo shop in one application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from channel_adapters import demo_shop, native, openai_compatible, widget
from channel_adapters.agents import AgentServer
from channel_adapters.surroundings import BodyLimit, Cors
from engine.api.app import create_api
from engine.bootstrap import Adapters, assemble, embedded
from engine.settings import Settings

__all__ = ["CHANNEL_ROUTERS", "create_server"]

CHANNEL_ROUTERS = (openai_compatible.router, native.router, widget.router, demo_shop.router)


def create_server(settings: Settings, adapters: Adapters | None = None) -> FastAPI:
    """The whole server; the engine's jobs begin and end with it."""
    engine = assemble(settings, adapters or embedded(settings))
    app = create_api(engine)
    for router in CHANNEL_ROUTERS:
        app.include_router(router)
    agents = AgentServer(engine)
    app.router.routes.extend(agents.routes)
    app.add_middleware(Cors, engine=engine)
    app.add_middleware(BodyLimit)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.open()
        try:
            # The parent's lifespan runs it: applications below a path have none of their own.
            async with agents.running():
                yield
        finally:
            await engine.close()

    app.router.lifespan_context = lifespan
    return app
