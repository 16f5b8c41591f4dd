"""Routes of what shoppers do: keys of the endpoints they use, conversations, the dashboard's figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from engine.api import schemas as s
from engine.api.dependencies import BotHere, Paging, TheUseCases
from engine.api.problems import documented
from engine.insights.insights import InsightsReport

router = APIRouter(prefix="/v1", tags=["shoppers"])


@router.post("/bots/{bot}/keys", status_code=201, response_model=s.KeyView, responses=documented(401, 404))
async def create_key(body: s.KeyRequest, engine: TheUseCases, bot: BotHere) -> s.KeyView:
    """Make a key for the exported endpoints; it is shown only now."""
    key, text = await engine.keys.create(bot.merchant, bot.id, body.kind, body.origins)
    return s.KeyView.of(key, text)


@router.get("/bots/{bot}/keys", response_model=s.Items[s.KeyView], responses=documented(401, 404))
async def list_keys(engine: TheUseCases, bot: BotHere) -> dict[str, Any]:
    """The bot's keys, without their secrets."""
    keys = await engine.keys.list(bot.merchant, bot.id)
    return {"items": [s.KeyView.of(key) for key in keys], "next_cursor": None}


@router.delete("/bots/{bot}/keys/{key}", status_code=204, responses=documented(401, 404))
async def delete_key(key: str, engine: TheUseCases, bot: BotHere) -> None:
    """End a key at once."""
    await engine.keys.revoke(bot.merchant, bot.id, key)


@router.get("/bots/{bot}/conversations", response_model=s.Items[s.ConversationView], responses=documented(401, 404))
async def list_conversations(
    engine: TheUseCases,
    bot: BotHere,
    paging: Annotated[Paging, Depends()],
    test: Annotated[bool, Query(description="Those of the studio, testers and trials instead of shoppers'.")] = False,
) -> dict[str, Any]:
    """Shoppers' conversations, newest first."""
    listing = await engine.conversations.page(bot.merchant, bot.id, test=test, limit=paging.limit, cursor=paging.cursor)
    return s.page(listing, s.ConversationView.of)


@router.get(
    "/bots/{bot}/conversations/{conversation}", response_model=s.ConversationView, responses=documented(401, 404)
)
async def get_conversation(conversation: str, engine: TheUseCases, bot: BotHere) -> s.ConversationView:
    """One conversation with all its turns."""
    found = await engine.conversations.get(bot.merchant, bot.id, conversation)
    return s.ConversationView.of(found, await engine.conversations.turns(bot.merchant, found.id))


@router.get("/bots/{bot}/insights", response_model=InsightsReport, responses=documented(401, 404))
async def insights(
    engine: TheUseCases,
    bot: BotHere,
    begins: Annotated[AwareDatetime | None, Query(alias="from", description="Start; 30 days before `to`.")] = None,
    ends: Annotated[AwareDatetime | None, Query(alias="to", description="End; now when left out.")] = None,
    interval: Annotated[Literal["hour", "day", "week"], Query(description="Length of a step.")] = "day",
) -> InsightsReport:
    """What shoppers asked and how it went."""
    until: datetime = ends or engine.invites.clock.now()
    since: datetime = begins or until - timedelta(days=30)
    return await engine.insights.report(bot.merchant, bot.id, since, until, interval)
