"""What it learned: its pages and passages, its products, and what was put right by hand."""

import streamlit as st

from studio.corrections import show_corrections
from studio.library import show_documents
from studio.page import next_step, page
from studio.product_search import show_products

with page("library") as context:
    knowledge, version = context.knowledge, context.newest_trained

    if version is None:
        st.info("Your bot has not learned anything yet.", icon=":material/lightbulb:")
        next_step("train" if context.sources else "knowledge", "Train it first" if context.sources else "Give it words")
    else:
        st.caption(f"This is what version {version.number} knows.")
        texts, products, corrections = st.tabs(
            ["Pages and files", "Products", "Put right by hand"], key="library_tabs", on_change="rerun"
        )
        if texts.open:
            with texts:
                if context.sources:
                    show_documents(knowledge, context.sources)
                else:
                    st.info("All its sources were deleted, so nothing of it is told.", icon=":material/lightbulb:")
        if products.open:
            with products:
                show_products(knowledge)
        if corrections.open:
            with corrections:
                show_corrections(knowledge)
        st.divider()
        next_step("answers", "Next: see what would answer a question")
