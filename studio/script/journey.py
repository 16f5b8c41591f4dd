"""The script Streamlit runs for every visitor: registers the pages and runs the chosen one.

Never here: anything else; every page gates itself.
"""

from pathlib import Path

import streamlit as st

from studio.navigation import registered_pages

st.set_page_config(
    page_title="Storeclerk",
    page_icon=str(Path(__file__).with_name("icon.png")),
    layout="centered",
    initial_sidebar_state="auto",
)
st.navigation(registered_pages(), position="hidden").run()
