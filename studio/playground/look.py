"""The bot's palettes in the words of Gradio's style, and the few rules of our own.

One Gradio page has one theme; each tester's browser fetches the colours of its own bot over it.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

from engine.domain.bot import Palette, Theme

__all__ = ["look_css"]

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
RULES = Path(__file__).with_name("playground.css")
MEANINGS = {
    "body_background_fill": "background",
    "body_text_color": "text",
    "body_text_color_subdued": "muted_text",
    "background_fill_primary": "background",
    "background_fill_secondary": "surface",
    "block_background_fill": "background",
    "block_border_color": "outline",
    "block_label_text_color": "text",
    "block_title_text_color": "text",
    "border_color_primary": "outline",
    "border_color_accent": "outline",
    "border_color_accent_subdued": "outline",
    "color_accent": "primary",
    "color_accent_soft": "user_bubble",
    "link_text_color": "link",
    "link_text_color_hover": "link",
    "link_text_color_active": "link",
    "link_text_color_visited": "link",
    "input_background_fill": "background",
    "input_background_fill_focus": "background",
    "input_border_color": "outline",
    "input_border_color_focus": "primary",
    "input_placeholder_color": "muted_text",
    "button_primary_background_fill": "primary",
    "button_primary_background_fill_hover": "primary",
    "button_primary_text_color": "on_primary",
    "button_primary_text_color_hover": "on_primary",
    "button_primary_border_color": "outline",
    "button_secondary_background_fill": "surface",
    "button_secondary_background_fill_hover": "background",
    "button_secondary_text_color": "on_surface",
    "button_secondary_text_color_hover": "text",
    "button_secondary_border_color": "outline",
}
"""Gradio's variable to the palette's colour that plays its part."""


def variables(palette: Palette) -> str:
    """Both our own names and Gradio's. Only colours get through, whatever the record holds."""
    colours = {name: value for name, value in asdict(palette).items() if COLOUR.fullmatch(value)}
    own = {f"--shop-{name.replace('_', '-')}": value for name, value in colours.items()}
    gradio = {
        f"--{name.replace('_', '-')}": colours[meaning] for name, meaning in MEANINGS.items() if meaning in colours
    }
    return "".join(f"{name}:{value}!important;" for name, value in (own | gradio).items())


def look_css(theme: Theme | None) -> str:
    """The whole style for one bot."""
    rules = RULES.read_text(encoding="utf-8")
    if theme is None:
        return rules
    return f":root{{{variables(theme.light)}}}:root.dark,.dark{{{variables(theme.dark)}}}\n{rules}"
