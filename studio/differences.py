"""What a version has otherwise than another, and what both answer to the same questions.

Never here: how a difference is found; the engine does that.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.domain.release import DocumentChange, ProductChange, WordChange
from studio.actions import answer_of
from studio.marking import LEGEND, difference_words, marked
from studio.records import Reply
from studio.release_client import MOST_QUESTIONS, Release
from studio.release_records import Changes, Compared
from studio.style import plain
from studio.words import count

__all__ = ["show_changes", "show_pair", "show_same_questions"]

FIELDS = {
    "persona.assistant_name": "Name of your assistant",
    "persona.greeting": "Greeting",
    "persona.tone": "Tone",
    "persona.instructions": "Extra guidance",
    "persona.example_questions": "Questions to begin with",
    "guardrails.refusal_text": "What it says when it does not know",
    "guardrails.contact_text": "Where a person can be reached",
    "guardrails.fall_back_to_extractive": "Answers in your pages' own words when the language model is away",
    "guardrails.refusal_threshold": "How sure it has to be to answer",
    "languages": "Languages",
    "embedder": "How it searches your pages",
}
VALUES = {"True": "yes", "False": "no", "english": "English", "many": "many languages"}
SETTINGS = {"guardrails.fall_back_to_extractive", "languages"}
"""Fields whose values are words of the engine; all others hold the merchant's own."""
DOCUMENTS = {"added": "new", "changed": "changed", "removed": "no longer known"}
PRODUCTS = {"added": "new", "removed": "no longer known", "price": "price", "availability": "in stock?"}


def show_changes(release: Release, number: int, against: int) -> None:
    """Words before and after, pages, and products with their prices."""
    changes = release.changes(number, against)
    if not changes.total:
        st.info(
            f"Nothing but the number: version {number} says and knows the same as version {against}.",
            icon=":material/lightbulb:",
        )
        return
    st.markdown(f"Version {number} against version {against}: {summary(changes)}.")
    if changes.words:
        st.markdown("**Words and settings**")
        st.caption(LEGEND)
        for word in changes.words:
            show_word(word, number, against)
    show_table("Pages and files", [document_row(change) for change in changes.documents], changes.documents_changed)
    show_table("Products", [product_row(change) for change in changes.products], changes.products_changed)


def summary(changes: Changes) -> str:
    """How much differs, in one line."""
    counted = (
        (len(changes.words), "wording or setting", "wordings or settings"),
        (changes.documents_changed, "page or file", "pages or files"),
        (changes.products_changed, "change of a product", "changes of products"),
    )
    return ", ".join(count(number, one, many) for number, one, many in counted if number)


def show_word(change: WordChange, number: int, against: int) -> None:
    """One wording or setting, before and after."""
    before, after = marked(value_words(change.field, change.before), value_words(change.field, change.after))
    show_pair(FIELDS.get(change.field, change.field), (f"Version {against}", before), (f"Version {number}", after))


def value_words(field: str, value: str) -> str:
    """A setting's value as a person says it."""
    if field == "guardrails.refusal_threshold" and not value:
        return "as it was measured for all shops"
    return VALUES.get(value, value) if field in SETTINGS else value


def show_pair(heading: str, before: tuple[str, str], after: tuple[str, str], remark: str = "") -> None:
    """Two texts, each (its heading, Markdown), side by side under one heading."""
    with st.container(border=True):
        st.markdown(f"**{plain(heading)}**")
        if remark:
            st.caption(plain(remark))
        for column, (label, text) in zip(st.columns(2), (before, after), strict=True):
            column.caption(label)
            column.markdown(text)


def show_table(title: str, rows: list[dict[str, str]], total: int) -> None:
    """Changes in a table, and how many more there are."""
    if not rows:
        return
    st.markdown(f"**{title}**")
    st.dataframe(rows, hide_index=True, width="stretch")
    if total > len(rows):
        st.caption(f"The first {len(rows)} of {total:,}.")


def document_row(change: DocumentChange) -> dict[str, str]:
    """A page or file that differs."""
    return {"What": DOCUMENTS[change.kind], "Page or file": change.title, "Address": change.url}


def product_row(change: ProductChange) -> dict[str, str]:
    """A product that differs."""
    return {
        "What": PRODUCTS[change.kind], "Product": change.title, "Before": change.before, "Now": change.after
    }  # fmt: skip


def show_same_questions(release: Release, number: int, against: int, suggested: Sequence[str]) -> None:
    """Ask both versions the same, and read the answers side by side."""
    kept = f"compared_{release.bot}_{number}_{against}"
    with st.form(f"same_{release.bot}", border=False):
        asked = st.text_area(
            "Questions, one on each line",
            value="\n".join(suggested),
            height=170,
            help=f"Up to {MOST_QUESTIONS}. Shoppers notice nothing of it.",
        )
        sent = st.form_submit_button("Ask both versions", icon=":material/compare_arrows:")
    if sent:
        questions = [line.strip() for line in asked.splitlines() if line.strip()]
        if not 1 <= len(questions) <= MOST_QUESTIONS:
            st.warning(f"Write 1 to {MOST_QUESTIONS} questions, each on its own line.", icon=":material/warning:")
        else:
            with st.spinner("Both versions are answering…"):
                found = answer_of(release.compare, number, against, questions)
            if found is not None:
                st.session_state[kept] = found
    if answers := st.session_state.get(kept):
        show_answers(answers, number, against)


def show_answers(answers: Sequence[Compared], number: int, against: int) -> None:
    """Each question with both answers where they differ; the others once."""
    differing = sum(not item.same for item in answers)
    if not differing:
        st.success("Both versions gave the same answers.", icon=":material/check_circle:")
    else:
        st.markdown(f"**{differing} of {count(len(answers), 'answer')} differ.** {LEGEND}")
    for item in answers:
        if item.same:
            continue
        before, after = marked(item.before.text, item.after.text)
        show_pair(
            item.question,
            (f"Version {against}", before + shown_with(item.before)),
            (f"Version {number}", after + shown_with(item.after)),
            difference_words(item.before, item.after, item.same),
        )
    alike = [item for item in answers if item.same]
    if alike:
        with st.expander(f"{count(len(alike), 'answer')} the same in both"):
            for item in alike:
                st.markdown(f"**{plain(item.question)}**")
                st.markdown(marked(item.after.text, item.after.text)[1] + shown_with(item.after))


def shown_with(reply: Reply) -> str:
    """Products and sources that stand under an answer."""
    products = ", ".join(card.title for card in reply.products)
    sources = ", ".join(dict.fromkeys(item.title for item in reply.citations))
    lines = [f"{name}: {plain(value)}" for name, value in (("Products", products), ("From", sources)) if value]
    return "".join(f"\n\n{line}" for line in lines)
