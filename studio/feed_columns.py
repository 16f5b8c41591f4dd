"""The column step of a product list: what each column holds, what is kept private, and the products as they will be.

Never here: guessing; the engine does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from studio.actions import answer_of, did
from studio.awaiting import read_now
from studio.knowledge_client import Knowledge
from studio.knowledge_records import Column, Columns
from studio.product_cards import product_cards
from studio.records import Source
from studio.source_items import failures_markup
from studio.source_words import FIELDS
from studio.style import plain
from studio.words import count

__all__ = ["chosen_mapping", "show_columns"]

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "PLN", "SEK", "DKK", "NOK", "CZK", "CAD", "AUD", "JPY")
PREVIEWED = 6
FOLDED = frozenset({"option", "attribute", ""})


def chosen_mapping(columns: Sequence[Column], chosen: dict[str, str], settled: set[str]) -> dict[str, str]:
    """What is sent: choices that differ from the guess, and those that were asked for (`settled`)."""
    guesses = {column.name: "" if column.private else column.guess for column in columns}
    return {name: field for name, field in chosen.items() if field != guesses.get(name) or name in settled}


def show_columns(knowledge: Knowledge, source: Source) -> None:
    """The whole step. A feed by address is looked at anew, so this may take a moment."""
    kept = f"columns_{source.id}_{source.freshness.last_attempt_at}"
    found: Columns | None = st.session_state.get(kept)
    if found is None:
        with st.spinner("Looking at its columns…"):
            found = answer_of(knowledge.columns, source.id)
        if found is None:
            return
        st.session_state[kept] = found
    st.markdown(
        f"This is a **{plain(found.label)}**, and it knows its columns."
        if not found.editable
        else f"This is a **{plain(found.label)}**. Say what its columns hold where the guess is wrong."
    )
    if found.editable or found.asks_currency or found.currency:
        ask(knowledge, source, found, kept)
    show_preview(found)
    if not found.editable:
        with st.expander(f"All {count(len(found.columns), 'column')}", icon=":material/view_column:"):
            st.html(columns_markup(found.columns))
    show_private([column for column in found.columns if column.private and (column.certain or not found.editable)])


def ask(knowledge: Knowledge, source: Source, found: Columns, kept: str) -> None:
    """The questions: currency and price unit first, then the columns in use, then those left out."""
    chosen: dict[str, str] = {}
    settled: set[str] = set()
    with st.form(f"columns_{source.id}", border=False):
        currency = ask_currency(found)
        if found.editable:
            unit = price_columns(found)
            if found.asks_price_unit and unit:
                chosen |= ask_price_unit(unit)
                settled |= set(unit)
            free = [column for column in found.columns if column.name not in settled and not column.certain]
            for columns, noun, icon in grouped(free):
                with st.expander(f"{count(len(columns), 'column')} {noun}", icon=icon) if noun else st.container():
                    for column in columns:
                        chosen |= ask_column(column, found)
        label = "Save and read it again" if source.freshness.last_good_at else "Save and read it"
        sent = st.form_submit_button(label, type="primary", icon=":material/save:")
    if sent:
        settled |= set(source.options.get("mapping") or ()) & set(chosen)
        save(knowledge, source, chosen_mapping(found.columns, chosen, settled), currency, kept)


def grouped(columns: Sequence[Column]) -> list[tuple[list[Column], str, str]]:
    """(columns, what they are together, its icon): those that matter most stand open, the others are folded."""
    leading = [column for column in columns if column.field not in FOLDED]
    further = [column for column in columns if column.field in FOLDED and column.field]
    unused = [column for column in columns if not column.field]
    groups = [
        (leading, "", ""),
        (further, "with choices and further facts", ":material/tune:"),
        (unused, "left out", ":material/visibility_off:"),
    ]
    return [group for group in groups if group[0]]


def columns_markup(columns: Sequence[Column]) -> str:
    """Columns as a list: name, what it is read as, some values."""
    rows = (
        f"<li><b>{escape(column.name)}</b> – {escape(field_words(column))}"
        f"<p>{escape(' · '.join(column.samples))}</p></li>"
        for column in columns
    )
    return f'<ul class="sc-list">{"".join(rows)}</ul>'


def field_words(column: Column) -> str:
    """What a column is read as."""
    return FIELDS.get(column.field, column.field) if column.field and not column.private else "left out"


def ask_currency(found: Columns) -> str:
    """What bare prices are in: asked first and plainly when nobody stated it."""
    if not (found.asks_currency or found.currency):
        return ""
    if found.asks_currency:
        st.warning("There are prices without a currency. Choose what they are in.", icon=":material/payments:")
    choices = ["", *dict.fromkeys([*filter(None, [found.currency]), *CURRENCIES])]
    return st.selectbox(
        "Currency of prices that name none",
        choices,
        index=choices.index(found.currency),
        format_func=lambda code: code or "not chosen",
        accept_new_options=True,
        help="Three letters, such as EUR. Prices that name their own currency keep it.",
        width=320,
    ).upper()


def price_columns(found: Columns) -> dict[str, Column]:
    """The columns whose prices may count cents."""
    prices = {"price", "sale_price", "was_price"}
    return {column.name: column for column in found.columns if column.guess in prices and not column.private}


def ask_price_unit(columns: dict[str, Column]) -> dict[str, str]:
    """Whether whole numbers are prices or cents; no price is learned before it is said."""
    name, column = next(((n, c) for n, c in columns.items() if c.guess == "price"), next(iter(columns.items())))
    sample = (
        f" Does {plain(column.samples[0])} mean {plain(column.samples[0])} whole, or cents?" if column.samples else ""
    )
    st.warning(f"The prices are whole numbers and may count cents.{sample}", icon=":material/payments:")
    answer = st.radio(
        f"The numbers in “{name}” are", ["price", "price_cents"], format_func=FIELDS.__getitem__, horizontal=True
    )
    return {
        other: (answer or "price") if other == name else each.field or each.guess for other, each in columns.items()
    }


def ask_column(column: Column, found: Columns) -> dict[str, str]:
    """One column: its name, some values, and what it is read as."""
    name, choice = st.columns([3, 2], vertical_alignment="center")
    private = f"<p>Private: {escape(column.reason)}</p>" if column.private else ""
    samples = f"<p>{escape(' · '.join(column.samples))}</p>" if column.samples else ""
    name.html(f'<div class="sc-list"><b>{escape(column.name)}</b>{samples}{private}</div>')
    options = sorted(found.fields, key=lambda field: list(FIELDS).index(field) if field in FIELDS else 99)
    chosen = choice.selectbox(
        f"“{column.name}” is",
        options,
        index=options.index(column.field) if column.field in options else 0,
        format_func=lambda field: FIELDS.get(field, field),
        label_visibility="collapsed",
    )
    return {column.name: chosen}


def show_private(columns: Sequence[Column]) -> None:
    """What is never learned, and why."""
    if not columns:
        return
    st.markdown("**Left out: your own business.** No value of these is kept, shown or told to anybody.")
    for column in columns:
        st.caption(f":material/lock: {plain(column.name)} – {plain(column.reason)}")


def show_preview(found: Columns) -> None:
    """The first products as they are read now, and the rows that cannot be."""
    st.markdown("**The first products, as they are read now**")
    if found.products:
        st.html(product_cards(found.products[:PREVIEWED]))
    else:
        st.caption("No product yet. Choose at least which column holds the name and which the price.")
    if found.failures:
        st.markdown(f"**{count(len(found.failures), 'remark')} about the first {found.rows:,} rows:**")
        st.html(failures_markup(found.failures, "failed"))


def save(knowledge: Knowledge, source: Source, mapping: dict[str, str], currency: str, kept: str) -> None:
    """Send the choices and read the list with them."""

    def choose() -> None:
        st.session_state[kept] = knowledge.choose_columns(source.id, mapping, currency)
        read_now(knowledge, source)

    if did("Saved. The list is read with these columns.", choose):
        st.rerun()
