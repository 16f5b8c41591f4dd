"""Refusals before a message reaches the protocol: a status for HTTP, and a JSON-RPC error whose words clients show."""

from __future__ import annotations

import math

from mcp.types import INTERNAL_ERROR, INVALID_REQUEST
from starlette.responses import JSONResponse

from engine.api.problems import STATUSES
from engine.errors import NotAuthenticated, RateLimited, StoreclerkError

__all__ = ["refusal"]


def refusal(error: StoreclerkError) -> JSONResponse:
    """One of the engine's errors, with the status the other endpoints give it; `data.code` is its stable name."""
    status = next(status for kind, status, _ in STATUSES if isinstance(error, kind))
    headers = {}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, NotAuthenticated):
        # RFC 6750 §3. There is no OAuth server to point to: keys are made in the studio.
        headers["WWW-Authenticate"] = "Bearer"
    code = INTERNAL_ERROR if status >= 500 else INVALID_REQUEST
    problem = {"code": code, "message": error.message, "data": {"code": error.code}}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": problem}, status, headers)
