"""Taking an assistant along as one file, and bringing one in.

Never here: what is in the file; the engine writes and checks it.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import answer_of
from studio.client import Api
from studio.navigation import registered_page
from studio.records import Bot

__all__ = ["bring_in", "show_download"]

LARGEST_MB = 500
"""What a browser's upload may hold in the studio's memory; larger files go to the API."""


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


def bring_in(api: Api) -> None:
    """A file of another installation becomes an assistant here; then it is to be tested."""
    st.subheader("Bring in a file from another installation")
    st.markdown("It answers as it did there, at once. It can go live when it has passed its tests here.")
    upload = st.file_uploader(
        "The file that was downloaded there", type=["zip"], max_upload_size=LARGEST_MB, key="bundle_upload"
    )
    if not st.button("Bring it in", disabled=upload is None, icon=":material/unarchive:") or upload is None:
        return
    with st.spinner("Checking the file and setting it up…"):
        bot = answer_of(api.import_bot, upload.name, upload.getvalue())
    if bot is not None:
        st.session_state["bot"] = bot.id
        st.switch_page(registered_page("test"))
