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
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions

from engine.domain.bot import VersionKey
from engine.errors import StoreclerkError, Unavailable
from engine.knowledge.training import Training, TrainingStopped
from engine.trials.trials import Trials

__all__ = ["Jobs"]

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
QUEUE = "jobs"
APPLICATION, APPLICATION_VERSION = "storeclerk", "storeclerk-jobs-1"
INSIST_ATTEMPTS = 9
"""With waits of 1, 2, 4 ... seconds between them: about eight minutes."""
TRAIN, RUN_TRIAL = "train", "run_trial"
log = structlog.get_logger("storeclerk.jobs")


class Jobs:
    """Starts durable jobs, and runs them when this process is a worker."""

    def __init__(
        self, database_url: str, training: Training, trials: Trials, *, run: bool = True, polling_seconds: float = 0.2
    ) -> None:
        self.database_url, self.training, self.trials = database_url, training, trials
        self.run, self.polling_seconds = run, polling_seconds
        self.loop: asyncio.AbstractEventLoop | None = None
        self.client: DBOSClient | None = None
        self.stopping = threading.Event()

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

    async def open(self) -> None:
        """Begin: in a worker, unfinished jobs of an earlier process go on."""
        self.loop = asyncio.get_running_loop()
        if self.run:
            await asyncio.to_thread(self.launch)
        self.client = DBOSClient(
            system_database_url=self.database_url,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    def launch(self) -> None:
        """Register the workflows and start DBOS."""
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self.database_url,
            "application_version": APPLICATION_VERSION,
            "executor_id": "worker",
            "log_level": "ERROR",
        }
        DBOS(config=config)

        # Plain functions: DBOS marks what it registers, and a bound method takes no mark.
        def train(merchant: str, bot: str, number: int) -> None:
            self.train(merchant, bot, number)

        def run_trial(merchant: str, trial: str) -> None:
            self.run_trial(merchant, trial)

        DBOS.workflow(name=TRAIN)(train)
        DBOS.workflow(name=RUN_TRIAL)(run_trial)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=2, partition_concurrency=1, polling_interval_sec=self.polling_seconds
        )

    async def close(self) -> None:
        """Stop taking work; what is under way goes on at the next start."""
        self.stopping.set()
        if self.client is not None:
            await asyncio.to_thread(self.client.destroy)
        if self.run:
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=0)

    # --- starting -----------------------------------------------------------------------------

    async def start_training(self, key: VersionKey) -> None:
        """Queue the training of a version; asking twice starts it once. Raises Unavailable."""
        await self.enqueue(TRAIN, f"train.{key.bot}.{key.number}", key.merchant, key.merchant, key.bot, key.number)

    async def start_trial(self, merchant: str, trial: str) -> None:
        """Queue a trial run; asking twice starts it once. Raises Unavailable."""
        await self.enqueue(RUN_TRIAL, f"trial.{trial}", merchant, merchant, trial)

    async def enqueue(self, workflow: str, job: str, merchant: str, *arguments: str | int) -> None:
        """Put a job into the queue, in its merchant's partition: one busy shop does not hold up others."""
        client = self.client
        if client is None or not await self.is_open():
            raise Unavailable("Work cannot be started: no worker is running yet. Try again in a moment.")
        options: EnqueueOptions = {
            "workflow_name": workflow,
            "queue_name": QUEUE,
            "workflow_id": job,
            "app_version": APPLICATION_VERSION,
            "queue_partition_key": merchant,
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

        if insist:
            return DBOS.run_step({"name": name, "retries_allowed": True, "max_attempts": INSIST_ATTEMPTS}, call)
        return DBOS.run_step({"name": name}, call)

    def train(self, merchant: str, bot: str, number: int) -> None:
        """The job `train`: read, compare, split, embed, write, seal."""
        key = VersionKey(merchant, bot, number)
        try:
            self.train_steps(key)
        except TrainingStopped:
            log.info("training.stopped", bot=bot, version=number)
            self.step("discard", self.training.discard, key, insist=True)
        except StoreclerkError as error:
            log.warning("training.failed", bot=bot, version=number, code=error.code)
            self.step("fail", self.training.fail, key, error.message, insist=True)
        except Exception as error:
            if self.stopping.is_set():
                raise
            log.exception("training.broke", bot=bot, version=number)
            reason = f"Training stopped because of a fault in Storeclerk ({type(error).__name__}). Try it again."
            self.step("fail", self.training.fail, key, reason, insist=True)

    def train_steps(self, key: VersionKey) -> None:
        """The steps in their order."""
        training = self.training
        for source in self.step("begin", training.begin, key):
            cursor, batch = None, 0
            while True:
                result = self.step("read", training.read, key, source, batch, cursor)
                cursor, batch = result.cursor, batch + 1
                if cursor is None:
                    break
        names = self.step("compare", training.compare, key)
        batches = self.step("split", training.split, key, names)
        passages = reused = 0
        for batch in range(batches):
            made, known = self.step("embed", training.embed, key, batch, batches)
            passages, reused = passages + made, reused + known
        self.step("write", training.write, key, batches)
        self.step("seal", training.seal, key, passages, reused)

    def run_trial(self, merchant: str, trial: str) -> None:
        """The job `run_trial`: answer each approved case once, then score."""
        try:
            cases = self.step("begin_trial", self.trials.begin, merchant, trial)
            for start in range(0, len(cases), self.trials.concurrency):
                more = cases[start : start + self.trials.concurrency]
                if not self.step("answer_cases", self.trials.run_cases, merchant, trial, more):
                    return
            self.step("finish_trial", self.trials.finish, merchant, trial)
        except Exception as error:
            if self.stopping.is_set():
                raise
            log.exception("trial.broke", trial=trial)
            reason = error.message if isinstance(error, StoreclerkError) else type(error).__name__
            self.step("fail_trial", self.trials.fail, merchant, trial, f"The test run stopped: {reason}", insist=True)
