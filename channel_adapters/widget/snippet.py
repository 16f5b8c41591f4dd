"""The line that puts the chat on a page."""

from __future__ import annotations

from html import escape

__all__ = ["widget_snippet"]


def widget_snippet(server: str, bot: str, key: str) -> str:
    """The script element for one bot; every value is escaped."""
    return f'<script src="{escape(server)}/widget.js" data-bot="{escape(bot)}" data-key="{escape(key)}" async></script>'
