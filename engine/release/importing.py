"""Makes a bot of a portable file: checked whole, written beside everything else, and visible last.

Never here: the file's format, or what a part becomes.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from engine.branding import clean_icon, make_theme
from engine.branding.theme import theme_from_seed
from engine.domain.bot import Bot, BotVersion, VersionKey
from engine.domain.knowledge import SourceKind
from engine.embedders import Embedders
from engine.errors import StoreclerkError, Unavailable
from engine.knowledge.copies import Copies
from engine.knowledge.reading import Reader
from engine.ports import PLATFORM, BlobStore, Catalogue, Clock, Identifiers, PassageIndex
from engine.records import Records
from engine.release.arriving import NUMBER, Arrival, check_words
from engine.release.arriving_sources import ArrivingSources
from engine.release.bots import DEFAULT_SEED, Bots
from engine.release.bundle import BundledBot, broken
from engine.release.bundle_reading import BundleReader
from engine.release.bundle_renaming import Renaming

__all__ = ["Importing"]

UNDER_WAY = "imports"
ABANDONED = timedelta(hours=2)
"""An import that has not ended by then was cut off with its process."""
LARGEST_ICON = 5_000_000
log = structlog.get_logger("storeclerk.release")


class Importing:
    """Reads portable files into this installation."""

    def __init__(
        self,
        records: Records,
        blobs: BlobStore,
        index: PassageIndex,
        catalogue: Catalogue,
        embedders: Embedders,
        bots: Bots,
        readers: Mapping[SourceKind, Reader],
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self.records, self.blobs, self.index, self.catalogue = records, blobs, index, catalogue
        self.embedders, self.bots, self.readers = embedders, bots, readers
        self.clock, self.identifiers = clock, identifiers

    async def bring(self, merchant: str, path: Path) -> Bot:
        """A new bot of this merchant, not live. Raises InvalidInput naming what cannot be used; nothing is left then.

        Nobody sees the bot before its last part is written: its own record.
        """
        await self.tidy()
        reader = await asyncio.to_thread(BundleReader, path)
        try:
            await self.check(reader)
            renaming = Renaming(self.identifiers)
            bot = renaming.new("bot", reader.manifest.bot)
            return await self.write(Arrival(reader, merchant, bot, renaming, self.records))
        finally:
            reader.close()

    async def bring_to_serve(self, merchant: str, path: Path) -> Bot:
        """The bot of a file under its own ids and live, without what only a studio needs: for a place of its own."""
        reader = await asyncio.to_thread(BundleReader, path)
        try:
            await self.check(reader)
            renaming = Renaming(None)
            arrival = Arrival(reader, merchant, renaming.new("bot", reader.manifest.bot), renaming, self.records)
            bot = await self.draft(arrival)
            version = await self.answering(arrival)
            await self.records.versions.add(merchant, f"{bot.id}.{NUMBER}", replace(version, status="live", note=""))
            return await self.show(replace(bot, live=NUMBER))
        finally:
            reader.close()

    async def check(self, reader: BundleReader) -> None:
        """Return when every part is as it was written and can be searched here. Raises InvalidInput."""
        await reader.verify()
        try:
            embedder = self.embedders.named(reader.manifest.embedder)
        except Unavailable as error:
            name = reader.manifest.embedder[:100]
            raise broken(
                f"its knowledge was prepared with {name!r}, which is not connected here. Connect the same embedding "
                "model in the settings of this installation, then bring the file in again.",
                "bundle_embedder",
            ) from error
        if embedder.dimensions != reader.manifest.dimensions:
            raise broken("its vectors have another length than those of the model that it names.")

    async def draft(self, arrival: Arrival) -> Bot:
        """The bot's record, not written yet; its look is made here, from the icon or its colour."""
        told = await arrival.reader.one(BundledBot, "bot.json")
        check_words(told.persona, told.guardrails.refusal_text, told.guardrails.contact_text)
        arrival.addresses.learn_words(told.persona, told.guardrails)
        threshold = told.guardrails.refusal_threshold
        if threshold is not None and not 0 <= threshold <= 1:
            raise broken("its refusal threshold is not between 0 and 1.")
        bot = Bot(
            arrival.bot, arrival.merchant, self.bots.clean_name(told.name), self.clock.now(), told.persona,
            told.guardrails, theme_overrides=told.theme_overrides, languages=told.languages, next_version=NUMBER + 1,
        )  # fmt: skip
        if not arrival.reader.has("icon.png"):
            wishes = {"seed": told.seed or DEFAULT_SEED, **told.theme_overrides}
            theme = await asyncio.to_thread(theme_from_seed, DEFAULT_SEED, wishes)
            return replace(bot, theme=theme)
        icon = await asyncio.to_thread(clean_icon, await arrival.reader.small("icon.png", LARGEST_ICON))
        theme = await asyncio.to_thread(make_theme, icon.png, told.theme_overrides)
        name = hashlib.sha256(icon.png).hexdigest()
        await self.blobs.put(f"{bot.merchant}/{bot.id}/icons/{name}.png", icon.png)
        return replace(bot, icon=name, theme=theme)

    async def write(self, arrival: Arrival) -> Bot:
        """Every part, the bot's own record last. What was written is removed when a part cannot be used."""
        merchant, name = arrival.merchant, arrival.bot
        begun = {"merchant": merchant, "bot": name, "at": self.clock.now().isoformat()}
        await self.records.store.add(PLATFORM, UNDER_WAY, name, begun)
        try:
            bot = await self.draft(arrival)
            version = await self.answering(arrival)
            await arrival.documents()
            await ArrivingSources(arrival, Copies(self.blobs), self.readers).write()
            await arrival.cases(self.catalogue)
            await arrival.evidence()
            documents = await self.records.documents.count(merchant, {"bot": name, "version": NUMBER})
            await self.records.versions.add(merchant, f"{name}.{NUMBER}", replace(version, documents=documents))
            await self.show(bot)
        except BaseException:
            await asyncio.shield(self.forget(merchant, name))
            raise
        await self.records.store.delete(PLATFORM, UNDER_WAY, name)
        return bot

    async def answering(self, arrival: Arrival) -> BotVersion:
        """What answers are made of: passages, products and corrections; answers the version's record."""
        sealed = await arrival.reader.one(BotVersion, "version.json")
        digest = await arrival.knowledge(self.index, self.catalogue)
        await arrival.corrections()
        count, products = await self.index.count(arrival.key), await self.catalogue.count(arrival.key)
        manifest = arrival.reader.manifest
        if (count, products) != (manifest.passages, manifest.products):
            raise broken(f"it holds {count} passages and {products} products, and says that there are more or fewer.")
        return arrival.version(sealed, digest, self.clock.now(), products)

    async def show(self, bot: Bot) -> Bot:
        """Write the record by which the bot is there."""
        await self.records.store.add(PLATFORM, "bot_owners", bot.id, {"merchant": bot.merchant})
        await self.records.bots.add(bot.merchant, bot.id, bot)
        return bot

    # --- what was cut off ---------------------------------------------------------------------

    async def tidy(self) -> int:
        """Remove what imports left behind that were killed half way; answers how many. No shop could see it."""
        page = await self.records.store.query(PLATFORM, UNDER_WAY, {})
        forgotten = 0
        for item in page.items:
            merchant, bot = str(item.body["merchant"]), str(item.body["bot"])
            if await self.records.bots.find(merchant, bot) is not None:
                await self.records.store.delete(PLATFORM, UNDER_WAY, bot)
            elif self.clock.now() - datetime.fromisoformat(str(item.body["at"])) > ABANDONED:
                await self.forget(merchant, bot)
                log.info("import.tidied", bot=bot)
                forgotten += 1
        return forgotten

    async def forget(self, merchant: str, bot: str) -> None:
        """Remove all that was written of a bot that never was."""
        key = VersionKey(merchant, bot, NUMBER)
        with suppress(StoreclerkError):  # on a full disk it is removed by a later `tidy`
            await self.bots.empty(merchant, bot)
            await self.index.drop(key)
            await self.catalogue.drop(key)
            await self.records.store.delete(PLATFORM, "bot_owners", bot)
            await self.records.store.delete(PLATFORM, UNDER_WAY, bot)
