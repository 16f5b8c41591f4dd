"""The chat window for a shop's pages: a small loader on the shop's page, and the chat in a frame of our own origin.

Never here: what an answer says; the frame calls the native endpoint like any other page.
"""

from channel_adapters.widget.routes import router
from channel_adapters.widget.snippet import widget_snippet

__all__ = ["router", "widget_snippet"]
