"""Look: icon, colours, name and greeting, with a picture of the chat window."""

from dataclasses import replace
from typing import Literal

import streamlit as st

from engine.domain.bot import Persona
from studio.actions import did
from studio.page import next_step, page
from studio.preview import DEFAULT_THEME, previews

Tone = Literal["friendly", "formal", "concise"]
TONES: dict[Tone, str] = {"friendly": "Friendly", "formal": "Formal", "concise": "Short and to the point"}
MAX_ICON_MB = 5

with page("look") as context:
    bot, api = context.bot, context.api
    icon = api.icon(bot.id) if bot.has_icon else None

    st.subheader("Icon")
    round_key = f"icon_{bot.id}_{st.session_state.get('icon_round', 0)}"
    upload = st.file_uploader(
        "Your shop's icon",
        type=["png", "jpg", "jpeg", "webp", "gif", "ico", "svg"],
        max_upload_size=MAX_ICON_MB,
        key=round_key,
        help="PNG, JPEG, WebP, GIF, ICO or SVG, up to 5 MB. A square one looks best.",
    )
    if upload is not None and did("Your bot has its look", api.put_icon, bot.id, upload.name, upload.getvalue()):
        st.session_state["icon_round"] = st.session_state.get("icon_round", 0) + 1
        st.rerun()

    st.subheader("Words")
    persona = bot.persona
    name = st.text_input("Name of your assistant", value=persona.assistant_name, key=f"name_{bot.id}")
    greeting = st.text_area("Greeting", value=persona.greeting, height=80, key=f"greeting_{bot.id}")
    tones = list(TONES)
    tone = st.radio(
        "Tone", tones, index=tones.index(persona.tone), format_func=TONES.__getitem__, horizontal=True,
        key=f"tone_{bot.id}",
    )  # fmt: skip
    questions = st.text_area(
        "Questions to begin with, one on each line",
        value="\n".join(persona.example_questions),
        help="Shown as buttons, at most three.",
        height=100,
        key=f"questions_{bot.id}",
    )
    edited: Persona = replace(
        persona,
        assistant_name=name.strip() or persona.assistant_name,
        greeting=greeting.strip() or persona.greeting,
        tone=tone,
        example_questions=tuple(line.strip() for line in questions.splitlines() if line.strip())[:6],
    )
    if st.button("Save the words", type="primary", disabled=edited == persona, icon=":material/save:") and did(
        "Saved", api.change_bot, bot.id, persona=edited
    ):
        st.rerun()

    st.subheader("This is how it looks")
    for column, picture in zip(st.columns(2), previews(bot.theme, edited, icon), strict=True):
        column.html(picture)

    with st.expander("Choose colours yourself"):
        st.markdown("Colours that would be hard to read are adjusted a little, so that everyone can read them.")
        theme = bot.theme or DEFAULT_THEME
        main, link = st.columns(2)
        primary = main.color_picker("Main colour", theme.light.primary, key=f"primary_{bot.id}_{theme.light.primary}")
        links = link.color_picker("Links", theme.light.link, key=f"link_{bot.id}_{theme.light.link}")
        apply, reset = st.columns(2)
        wishes = dict(bot.theme_overrides)
        wishes |= {"primary": primary} if primary != theme.light.primary else {}
        wishes |= {"link": links} if links != theme.light.link else {}
        if apply.button("Use these colours", disabled=wishes == bot.theme_overrides, width="stretch") and did(
            "Colours saved", api.change_bot, bot.id, theme_overrides=wishes
        ):
            st.rerun()
        if reset.button("Back to the icon's colours", disabled=not bot.theme_overrides, width="stretch") and did(
            "Back to the icon's colours", api.change_bot, bot.id, theme_overrides={}
        ):
            st.rerun()

    st.divider()
    next_step("knowledge", "Next: show your bot where the answers are")
