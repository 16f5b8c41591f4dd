"""The merchant REST API as one FastAPI application."""

from __future__ import annotations

from fastapi import FastAPI

from engine.api import (
    accounts,
    billing,
    bots,
    bundles,
    conversations,
    feeds,
    health,
    knowledge,
    proof,
    releases,
    sources,
    suggestions,
    tests,
    versions,
)
from engine.api.dependencies import UseCases
from engine.api.idempotency import Idempotency
from engine.api.problems import install

__all__ = ["API_ROUTERS", "create_api"]

API_ROUTERS = (
    health.router,
    accounts.router,
    billing.router,
    billing.hooks,
    bundles.router,
    bots.router,
    sources.router,
    feeds.router,
    knowledge.router,
    suggestions.router,
    versions.router,
    tests.router,
    proof.router,
    releases.router,
    conversations.router,
)
DESCRIPTION = (
    "Make, train, prove and run shop assistants. Lists page with `limit` and `cursor`; errors are "
    "`application/problem+json`; `Idempotency-Key` is honoured on every POST."
)


def create_api(engine: UseCases) -> FastAPI:
    """The API over a running engine."""
    app = FastAPI(title="Storeclerk", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.engine = engine
    for router in API_ROUTERS:
        app.include_router(router)
    install(app)
    app.add_middleware(Idempotency, engine=engine)
    return app
