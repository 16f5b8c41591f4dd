"""Reading a source afresh, and whether the result may take the place of the last good copy.

A reading that failed, came back empty or brought suspiciously less never replaces what was good: the copy stays,
the reason is noted, and the merchant is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from engine.domain.knowledge import Freshness, ItemFailure, Source, SourceCopy, SourceKind
from engine.errors import Conflict, NotFound, StoreclerkError, Unavailable
from engine.knowledge.copies import Copies, Tally, options_digest
from engine.knowledge.failures import NOTES, SKIPPED
from engine.knowledge.reading import ReadBatch, ReadContext, Reader
from engine.ports import BlobStore, Clock
from engine.records import Records

__all__ = ["Progressed", "Syncing", "is_being_read"]

log = structlog.get_logger("storeclerk.knowledge")
LEAST_SHARE = 0.7
"""A reading that brings less than this share of the last good copy's pages or products is held back."""
ABANDONED = timedelta(minutes=30)
"""A reading that came on last so long ago is not waited for: its job is lost. One batch takes minutes at most."""
SELF_CONTAINED: frozenset[SourceKind] = frozenset({"file", "text", "faq"})
"""Kinds whose content lies with us: it changes only when their options do."""


@dataclass(frozen=True, slots=True)
class Progressed:
    """What one step of a reading did."""

    cursor: str | None
    """Where to go on; None at the end."""
    done: int
    total: int
    failures: tuple[ItemFailure, ...] = ()


class Syncing:
    """Steps of reading one source; each is idempotent."""

    def __init__(
        self, records: Records, blobs: BlobStore, copies: Copies, readers: Mapping[SourceKind, Reader], clock: Clock
    ) -> None:
        self.records, self.blobs, self.copies, self.readers, self.clock = records, blobs, copies, readers, clock

    async def source(self, merchant: str, source_id: str) -> Source | None:
        """The source as it stands, or None when it was removed."""
        found = await self.records.sources.find(merchant, source_id)
        return None if found is None else found.record

    def is_due(self, source: Source) -> bool:
        """Whether reading it again can bring anything new."""
        same = source.copy is not None and source.copy.options == options_digest(source)
        return not (same and source.kind in SELF_CONTAINED)

    async def begin(self, merchant: str, source_id: str, run: str) -> bool:
        """Mark that a reading is under way. False when the source is gone, or is being read already."""
        now = self.clock.now()

        def mark(source: Source) -> Source:
            if source.reading == run or is_being_read(source, now):
                return source
            freshness = replace(source.freshness, state="reading", last_attempt_at=now)
            return replace(
                source,
                reading=run,
                reading_options=options_digest(source),
                progressed_at=now,
                stopping=False,
                done=0,
                total=0,
                freshness=freshness,
            )

        try:
            source = await self.records.sources.change(merchant, source_id, mark)
        except NotFound:
            return False
        return source.reading == run

    async def read(self, merchant: str, source_id: str, run: str, number: int, cursor: str | None) -> Progressed:
        """Read and keep the next batch. Raises Unavailable when it may go better in a moment."""
        source = await self.source(merchant, source_id)
        if source is None or source.reading != run:  # removed, or taken over by another reading
            return Progressed(None, 0, 0)
        if source.stopping:
            await self.copies.put(source, run, number, ReadBatch())
            return Progressed(None, 0, 0)
        context = ReadContext(self.blobs, self.clock, run, self.comparable(source))
        try:
            batch = await self.readers[source.kind].read(source, cursor, context)
        except Unavailable:
            raise
        except StoreclerkError as error:
            batch = ReadBatch(failures=(ItemFailure(source.title, error.message, error.code),))
        await self.copies.put(source, run, number, batch)
        done, total, now = batch.done, max(batch.total, batch.done), self.clock.now()
        try:
            await self.records.sources.change(
                merchant, source_id, lambda current: replace(current, done=done, total=total, progressed_at=now)
            )
        except NotFound:
            await self.copies.forget(source)  # removed while this batch was read: nothing of it stays
            return Progressed(None, done, total)
        return Progressed(batch.cursor, done, total, batch.failures)

    @staticmethod
    def comparable(source: Source) -> str | None:
        """The reading that a new one may build on: the last good one, when the same was asked for."""
        copy = source.copy
        return copy.run if copy is not None and copy.options == options_digest(source) else None

    async def finish(self, merchant: str, source_id: str, run: str, batches: int) -> None:
        """End a reading: it becomes the good copy, or is held back, or is noted as failed."""
        source = await self.source(merchant, source_id)
        if source is None or source.reading != run:
            return  # it was removed, or this very step was done before
        tally = await self.copies.tally(source, run, batches)
        try:
            after = await self.records.sources.change(merchant, source_id, lambda current: judged(current, run, tally))
        except NotFound:
            await self.copies.forget(source)
            return
        log.info(
            "source.read",
            source=source_id,
            state=after.freshness.state,
            documents=tally.documents,
            products=tally.products,
            failed=tally.failed,
        )
        await self.copies.prune(after, kept_runs(after))

    async def leave(self, merchant: str, bot: str, run: str) -> None:
        """End the readings of `run` that were broken off: what was read is kept where it is the best there is."""
        for source in await self.records.sources.list(merchant, {"bot": bot}):
            if source.reading == run:
                await self.records.sources.change(merchant, source.id, lambda current: replace(current, stopping=True))
                await self.finish(merchant, source.id, run, await self.copies.count(source, run))

    async def break_off(self, merchant: str, source_id: str, run: str, reason: str) -> None:
        """End a reading that cannot go on; the last good copy stays."""

        def end(source: Source) -> Source:
            if source.reading != run:
                return source
            ended = replace(source, reading=None, stopping=False)
            return replace(ended, freshness=noted(ended, "failed", f"Reading stopped: {reason}{stays(source.copy)}"))

        try:
            await self.records.sources.change(merchant, source_id, end)
        except NotFound:
            return

    async def stop(self, source: Source) -> Source:
        """Let the reading under way end with what it has. Raises Conflict when none is."""
        if not is_being_read(source, self.clock.now()):
            raise Conflict(f"{source.title!r} is not being read at the moment.", code="not_reading")
        return await self.records.sources.change(
            source.merchant, source.id, lambda current: replace(current, stopping=current.reading is not None)
        )

    async def accept(self, source: Source) -> Source:
        """Use the reading that was held back. Raises Conflict when there is none."""

        def use(current: Source) -> Source:
            if current.held is None:
                raise Conflict(f"No reading of {source.title!r} waits for a decision.", code="nothing_held")
            freshness = replace(current.freshness, state="fresh", reason="", last_good_at=current.held.at)
            return with_copy(replace(current, held=None, freshness=freshness), current.held)

        return await self.records.sources.change(source.merchant, source.id, use)

    async def dismiss(self, source: Source) -> Source:
        """Stay with the last good copy. Raises Conflict when nothing waits."""

        def stay(current: Source) -> Source:
            if current.held is None:
                raise Conflict(f"No reading of {source.title!r} waits for a decision.", code="nothing_held")
            return replace(current, held=None, freshness=replace(current.freshness, state="fresh", reason=""))

        kept = await self.records.sources.change(source.merchant, source.id, stay)
        await self.copies.prune(kept, kept_runs(kept))
        return kept


def is_being_read(source: Source, now: datetime) -> bool:
    """Whether a reading is under way and still comes on."""
    at = source.progressed_at
    return source.reading is not None and (at is None or now - at < ABANDONED)


def kept_runs(source: Source) -> set[str]:
    """The readings of a source that are still needed."""
    copies = (source.copy, source.before, source.held)
    return {copy.run for copy in copies if copy is not None} | ({source.reading} if source.reading else set())


def with_copy(source: Source, copy: SourceCopy) -> Source:
    """The source with a new good copy."""
    return replace(source, copy=copy, before=source.copy, documents=copy.documents, products=copy.products)


def judged(source: Source, run: str, tally: Tally) -> Source:
    """The source after a reading, whatever came of it."""
    if source.reading != run:
        return source
    last = source.copy
    failures = tuple(tally.failures)
    if tally.failed > len(failures):
        more = ItemFailure(source.title, f"{tally.failed - len(failures):,} more were refused.", "more")
        failures = (*failures, more)
    stopped = source.stopping
    source = replace(source, reading=None, stopping=False)
    if tally.unchanged and last is not None:
        at = source.freshness.last_attempt_at or last.at
        freshness = replace(source.freshness, state="fresh", reason="", last_good_at=at)
        return replace(source, freshness=freshness, held=None)
    copy = tally.copy(source, run)
    source = replace(source, failures=failures, excluded_columns=tuple(tally.excluded_columns))
    if not copy.documents and not copy.products:
        reason = failures[0].reason if failures else "Nothing to learn was found there."
        return replace(source, freshness=noted(source, "failed", reason + stays(last)))
    if not stopped and last is not None and last.options == copy.options and (lost := shrunken(last, copy)):
        return replace(source, held=copy, freshness=noted(source, "held", f"{lost}{stays(last)}"))
    if stopped and last is not None and (copy.documents < last.documents or copy.products < last.products):
        return replace(source, freshness=noted(source, "partial", f"It was stopped before its end.{stays(last)}"))
    reason = f"It was stopped; {copy.documents + copy.products:,} items were kept." if stopped else ""
    missing = any(failure.code not in SKIPPED | NOTES for failure in failures)
    state = noted(source, "partial" if missing or stopped else "fresh", reason)
    return with_copy(replace(source, held=None, freshness=replace(state, last_good_at=copy.at)), copy)


def noted(source: Source, state: str, reason: str) -> Freshness:
    """The freshness with a new state."""
    return replace(source.freshness, state=state, reason=reason)  # type: ignore[arg-type]


def stays(last: SourceCopy | None) -> str:
    """What is used meanwhile."""
    return "" if last is None else f" The copy of {last.at:%d %B %Y, %H:%M} UTC stays in use."


def shrunken(last: SourceCopy, copy: SourceCopy) -> str:
    """What a reading lost, when it is so much that something must be wrong; else nothing."""
    for noun, now, before in (("pages", copy.documents, last.documents), ("products", copy.products, last.products)):
        if now < LEAST_SHARE * before:
            return f"Only {now:,} of {before:,} {noun} were found this time. Was the rest removed on purpose?"
    return ""
