"""`Idempotency-Key` on every POST: the same key and body get the first answer again for a day.

After draft-ietf-httpapi-idempotency-key-header. Only finished answers are kept; a stream is not.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from starlette.exceptions import HTTPException
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
WORTH_KEEPING = frozenset({200, 201, 202, 204, 409})
"""Answers that did something, or told of a clash; a refusal may be different the next time."""
KEPT = timedelta(days=1)
ABANDONED = timedelta(minutes=2)
"""A request that has not ended by then was cut off with its process."""
ELSEWHERE = ("/v1/chat/", "/v1/bots/import")
"""The first carries API keys, which are no sign-in: it remembers its answers by itself, under the key they were made
for. The second is too large to be held for comparison; bringing a file in twice makes two bots, and harms nobody."""


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
        try:
            body = await Request(scope, receive).body()
        except HTTPException as error:
            response = problem_response(error.status_code, "Too large", str(error.detail), "too_large")
            await response(scope, receive, send)
            return
        await self.serve(scope, body, receive, send, key)

    async def serve(self, scope: Scope, body: bytes, receive: Receive, send: Send, key: str) -> None:
        """Answer from what is kept, or let the request through and keep its answer."""
        merchant = self.merchant(header(scope, b"authorization"))
        name = hashlib.sha256(f"{scope['path']}\x1f{key}".encode()).hexdigest()
        digest = hashlib.sha256(body).hexdigest()
        store = self.engine.records.store
        running = {"digest": digest, "state": "running", "at": self.now().isoformat()}
        try:
            etag = await store.add(merchant, COLLECTION, name, running)
        except AlreadyExists:
            if not await self.forget_if_over(merchant, name):
                await self.repeat(merchant, name, digest, key, scope, receive, send)
                return
            etag = await store.add(merchant, COLLECTION, name, running)
        kept, unread, saved = Kept(), True, False

        async def replay() -> Message:
            nonlocal unread
            if not unread:
                # A stream waits here for the client to go: telling it the body again and again would never end.
                return await receive()
            unread = False
            return {"type": "http.request", "body": body, "more_body": False}

        async def record(message: Message) -> None:
            nonlocal saved
            kept.add(message)
            if kept.complete and kept.status in WORTH_KEEPING and not saved:
                # Kept before the last of it is sent: a repeat that comes at once finds it.
                body = self.cipher(key).encrypt(kept.body).decode()
                done = {
                    **running,
                    "state": "done",
                    "status": kept.status,
                    "content_type": kept.content_type,
                    "body": body,
                }
                await store.save(merchant, COLLECTION, name, done, etag)
                saved = True
            await send(message)

        try:
            await self.app(scope, replay, record)
        finally:
            if not saved:
                await store.delete(merchant, COLLECTION, name)

    def now(self) -> datetime:
        """The present moment."""
        return self.engine.accounts.clock.now()

    def cipher(self, key: str) -> Fernet:
        """Answers can hold keys and tokens, so they are kept unreadable without the caller's own key."""
        secret = hashlib.sha256(f"{self.engine.accounts.tokens.secret}\x1f{key}".encode()).digest()
        return Fernet(base64.urlsafe_b64encode(secret))

    async def forget_if_over(self, merchant: str, name: str) -> bool:
        """Forget what is older than a day, or was never finished; answers whether it did."""
        store = self.engine.records.store
        stored = await store.get(merchant, COLLECTION, name)
        if stored is None:
            return True
        life = KEPT if stored.body["state"] == "done" else ABANDONED
        if self.now() - datetime.fromisoformat(str(stored.body["at"])) < life:
            return False
        return await store.delete(merchant, COLLECTION, name)

    def merchant(self, authorization: str) -> str:
        """Whose key it is: one shop's keys mean nothing to another."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return PLATFORM
        try:
            return self.engine.accounts.tokens.check(token).merchant
        except NotAuthenticated:
            return PLATFORM

    async def repeat(
        self, merchant: str, name: str, digest: str, key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
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
            await send({"type": "http.response.body", "body": self.cipher(key).decrypt(str(record["body"]))})
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


def header(scope: Scope, name: bytes) -> str:
    """A request header's value, or empty."""
    return next((value.decode("latin-1") for key, value in scope.get("headers", []) if key == name), "")
