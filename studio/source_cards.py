"""One source as a card: how it stands, how old it is, what can be done with it.

Never here: what stands in it; that is shown and edited by modules of their own.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from studio.actions import did, show_error
from studio.awaiting import is_under_way, read_now
from studio.client import ApiError
from studio.knowledge_client import Knowledge
from studio.records import Source, SourceKindForm
from studio.source_details import show_details
from studio.source_items import show_items, show_remarks
from studio.source_words import (
    ICONS,
    SCHEDULES,
    amount_words,
    lies_elsewhere,
    name_of,
    reading_words,
    state_words,
    times_words,
)
from studio.style import plain
from studio.words import count, when

__all__ = ["opened_key", "show_source"]

OPENS = {"faq": "Edit the questions", "text": "Edit the words", "feed": "Columns and details"}


def show_source(knowledge: Knowledge, source: Source, form: SourceKindForm | None) -> None:
    """The card of one source."""
    with st.container(border=True, key=f"source_{source.id}"):
        if is_under_way(source):
            watch_reading(knowledge, source)
            return
        show_state(source)
        if source.held is not None:
            ask_about_held(knowledge, source)
        if source.asks_currency:
            st.info(
                f"Its prices name no currency. Choose it under **{OPENS['feed']}**; until then they are bare numbers.",
                icon=":material/payments:",
            )
        show_remarks(source.failures)
        if source.excluded_columns:
            names = plain(", ".join(source.excluded_columns))
            st.caption(f":material/lock: Left out: {names} – your own business. No shopper ever sees it.")
        if show_buttons(knowledge, source):
            show_details(knowledge, source, form)


def opened_key(source: str) -> str:
    """Where it is kept whether a card is opened: beside the toggle, which is gone while a source is read."""
    return f"opened_{source}"


def show_state(source: Source) -> None:
    """Kind and title, state, amounts and times."""
    icon, words = state_words(source)
    lines = [f"{ICONS.get(source.kind, '')} **{plain(source.title or name_of(source))}** · {name_of(source)}"]
    if source.freshness.state == "never" and not source.is_reading:
        lines.append(f"{icon} Not read yet. It will be when you train.")
    else:
        facts = " · ".join(filter(None, (f"**{words}**", amount_words(source), times_words(source))))
        lines += [f"{icon} {facts}", plain(source.freshness.reason)]
    st.markdown("  \n".join(filter(None, lines)))


def watch_reading(knowledge: Knowledge, source: Source) -> None:
    """A reading under way, looked at again every two seconds until it ends."""

    @st.fragment(run_every=2.0)
    def watch() -> None:
        try:
            now = knowledge.source(source.id)
        except ApiError as error:  # a fragment is drawn again outside the page's frame
            show_error(error)
            return
        if not is_under_way(now):
            st.rerun(scope="app")
        show_state(now.model_copy(update={"is_reading": True}))
        st.progress(min(now.done / now.total, 1.0) if now.total else 0.0, text=reading_words(now))
        if st.button("Stop", key=f"stop_{source.id}", icon=":material/stop_circle:", help="Keeps what was read so far"):
            did("Stopping; what was read so far is kept", knowledge.stop, source.id)
        if st.toggle("Show what is being read", key=f"watch_{source.id}"):
            show_items(knowledge, source.id)

    watch()


def ask_about_held(knowledge: Knowledge, source: Source) -> None:
    """What was found then and now, and which of the two counts."""
    held = source.held
    if held is None:
        return
    st.warning(
        f"**{plain(source.title)}** became much smaller. Until you decide, your bot answers from what it had.  \n"
        f"Before ({when(source.freshness.last_good_at)}): {found_words(source.documents, source.products)}.  \n"
        f"Now ({when(held.at)}): {found_words(held.documents, held.products)}.",
        icon=":material/pan_tool:",
    )
    with st.container(horizontal=True):
        keep = st.button("Keep what was there", key=f"dismiss_{source.id}", type="primary", icon=":material/history:")
        use = st.button("Use the smaller reading", key=f"accept_{source.id}", icon=":material/done:")
    if keep:
        after(did("Kept what was there", knowledge.dismiss, source.id))
    if use:
        after(did("Accepted. Your bot forgets the rest with its next version", knowledge.accept, source.id))


def found_words(documents: int, products: int) -> str:
    """`12 pages, 40 products`."""
    return ", ".join((count(documents, "page"), count(products, "product")))


def show_buttons(knowledge: Knowledge, source: Source) -> bool:
    """Read now, how often, details, delete; answers whether the details are wanted."""
    name = source.title or name_of(source)
    if lies_elsewhere(source):
        choose_schedule(knowledge, source)
    with st.container(horizontal=True, vertical_alignment="center"):
        again = lies_elsewhere(source) or source.freshness.state == "failed"
        if again and st.button(
            "Read now", key=f"read_{source.id}", icon=":material/sync:", help=f"Read {name} again at once"
        ):
            after(did("", read_now, knowledge, source))
        key = opened_key(source.id)
        opened = st.toggle(
            OPENS.get(source.kind, "Details"),
            bool(st.session_state.get(key)),
            key=f"details_of_{source.id}",
            help=f"What was read in {name}, and what can be changed",
        )
        st.session_state[key] = opened
        with st.popover("Delete", icon=":material/delete:", help=f"Delete {name}", key=f"delete_{source.id}"):
            st.markdown(f"**{plain(name)}** and all it taught will be gone from the next answer on.")
            gone = st.button("Delete it for good", key=f"gone_{source.id}", type="primary")
        if gone:
            after(did("Deleted. Its facts are gone from the next answer on.", knowledge.delete, source.id))
    return bool(opened)


def choose_schedule(knowledge: Knowledge, source: Source) -> None:
    """How often it is read by itself."""
    now = source.schedule_minutes
    choices = list(SCHEDULES) if now in SCHEDULES else [now, *SCHEDULES]
    words: Callable[[int], str] = lambda minutes: SCHEDULES.get(minutes, f"every {minutes} minutes")  # noqa: E731
    chosen = st.selectbox(
        "Read again",
        choices,
        index=choices.index(now),
        format_func=words,
        key=f"schedule_{source.id}_{now}",
        width=260,
    )
    if chosen != now:
        after(did(f"It is read {words(chosen)}", lambda: knowledge.change(source.id, schedule_minutes=chosen)))


def after(done: bool) -> None:
    """Draw the page anew when something was done."""
    if done:
        st.rerun()
