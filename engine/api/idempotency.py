"""`Idempotency-Key` on every POST: the same key and body get the first answer again for a day.

After draft-ietf-httpapi-idempotency-key-header. Only finished answers are kept; a stream is not.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.api.dependencies import UseCases
from engine.api.problems import problem_response
from engine.errors import AlreadyExists, NotAuthenticated
from engine.ports import PLATFORM

__all__ = ["Idempotency"]

LONGEST_KEY = 255
LONGEST_KEPT = 256_000
COLLECTION = "idempotency"
ELSEWHERE = "/v1/chat/"
"""Carries API keys, which are no sign-in: it remembers its answers by itself, under the key they were made for."""


class Idempotency:
    """Answers a repeated POST with the first answer."""

    def __init__(self, app: ASGIApp, engine: UseCases) -> None:
        self.app, self.engine = app, engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        key = header(scope, b"idempotency-key") if scope["type"] == "http" and scope["method"] == "POST" else ""
        path = scope["path"] if key else ""
        if not path.startswith("/v1/") or path.startswith(ELSEWHERE):
            await self.app(scope, receive, send)
            return
        if len(key) > LONGEST_KEY:
            response = problem_response(
                422,
                "The input cannot be used",
                f"Idempotency-Key has more than {LONGEST_KEY} characters.",
                "invalid_input",
            )
            await response(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        await self.serve(scope, body, receive, send, key)

    async def serve(self, scope: Scope, body: bytes, receive: Receive, send: Send, key: str) -> None:
        """Answer from what is kept, or let the request through and keep its answer."""
        merchant = self.merchant(header(scope, b"authorization"))
        name = hashlib.sha256(f"{scope['path']}\x1f{key}".encode()).hexdigest()
        digest = hashlib.sha256(body).hexdigest()
        store = self.engine.records.store
        try:
            etag = await store.add(merchant, COLLECTION, name, {"digest": digest, "state": "running"})
        except AlreadyExists:
            await self.repeat(merchant, name, digest, scope, receive, send)
            return
        kept, unread = Kept(), True

        async def replay() -> Message:
            nonlocal unread
            if not unread:
                # A stream waits here for the client to go: telling it the body again and again would never end.
                return await receive()
            unread = False
            return {"type": "http.request", "body": body, "more_body": False}

        async def record(message: Message) -> None:
            kept.add(message)
            await send(message)

        try:
            await self.app(scope, replay, record)
        finally:
            if kept.complete and kept.status < 500:
                await store.save(merchant, COLLECTION, name, kept.record(digest), etag)
            else:
                await store.delete(merchant, COLLECTION, name)

    def merchant(self, authorization: str) -> str:
        """Whose key it is: one shop's keys mean nothing to another."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return PLATFORM
        try:
            return self.engine.accounts.tokens.check(token).merchant
        except NotAuthenticated:
            return PLATFORM

    async def repeat(self, merchant: str, name: str, digest: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a repeated request."""
        stored = await self.engine.records.store.get(merchant, COLLECTION, name)
        record: dict[str, Any] = dict(stored.body) if stored is not None else {}
        if record.get("digest") not in {None, digest}:
            response = problem_response(
                422, "The input cannot be used", "This Idempotency-Key was used with another body.", "key_reused"
            )
        elif record.get("state") != "done":
            response = problem_response(
                409, "It clashes with what is there", "The same request is still being served.", "in_progress"
            )
        else:
            await send({"type": "http.response.start", "status": record["status"], "headers": [
                (b"content-type", str(record["content_type"]).encode()), (b"idempotency-replayed", b"true"),
            ]})  # fmt: skip
            await send({"type": "http.response.body", "body": base64.b64decode(str(record["body"]))})
            return
        await response(scope, receive, send)


class Kept:
    """An answer as it goes by."""

    def __init__(self) -> None:
        self.status, self.content_type, self.body, self.complete, self.keep = 500, "", b"", False, True

    def add(self, message: Message) -> None:
        """Note one part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = dict(message.get("headers", []))
            self.content_type = headers.get(b"content-type", b"").decode("latin-1")
            self.keep = not self.content_type.startswith("text/event-stream")
        elif message["type"] == "http.response.body" and self.keep:
            self.body += message.get("body", b"")
            self.keep = len(self.body) <= LONGEST_KEPT
            self.complete = self.keep and not message.get("more_body", False)

    def record(self, digest: str) -> dict[str, object]:
        """What is kept of it."""
        return {
            "digest": digest,
            "state": "done",
            "status": self.status,
            "content_type": self.content_type,
            "body": base64.b64encode(self.body).decode(),
        }


def header(scope: Scope, name: bytes) -> str:
    """A request header's value, or empty."""
    return next((value.decode("latin-1") for key, value in scope.get("headers", []) if key == name), "")
