"""Which version may follow the live one, and what can be looked at before it does.

Never here: the looking itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.differences import show_changes, show_same_questions
from studio.records import Bot, TestCase, Version
from studio.release_client import Release
from studio.scheduling import show_schedule_form
from studio.shadowing import show_shadow
from studio.words import version_words, when

__all__ = ["choose_candidate", "show_views"]

CHANGES, SAME, REAL, LATER = "What changes", "Same questions", "Real questions", "Later, by itself"
SUGGESTED = 5


def choose_candidate(bot: Bot, versions: Sequence[Version]) -> Version | None:
    """The version that may go live next: the newest unless it is live already, or an earlier one that was chosen."""
    trained = [version for version in versions if version.can_answer]
    others = {version.number: version for version in trained if version.number != bot.live}
    newest_waits = bool(trained) and trained[0].number != bot.live
    if not others or (newest_waits and len(others) == 1):
        return trained[0] if newest_waits else None
    label = "Version to put live next" if newest_waits else "Put an earlier version live again"
    chosen = st.selectbox(
        label,
        list(others),
        index=0 if newest_waits else None,
        format_func=lambda number: f"Version {number} · {version_line(others[number])}",
        placeholder="Choose a version",
        key=f"candidate_{bot.id}_{trained[0].number}_{bot.live}",
    )
    return None if chosen is None else others[chosen]


def version_line(version: Version) -> str:
    """When it was made and what became of it."""
    return " · ".join(filter(None, (when(version.created_at), version_words(version.status))))


def held_against(bot: Bot, versions: Sequence[Version], number: int) -> int | None:
    """The version to hold a candidate against: the live one, or else the newest other that can answer."""
    if bot.live is not None:
        return bot.live
    return next((other.number for other in versions if other.can_answer and other.number != number), None)


def show_views(
    release: Release, bot: Bot, versions: Sequence[Version], candidate: Version, cases: Sequence[TestCase]
) -> None:
    """One way at a time of looking at a candidate; what is not looked at is not asked of the engine."""
    number, against = candidate.number, held_against(bot, versions, candidate.number)
    views = [CHANGES, SAME] if against is not None else []
    views += [REAL] if bot.live is not None else []
    views += [LATER]
    st.markdown("**Look before you decide**")
    chosen = st.segmented_control(
        "Look before you decide", views, default=views[0] if against is not None else None,
        label_visibility="collapsed", key=f"view_{bot.id}_{against}",
    )  # fmt: skip
    if chosen == CHANGES and against is not None:
        show_changes(release, number, against)
    elif chosen == SAME and against is not None:
        show_same_questions(release, number, against, suggested(bot, cases))
    elif chosen == REAL:
        show_shadow(release, number)
    elif chosen == LATER:
        show_schedule_form(release, number)


def suggested(bot: Bot, cases: Sequence[TestCase]) -> list[str]:
    """A few questions to begin with: test questions in use that need no talk before them, or the examples."""
    approved = [case.question for case in cases if case.approved and not case.earlier]
    return (approved or list(bot.persona.example_questions))[:SUGGESTED]
