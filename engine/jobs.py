"""Durable jobs on DBOS: what was begun is finished, also after a kill.

Workflows here are plain functions that only order steps; each step runs a coroutine on the engine's
own event loop, so that all engine code runs on one loop. DBOS keeps one registry a process: one
`Jobs` may be open at a time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, TypeVarTuple

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, StepOptions

from engine.domain.bot import VersionKey
from engine.domain.knowledge import Source
from engine.errors import Unavailable
from engine.workflows import Workflows

__all__ = ["Jobs"]

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
QUEUE = "jobs"
APPLICATION, APPLICATION_VERSION = "storeclerk", "storeclerk-jobs-2"
INSIST_ATTEMPTS = 9
"""With waits of 1, 2, 4 ... seconds between them: about eight minutes."""
LAST_SECONDS = 2
"""What is about to end may end; what is not goes on at the next start."""
TRAIN, SYNC, UPDATE, RUN_TRIAL, SHADOW = "train", "sync", "update", "run_trial", "shadow"
log = structlog.get_logger("storeclerk.jobs")


class Jobs:
    """Starts durable jobs, and runs them when this process is a worker."""

    def __init__(self, database_url: str, *, run: bool = True, polling_seconds: float = 0.2) -> None:
        self.database_url, self.run, self.polling_seconds = database_url, run, polling_seconds
        self.loop: asyncio.AbstractEventLoop | None = None
        self.client: DBOSClient | None = None
        self.stopping = threading.Event()
        self.repeated: list[asyncio.Task[None]] = []

    async def is_open(self) -> bool:
        """Whether jobs can be started: false until a worker has made the jobs' database."""
        client = self.client
        if client is None:
            return False
        try:
            await asyncio.to_thread(client.list_workflows, limit=1)
        except Exception as error:
            log.warning("jobs.unreachable", error=type(error).__name__)
            return False
        return True

    async def open(self, workflows: Workflows) -> None:
        """Begin: in a worker, unfinished jobs of an earlier process go on."""
        self.loop = asyncio.get_running_loop()
        if self.run:
            await asyncio.to_thread(self.launch, workflows)
        self.client = DBOSClient(
            system_database_url=self.database_url,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    def launch(self, workflows: Workflows) -> None:
        """Register the workflows and start DBOS."""
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self.database_url,
            "application_version": APPLICATION_VERSION,
            "executor_id": "worker",
            "log_level": "ERROR",
        }
        DBOS(config=config)

        stopping = self.stopping.is_set

        # Plain functions: DBOS marks what it registers, and a bound method takes no mark.
        def train(merchant: str, bot: str, number: int) -> None:
            workflows.train(self.step, stopping, merchant, bot, number)

        def sync(merchant: str, bot: str, source: str, run: str) -> None:
            workflows.sync(self.step, stopping, merchant, bot, source, run)

        def update(merchant: str, bot: str, source: str) -> None:
            workflows.update(self.step, merchant, bot, source)

        def run_trial(merchant: str, trial: str) -> None:
            workflows.run_trial(self.step, stopping, merchant, trial)

        def shadow(merchant: str, run: str) -> None:
            workflows.shadow(self.step, stopping, merchant, run)

        DBOS.workflow(name=TRAIN)(train)
        DBOS.workflow(name=SYNC)(sync)
        DBOS.workflow(name=UPDATE)(update)
        DBOS.workflow(name=RUN_TRIAL)(run_trial)
        DBOS.workflow(name=SHADOW)(shadow)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=2, partition_concurrency=1, polling_interval_sec=self.polling_seconds
        )

    def repeat(self, seconds: float, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """In a worker, do a small piece of work again and again; a failure is logged and tried at the next time."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(seconds)
                try:
                    await work()
                except Exception:
                    log.exception("jobs.repeated_work_broke")

        if self.run:
            self.repeated.append(asyncio.create_task(keep()))

    async def close(self) -> None:
        """Stop taking work; what is under way goes on at the next start."""
        self.stopping.set()
        for task in self.repeated:
            task.cancel()
        await asyncio.gather(*self.repeated, return_exceptions=True)
        if self.client is not None:
            await asyncio.to_thread(self.client.destroy)
        if self.run:
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=LAST_SECONDS)

    # --- starting -----------------------------------------------------------------------------

    async def start_training(self, key: VersionKey) -> None:
        """Queue the training of a version; asking twice starts it once. Raises Unavailable."""
        await self.enqueue(TRAIN, f"train.{key.bot}.{key.number}", key.merchant, key.merchant, key.bot, key.number)

    async def start_trial(self, merchant: str, trial: str) -> None:
        """Queue a trial run; asking twice starts it once. Raises Unavailable."""
        await self.enqueue(RUN_TRIAL, f"trial.{trial}", merchant, merchant, trial)

    async def start_shadow(self, merchant: str, run: str) -> None:
        """Queue a shadow run; asking twice starts it once. Raises Unavailable."""
        await self.enqueue(SHADOW, f"shadow.{run}", merchant, merchant, run)

    async def start_sync(self, merchant: str, bot: str, source: str, run: str) -> None:
        """Queue the reading of one source; asking twice for the same run starts it once. Raises Unavailable."""
        job = f"sync.{source}.{run}"
        await self.enqueue(SYNC, job, f"{merchant}.sync", merchant, bot, source, run)

    async def start_update(self, source: Source, why: str) -> None:
        """Queue bringing a source's copy, as it is, to shoppers; once for each copy and reason. Raises Unavailable."""
        run = "" if source.copy is None else source.copy.run
        job = f"update.{source.id}.{run}.{why}"
        await self.enqueue(UPDATE, job, source.merchant, source.merchant, source.bot, source.id)

    async def enqueue(self, workflow: str, job: str, partition: str, *arguments: str | int) -> None:
        """Put a job into the queue, in its merchant's partition: one busy shop does not hold up others.

        Syncs have a partition of their own: a slow website must not hold up a training.
        """
        client = self.client
        if client is None or not await self.is_open():
            raise Unavailable("Work cannot be started: no worker is running yet. Try again in a moment.")
        options: EnqueueOptions = {
            "workflow_name": workflow,
            "queue_name": QUEUE,
            "workflow_id": job,
            "app_version": APPLICATION_VERSION,
            "queue_partition_key": partition,
        }
        await asyncio.to_thread(client.enqueue, options, *arguments)

    # --- running ------------------------------------------------------------------------------

    def step(
        self, name: str, work: Callable[[*Arguments], Coroutine[Any, Any, T]], *args: *Arguments, insist: bool = False
    ) -> T:
        """Run a coroutine of the engine as one recorded step; `insist` tries for minutes, as while a disk is full."""
        loop = self.loop
        assert loop is not None, "Jobs.open comes first"

        def call() -> T:
            return asyncio.run_coroutine_threadsafe(work(*args), loop).result()

        if not insist:
            return DBOS.run_step({"name": name}, call)
        options: StepOptions = {
            "name": name,
            "retries_allowed": True,
            "max_attempts": INSIST_ATTEMPTS,
            "should_retry": lambda error: isinstance(error, Unavailable),
        }
        return DBOS.run_step(options, call)
