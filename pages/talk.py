"""Talk to it: ask the newest trained version, and see where its answers come from."""

import streamlit as st

from engine.answering.understanding import LONGEST_MESSAGE
from studio.message_box import message_box
from studio.page import next_step, page
from studio.rating import ratings_words, show_rating
from studio.style import plain
from studio.talking import Talk, show_reply, stream_answer

with page("talk") as context:
    bot, api, version = context.bot, context.api, context.newest_trained

    if version is None:
        st.info("Your bot has not been trained yet.", icon=":material/lightbulb:")
        next_step("train", "Train it first")
    else:
        key = f"talk_{bot.id}"
        talk = st.session_state.get(key)
        if talk is None or talk.version != version.number:
            talk = st.session_state[key] = Talk(version.number)
        st.caption(f"You are talking to version {version.number}. Shoppers do not see this.")
        with st.chat_message("assistant", avatar=":material/smart_toy:"):
            st.markdown(plain(bot.persona.greeting))
        for question, reply in talk.turns:
            with st.chat_message("user", avatar=":material/person:"):
                st.markdown(plain(question))
            with st.chat_message("assistant", avatar=":material/smart_toy:"):
                show_reply(reply)
                show_rating(api, bot.id, talk, reply.turn_id)

        asked = None
        examples = st.empty()
        if not talk.turns:
            with examples.container(horizontal=True):
                for example in bot.persona.example_questions[:4]:
                    if st.button(example, key=f"example_{example}"):
                        asked = example
        asked = message_box("Ask what a shopper would ask", LONGEST_MESSAGE, f"ask_{bot.id}") or asked
        if asked:
            examples.empty()
            with st.chat_message("user", avatar=":material/person:"):
                st.markdown(plain(asked))
            with st.chat_message("assistant", avatar=":material/smart_toy:"):
                made = stream_answer(api, bot.id, talk, asked)
                if made is not None:
                    show_rating(api, bot.id, talk, made.turn_id)
            st.session_state["talked"] = {*st.session_state.get("talked", ()), bot.id}
        if talk.turns:
            st.caption(ratings_words(api.gate(bot.id, version.number)))
            with st.container(horizontal=True):
                if st.button("Begin anew", icon=":material/restart_alt:"):
                    del st.session_state[key]
                    st.rerun()
                next_step("test", "Next: prove it")
