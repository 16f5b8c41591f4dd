"""`python -m bench.training [PASSAGES]`: what training costs beside the embedder alone, and what a second one costs.

Files of product descriptions and encyclopaedia paragraphs are learned by a whole engine in this process, with its
durable jobs. The embedder's own speed is measured in the same run on a sample of the very same passages.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bench.site import DATA
from engine.bootstrap import Engine, embedded, running
from engine.domain.bot import BotVersion
from engine.domain.knowledge import Source
from engine.embedders import Embedders
from engine.llama.splitter import WindowSplitter
from engine.ports import Embedder, Vector
from engine.settings import Settings

FILES = 100
SAMPLE = 1_500
WORDS_A_PASSAGE = 21
"""About what the splitter makes of this text; the run says how many there really were."""


def sentences() -> list[str]:
    """Sentences of real texts."""
    texts: list[str] = []
    with (DATA / "catalog" / "toys_products.jsonl").open(encoding="utf-8") as file:
        texts += [str(json.loads(line).get("description") or "") for line in file]
    squad = json.loads((DATA / "reading" / "squad2_part.json").read_text(encoding="utf-8"))
    texts += [paragraph["context"] for article in squad["data"] for paragraph in article["paragraphs"]]
    return [part.strip() for text in texts for part in text.split(". ") if 4 <= len(part.split()) <= 40]


def files(passages: int) -> Iterator[tuple[str, str]]:
    """(name, text) of files that together make about so many passages, none twice."""
    random.seed(7)
    known = sentences()
    words = passages * WORDS_A_PASSAGE // FILES
    for number in range(FILES):
        parts, size, section = [f"# Handbook {number}\n"], 0, 0
        while size < words:
            section += 1
            some = random.sample(known, 12)
            parts.append(f"\n## Section {section}\n\n{'. '.join(some)}.\n")
            size += sum(len(sentence.split()) for sentence in some)
        yield f"handbook-{number}.md", "".join(parts)


class TimedEmbedder:
    """An embedder that adds up the time it is at work."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder, self.seconds = embedder, 0.0
        self.name, self.dimensions = embedder.name, embedder.dimensions

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text, in order."""
        started = time.perf_counter()
        try:
            return await self.embedder.embed(texts)
        finally:
            self.seconds += time.perf_counter() - started

    def comparable(self, cosine: float) -> float:
        """As the embedder itself has it."""
        return self.embedder.comparable(cosine)


async def add_file(engine: Engine, bot: str, name: str, text: str) -> Source:
    """Upload a file."""

    async def chunks() -> AsyncIterator[bytes]:
        yield text.encode()

    kind, options = await engine.sources.take_file("m", bot, name, chunks(), len(text) * 4)
    return await engine.sources.create("m", bot, kind, options)


async def train(engine: Engine, bot: str) -> tuple[BotVersion, float]:
    """Train a version; answers it with the seconds it took."""
    started = time.perf_counter()
    version = await engine.versions.create("m", bot)
    stages: dict[str, float] = {}
    while version.status in {"queued", "training"}:
        await asyncio.sleep(0.2)
        version = await engine.versions.get("m", bot, version.number)
        stages[version.progress.stage] = time.perf_counter() - started
    print("until the end of each stage:", {stage: round(seconds, 1) for stage, seconds in stages.items()})
    if version.status != "ready":
        raise SystemExit(f"the training ended {version.status!r}: {version.failure}")
    return version, time.perf_counter() - started


async def embedder_speed(engine: Engine, texts: list[str]) -> float:
    """Passages a second of the embedder alone, with as many threads as training gives it."""
    sample = random.Random(1).sample(texts, min(SAMPLE, len(texts)))
    started = time.perf_counter()
    await engine.adapters.embedders.choose("english").embed(sample)
    return len(sample) / (time.perf_counter() - started)


def peak() -> float:
    """Most memory this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main(passages: int) -> None:
    """Measure and print."""
    material = list(files(passages))
    splitter = WindowSplitter()
    texts = [text for _, body in material[:10] for _, text in splitter.split(body)]
    with tempfile.TemporaryDirectory(prefix="storeclerk-bench-") as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), log_level="warning")
        adapters = embedded(settings)
        timed = TimedEmbedder(adapters.embedders.choose("english"))
        async with running(settings, replace(adapters, embedders=Embedders(timed, timed))) as engine:
            bot = (await engine.bots.create("m", "Bench")).id
            sources = [await add_file(engine, bot, name, text) for name, text in material]
            before = await embedder_speed(engine, texts)
            timed.seconds = 0.0
            first, seconds = await train(engine, bot)
            at_work = timed.seconds
            speed = (before + await embedder_speed(engine, texts)) / 2
            alone = (first.passages - first.reused_passages) / speed
            print(f"first: {first.passages:,} passages in {seconds:,.0f} s, {first.passages / seconds:.1f} a second")
            print(f"of these the embedder is at work {at_work:,.0f} s: share {at_work / seconds:.3f}")
            print(f"embedder alone: {speed:.1f} a second, so {alone:,.0f} s; share {alone / seconds:.3f}")
            print(f"peak memory of the engine: {peak():,.0f} MB")
            changed = max(1, FILES // 100)
            for source, (name, text) in list(zip(sources, material, strict=True))[:changed]:
                await engine.sources.delete("m", bot, source.id)
                other = text.replace("Section", "Chapter")
                await add_file(engine, bot, name, other)
            second, again = await train(engine, bot)
            fresh = second.passages - second.reused_passages
            print(f"second, {changed} of {FILES} files changed: {again:,.1f} s, {again / seconds:.3f} of the first")
            print(f"embedded anew: {fresh:,} of {second.passages:,} ({fresh / second.passages:.4f})")
            print(f"peak memory of the engine: {peak():,.0f} MB")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
