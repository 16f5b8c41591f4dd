"""`Idempotency-Key` on every POST: the same key and body get the first answer again for a day.

After draft-ietf-httpapi-idempotency-key-header. Only finished answers are kept; a stream is not.
"""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.api.dependencies import UseCases
from engine.api.problems import problem_response
from engine.errors import AlreadyExists, NotAuthenticated, NotFound, StaleWrite
from engine.ports import PLATFORM, Json, StoredDocument

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
        running = {"digest": digest, "state": "running", "at": self.now().isoformat()}
        mark = await self.mark(merchant, name, running)
        if not isinstance(mark, str):
            await self.repeat(mark, digest, key, scope, receive, send)
            return
        kept, unread, settled = Kept(), True, False

        async def replay() -> Message:
            nonlocal unread
            if not unread:
                # A stream waits here for the client to go: telling it the body again and again would never end.
                return await receive()
            unread = False
            return {"type": "http.request", "body": body, "more_body": False}

        async def settle() -> None:
            nonlocal settled
            settled = True
            if kept.complete and kept.status in WORTH_KEEPING:
                answer = {"status": kept.status, "content_type": kept.content_type}
                coded = self.cipher(key).encrypt(kept.body).decode()
                # Whoever took this place meanwhile, since the request was thought to be cut off, keeps it.
                with suppress(StaleWrite, NotFound):
                    done = {**running, "state": "done", **answer, "body": coded}
                    await self.engine.records.store.save(merchant, COLLECTION, name, done, mark)
            else:
                await self.forget(merchant, name, mark)

        async def record(message: Message) -> None:
            kept.add(message)
            if kept.ended and not settled:
                # Before the last of it is sent: a repeat that comes at once is not told that this is still under way.
                await settle()
            await send(message)

        try:
            await self.app(scope, replay, record)
        finally:
            if not settled:
                await self.forget(merchant, name, mark)

    def now(self) -> datetime:
        """The present moment."""
        return self.engine.accounts.clock.now()

    def cipher(self, key: str) -> Fernet:
        """Answers can hold keys and tokens, so they are kept unreadable without the caller's own key."""
        secret = hashlib.sha256(f"{self.engine.accounts.tokens.secret}\x1f{key}".encode()).digest()
        return Fernet(base64.urlsafe_b64encode(secret))

    async def mark(self, merchant: str, name: str, running: Json) -> str | StoredDocument:
        """Note that a request is under way: the note's etag, or what is noted already of the same request."""
        store = self.engine.records.store
        while True:
            with suppress(AlreadyExists):
                return await store.add(merchant, COLLECTION, name, running)
            stored = await store.get(merchant, COLLECTION, name)
            if stored is not None and not self.is_over(stored):
                return stored
            if stored is not None:
                with suppress(StaleWrite, NotFound):
                    return await store.save(merchant, COLLECTION, name, running, stored.etag)

    def is_over(self, stored: StoredDocument) -> bool:
        """Whether it is older than a day, or was never finished."""
        life = KEPT if stored.body["state"] == "done" else ABANDONED
        return self.now() - datetime.fromisoformat(str(stored.body["at"])) >= life

    async def forget(self, merchant: str, name: str, mark: str) -> None:
        """Take a note back, unless it is another request's by now."""
        store = self.engine.records.store
        stored = await store.get(merchant, COLLECTION, name)
        if stored is not None and stored.etag == mark:
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

    async def repeat(
        self, stored: StoredDocument, digest: str, key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a repeated request."""
        record = stored.body
        if record["digest"] != digest:
            response = problem_response(
                422, "The input cannot be used", "This Idempotency-Key was used with another body.", "key_reused"
            )
        elif record["state"] != "done":
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
        self.status, self.content_type, self.body, self.keep, self.ended = 500, "", b"", True, False

    @property
    def complete(self) -> bool:
        """Whether all of it is here."""
        return self.ended and self.keep

    def add(self, message: Message) -> None:
        """Note one part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = dict(message.get("headers", []))
            self.content_type = headers.get(b"content-type", b"").decode("latin-1")
            self.keep = not self.content_type.startswith("text/event-stream")
        elif message["type"] == "http.response.body":
            self.ended = not message.get("more_body", False)
            self.body += message.get("body", b"") if self.keep else b""
            self.keep = self.keep and len(self.body) <= LONGEST_KEPT


def header(scope: Scope, name: bytes) -> str:
    """A request header's value, or empty."""
    return next((value.decode("latin-1") for key, value in scope.get("headers", []) if key == name), "")
