"""Typed records over the document store: one repository per kind of record.

Never here: a rule about any one record; those live with the record's use cases.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter

from engine.domain.audit import AuditEntry
from engine.domain.baseline import Baseline, Confirmation, Surprises
from engine.domain.bot import Bot, BotVersion
from engine.domain.channel import ChannelLink, ChannelThread, InboundMessage, OutboundMessage
from engine.domain.conversation import Conversation, Turn
from engine.domain.correction import Corrections, Pin
from engine.domain.handover import HandoverRules, PersonMessage, TeamPost
from engine.domain.knowledge import LearnedDocument, Source
from engine.domain.merchant import ApiKey, Member, Merchant, PasswordReset, Session
from engine.domain.release import ShadowResult, ShadowRun
from engine.domain.subscription import PaymentNotice, Subscription
from engine.domain.suggestion import SuggestionEnd
from engine.domain.trial import GateRules, Invite, KeptResult, Questionnaire, Rating, TestCase, TrialRun
from engine.errors import AlreadyExists, NotFound, StaleWrite
from engine.ports import DocumentStore, Json

__all__ = ["Found", "Listing", "Records", "Repository"]

T = TypeVar("T")
SAVE_ATTEMPTS = 20


@cache
def adapter(record: type[Any]) -> TypeAdapter[Any]:
    """Turns one kind of record into JSON and back; built once per kind."""
    return TypeAdapter(record)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A record with the etag it was read at."""

    record: T
    etag: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Some records, and where to go on."""

    items: tuple[T, ...]
    cursor: str | None


class Repository(Generic[T]):
    """Records of one kind. Every call names the merchant, as the store demands."""

    def __init__(self, store: DocumentStore, collection: str, record: type[T], noun: str) -> None:
        self.store, self.collection, self.noun = store, collection, noun
        self.adapter: TypeAdapter[T] = TypeAdapter(record)

    def body(self, record: T) -> Json:
        """The record as JSON values."""
        return cast("Json", self.adapter.dump_python(record, mode="json"))

    async def add(self, merchant: str, key: str, record: T) -> None:
        """Create only. Raises AlreadyExists."""
        await self.store.add(merchant, self.collection, key, self.body(record))

    async def find(self, merchant: str, key: str) -> Found[T] | None:
        """The record with its etag, or None."""
        stored = await self.store.get(merchant, self.collection, key)
        return None if stored is None else Found(self.adapter.validate_python(stored.body), stored.etag)

    async def get(self, merchant: str, key: str) -> T:
        """The record. Raises NotFound."""
        found = await self.find(merchant, key)
        if found is None:
            raise NotFound(f"there is no {self.noun} {key!r}")
        return found.record

    async def change(self, merchant: str, key: str, change: Callable[[T], T]) -> T:
        """Apply `change` by compare and set, again when someone else was first. Raises NotFound, StaleWrite."""
        for _ in range(SAVE_ATTEMPTS):
            found = await self.find(merchant, key)
            if found is None:
                raise NotFound(f"there is no {self.noun} {key!r}")
            changed = change(found.record)
            try:
                await self.store.save(merchant, self.collection, key, self.body(changed), found.etag)
            except StaleWrite:
                continue
            return changed
        raise StaleWrite(f"{self.noun} {key!r} is being changed by others; try again")

    async def write(self, merchant: str, key: str, make: Callable[[T | None], T]) -> T:
        """Make a record of the one that is there, if any, by compare and set. Raises StaleWrite."""
        for _ in range(SAVE_ATTEMPTS):
            found = await self.find(merchant, key)
            made = make(None if found is None else found.record)
            try:
                if found is None:
                    await self.add(merchant, key, made)
                else:
                    await self.store.save(merchant, self.collection, key, self.body(made), found.etag)
            except (AlreadyExists, StaleWrite, NotFound):
                continue
            return made
        raise StaleWrite(f"{self.noun} {key!r} is being changed by others; try again")

    async def write_many(self, merchant: str, records: Mapping[str, T]) -> None:
        """Create or replace, all or none."""
        await self.store.write_many(merchant, self.collection, {key: self.body(r) for key, r in records.items()})

    async def page(
        self,
        merchant: str,
        where: Mapping[str, str | int | bool],
        *,
        newest_first: bool = False,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Listing[T]:
        """One page of the records whose fields equal `where`."""
        found = await self.store.query(
            merchant, self.collection, where, newest_first=newest_first, limit=limit, cursor=cursor
        )
        return Listing(tuple(self.adapter.validate_python(item.body) for item in found.items), found.cursor)

    async def all(
        self, merchant: str, where: Mapping[str, str | int | bool], *, newest_first: bool = False
    ) -> AsyncIterator[T]:
        """Every record whose fields equal `where`, page by page."""
        cursor: str | None = None
        while True:
            page = await self.page(merchant, where, newest_first=newest_first, limit=500, cursor=cursor)
            for item in page.items:
                yield item
            if page.cursor is None:
                return
            cursor = page.cursor

    async def list(self, merchant: str, where: Mapping[str, str | int | bool]) -> Sequence[T]:
        """Every record whose fields equal `where`; for kinds that a bot has few of."""
        return [item async for item in self.all(merchant, where)]

    async def count(self, merchant: str, where: Mapping[str, str | int | bool]) -> int:
        """How many records have fields equal to `where`."""
        return await self.store.count(merchant, self.collection, where)

    async def delete(self, merchant: str, key: str) -> None:
        """Remove. Raises NotFound."""
        if not await self.store.delete(merchant, self.collection, key):
            raise NotFound(f"there is no {self.noun} {key!r}")

    async def delete_where(self, merchant: str, where: Mapping[str, str | int | bool]) -> int:
        """Remove all whose fields equal `where`."""
        return await self.store.delete_where(merchant, self.collection, where)


class Records:
    """The repositories, one per kind of record."""

    def __init__(self, store: DocumentStore) -> None:
        self.store = store
        self.merchants = Repository(store, "merchants", Merchant, "merchant")
        self.members = Repository(store, "members", Member, "member")
        self.sessions = Repository(store, "sessions", Session, "session")
        self.password_resets = Repository(store, "password_resets", PasswordReset, "password reset")
        self.api_keys = Repository(store, "api_keys", ApiKey, "key")
        self.bots = Repository(store, "bots", Bot, "bot")
        self.versions = Repository(store, "versions", BotVersion, "version")
        self.sources = Repository(store, "sources", Source, "source")
        self.documents = Repository(store, "documents", LearnedDocument, "document")
        self.corrections = Repository(store, "corrections", Corrections, "correction")
        self.pins = Repository(store, "pins", Pin, "pinned answer")
        self.conversations = Repository(store, "conversations", Conversation, "conversation")
        self.turns = Repository(store, "turns", Turn, "turn")
        self.test_cases = Repository(store, "test_cases", TestCase, "test case")
        self.trials = Repository(store, "trials", TrialRun, "trial")
        self.case_results = Repository(store, "case_results", KeptResult, "result")
        self.gate_rules = Repository(store, "gate_rules", GateRules, "gate rule")
        self.baselines = Repository(store, "baselines", Baseline, "baseline")
        self.surprises = Repository(store, "surprises", Surprises, "comparison")
        self.confirmations = Repository(store, "confirmations", Confirmation, "confirmation")
        self.invites = Repository(store, "invites", Invite, "invite")
        self.ratings = Repository(store, "ratings", Rating, "rating")
        self.questionnaires = Repository(store, "questionnaires", Questionnaire, "questionnaire")
        self.shadow_runs = Repository(store, "shadow_runs", ShadowRun, "shadow run")
        self.shadow_results = Repository(store, "shadow_results", ShadowResult, "shadow result")
        self.channel_links = Repository(store, "channel_links", ChannelLink, "channel link")
        self.channel_threads = Repository(store, "channel_threads", ChannelThread, "thread")
        self.inbound = Repository(store, "inbound", InboundMessage, "message")
        self.outbound = Repository(store, "outbound", OutboundMessage, "message")
        self.handover_rules = Repository(store, "handover_rules", HandoverRules, "rule of hand-over")
        self.person_messages = Repository(store, "person_messages", PersonMessage, "message")
        self.team_posts = Repository(store, "team_posts", TeamPost, "post")
        self.suggestion_ends = Repository(store, "suggestion_ends", SuggestionEnd, "suggestion")
        self.payment_notices = Repository(store, "payment_notices", PaymentNotice, "notice")
        self.subscriptions = Repository(store, "subscriptions", Subscription, "subscription")
        self.audit = Repository(store, "audit", AuditEntry, "audit entry")
