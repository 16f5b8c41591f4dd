"""Errors as OpenAI's clients understand them: `{"error": {"message", "type", "param", "code"}}`, for every status."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from channel_adapters.rate_limits import QUOTA_CODE
from engine import errors

__all__ = ["EnvelopeRoute", "envelope", "error_body", "error_response"]

log = structlog.get_logger("storeclerk.openai")
STATUSES: tuple[tuple[type[errors.StoreclerkError], int, str], ...] = (
    (errors.InvalidInput, 400, "invalid_request_error"),
    (errors.NotFound, 404, "invalid_request_error"),
    (errors.Conflict, 409, "invalid_request_error"),
    (errors.NotAuthenticated, 401, "authentication_error"),
    (errors.NotAllowed, 403, "permission_error"),
    (errors.RateLimited, 429, "rate_limit_error"),
    (errors.TooLarge, 413, "invalid_request_error"),
    (errors.Unavailable, 503, "server_error"),
    (errors.StoreclerkError, 500, "server_error"),
)
HOPELESS = {"not_live", "paused", QUOTA_CODE}
"""Trying the same again does not help: the client, which retries 409, 429 and 5xx by itself, is told so."""


def error_body(message: str, kind: str, code: str, param: str | None = None) -> dict[str, Any]:
    """The envelope."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def envelope(
    status: int, message: str, kind: str, code: str, param: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The envelope as a response."""
    return JSONResponse(error_body(message, kind, code, param), status, headers)


def error_response(error: errors.StoreclerkError) -> JSONResponse:
    """One of the engine's errors."""
    status, kind = next((status, kind) for type_, status, kind in STATUSES if isinstance(error, type_))
    headers = {}
    if isinstance(error, errors.RateLimited):
        headers["retry-after"] = str(max(1, math.ceil(error.retry_after)))
    if error.code in HOPELESS:
        headers["x-should-retry"] = "false"
    if error.code == "paused":
        status, kind = 503, "server_error"
    fields = getattr(error, "fields", ())
    return envelope(status, error.message, kind, error.code, fields[0].field if fields else None, headers)


def validation_response(error: RequestValidationError) -> JSONResponse:
    """A body that does not have the right form: the first problem is named."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:] if not str(part).startswith(("function-", "list[")))
    message = f"{where or 'body'}: {first['msg']}"
    return envelope(400, message, "invalid_request_error", "invalid_request", where or None)


class EnvelopeRoute(APIRoute):
    """A route whose every error wears the envelope, instead of the API's own form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, wrapped."""
        handle = super().get_route_handler()

        async def wrapped(request: Request) -> Response:
            try:
                return await handle(request)
            except errors.StoreclerkError as error:
                return error_response(error)
            except RequestValidationError as error:
                return validation_response(error)
            except HTTPException as error:
                return envelope(error.status_code, str(error.detail), "invalid_request_error", "invalid_request")
            except Exception as error:
                log.exception("completion.broke", error=type(error).__name__)
                return envelope(500, "This is a fault in Storeclerk, not in your request.", "server_error", "fault")

        return wrapped
