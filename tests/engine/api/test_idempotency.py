"""Repeats that come in the worst moment: at an answer's last byte, and while a slow request still runs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.api.app import create_api
from engine.api.idempotency import Idempotency
from engine.bootstrap import Engine
from tests.plain_jobs import engine_with_plain_jobs

ACCOUNT = {"email": "owner@shop.example", "password": "a good long password", "shop_name": "Kiln & Leaf"}


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    engine, _ = engine_with_plain_jobs(tmp_path)
    yield engine
    await engine.close()


async def post(app: Any, body: object, at_the_end: Callable[[], Awaitable[None]] | None = None) -> tuple[int, str]:
    """(status, body) of a sign-up's answer; `at_the_end` happens when its last byte leaves."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if at_the_end is not None and message["type"] == "http.response.body" and not message.get("more_body"):
            await at_the_end()

    headers = [(b"idempotency-key", b"one"), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/signup", "raw_path": b"/v1/signup", "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.mark.parametrize(
    ("account", "status"), [(ACCOUNT | {"password": "short"}, 422), (ACCOUNT, 201)], ids=["refused", "kept"]
)
async def test_a_repeat_at_the_last_byte_gets_the_answer(engine: Engine, account: dict[str, str], status: int):
    app, repeated = create_api(engine), list[tuple[int, str]]()

    async def repeat() -> None:
        repeated.append(await post(app, account))

    first = await post(app, account, repeat)
    assert first[0] == status
    assert repeated == [first]


async def test_a_request_thought_to_be_cut_off_does_not_undo_the_answer_of_its_repeat(engine: Engine):
    clock, bodies = Clock(), iter(("first", "second", "third"))
    engine.accounts.clock = clock
    answers: list[tuple[int, str]] = []

    async def work(scope: Any, receive: Any, send: Any) -> None:
        mine = next(bodies)
        if mine == "first":
            clock.time += timedelta(minutes=3)
            answers.append(await post(app, ACCOUNT))
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": mine.encode()})

    app = Idempotency(work, engine)
    assert await post(app, ACCOUNT) == (201, "first")
    assert answers == [(201, "second")]
    assert await post(app, ACCOUNT) == (201, "second")


async def test_a_fault_lets_the_same_be_sent_again(engine: Engine):
    answers = iter((RuntimeError("broken"), b"well"))

    async def work(scope: Any, receive: Any, send: Any) -> None:
        if isinstance(answer := next(answers), Exception):
            raise answer
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": answer})

    app = Idempotency(work, engine)
    with pytest.raises(RuntimeError, match="broken"):
        await post(app, ACCOUNT)
    assert await post(app, ACCOUNT) == (201, "well")
