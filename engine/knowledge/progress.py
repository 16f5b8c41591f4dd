"""How far a version's training has come, and how it ends: shown, stopped, failed, cleared away.

Never here: the work itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.domain.bot import BotVersion, Progress, TrainingStage, VersionKey
from engine.domain.knowledge import ItemFailure
from engine.errors import NotFound
from engine.ports import BlobStore, Catalogue, PassageIndex
from engine.records import Records

__all__ = ["TrainingProgress", "TrainingStopped", "version_name"]

SHOWN_FAILURES = 200


class TrainingStopped(Exception):
    """The version was cancelled or removed while it was being trained."""


def version_name(version: VersionKey) -> str:
    """Prefix of all blobs of a version."""
    return f"{version.merchant}/{version.bot}/versions/{version.number}"


class TrainingProgress:
    """The record of a version in training."""

    def __init__(self, records: Records, blobs: BlobStore, index: PassageIndex, catalogue: Catalogue) -> None:
        self.records, self.blobs, self.index, self.catalogue = records, blobs, index, catalogue

    async def version(self, key: VersionKey) -> BotVersion:
        """The version as it stands. Raises TrainingStopped when it is cancelled or gone."""
        found = await self.records.versions.find(key.merchant, f"{key.bot}.{key.number}")
        if found is None or found.record.status in {"cancelled", "purged", "failed"}:
            raise TrainingStopped(f"version {key.number} of {key.bot!r} was stopped")
        return found.record

    async def show(
        self,
        key: VersionKey,
        stage: TrainingStage,
        done: int,
        total: int,
        *,
        failures: Sequence[ItemFailure] = (),
        eta_seconds: float | None = None,
    ) -> None:
        """Record how far the work has come. Raises TrainingStopped."""

        def note(version: BotVersion) -> BotVersion:
            if version.status != "training":
                raise TrainingStopped(f"version {key.number} of {key.bot!r} was stopped")
            known = version.progress.failures
            fresh = tuple(failure for failure in failures if failure not in known)
            shown = (*known, *fresh)[:SHOWN_FAILURES]
            return replace(version, progress=Progress(stage, done, total, shown, eta_seconds))

        try:
            await self.records.versions.change(key.merchant, f"{key.bot}.{key.number}", note)
        except NotFound as error:
            raise TrainingStopped(f"version {key.number} of {key.bot!r} was removed") from error

    async def fail(self, key: VersionKey, reason: str) -> None:
        """End the version with a reason; what was live stays live."""

        def failed(version: BotVersion) -> BotVersion:
            if version.status not in {"queued", "training"}:
                return version
            return version.to("failed", failure=reason)

        try:
            await self.records.versions.change(key.merchant, f"{key.bot}.{key.number}", failed)
        except NotFound:
            return
        await self.discard(key)

    async def discard(self, key: VersionKey) -> None:
        """Remove all that a training without a result left behind; a version that can answer is left alone."""
        found = await self.records.versions.find(key.merchant, f"{key.bot}.{key.number}")
        if found is not None and found.record.can_answer:
            return
        await self.drop(key)

    async def purge(self, version: BotVersion) -> None:
        """Forget what a version knows; its record stays. Raises IllegalTransition while it may be met.

        First it is marked, then emptied, then its counts say so: killed on the way, it is purged again.
        """
        name = f"{version.bot}.{version.number}"
        await self.records.versions.change(
            version.merchant, name, lambda current: current if current.status == "purged" else current.to("purged")
        )
        await self.drop(version.key)
        where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number}
        await self.records.case_results.delete_where(version.merchant, where)
        await self.records.versions.change(
            version.merchant, name, lambda current: replace(current, documents=0, passages=0, products=0)
        )

    async def drop(self, key: VersionKey) -> None:
        """Remove passages, products and documents of a version, and what its training left."""
        await self.index.drop(key)
        await self.catalogue.drop(key)
        await self.records.documents.delete_where(key.merchant, {"bot": key.bot, "version": key.number})
        await self.tidy(key)

    async def tidy(self, key: VersionKey) -> None:
        """Remove what only the training needed."""
        await self.blobs.delete(f"{version_name(key)}/")
