"""Thumbs for an answer: what a member thinks of it, and how many such opinions the test still needs.

Never here: what a rating counts for; the engine decides.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import did
from studio.client import Api
from studio.records import GateReport
from studio.talking import Talk
from studio.words import count

__all__ = ["ratings_words", "show_rating"]


def show_rating(api: Api, bot: str, talk: Talk, turn: str) -> None:
    """Two buttons under an answer, and what was pressed; an opinion can be changed."""
    if not turn:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for helpful, label, icon in ((True, "Helpful", "thumb_up"), (False, "Not helpful", "thumb_down")):
            st.button(
                label,
                key=f"rate_{helpful}_{turn}",
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=talk.rated.get(turn) is helpful,
                on_click=rate,
                args=(api, bot, talk, turn, helpful),
            )
    if turn in talk.rated:
        st.caption("You found this helpful." if talk.rated[turn] else "You found this not helpful.")


def rate(api: Api, bot: str, talk: Talk, turn: str, helpful: bool) -> None:
    """Send an opinion and remember it for this tab."""
    if did("Thank you. Your rating counts.", api.rate, bot, talk.version, turn, helpful):
        talk.rated[turn] = helpful


def ratings_words(report: GateReport) -> str:
    """How many rated answers the test has and needs, or nothing when it asks for none."""
    for metric in report.metrics:
        if metric.name == "tester_satisfaction":
            if metric.verdict == "pass":
                return f"{count(metric.n, 'answer')} of this version rated. That is enough for the test."
            if metric.n >= metric.needed:
                return f"{count(metric.n, 'answer')} of this version rated. {metric.detail} Invite people on **Test**."
            return f"{metric.n} of {metric.needed} rated answers so far. Rate each answer: it counts in the test."
    return ""
