"""What your bot knows: add websites, files, words and answers; see how fresh each is, and put it right."""

import streamlit as st

from studio.page import next_step, page
from studio.source_adding import show_adding
from studio.source_cards import show_source
from studio.source_forms import sort_kinds
from studio.source_words import is_newer
from studio.words import count

with page("knowledge") as context:
    knowledge, sources = context.knowledge, context.sources
    kinds = sort_kinds(knowledge.kinds())
    forms = {kind.kind: kind for kind in kinds}
    if said := st.session_state.pop("said_about_sources", None):
        st.toast(said, icon=":material/check_circle:")

    st.subheader("Add something")
    has_website = any(source.kind == "website" for source in sources)
    show_adding(knowledge, kinds, "" if has_website else context.me.merchant.address)

    st.subheader("What it has so far")
    if not sources:
        st.info("Nothing yet. Your website's address is the best beginning.", icon=":material/lightbulb:")
    waiting = sum(source.held is not None for source in sources)
    if waiting:
        st.caption(f":material/pan_tool: {count(waiting, 'source')} became much smaller and waits for your word.")
    for source in sorted(sources, key=lambda source: source.held is None):
        show_source(knowledge, source, forms.get(source.kind))
    if sources:
        st.divider()
        trained = context.newest_trained
        if trained is None:
            next_step("train", "Next: have your bot read it")
        elif context.bot.live is None and any(is_newer(source, trained) for source in sources):
            st.markdown(f"Some of this is newer than version {trained.number} of your bot.")
            next_step("train", "Next: have your bot learn it")
        else:
            next_step("library", "See what it learned")
