"""Routes of billing: what a merchant has subscribed to, and the payments vendor's notices."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from engine.api import schemas as s
from engine.api.dependencies import CurrentCaller, TheUseCases
from engine.api.problems import documented, problem_response
from engine.billing.subscriptions import Subscriptions
from engine.errors import InvalidInput, NotAuthenticated, StoreclerkError

router = APIRouter(prefix="/v1/billing", tags=["billing"])
hooks = APIRouter(prefix="/hooks", tags=["hooks"], include_in_schema=False)
log = structlog.get_logger("storeclerk.billing")


@router.get("", response_model=s.BillingView, responses=documented(401))
async def billing(engine: TheUseCases, caller: CurrentCaller) -> dict[str, Any]:
    """The merchant's subscription, as the payments vendor last said."""
    found = await engine.billing.of(caller.merchant.id)
    view = None if found is None else s.SubscriptionView.model_validate(found, from_attributes=True)
    return {"connected": engine.billing.payments.connected, "subscription": view}


@hooks.post("/stripe")
async def stripe(request: Request, engine: TheUseCases) -> Response:
    """Take one notice in. It is kept before it is acknowledged, and looked into after that."""
    try:
        kept = await engine.billing.take(request.headers, await request.body())
    except (NotAuthenticated, InvalidInput) as error:
        log.info("payment.refused", code=error.code)
        # What Stripe's own examples answer to a bad signature; 401 elsewhere.
        return problem_response(400, "It is not taken", error.message, error.code)
    later = None if kept is None else BackgroundTask(look_into, engine.billing, kept)
    return JSONResponse({}, background=later)


async def look_into(subscriptions: Subscriptions, notice: str) -> None:
    """Look into a notice now; what cannot be done now is done at the next look."""
    try:
        await subscriptions.look_into(notice)
    except StoreclerkError as error:
        log.warning("payment.not_settled", notice=notice, code=error.code)
