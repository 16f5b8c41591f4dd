"""The order of the steps of every durable job: train, sync, update, run a trial.

Never here: how a step is made durable, or what it does. A workflow may be run again from its beginning at any
time: its steps answer what they answered before.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, TypeVarTuple

import structlog

from engine.domain.bot import VersionKey
from engine.errors import StoreclerkError
from engine.knowledge.progress import TrainingProgress, TrainingStopped
from engine.knowledge.syncing import Progressed, Syncing
from engine.knowledge.training import Training
from engine.release.comparing import Comparing
from engine.release.updates import Updates
from engine.trials.trials import Trials

__all__ = ["Step", "Workflows"]

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
log = structlog.get_logger("storeclerk.jobs")


class Step(Protocol):
    """Runs a coroutine as one recorded step; `insist` tries for minutes, as while a disk is full."""

    def __call__(  # noqa: D102 - said above
        self, name: str, work: Callable[[*Arguments], Coroutine[Any, Any, T]], *args: *Arguments, insist: bool = False
    ) -> T: ...


@dataclass(frozen=True)
class Workflows:
    """The jobs there are."""

    training: Training
    progress: TrainingProgress
    syncing: Syncing
    updates: Updates
    trials: Trials
    comparing: Comparing

    # --- train --------------------------------------------------------------------------------

    def train(self, step: Step, stopping: Callable[[], bool], merchant: str, bot: str, number: int) -> None:
        """The job `train`: read what is due, then gather, split, embed, write, seal."""
        key = VersionKey(merchant, bot, number)
        try:
            self.train_steps(step, key)
        except TrainingStopped:
            log.info("training.stopped", bot=bot, version=number)
            step("discard", self.progress.discard, key, insist=True)
        except StoreclerkError as error:
            log.warning("training.failed", bot=bot, version=number, code=error.code)
            step("fail", self.progress.fail, key, error.message, insist=True)
        except Exception as error:
            if stopping():
                raise
            log.exception("training.broke", bot=bot, version=number)
            reason = f"Training stopped because of a fault in Storeclerk ({type(error).__name__}). Try it again."
            step("fail", self.progress.fail, key, reason, insist=True)
        else:
            self.prove(step, stopping, key)
            return
        step("start_update", self.updates.start, merchant, bot, insist=True)
        step("leave", self.syncing.leave, merchant, bot, f"train-{number}", insist=True)

    def train_steps(self, step: Step, key: VersionKey) -> None:
        """The steps in their order."""
        training = self.training
        for source in step("begin", training.begin, key):
            self.read_source(step, key.merchant, source, f"train-{key.number}", key)
        pieces = step("gather", training.gather, key)
        batches = step("split", training.split, key, pieces)
        passages = reused = 0
        for batch in range(batches):
            made, known = step("embed", training.embed, key, batch, batches)
            passages, reused = passages + made, reused + known
        _, digest = step("write", training.write, key, batches)
        step("seal", training.seal, key, passages, reused, digest)

    def prove(self, step: Step, stopping: Callable[[], bool], key: VersionKey) -> None:
        """What follows a training that a sync asked for; nothing when a person did."""
        trial = step("prove", self.updates.trial, key)
        if trial is not None:
            self.run_trial(step, stopping, key.merchant, trial)
            # Prices that came in while it was trained went to the versions that answered then.
            step("refresh_all", self.updates.refresh_all, key, insist=True)
            step("settle", self.updates.settle, key, insist=True)
            step("refresh_all", self.updates.refresh_all, key, insist=True)
        step("start_update", self.updates.start, key.merchant, key.bot, insist=True)
        step("purge", self.updates.purge, key.merchant, key.bot, insist=True)

    # --- sync ---------------------------------------------------------------------------------

    def sync(self, step: Step, stopping: Callable[[], bool], merchant: str, bot: str, source: str, run: str) -> None:
        """The job `sync`: read one source; what is good refreshes prices and, with new words, trains a version."""
        try:
            self.read_source(step, merchant, source, run, None)
            self.update(step, merchant, bot, source)
        except Exception as error:
            if stopping():
                raise
            log.exception("sync.broke", bot=bot, source=source)
            reason = error.message if isinstance(error, StoreclerkError) else f"a fault ({type(error).__name__})"
            step("break_off", self.syncing.break_off, merchant, source, run, reason, insist=True)

    def update(self, step: Step, merchant: str, bot: str, source: str) -> None:
        """The job `update`: bring a source's copy, as it is, to shoppers."""
        step("refresh", self.updates.refresh, merchant, source, insist=True)
        step("start_update", self.updates.start, merchant, bot, insist=True)

    def read_source(self, step: Step, merchant: str, source: str, run: str, key: VersionKey | None) -> None:
        """Read one source to its end, when there is anything to read."""
        if not step("begin_reading", self.begin_reading, merchant, source, run, key):
            return
        cursor, number = None, 0
        while True:
            result = step("read", self.read, merchant, source, run, number, cursor, key, insist=True)
            cursor, number = result.cursor, number + 1
            if cursor is None:
                break
        step("finish_reading", self.syncing.finish, merchant, source, run, number, insist=True)

    async def begin_reading(self, merchant: str, source_id: str, run: str, key: VersionKey | None) -> bool:
        """Whether the source is to be read in this run."""
        source = await self.syncing.source(merchant, source_id)
        if source is None or (key is not None and not await self.wants_reading(key, source_id)):
            return False
        return await self.syncing.begin(merchant, source_id, run)

    async def wants_reading(self, key: VersionKey, source_id: str) -> bool:
        """A person's training reads all that may have changed; one that a sync asked for reads what was never read."""
        source = await self.syncing.source(key.merchant, source_id)
        version = await self.progress.version(key)
        return source is not None and (source.copy is None if version.origin == "sync" else self.syncing.is_due(source))

    async def read(
        self, merchant: str, source: str, run: str, number: int, cursor: str | None, key: VersionKey | None
    ) -> Progressed:
        """The next batch; a training shows how far it is. Raises TrainingStopped."""
        if key is not None:
            await self.progress.version(key)
        result = await self.syncing.read(merchant, source, run, number, cursor)
        if key is not None:
            await self.progress.show(key, "reading", result.done, result.total, failures=result.failures)
        return result

    # --- trial --------------------------------------------------------------------------------

    def run_trial(self, step: Step, stopping: Callable[[], bool], merchant: str, trial: str) -> None:
        """The job `run_trial`: answer each approved case once, then score."""
        try:
            cases = step("begin_trial", self.trials.begin, merchant, trial)
            for start in range(0, len(cases), self.trials.concurrency):
                more = cases[start : start + self.trials.concurrency]
                if not step("answer_cases", self.trials.run_cases, merchant, trial, more, start):
                    break  # stopped or failed: what is left is to bring the version's state into line
            step("finish_trial", self.trials.finish, merchant, trial, insist=True)
        except Exception as error:
            if stopping():
                raise
            log.exception("trial.broke", trial=trial)
            reason = error.message if isinstance(error, StoreclerkError) else type(error).__name__
            step("fail_trial", self.trials.fail, merchant, trial, f"The test run stopped: {reason}", insist=True)

    # --- shadow -------------------------------------------------------------------------------

    def shadow(self, step: Step, stopping: Callable[[], bool], merchant: str, run: str) -> None:
        """The job `shadow`: a candidate answers shoppers' real questions again."""
        try:
            turns = step("begin_shadow", self.comparing.begin, merchant, run)
            for start in range(0, len(turns), self.comparing.concurrency):
                more = turns[start : start + self.comparing.concurrency]
                if not step("ask_again", self.comparing.run_turns, merchant, run, more):
                    return
            step("finish_shadow", self.comparing.finish, merchant, run, insist=True)
        except Exception as error:
            if stopping():
                raise
            log.exception("shadow.broke", run=run)
            reason = error.message if isinstance(error, StoreclerkError) else type(error).__name__
            step("fail_shadow", self.comparing.fail, merchant, run, f"The run stopped: {reason}", insist=True)
