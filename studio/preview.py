"""A picture of the chat window in the bot's own colours, light and dark.

Never here: Streamlit's theme; that belongs to the studio itself and is the same for everyone.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from html import escape

from engine.domain.bot import Palette, Persona, Theme

__all__ = ["DEFAULT_THEME", "chat_picture", "previews"]

DEFAULT_THEME = Theme(
    seed="#1f6f66",
    light=Palette(
        primary="#1f6f66", on_primary="#ffffff", background="#fafdfb", on_background="#17211f", surface="#eff5f2",
        on_surface="#17211f", user_bubble="#1f6f66", on_user_bubble="#ffffff", bot_bubble="#e6ecea",
        on_bot_bubble="#17211f", text="#17211f", muted_text="#55605d", link="#00594f", outline="#6d7975",
    ),
    dark=Palette(
        primary="#4e9a8f", on_primary="#000000", background="#0e1514", on_background="#e3ebe8", surface="#1a211f",
        on_surface="#e3ebe8", user_bubble="#4e9a8f", on_user_bubble="#000000", bot_bubble="#262f2c",
        on_bot_bubble="#e3ebe8", text="#e3ebe8", muted_text="#b4bfbb", link="#83d5c6", outline="#89938f",
    ),
)  # fmt: skip
"""Before an icon is uploaded."""


def previews(theme: Theme | None, persona: Persona, icon: bytes | None) -> tuple[str, str]:
    """The chat window in light and in dark."""
    theme = theme or DEFAULT_THEME
    return chat_picture(theme.light, persona, icon, "Light"), chat_picture(theme.dark, persona, icon, "Dark")


def chat_picture(palette: Palette, persona: Persona, icon: bytes | None, name: str) -> str:
    """One chat window as harmless markup: every word is escaped, colours are checked by the engine."""
    colours = asdict(palette)
    question = escape(persona.example_questions[0] if persona.example_questions else "Do you ship abroad?")
    face = (
        f'<img alt="" width="32" height="32" style="border-radius:8px" '
        f'src="data:image/png;base64,{base64.b64encode(icon).decode()}">'
        if icon
        else ""
    )
    chips = "".join(
        f'<span style="border:1px solid {colours["outline"]};border-radius:999px;padding:.2rem .6rem">{escape(text)}'
        "</span>"
        for text in persona.example_questions[:3]
    )
    return f"""
<div role="img" aria-label="{escape(name)} look of your chat window"
 style="background:{colours["background"]};color:{colours["text"]};border:1px solid {colours["outline"]};
 border-radius:16px;overflow:hidden;font-size:.9rem;line-height:1.45">
 <div style="background:{colours["primary"]};color:{colours["on_primary"]};padding:.7rem .9rem;display:flex;
  gap:.6rem;align-items:center;font-weight:600;overflow-wrap:anywhere">{face}<span>{escape(persona.assistant_name)}</span></div>
 <div style="padding:.9rem;display:flex;flex-direction:column;gap:.6rem">
  <div style="background:{colours["bot_bubble"]};color:{colours["on_bot_bubble"]};border-radius:12px;
   padding:.55rem .8rem;margin-right:12%;overflow-wrap:anywhere">{escape(persona.greeting)}</div>
  <div style="background:{colours["user_bubble"]};color:{colours["on_user_bubble"]};border-radius:12px;
   padding:.55rem .8rem;margin-left:22%;overflow-wrap:anywhere">{question}</div>
  <div style="background:{colours["bot_bubble"]};color:{colours["on_bot_bubble"]};border-radius:12px;
   padding:.55rem .8rem;margin-right:12%">The answer stands here, with
   <span style="color:{colours["link"]};text-decoration:underline">where it comes from</span>.</div>
  <div style="display:flex;gap:.4rem;flex-wrap:wrap;font-size:.8rem">{chips}</div>
  <div style="color:{colours["muted_text"]};font-size:.8rem">Answers come from this shop's own pages.</div>
  <div style="background:{colours["surface"]};color:{colours["muted_text"]};border:1px solid {colours["outline"]};
   border-radius:10px;padding:.5rem .7rem">Type your question</div>
 </div>
</div>"""
