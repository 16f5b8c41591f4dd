"""The frame of every page: who is signed in, which bot, how far it is, and what happens when something fails.

Never here: the content of a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from studio import session
from studio.actions import show_error
from studio.chosen_bot import address, go_to, names_of
from studio.client import Api, ApiError
from studio.journey import Journey, journey_of
from studio.knowledge_client import Knowledge
from studio.navigation import PageRow, page_row, registered_page
from studio.proof_client import Proof
from studio.records import Bot, Me, Source, Version
from studio.release_client import Release
from studio.sidebar import show_sidebar
from studio.sign_in import sign_in_page
from studio.style import inject_style, name_toasts, plain, show_journey

__all__ = ["PageContext", "empty_state", "link_to", "next_step", "page"]


@dataclass
class PageContext:
    """What a page works with."""

    api: Api
    row: PageRow
    me: Me
    bots: list[Bot]
    chosen: Bot | None

    @cached_property
    def names(self) -> dict[str, str]:
        """Bot id to the name it is listed under, no two the same."""
        return names_of(self.bots)

    @property
    def bot(self) -> Bot:
        """The chosen bot; pages that need one are only drawn when there is one."""
        if self.chosen is None:
            raise RuntimeError(f"page {self.row.slug!r} needs a bot but is not marked so in studio/navigation.py")
        return self.chosen

    @cached_property
    def knowledge(self) -> Knowledge:
        """The calls about what the chosen bot knows."""
        return Knowledge(self.api, self.bot.id)

    @cached_property
    def proof(self) -> Proof:
        """The calls about how the chosen bot is proved."""
        return Proof(self.api, self.bot.id)

    @cached_property
    def release(self) -> Release:
        """The calls about how the chosen bot's versions replace each other."""
        return Release(self.api, self.bot.id)

    @cached_property
    def sources(self) -> list[Source]:
        """Where the chosen bot's knowledge comes from."""
        return self.knowledge.sources()

    @cached_property
    def versions(self) -> list[Version]:
        """Versions of the chosen bot, newest first."""
        return self.api.versions(self.bot.id)

    @property
    def newest(self) -> Version | None:
        """The newest version of all."""
        return self.versions[0] if self.versions else None

    @property
    def newest_trained(self) -> Version | None:
        """The newest version that can be asked."""
        return next((version for version in self.versions if version.can_answer), None)

    @property
    def journey(self) -> Journey:
        """How far the chosen bot has come."""
        talked = self.bot.id in st.session_state.get("talked", ())
        return journey_of(self.bot, self.sources, self.versions, talked=talked)


@contextmanager
def page(slug: str) -> Iterator[PageContext]:
    """Draw the frame and hand over; every page begins with this, so none can be reached signed out.

    Stops the script for visitors who are signed out, when the server is away, and when there is no bot yet.
    """
    row = page_row(slug)
    inject_style()
    context: PageContext | None = None
    try:
        context = open_page(row)
        yield context
    except ApiError as error:
        if error.status == 401:
            session.drop_token()
            sign_in_page()
        else:
            if context is None:
                st.title(row.title)
            show_error(error)
        st.stop()


def open_page(row: PageRow) -> PageContext:
    """The context of a page, after its gates. Raises ApiError."""
    if not session.session_cookie() or "ticket" in st.session_state:
        sign_in_page()
        st.stop()
    api = session.api()
    me, bots = api.me(), api.bots()
    name_toasts()
    chosen, missed = show_sidebar(me, bots)
    context = PageContext(api, row, me, bots, chosen)
    if chosen is None and row.needs_bot:
        st.title(row.title)
        empty_state(context)
        st.stop()
    if chosen is not None and missed:
        st.warning(
            f"The bot of this address is not among yours; perhaps it was deleted. This is **{plain(chosen.name)}**.",
            icon=":material/link_off:",
        )
    if chosen is not None:
        show_journey(context.journey)
    st.title(row.title)
    st.markdown(row.lead)
    return context


def empty_state(context: PageContext) -> None:
    """What to do when there is no bot yet."""
    with st.container(border=True):
        st.subheader("You have no assistant yet")
        st.markdown("See a finished one first, or begin with your own shop. You can do both.")
        demo, own = st.columns(2)
        if demo.button("Try the demo shop", type="primary", width="stretch", icon=":material/play_circle:"):
            create_demo(context.api)
        if own.button("Create a bot for my shop", width="stretch", icon=":material/add:"):
            create_bot(context.api, context.me.merchant.name or "My shop")


def create_demo(api: Api) -> None:
    """Make the demo shop's bot and watch it learn."""
    with st.spinner("Setting up the demo shop…"):
        bot = api.create_demo()
    go_to("train", bot.id)


def create_bot(api: Api, name: str) -> None:
    """Make an empty bot and begin with its look."""
    go_to("look", api.create_bot(name).id)


def next_step(slug: str, label: str) -> None:
    """The one obvious next step of a page: a button to the page where it is taken."""
    row = page_row(slug)
    if st.button(label, type="primary", icon=row.icon, key=f"next_{slug}"):
        go_to(slug)


def link_to(slug: str, label: str | None = None) -> None:
    """A link to another page of the studio."""
    row = page_row(slug)
    st.page_link(registered_page(slug), label=label or row.title, icon=row.icon, query_params=address())
