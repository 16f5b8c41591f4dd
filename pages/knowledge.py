"""What your bot knows: add websites, files, words and answers; see how fresh each is."""

import streamlit as st

from studio.actions import did
from studio.page import next_step, page
from studio.source_forms import ask_for_source, sort_kinds
from studio.style import plain
from studio.training import show_failures
from studio.words import count, freshness_words

ICONS = {
    "website": ":material/language:",
    "file": ":material/description:",
    "text": ":material/edit_note:",
    "faq": ":material/quiz:",
    "feed": ":material/inventory_2:",
}

with page("knowledge") as context:
    bot, api = context.bot, context.api

    st.subheader("Add something")
    kinds = sort_kinds(api.source_kinds())
    for tab, kind in zip(st.tabs([f"{ICONS.get(kind.kind, '')} {kind.label}" for kind in kinds]), kinds, strict=True):
        with tab:
            if kind.kind == "file":
                key = f"files_{bot.id}_{st.session_state.get('files_round', 0)}"
                uploads = st.file_uploader(
                    "Drop files here",
                    accept_multiple_files=True,
                    key=key,
                    help="PDF, Word, text, web pages, spreadsheets. A product list is recognised by itself.",
                )
                chosen = [(upload.name, upload.getvalue()) for upload in uploads]
                if st.button(
                    "Add these files", type="primary", disabled=not chosen, icon=":material/upload_file:"
                ) and did("Files added", api.add_files, bot.id, chosen):
                    st.session_state["files_round"] = st.session_state.get("files_round", 0) + 1
                    st.rerun()
                continue
            suggested = {"url": st.session_state.get("shop_address") or ""} if kind.kind == "website" else None
            options = ask_for_source(kind, suggested)
            if options is not None:
                name, given = kind.kind, options
                if did("Added", api.add_source, bot.id, name, given):
                    st.rerun()

    st.subheader("What it has so far")
    if not context.sources:
        st.info("Nothing yet. Your website's address is the best beginning.", icon=":material/lightbulb:")
    for source in context.sources:
        with st.container(border=True):
            title, remove = st.columns([4, 1], vertical_alignment="center")
            read = [count(source.documents, "page")] if source.documents else []
            read += [count(source.products, "product")] if source.products else []
            title.markdown(
                f"{ICONS.get(source.kind, '')} **{plain(source.title or source.kind)}**  \n"
                f"{freshness_words(source.freshness)} {' · '.join(read)}"
            )
            if remove.button("Delete", key=f"delete_{source.id}", icon=":material/delete:", width="stretch") and did(
                "Deleted", api.delete_source, bot.id, source.id
            ):
                st.rerun()
            show_failures(source.failures)
    if context.sources:
        st.divider()
        next_step("train", "Next: have your bot read it")
