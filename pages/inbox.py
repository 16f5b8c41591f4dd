"""Inbox: shoppers who want a person; take over, answer in their channel, hand back."""

import streamlit as st

from studio.channel_client import Inbox
from studio.inbox import choose_conversation, show_rules, show_talk, show_trouble
from studio.page import link_to, page
from studio.words import CHANNELS, count

with page("inbox") as context:
    bot, me = context.bot, context.me.member.email
    inbox = Inbox(context.api, bot.id)
    rules = inbox.rules()
    learnable = len(context.knowledge.suggestions())
    if learnable:
        link_to("answers", f"Let the assistant say what you answered: {count(learnable, 'answer')}")
    if not rules.on:
        st.info("No person answers yet. Switch it on below, and your bot asks for one.", icon=":material/lightbulb:")
    show_trouble(rules)
    item = choose_conversation(inbox, me, st.query_params.get("conversation", ""))
    if item is not None:
        show_talk(context.api, inbox, item, me, CHANNELS.get(item.channel, item.channel))
    with st.expander("When a person is asked for", expanded=not rules.on):
        show_rules(inbox, rules)
