"""Sources: where a bot's knowledge comes from. Making, listing and removing them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from engine.corrections import BotCorrections
from engine.domain.knowledge import Source, SourceKind
from engine.errors import Conflict, FieldProblem, InvalidInput, NotFound, StoreclerkError, TooLarge
from engine.knowledge.copies import Copies
from engine.knowledge.parsing.formats import check_upload
from engine.knowledge.reading import Reader, Recogniser, is_upload
from engine.knowledge.schedules import Schedules, StartSync
from engine.knowledge.syncing import is_being_read
from engine.ports import BlobStore, Clock, Identifiers
from engine.records import Listing, Records

__all__ = ["Sources"]


class Sources:
    """Use cases around a bot's sources."""

    def __init__(
        self,
        records: Records,
        blobs: BlobStore,
        readers: Mapping[SourceKind, Reader],
        copies: Copies,
        schedules: Schedules,
        corrections: BotCorrections,
        start_sync: StartSync,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self.records, self.blobs, self.readers = records, blobs, readers
        self.copies, self.schedules, self.corrections, self.start_sync = copies, schedules, corrections, start_sync
        self.clock, self.identifiers = clock, identifiers

    async def create(self, merchant: str, bot: str, kind: SourceKind, options: dict[str, object]) -> Source:
        """A new source, checked by its reader. Where a file lies comes from `take_file`, never from a request.

        Raises InvalidInput naming the field.
        """
        reader = self.readers.get(kind)
        if reader is None:
            known = ", ".join(sorted(self.readers))
            raise InvalidInput(
                f"{kind!r} is not a kind of source; choose one of {known}.",
                fields=[FieldProblem("kind", f"is one of {known}")],
            )
        title, checked = reader.check(options)
        source = Source(self.identifiers.new("source"), merchant, bot, kind, title, checked, self.clock.now())
        await self.records.sources.add(merchant, source.id, source)
        return source

    async def take_file(
        self, merchant: str, bot: str, filename: str, chunks: AsyncIterator[bytes], most: int
    ) -> tuple[SourceKind, dict[str, object]]:
        """(kind, options) of the source that an uploaded file makes: a feed when it is a catalogue.

        The file is kept under its own hash. `most` is the size of the largest document in bytes; a feed may be
        larger. Raises InvalidInput, TooLarge naming the file; it is not kept then.
        """
        blob, size = await self.keep(merchant, bot, chunks)
        options: dict[str, object] = {"blob": blob, "filename": filename}
        for kind, reader in self.readers.items():
            if isinstance(reader, Recogniser) and (found := await reader.recognise(filename, blob, self.blobs)):
                return kind, options | found
        try:
            if size > most:
                raise TooLarge(f"{filename!r} is larger than {most // 1_000_000} MB. Split it into smaller files.")
            check_upload(filename, await self.blobs.get(blob) or b"", most=most)
        except StoreclerkError:
            await self.release(merchant, bot, blob)
            raise
        return "file", options

    async def release(self, merchant: str, bot: str, blob: object) -> None:
        """Forget an uploaded file that no source needs any more."""
        used = {source.options.get("blob") for source in await self.records.sources.list(merchant, {"bot": bot})}
        if is_upload(merchant, bot, blob) and blob not in used:
            await self.blobs.delete(str(blob))

    async def keep(self, merchant: str, bot: str, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        """(name, size in bytes) of an uploaded file, stored piece by piece under its own hash."""
        digest = hashlib.sha256()

        async def summed() -> AsyncIterator[bytes]:
            async for chunk in chunks:
                digest.update(chunk)
                yield chunk

        waiting = f"{merchant}/{bot}/uploads/{self.identifiers.new('upload')}"
        size = await self.blobs.write(waiting, summed())
        blob = f"{merchant}/{bot}/files/{digest.hexdigest()}"
        await self.blobs.rename(waiting, blob)
        return blob, size

    async def get(self, merchant: str, bot: str, source_id: str) -> Source:
        """One source. Raises NotFound."""
        source = await self.records.sources.get(merchant, source_id)
        if source.bot != bot:
            raise NotFound(f"there is no source {source_id!r}")
        return source

    async def page(self, merchant: str, bot: str, limit: int, cursor: str | None) -> Listing[Source]:
        """A bot's sources, oldest first."""
        return await self.records.sources.page(merchant, {"bot": bot}, limit=limit, cursor=cursor)

    async def delete(self, merchant: str, bot: str, source_id: str) -> None:
        """Remove a source: its facts are gone from the next answer on. Raises NotFound."""
        source = await self.get(merchant, bot, source_id)
        # First what shoppers meet, the record last: a crash on the way leaves a source that can be deleted again.
        await self.corrections.remove_source(merchant, bot, source.id)
        await self.schedules.remove(source.id)
        await self.copies.forget(source)
        await self.records.sources.delete(merchant, source.id)
        await self.release(merchant, bot, source.options.get("blob"))

    async def update(
        self,
        merchant: str,
        bot: str,
        source_id: str,
        *,
        options: dict[str, object] | None = None,
        schedule_minutes: int | None = None,
    ) -> Source:
        """Change what a source is read with, or how often. New options hold from its next reading on.

        Raises NotFound, InvalidInput naming the field.
        """
        source = await self.get(merchant, bot, source_id)
        if options:
            title, checked = self.readers[source.kind].check({**source.options, "title": source.title, **options})
            source = await self.records.sources.change(
                merchant, source_id, lambda current: replace(current, title=title, options=checked)
            )
        if schedule_minutes is not None:
            source = await self.schedules.set(source, schedule_minutes)
        return source

    async def sync(self, merchant: str, bot: str, source_id: str) -> Source:
        """Read a source now, beside its schedule. Raises NotFound, Conflict while it is read, Unavailable."""
        source = await self.get(merchant, bot, source_id)
        if is_being_read(source, self.clock.now()):
            raise Conflict(f"{source.title!r} is being read at this moment.", code="already_reading")
        await self.start_sync(merchant, bot, source.id, self.identifiers.new("sync"))
        return source
