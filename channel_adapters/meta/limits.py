"""Numbers of Messenger, Instagram and WhatsApp, from developers.facebook.com (v25.0, 2026) unless said otherwise."""

from __future__ import annotations

from datetime import timedelta

__all__ = [
    "BODY_BYTES",
    "BUTTON_TITLE",
    "DELETION_KEPT",
    "ELEMENTS",
    "ELEMENT_SUBTITLE",
    "ELEMENT_TITLE",
    "GRAPH_VERSION",
    "INSTAGRAM_BYTES",
    "PAYLOAD",
    "QUICK_REPLIES",
    "QUICK_REPLY_TITLE",
    "SOURCES",
    "TEXT",
    "TEXT_MESSAGES",
    "WHATSAPP_BODY",
    "WHATSAPP_BUTTONS",
    "WHATSAPP_BUTTON_ID",
    "WHATSAPP_BUTTON_TITLE",
    "WHATSAPP_BYTES",
    "WHATSAPP_PACE",
    "WHATSAPP_PRODUCTS",
    "WHATSAPP_ROWS",
    "WHATSAPP_ROW_ABOUT",
    "WHATSAPP_ROW_ID",
    "WHATSAPP_ROW_TITLE",
    "WHATSAPP_TEMPLATE_BODY",
    "WHATSAPP_TEMPLATE_WORDS",
    "WHATSAPP_TEXT",
    "WINDOW",
]

GRAPH_VERSION = "v25.0"
BODY_BYTES = 1_048_576
"""A request brings up to 1,000 updates."""
WHATSAPP_BYTES = 3_145_728
"""WhatsApp's requests may be larger (by others' account)."""
WINDOW = timedelta(hours=24)
"""How long after a shopper's last message they may be written to."""
DELETION_KEPT = timedelta(days=90)
"""Our own: how long a person can look up what became of a request to delete."""
INSTAGRAM_BYTES = 1_000
"""Longest text of one Instagram message, in bytes of UTF-8 (not verified)."""
WHATSAPP_TEXT = 4_096
"""Longest text of one WhatsApp message, in code points (by others' account)."""
WHATSAPP_BODY = 1_024
"""Longest text beside buttons."""
WHATSAPP_BUTTONS = 3
WHATSAPP_BUTTON_TITLE = 20
WHATSAPP_BUTTON_ID = 256
"""By others' account."""
WHATSAPP_ROWS = 10
"""Most rows of one list."""
WHATSAPP_ROW_TITLE = 24
WHATSAPP_ROW_ABOUT = 72
WHATSAPP_ROW_ID = 200
WHATSAPP_TEMPLATE_BODY = 1_024
"""Longest body of a template, with the words that are filled in."""
WHATSAPP_TEMPLATE_WORDS = 800
"""Our own bound of these words."""
WHATSAPP_PRODUCTS = 10
"""Our own bound."""
WHATSAPP_PACE = timedelta(seconds=1)
"""Our own pause: one person takes about a message in six seconds over time, and short bursts (not verified)."""
TEXT = 2_000
"""Longest text of one message."""
TEXT_MESSAGES = 5
"""Our own bound of one answer: more bubbles than that nobody reads."""
ELEMENTS = 10
"""Most cards of one generic template."""
ELEMENT_TITLE = 80
ELEMENT_SUBTITLE = 80
BUTTON_TITLE = 20
PAYLOAD = 1_000
"""Longest payload of a button or a quick reply."""
QUICK_REPLIES = 13
"""Most quick replies of one message."""
QUICK_REPLY_TITLE = 20
SOURCES = 3
"""Our own bound: addresses stand in full, since Messenger knows no link with words."""
