"""Answers as server-sent events: `token`, `products`, `citations`, `reply`, or `error`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import structlog

from engine.answering.answerer import Done, Event, Token
from engine.domain.conversation import Reply
from engine.errors import StoreclerkError
from engine.records import adapter

__all__ = ["KEEP_ALIVE_SECONDS", "SSE_HEADERS", "answer_events", "event", "reply_body", "with_keep_alive"]

log = structlog.get_logger("storeclerk.api")
SSE_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
KEEP_ALIVE_SECONDS = 15.0


def event(name: str, data: Any) -> str:
    """One event on the wire."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def reply_body(reply: Reply) -> dict[str, Any]:
    """A reply as JSON values."""
    return adapter(Reply).dump_python(reply, mode="json")  # type: ignore[no-any-return]


async def answer_events(events: AsyncIterator[Event]) -> AsyncIterator[str]:
    """The wire form of an answer; a late failure becomes an `error` event, never a silent end."""
    try:
        async for item in events:
            if isinstance(item, Token):
                yield event("token", {"text": item.text})
            elif isinstance(item, Done):
                body = reply_body(item.reply)
                yield event("products", body["products"])
                yield event("citations", body["citations"])
                yield event("reply", body)
    except StoreclerkError as error:
        yield event("error", {"code": error.code, "detail": error.message})
    except Exception as error:
        log.exception("answer.broke", error=type(error).__name__)
        yield event("error", {"code": "fault", "detail": "The answer stopped because of a fault. Please ask again."})


async def with_keep_alive(lines: AsyncIterator[str], seconds: float = KEEP_ALIVE_SECONDS) -> AsyncIterator[str]:
    """The same lines, with a comment whenever nothing came for a while, so that proxies keep the connection."""
    waiting = asyncio.ensure_future(anext(lines, None))
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=seconds)
            if not done:
                yield ": keep-alive\n\n"
                continue
            line = waiting.result()
            if line is None:
                return
            yield line
            waiting = asyncio.ensure_future(anext(lines, None))
    finally:
        waiting.cancel()
