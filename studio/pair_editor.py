"""Questions with their answers: written one by one, pasted in bulk, read from a CSV file, and out again.

Never here: understanding pasted text; the engine does that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from studio.actions import answer_of, did
from studio.awaiting import read_now
from studio.knowledge_client import Knowledge
from studio.knowledge_records import Pair, Pairs
from studio.records import Source
from studio.source_items import failures_markup
from studio.style import plain
from studio.words import count

__all__ = ["ask_for_pairs", "matching", "merged", "pairs_of", "show_pairs"]

AT_ONCE = 10
PREVIEWED = 20
EXAMPLE = "Do you wrap gifts?\nYes, for 2.50 EUR an order.\n\nWhere is your shop?\nAt the harbour, pier 4."


def pairs_of(source: Source) -> list[Pair]:
    """The questions and answers of a source."""
    found = source.options.get("pairs")
    return [Pair.model_validate(pair) for pair in found] if isinstance(found, list) else []


def merged(pairs: Sequence[Pair], added: Sequence[Pair]) -> list[Pair]:
    """Both lists; a question that is there already gets its new answer in its old place."""
    answers = {pair.question: pair for pair in (*pairs, *added)}
    return list(answers.values())


def matching(pairs: Sequence[Pair], words: str) -> list[int]:
    """The places of the pairs that hold the words, in either part."""
    sought = words.casefold().split()
    return [
        at
        for at, pair in enumerate(pairs)
        if all(word in f"{pair.question} {pair.answer}".casefold() for word in sought)
    ]


def show_pairs(knowledge: Knowledge, source: Source) -> None:
    """The list of one source, to change, to lengthen, and to take along."""
    pairs = pairs_of(source)
    csv = answer_of(knowledge.pairs_csv, source.id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Find a question", key=f"find_pair_{source.id}", width=320) if len(pairs) > 5 else ""
        if csv is not None:
            st.download_button(
                "Save as CSV", csv, "questions.csv", "text/csv", key=f"csv_{source.id}", icon=":material/download:",
                on_click="ignore",
            )  # fmt: skip
    places = matching(pairs, words)
    pages = max(1, -(-len(places) // AT_ONCE))
    page = 1
    if pages > 1:
        page = int(st.number_input(f"Page, 1 to {pages}", 1, pages, key=f"pair_page_{source.id}", width=200))
    for place in places[(page - 1) * AT_ONCE : page * AT_ONCE]:
        edit_pair(knowledge, source, pairs, place)
    if words and not places:
        st.caption("No question holds these words.")
    with st.expander("Add a question", icon=":material/add:"):
        add_pair(knowledge, source, pairs)
    with st.expander("Paste many, or import a CSV file", icon=":material/content_paste:"):
        ask_for_pairs(
            knowledge, f"more_{source.id}", lambda added: save(knowledge, source, merged(pairs, added), "Added")
        )


def edit_pair(knowledge: Knowledge, source: Source, pairs: list[Pair], place: int) -> None:
    """One question with its answer, folded until it is wanted."""
    pair, key = pairs[place], f"{source.id}_{place}_{hash(pairs[place])}"
    with st.expander(plain(pair.question)), st.form(f"pair_{key}", border=False):
        question = st.text_input("Question", value=pair.question)
        answer = st.text_area("Answer", value=pair.answer)
        with st.container(horizontal=True):
            saved = st.form_submit_button("Save", type="primary", icon=":material/save:")
            deleted = st.form_submit_button("Delete this question", icon=":material/delete:")
    if saved:
        fresh = Pair(question=question.strip(), answer=answer.strip())
        save(knowledge, source, [*pairs[:place], fresh, *pairs[place + 1 :]], "Saved")
    if deleted and len(pairs) == 1:
        st.warning("This is the last question. Delete the whole list instead.", icon=":material/info:")
    elif deleted:
        save(knowledge, source, [*pairs[:place], *pairs[place + 1 :]], "Deleted")


def add_pair(knowledge: Knowledge, source: Source, pairs: list[Pair]) -> None:
    """A further question with its answer."""
    with st.form(f"add_pair_{source.id}_{len(pairs)}", border=False):
        question = st.text_input("New question")
        answer = st.text_area("Its answer")
        sent = st.form_submit_button("Add it", type="primary", icon=":material/add:")
    if sent and not (question.strip() and answer.strip()):
        st.warning("Write both the question and its answer.", icon=":material/edit:")
    elif sent:
        added = [Pair(question=question.strip(), answer=answer.strip())]
        save(knowledge, source, merged(pairs, added), "Added")


def save(knowledge: Knowledge, source: Source, pairs: Sequence[Pair], done: str) -> None:
    """Store the list and have it read anew."""

    def change() -> None:
        knowledge.change(source.id, pairs=[pair.model_dump() for pair in pairs], title=title_of(source))
        read_now(knowledge, source)

    if did(f"{done}. The list is read anew.", change):
        st.rerun()


def title_of(source: Source) -> str:
    """The list's own title; one that only counts its questions is made anew."""
    return "" if source.title.endswith(" questions and answers") else source.title


def ask_for_pairs(knowledge: Knowledge, key: str, use: Callable[[Sequence[Pair]], None]) -> None:
    """Pasted text or a CSV file; what was understood of it is shown before it is used."""
    round_key = f"pairs_round_{key}"
    turn = f"{key}_{st.session_state.get(round_key, 0)}"
    with st.form(f"paste_{turn}", border=False):
        text = st.text_area(
            "Questions and answers",
            placeholder=EXAMPLE,
            height=160,
            key=f"pasted_{turn}",
            help="A question on a line of its own and its answer below, with a blank line between two of them; "
            "lines that begin with Q: and A:; or a table with the columns question and answer.",
        )
        file = st.file_uploader("Or a CSV file with the columns question and answer", type=["csv", "tsv", "txt"],
                                key=f"pairs_file_{turn}")  # fmt: skip
        sent = st.form_submit_button("See what is understood", icon=":material/visibility:")
    if sent:
        given = readable(file.getvalue()) if file is not None else text
        if not given.strip():
            st.warning("Paste some questions with their answers first, or choose a file.", icon=":material/edit:")
        else:
            st.session_state[f"understood_{turn}"] = answer_of(knowledge.understand_pairs, given)
    understood: Pairs | None = st.session_state.get(f"understood_{turn}")
    if understood is None:
        return
    show_understood(understood)
    label = f"Add {count(len(understood.pairs), 'question')}"
    if understood.pairs and st.button(label, type="primary", key=f"use_{turn}", icon=":material/add:"):
        st.session_state[round_key] = st.session_state.get(round_key, 0) + 1
        use(understood.pairs)


def show_understood(understood: Pairs) -> None:
    """What was found in a text, and what could not be used."""
    if not understood.pairs:
        st.warning("No question with an answer was found in it.", icon=":material/warning:")
    for pair in understood.pairs[:PREVIEWED]:
        st.markdown(f"**{plain(pair.question)}**  \n{plain(pair.answer)}")
    if len(understood.pairs) > PREVIEWED:
        st.caption(f"and {len(understood.pairs) - PREVIEWED:,} more")
    if understood.failures:
        st.markdown(f"**{count(len(understood.failures), 'part')} could not be used:**")
        st.html(failures_markup(understood.failures, "failed"))


def readable(content: bytes) -> str:
    """The text of a file, as Excel and others write it."""
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
