"""Routes of suggestions: what people answered themselves, used by the assistant from now on, or put aside."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, TheUseCases
from engine.api.problems import documented
from engine.domain.correction import Pin

router = APIRouter(prefix="/v1", tags=["suggestions"])
BASE = "/bots/{bot}/suggestions"


@router.get(BASE, response_model=s.Items[s.SuggestionView], responses=documented(401, 404))
async def list_suggestions(engine: TheUseCases, bot: BotHere) -> dict[str, Any]:
    """What people of the shop answered shoppers and nobody has settled yet, newest first; at most twenty."""
    found = await engine.suggestions.of(bot.merchant, bot.id)
    return {"items": [s.SuggestionView.of(one) for one in found], "next_cursor": None}


@router.post(
    f"{BASE}/{{suggestion}}/accept", status_code=201, response_model=s.PinView, responses=documented(401, 404, 409)
)
async def accept_suggestion(
    suggestion: str, body: s.SuggestionUse, engine: TheUseCases, caller: CurrentCaller, bot: BotHere
) -> Pin:
    """Pin it as it was edited: the assistant says it from the next answer on. 409 `personal_data` until checked."""
    return await engine.suggestions.use(
        bot.merchant,
        bot.id,
        suggestion,
        body.questions,
        body.answer,
        checked=body.checked,
        by=caller.member.email,
    )


@router.post(f"{BASE}/{{suggestion}}/dismiss", status_code=204, responses=documented(401, 404, 409))
async def dismiss_suggestion(suggestion: str, engine: TheUseCases, caller: CurrentCaller, bot: BotHere) -> None:
    """Never offer it again."""
    await engine.suggestions.dismiss(bot.merchant, bot.id, suggestion, by=caller.member.email)
