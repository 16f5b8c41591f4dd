"""What serves shoppers and nothing else: the use cases that channels call, joined without studio, jobs or training.

`Serving` is what channels see of an engine: the whole one of `bootstrap`, or the `Counter` that is joined here.
Imports stay few, so that a bundle served alone starts fast. Never here: adapters; see `families`.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.accounts.keys import ApiKeys
from engine.answering.answerer import Answerer
from engine.answering.conversations import Conversations
from engine.answering.shop_window import ShopWindow
from engine.answering.shopping import Shopping
from engine.audit import Audit
from engine.corrections import BotCorrections
from engine.domain.bot import Bot
from engine.families import Adapters
from engine.handover.handover import Handover
from engine.ports import CompositionLimits
from engine.records import Records
from engine.release.bots import Bots
from engine.release.importing import Importing
from engine.retrieving import HybridRetriever
from engine.settings import Settings

__all__ = ["Counter", "Serving", "assemble_counter"]


class Serving(Protocol):
    """What channels need of an engine."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def adapters(self) -> Adapters: ...  # noqa: D102
    @property
    def records(self) -> Records: ...  # noqa: D102
    @property
    def keys(self) -> ApiKeys: ...  # noqa: D102
    @property
    def bots(self) -> Bots: ...  # noqa: D102
    @property
    def conversations(self) -> Conversations: ...  # noqa: D102
    @property
    def answerer(self) -> Answerer: ...  # noqa: D102
    @property
    def window(self) -> ShopWindow: ...  # noqa: D102


@dataclass(frozen=True)
class Counter:
    """A shop's counter: it answers, and can do nothing else."""

    settings: Settings
    adapters: Adapters
    records: Records
    keys: ApiKeys
    bots: Bots
    conversations: Conversations
    answerer: Answerer
    window: ShopWindow
    importing: Importing

    async def take(self, merchant: str, bundle: Path) -> Bot:
        """Put the bot of a portable file to work. Raises InvalidInput."""
        return await self.importing.bring_to_serve(merchant, bundle)

    async def close(self) -> None:
        """Let go of files and models."""
        for closer in self.adapters.closers:
            if inspect.iscoroutinefunction(closer.close):
                await closer.close()
            else:
                await asyncio.to_thread(closer.close)


def assemble_counter(settings: Settings, adapters: Adapters) -> Counter:
    """Join adapters and the few use cases that shoppers need."""
    records, clock, identifiers = Records(adapters.store), adapters.clock, adapters.identifiers
    index, catalogue, embedders = adapters.index, adapters.catalogue, adapters.embedders
    corrections = BotCorrections(records, index, clock, identifiers)
    conversations = Conversations(records, clock, identifiers)
    answerer = Answerer(
        records,
        conversations,
        HybridRetriever(index, embedders),
        adapters.reranker,
        catalogue,
        corrections,
        adapters.model,
        adapters.fallback,
        CompositionLimits(settings.max_answer_words, settings.chat_model_timeout_seconds),
        clock,
        identifiers,
        Shopping(catalogue, index, embedders),
        Handover(records, Audit(records, clock, identifiers), adapters.mailer, clock, identifiers, ""),
    )
    bots = Bots(records, adapters.blobs, clock, identifiers)
    return Counter(
        settings=settings,
        adapters=adapters,
        records=records,
        keys=ApiKeys(records, clock, identifiers),
        bots=bots,
        conversations=conversations,
        answerer=answerer,
        window=ShopWindow(catalogue, answerer.shopping, answerer.finder, corrections),
        importing=Importing(records, adapters.blobs, index, catalogue, embedders, bots, {}, clock, identifiers),
    )
