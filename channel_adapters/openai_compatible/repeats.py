"""Answers remembered for a client's own retries: the same request within a minute is answered once.

OpenAI's clients repeat a request by themselves when its answer got lost. Kept are only where the answer stands and
a hash of the request, in a fixed number of places for each key: nothing has to be cleaned up.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from starlette.requests import Request

from channel_adapters.limits import KEPT_SECONDS, REPEAT_SLOTS
from engine.domain.conversation import Reply
from engine.domain.merchant import ApiKey
from engine.ports import Clock
from engine.records import Records

__all__ = ["Repeats", "digest_of", "is_repeat"]

COLLECTION = "chat_repeats"


def digest_of(request: Request, body: bytes) -> str:
    """Names a request: equal for the retry of the same one."""
    own = request.headers.get("idempotency-key", "")
    return hashlib.sha256(own.encode() + b"\x1f" + body).hexdigest()


def is_repeat(request: Request) -> bool:
    """Whether the client says that it has sent this before, or may have."""
    retry = request.headers.get("x-stainless-retry-count", "0")
    return retry not in {"", "0"} or "idempotency-key" in request.headers


class Repeats:
    """Remembers and finds."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.records, self.clock = records, clock

    @staticmethod
    def place(key: ApiKey, digest: str) -> str:
        """Where a request of a key is remembered."""
        return f"{key.id}.{int(digest[:8], 16) % REPEAT_SLOTS}"

    async def find(self, key: ApiKey, digest: str) -> Reply | None:
        """The answer that the same request already got, or None."""
        kept = await self.records.store.get(key.merchant, COLLECTION, self.place(key, digest))
        if kept is None or kept.body["digest"] != digest:
            return None
        if self.clock.now() - datetime.fromisoformat(str(kept.body["at"])) > timedelta(seconds=KEPT_SECONDS):
            return None
        turn = await self.records.turns.find(key.merchant, str(kept.body["turn"]))
        return turn.record.reply if turn is not None else None

    async def keep(self, key: ApiKey, digest: str, reply: Reply) -> None:
        """Remember an answer."""
        body = {"digest": digest, "turn": reply.turn_id, "bot": key.bot, "at": self.clock.now().isoformat()}
        await self.records.store.write_many(key.merchant, COLLECTION, {self.place(key, digest): body})
