"""Train: start, watch, stop; then what was learned and what was not."""

import streamlit as st

from engine.domain.bot import Languages
from studio.actions import did
from studio.page import link_to, next_step, page
from studio.style import plain
from studio.training import show_failures, show_training
from studio.words import count, version_remark, when

LANGUAGES: dict[Languages, str] = {"english": "English", "many": "Several languages, or another one"}

with page("train") as context:
    bot, api, newest = context.bot, context.api, context.newest

    if newest is not None and newest.is_busy:
        show_training(api, bot.id, newest.number)
        st.caption("You can leave this page; the training goes on.")
    elif not context.sources:
        st.info("There is nothing to learn from yet.", icon=":material/lightbulb:")
        next_step("knowledge", "Show your bot where the answers are")
    else:
        if newest is None:
            st.markdown(f"Your bot will read {count(len(context.sources), 'source')}.")
        elif newest.status == "failed":
            st.error(newest.failure or "The training failed. Try again.", icon=":material/error:")
        elif newest.status == "cancelled":
            st.warning(f"Version {newest.number} was stopped.", icon=":material/stop_circle:")
        elif newest.can_answer:
            st.success(f"Version {newest.number} is trained.", icon=":material/check_circle:")
            pages, products = st.columns(2)
            pages.metric("Pages and files", f"{newest.documents:,}")
            products.metric("Products", f"{newest.products:,}")
            st.caption(f"Trained {when(newest.sealed_at or newest.created_at)}")
            if remark := version_remark(newest.origin, None, newest.note):
                st.markdown(plain(remark))
        if newest is not None:
            unread = any(failure.code in {"failed", "held", "never"} for failure in newest.progress.failures)
            show_failures(newest.progress.failures, opened=newest.status == "failed" or unread)
        if newest is not None and newest.status == "failed":
            link_to("knowledge", "Change what your bot is given")
        choices = list(LANGUAGES)
        spoken = st.radio(
            "Your pages and your shoppers speak", choices, index=choices.index(bot.languages),
            format_func=LANGUAGES.__getitem__, horizontal=True, key=f"languages_{bot.id}",
            help="With several languages a shopper finds your pages in another language too. "
            "Where both are English, English alone answers a little better.",
        )  # fmt: skip
        if spoken != bot.languages and did("Kept for the next training", api.change_bot, bot.id, languages=spoken):
            st.rerun()
        ready = newest is not None and newest.can_answer
        changed = newest is not None and newest.languages != bot.languages
        if newest is not None and changed:
            st.caption(
                f"Version {newest.number} was trained for: {LANGUAGES[newest.languages]}. Train again to change it."
            )
        label = "Train again" if newest is not None else "Train now"
        if st.button(
            label, type="secondary" if ready and not changed else "primary", icon=":material/model_training:"
        ) and did("Training has begun", api.train, bot.id):
            st.rerun()
        if ready:
            st.divider()
            next_step("talk", "Next: talk to it")
