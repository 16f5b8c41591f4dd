"""One portable file served as chat endpoints: no studio, no merchant API, no jobs, and no data that outlives it.

Never here: the command line; see `__main__`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from channel_adapters import native, openai_compatible, widget
from channel_adapters.access import TheEngine
from channel_adapters.agents import AgentServer
from channel_adapters.surroundings import BodyLimit, Cors
from engine.api.problems import documented, install
from engine.domain.bot import Bot
from engine.errors import NotFound, StoreclerkError
from engine.serving import Counter

__all__ = ["ALONE_ROUTERS", "MERCHANT", "create_counter", "give_keys"]

ALONE_ROUTERS = (openai_compatible.router, native.router, widget.router)
MERCHANT = "merchant_alone"
"""Whose everything is where there is only one."""


def create_counter(engine: Counter, bot: Bot) -> FastAPI:
    """The exported endpoints over one bot, at the addresses that they have in a whole installation."""
    app = FastAPI(title=f"Storeclerk: {bot.name}", version="1", docs_url=None, redoc_url=None)
    app.state.engine = engine
    for router in ALONE_ROUTERS:
        app.include_router(router)
    agents = AgentServer(engine)
    app.router.routes.extend(agents.routes)
    install(app)
    add_own_routes(app)
    app.add_middleware(Cors, engine=engine)
    app.add_middleware(BodyLimit)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with agents.running():
            yield

    app.router.lifespan_context = lifespan
    return app


def add_own_routes(app: FastAPI) -> None:
    """Health, and the icon that the widget shows."""

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Alive: the process answers."""
        return {"status": "alive"}

    @app.get("/readyz", responses={503: {"description": "What is waited for."}})
    async def readyz(engine: TheEngine) -> Any:
        """Can serve: the temporary records can be read."""
        try:
            await engine.records.store.ping()
        except StoreclerkError as error:
            return JSONResponse({"status": "waiting", "waiting_for": [error.message]}, 503)
        return {"status": "ready", "waiting_for": []}

    @app.get("/v1/bots/{bot}/icon.png", response_class=Response, responses=documented(404))
    async def icon(bot: str, engine: TheEngine, _: Request) -> Response:
        """The bot's icon."""
        merchant = await engine.bots.owner(bot)
        content = await engine.bots.icon(await engine.bots.get(merchant, bot))
        if content is None:
            raise NotFound("this bot has no icon")
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type="image/png", headers=headers)


async def give_keys(engine: Counter, bot: Bot, texts: tuple[str, ...], origins: tuple[str, ...]) -> tuple[str, ...]:
    """Let the given keys open the bot; answers those that were made, to be shown once.

    A secret key is made where none was given at all, a publishable one where web addresses are given without it.
    Raises InvalidInput.
    """
    for text in texts:
        await engine.keys.adopt(bot.merchant, bot.id, text, origins if text.startswith("pk_") else ())
    made = [] if texts else [await engine.keys.create(bot.merchant, bot.id, "secret", ())]
    if origins and not any(text.startswith("pk_") for text in texts):
        made.append(await engine.keys.create(bot.merchant, bot.id, "publishable", origins))
    return tuple(text for _, text in made)
