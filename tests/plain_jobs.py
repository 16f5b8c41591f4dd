"""Jobs without a queue: each starts at once, in a thread, and its steps run on the test's own loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from engine.bootstrap import Adapters, Engine, assemble, embedded
from engine.domain.bot import VersionKey
from engine.domain.knowledge import Source
from engine.settings import Settings

__all__ = ["PlainJobs", "engine_with_plain_jobs"]


class PlainJobs:
    """Runs workflows in the order in which they were started."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.waiting = engine, list[tuple[Callable[..., None], tuple[Any, ...]]]()

    async def start_training(self, key: VersionKey) -> None:
        self.waiting.append((self.engine.workflows.train, (key.merchant, key.bot, key.number)))

    async def start_sync(self, merchant: str, bot: str, source: str, run: str) -> None:
        self.waiting.append((self.engine.workflows.sync, (merchant, bot, source, run)))

    async def start_update(self, source: Source, _: str) -> None:
        def update(step: Any, _: Any, *arguments: str) -> None:
            self.engine.workflows.update(step, *arguments)

        self.waiting.append((update, (source.merchant, source.bot, source.id)))

    async def finish(self) -> None:
        """Run all that was started, and what that starts."""
        while self.waiting:
            await self.run(*self.waiting.pop(0))

    async def run(self, job: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        """Run one job to its end."""
        loop = asyncio.get_running_loop()

        def step(_: str, work: Callable[..., Coroutine[Any, Any, Any]], *args: Any, insist: bool = False) -> Any:
            return asyncio.run_coroutine_threadsafe(work(*args), loop).result(120)

        await asyncio.to_thread(job, step, lambda: False, *arguments)


def engine_with_plain_jobs(data: Path, adapters: Adapters | None = None, **settings: Any) -> tuple[Engine, PlainJobs]:
    """A whole engine whose jobs run when `finish` is called."""
    chosen = Settings(_env_file=None, data_dir=data, run_jobs=False, **settings)  # type: ignore[call-arg]
    engine = assemble(chosen, adapters or embedded(chosen))
    jobs = PlainJobs(engine)
    engine.versions.start_training = jobs.start_training
    engine.sources.start_sync = jobs.start_sync
    engine.updates.start_update = jobs.start_update
    return engine, jobs
