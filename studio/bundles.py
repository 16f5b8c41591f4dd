"""Taking an assistant along as one file, and bringing one in.

Never here: what is in the file; the engine writes and checks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import streamlit as st

from studio.actions import answer_of, did
from studio.chosen_bot import go_to
from studio.client import Api
from studio.records import Bot
from studio.style import plain

__all__ = ["bring_in", "copy_name", "show_download"]

LARGEST_MB = 500
"""What a browser's upload may hold in the studio's memory; larger files go to the API."""
LONGEST_NAME = 80
"""Characters of a bot's name."""
ARRIVED = "arrived_bot"


def show_download(api: Api, bot: Bot) -> None:
    """One file with everything that answers: made when it is asked for, then saved by the browser."""
    st.markdown(
        "Your assistant's words and look, what the live version knows, your products, test questions and test "
        "results: as a backup, or to move elsewhere. Testers, shoppers' conversations and keys are not in it."
    )
    if not st.button("Download everything as one file", icon=":material/archive:"):
        return
    with st.spinner("Putting everything into one file…"):
        made = answer_of(api.export_bot, bot.id)
    if made is not None:
        name, content = made
        st.download_button(
            f"Save the file ({max(1, len(content) // 1_000_000)} MB)", content, name, "application/zip",
            type="primary", icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def bring_in(api: Api, bots: Sequence[Bot]) -> None:
    """A file of another installation becomes an assistant here; then it is to be tested."""
    st.subheader("Bring in a file from another installation")
    st.markdown("It answers as it did there, at once. It can go live when it has passed its tests here.")
    arrived = next((bot for bot in bots if bot.id == st.session_state.get(ARRIVED)), None)
    if arrived is not None:
        ask_for_name(api, arrived, [bot.name for bot in bots])
        return
    upload = st.file_uploader(
        "The file that was downloaded there", type=["zip"], max_upload_size=LARGEST_MB, key="bundle_upload"
    )
    if not st.button("Bring it in", disabled=upload is None, icon=":material/unarchive:") or upload is None:
        return
    with st.spinner("Checking the file and setting it up…"):
        bot = answer_of(api.import_bot, upload.name, upload.getvalue())
    if bot is None:
        return
    if bot.name in {other.name for other in bots}:
        st.session_state[ARRIVED] = bot.id
        st.rerun()
    go_to("test", bot.id)


def ask_for_name(api: Api, bot: Bot, taken: Sequence[str]) -> None:
    """Propose a name of its own for a bot that came in beside one of the same name."""
    with st.container(border=True):
        st.markdown(f"It is here, but you have another bot called **{plain(bot.name)}**. Shoppers read the name, too.")
        name = st.text_input("Name of the new one", value=copy_name(bot.name, taken))
        with st.container(horizontal=True):
            renamed = st.button("Use this name", type="primary", icon=":material/edit:")
            kept = st.button("Keep the same name")
    if kept or (renamed and did("Renamed", api.change_bot, bot.id, name=name)):
        del st.session_state[ARRIVED]
        go_to("test", bot.id)


def copy_name(name: str, taken: Sequence[str]) -> str:
    """`Shop (copy)`, or the first of `Shop (copy 2)` and so on that is free."""
    endings = (" (copy)" if number == 1 else f" (copy {number})" for number in count(1))
    return next(wish for end in endings if (wish := name[: LONGEST_NAME - len(end)].rstrip() + end) not in taken)
