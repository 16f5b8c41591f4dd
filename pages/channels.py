"""Channels: link the bot with the places where shoppers already are, and look after the links."""

import streamlit as st

from studio.channel_client import Channels
from studio.linking import choose_channel, show_dead_letters, show_link, show_new
from studio.page import link_to, next_step, page

with page("channels") as context:
    bot, channels = context.bot, Channels(context.api, context.bot.id)

    if bot.live is None:
        st.info("Go live first: only a version that has passed its tests meets shoppers.", icon=":material/lightbulb:")
        next_step("live", "Go live")
    else:
        offered, links = channels.offered(), channels.links()
        channel = choose_channel(offered, links)
        linked = next((link for link in links if link.kind == channel.kind), None)
        if linked is None:
            show_new(channels, channel)
        else:
            show_link(channels, channel, linked)
        show_dead_letters(channels, channels.dead_letters(), offered)
        st.caption("The chat on your own website, and the endpoints for programs, are on the page Go live.")
        link_to("live", "Website and programs")
