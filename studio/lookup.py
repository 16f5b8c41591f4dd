"""What would answer a question: the passages, why they were found, and whether the bot would answer at all.

Never here: scoring; the engine says how it would decide.
"""

from __future__ import annotations

import streamlit as st

from studio.corrections import by_digest, show_passage
from studio.knowledge_client import Knowledge
from studio.knowledge_records import Correction, FoundPassage, LookUp
from studio.style import plain
from studio.words import count, percent

__all__ = ["closeness_words", "show_look_up", "sure_words", "verdict"]

SHOWN = 3
"""Passages that stand open: the answer is made of the first ones."""
CLOSE = ((0.75, "says nearly the same"), (0.6, "is about the same"), (0.45, "is about something close"))


def closeness_words(similarity: float) -> str:
    """How close a passage is in meaning."""
    return next((words for least, words in CLOSE if similarity >= least), "is about something else")


def sure_words(found: LookUp) -> str:
    """How sure it is, beside what it takes."""
    share = f"{percent(found.confidence)} sure, and it takes {percent(found.least_confidence)} to answer"
    if found.confidence >= (1 + found.least_confidence) / 2:
        return f"Very sure ({share})."
    return f"{'Sure enough' if found.confidence >= found.least_confidence else 'Not sure enough'} ({share})."


def verdict(found: LookUp) -> tuple[str, str]:
    """(what it would do, what the shop owner can do about it)."""
    if found.pin is not None:
        return "It gives your pinned answer.", ""
    if found.would_answer:
        return f"It would answer from these passages. {sure_words(found)}", ""
    words = "It would say that it does not know."
    return (
        f"{words} {sure_words(found) if found.passages else 'Nothing was found.'}",
        "Pin an answer below, or add the words under “What your bot knows”.",
    )


def show_look_up(knowledge: Knowledge, found: LookUp) -> None:
    """The verdict, then each passage with its reasons."""
    words, advice = verdict(found)
    show = st.success if found.would_answer else st.warning
    show(
        words if not advice else f"{words}  \n{advice}",
        icon=":material/check_circle:" if not advice else ":material/help:",
    )
    if found.pin is not None:
        st.markdown(f"> {plain(found.pin.answer)}")
    corrections = by_digest(knowledge)
    if found.passages:
        st.subheader("What it found, best first" if found.would_answer else "The closest it found")
    for number, each in enumerate(found.passages[:SHOWN]):
        show_found(knowledge, each, corrections, f"found_{number}_")
    if further := found.passages[SHOWN:]:
        with st.expander(f"{count(len(further), 'further passage')}", icon=":material/more_horiz:"):
            for number, each in enumerate(further, SHOWN):
                show_found(knowledge, each, corrections, f"found_{number}_")
    if found.left_out:
        st.subheader("Left out, as you wished")
        st.caption("This would have been found, too.")
    for number, each in enumerate(found.left_out):
        show_found(knowledge, each, corrections, f"out_{number}_")
    if found.passages:
        show_scores(found)


def show_found(knowledge: Knowledge, found: FoundPassage, corrections: dict[str, Correction], where: str) -> None:
    """One passage and why it was found."""
    with st.container(border=True):
        words = f"; holds the words {', '.join(found.words)}" if found.words else "; holds none of the words"
        st.caption(f"It {closeness_words(found.similarity)}{plain(words)}.")
        show_passage(knowledge, found.passage, corrections.get(found.passage.digest), where=where, title=True)


def show_scores(found: LookUp) -> None:
    """The bare numbers, for those who want them."""
    with st.expander("Advanced: the scores", icon=":material/tune:"):
        st.table(
            {
                "Passage": [each.passage.title for each in found.passages],
                "Score": [f"{each.score:.3f}" for each in found.passages],
                "Meaning": [f"{each.similarity:.3f}" for each in found.passages],
                "Words": [f"{each.coverage:.3f}" for each in found.passages],
            }
        )
        st.caption(
            f"{count(len(found.passages), 'passage')}. Score decides the order. Meaning: closeness of the embeddings, "
            "-1 to 1. Words: share of the question's words that it holds, rare ones counting more, 0 to 1. "
            f"Confidence {found.confidence:.3f}, threshold {found.least_confidence:.3f}."
        )
