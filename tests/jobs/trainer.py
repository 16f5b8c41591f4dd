"""Trains one version in a process of its own that kills itself at a chosen moment.

`python -m tests.jobs.trainer DATA STAGE`: the first run dies at STAGE; a second run finds what is left,
goes on and prints the result as JSON. Every embedded text is written to DATA/embedded.log.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

from engine.bootstrap import Adapters, embedded, running
from engine.domain.bot import VersionKey
from engine.embedders import Embedders
from engine.logging import configure_logging
from engine.ports import BlobStore, EmbeddedPassage, Embedder, PassageIndex, Vector
from engine.settings import Settings

MOMENTS = {
    "reading": "/batches/",
    "splitting": "/passages/000001.json",
    "embedding": "/vectors/000001.f32",
}


def die(data: Path) -> None:
    """Kill this process, once per data folder."""
    marker = data / "died"
    if not marker.exists():
        marker.write_text("x")
        os.kill(os.getpid(), signal.SIGKILL)


class DyingBlobs:
    """A blob store whose process dies right after a certain write."""

    def __init__(self, blobs: BlobStore, data: Path, moment: str) -> None:
        self.blobs, self.data, self.moment, self.seen = blobs, data, moment, 0

    async def put(self, name: str, content: bytes) -> None:
        await self.blobs.put(name, content)
        if self.moment and self.moment in name:
            self.seen += 1
            if self.moment != MOMENTS["reading"] or self.seen == 3:
                die(self.data)

    def __getattr__(self, name: str) -> object:
        return getattr(self.blobs, name)


class DyingIndex:
    """An index whose process dies while it is written, or when it is counted."""

    def __init__(self, index: PassageIndex, data: Path, stage: str) -> None:
        self.index, self.data, self.stage = index, data, stage
        for name in ("search", "read", "vectors", "drop"):
            setattr(self, name, getattr(index, name))

    async def write(self, version: VersionKey, passages: AsyncIterator[Sequence[EmbeddedPassage]]) -> int:
        async def watched() -> AsyncIterator[Sequence[EmbeddedPassage]]:
            async for batch in passages:
                yield batch
                if self.stage == "writing":
                    die(self.data)

        return await self.index.write(version, watched())

    async def count(self, version: VersionKey) -> int:
        if self.stage == "sealing":
            die(self.data)
        return await self.index.count(version)


class LoggingEmbedder:
    """An embedder that notes every text before it embeds it."""

    def __init__(self, embedder: Embedder, log: Path) -> None:
        self.embedder, self.log = embedder, log
        self.name, self.dimensions = embedder.name, embedder.dimensions

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        vectors = await self.embedder.embed(texts)
        with self.log.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(text) + "\n" for text in texts)
        return vectors

    def comparable(self, cosine: float) -> float:
        return cosine


def dying(adapters: Adapters, data: Path, stage: str) -> Adapters:
    """The adapters with the chosen death built in."""
    logging = LoggingEmbedder(adapters.embedders.choose("english"), data / "embedded.log")
    return replace(
        adapters,
        blobs=DyingBlobs(adapters.blobs, data, MOMENTS.get(stage, "")),
        index=DyingIndex(adapters.index, data, stage),
        embedders=Embedders(
            logging := LoggingEmbedder(adapters.embedders.choose("english"), data / "embedded.log"), logging
        ),
    )


async def main(data: Path, stage: str) -> None:
    """Begin or go on, then tell the result."""
    settings = Settings(_env_file=None, data_dir=data)
    configure_logging(settings)
    async with running(settings, dying(embedded(settings), data, stage)) as engine:
        bots = (await engine.bots.page("m", 10, None)).items
        if bots:
            bot = bots[0]
        else:
            bot = await engine.bots.create("m", "Shop")
            for n in range(30):
                text = "\n\n".join(f"Article {n} says in rule {k} that item {n * 100 + k} is kept." for k in range(24))
                await engine.sources.create("m", bot.id, "text", {"title": f"Article {n}", "text": text})
            await engine.versions.create("m", bot.id)
        version = await engine.versions.get("m", bot.id, 1)
        for _ in range(1200):
            version = await engine.versions.get("m", bot.id, 1)
            if version.status not in {"queued", "training"}:
                break
            await asyncio.sleep(0.05)
        documents = [d async for d in engine.records.documents.all("m", {"bot": bot.id, "version": 1})]
        passages = [
            p for d in documents for p in await engine.adapters.index.read(version.key, document=d.id, limit=999)
        ]
        told = {
            "status": version.status,
            "passages": version.passages,
            "found": sorted(passage.digest for passage in passages),
            "documents": len(documents),
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
