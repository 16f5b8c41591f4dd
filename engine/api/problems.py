"""Errors as `application/problem+json` (RFC 9457), in one table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from engine import errors
from engine.domain.bot import IllegalTransition

__all__ = ["Problem", "documented", "install", "problem_response"]

log = structlog.get_logger("storeclerk.api")
MOST_SAID = 5
"""Faults that an answer's sentence names; all of them are in its list."""
MEDIA_TYPE = "application/problem+json"

STATUSES: tuple[tuple[type[Exception], int, str], ...] = (
    (errors.InvalidInput, 422, "The input cannot be used"),
    (errors.NotFound, 404, "Not found"),
    (errors.Conflict, 409, "It clashes with what is there"),
    (errors.NotAuthenticated, 401, "Sign in first"),
    (errors.NotAllowed, 403, "Not allowed"),
    (errors.RateLimited, 429, "Too many requests"),
    (errors.TooLarge, 413, "Too large"),
    (errors.Unavailable, 503, "Not available right now"),
    (errors.StoreclerkError, 500, "Something went wrong"),
)


class FieldError(BaseModel):
    """One part of the input that cannot be used."""

    field: str = Field(description="Name of the field, with dots for nesting.")
    message: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(description="Address of the kind of problem; `about:blank` when the code says all.")
    title: str = Field(description="The kind of problem, in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong here, and the next step.")
    code: str = Field(description="Stable name of the problem, for programs.")
    errors: list[FieldError] | None = Field(None, description="The parts of the input that are at fault.")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses for a route's OpenAPI entry."""
    titles = {status: title for _, status, title in STATUSES}
    return {
        status: {
            "model": Problem,
            "description": titles.get(status, "Error"),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (*statuses, 422)
    }


def problem_response(
    status: int,
    title: str,
    detail: str,
    code: str,
    fields: Sequence[errors.FieldProblem] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """One problem as a response."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    if fields:
        body["errors"] = [{"field": problem.field, "message": problem.message} for problem in fields]
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def from_engine(error: errors.StoreclerkError) -> JSONResponse:
    """One of the engine's errors as a response."""
    status, title = next((status, title) for kind, status, title in STATUSES if isinstance(error, kind))
    headers = {}
    if isinstance(error, errors.RateLimited):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, errors.NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return problem_response(status, title, error.message, error.code, getattr(error, "fields", ()), headers)


def fault_of(item: Mapping[str, Any]) -> str:
    """What is wrong with one part of the input, in words for people where the fault is theirs."""
    limits = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return "is missing; fill it in"
        case "string_too_long":
            return f"has more than {limits['max_length']:,} characters; shorten it"
        case "string_too_short" if limits["min_length"] == 1:
            return "is empty; fill it in"
        case _:
            return str(item["msg"])


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem."""

    async def engine_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, errors.StoreclerkError)
        return from_engine(error)

    async def transition(_: Request, error: Exception) -> JSONResponse:
        return problem_response(409, "It clashes with what is there", f"{error}.", "illegal_transition")

    async def validation(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        fields = [
            errors.FieldProblem(".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0]), fault_of(item))
            for item in error.errors()
        ]
        detail = " ".join(dict.fromkeys(field.said() for field in fields[:MOST_SAID]))
        return problem_response(422, "The input cannot be used", detail, "invalid_input", fields)

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
        return problem_response(
            error.status_code, str(error.detail), str(error.detail), code, (), dict(error.headers or {})
        )

    async def gone(_: Request, __: Exception) -> JSONResponse:
        # Nobody is there to read it. What came in half is not used, and that is no fault.
        return problem_response(400, "The request broke off", "The request ended before its body was whole.", "cut_off")

    async def fault(request: Request, error: Exception) -> JSONResponse:
        route = getattr(request.scope.get("route"), "path", "")  # not the path itself: an invite's link is a secret
        log.error("request.broke", route=route, error=type(error).__name__, exc_info=error)
        return problem_response(
            500, "Something went wrong", "This is a fault in Storeclerk, not in your request. Try again.", "fault"
        )

    app.add_exception_handler(errors.StoreclerkError, engine_error)
    app.add_exception_handler(IllegalTransition, transition)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, fault)
