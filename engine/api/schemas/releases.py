"""Shapes of comparisons, shadow runs and schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from engine.api.schemas.shared import View
from engine.domain.release import ShadowResult, ShadowRun

__all__ = ["CompareRequest", "ScheduleRequest", "ShadowRequest", "ShadowView"]


class CompareRequest(View):
    """Questions for two versions."""

    against: int | None = Field(None, ge=1, le=10**9)
    """Version to hold it against; the live one when left out."""
    questions: tuple[str, ...] = Field(min_length=1, max_length=20)
    """What is asked."""


class ShadowRequest(View):
    """How far back real questions are taken from."""

    days: int = Field(1, ge=1, le=30)
    """Days up to now."""


class ShadowView(View):
    """A run over shoppers' real questions."""

    id: str
    """Id of the run."""
    version: int
    """The version that answers them again."""
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    """How far it is."""
    created_at: datetime
    """When it was asked for."""
    finished_at: datetime | None
    """When it ended."""
    since: datetime
    """Questions asked from then on."""
    done: int
    """Questions answered again."""
    total: int
    """Questions in all."""
    same: int
    """Answers in the very same words."""
    newly_answered: int
    """Questions that were refused then and are answered now."""
    newly_refused: int
    """Questions that were answered then and are refused now."""
    wrong_figures: int
    """Answers with another price, duration or date than then."""
    results: tuple[ShadowResult, ...]
    """Each question with both answers."""
    failure: str | None
    """Why it stopped."""

    @classmethod
    def of(cls, run: ShadowRun, results: Sequence[ShadowResult]) -> ShadowView:
        """The view of a record and its results."""
        answered = [(item.told_outcome == "answered", item.outcome == "answered") for item in results]
        return cls(
            id=run.id,
            version=run.version,
            status=run.status,
            created_at=run.created_at,
            finished_at=run.finished_at,
            since=run.since,
            done=run.done,
            total=len(run.turns),
            same=sum(item.same for item in results),
            newly_answered=sum(now and not then for then, now in answered),
            newly_refused=sum(then and not now for then, now in answered),
            wrong_figures=sum(bool(item.wrong_figures) for item in results),
            results=tuple(results),
            failure=run.failure,
        )


class ScheduleRequest(View):
    """When a version is to go live."""

    at: datetime
    """RFC 3339, with its zone."""
