"""Numbers of Azure Bot Service and Teams, from learn.microsoft.com unless said otherwise."""

from __future__ import annotations

from datetime import timedelta

__all__ = [
    "ACTIONS",
    "BODY_BYTES",
    "BUTTON_TITLE",
    "CARDS",
    "KEYS_AGAIN",
    "KEYS_AGE",
    "KEYS_PAUSE",
    "LEEWAY",
    "MESSAGES",
    "PACE",
    "SOURCES",
    "STREAM_CHARACTERS",
    "STREAM_PAUSE",
    "STREAM_SECONDS",
    "SUBTITLE",
    "TEXT",
    "TITLE",
    "TOKEN_MARGIN",
]

BODY_BYTES = 1_048_576
LEEWAY = timedelta(minutes=5)
"""Most difference between clocks when a token's times are looked at."""
KEYS_AGE = timedelta(hours=24)
"""How long the service's public keys are kept."""
KEYS_AGAIN = timedelta(hours=1)
"""Least time between two looks for a key that is not among them."""
KEYS_PAUSE = timedelta(seconds=30)
"""Our own pause after a look for keys that failed: strangers' requests must not make us ask each time."""
TOKEN_MARGIN = timedelta(minutes=5)
"""Our own token is fetched anew so long before it ends."""
TEXT = 20_000
"""Our own bound of one message's text: Teams takes about 100 KB with all that hangs on it (not verified)."""
MESSAGES = 3
"""Our own bound of one answer."""
CARDS = 10
"""Most cards of a carousel in Teams (not verified)."""
TITLE, SUBTITLE = 150, 250
"""Our own bounds of a card's words."""
ACTIONS = 3
"""Most suggested actions in Teams; only in personal chats."""
BUTTON_TITLE = 60
"""Our own bound."""
SOURCES = 5
PACE = timedelta(milliseconds=250)
"""A conversation takes 7 messages in a second and 8 in two (not verified)."""
STREAM_SECONDS = 105.0
"""Teams ends a stream two minutes after its beginning; ours is given nothing more a margin before."""
STREAM_PAUSE = 1.5
"""At most one piece a second is taken; 1.5 to 2 seconds are recommended."""
STREAM_CHARACTERS = TEXT - 1
"""As long as the message it becomes."""
