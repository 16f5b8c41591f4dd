"""Messenger's numbers, from developers.facebook.com (Send API, generic template, quick replies), v25.0, 2026."""

from __future__ import annotations

__all__ = [
    "BUTTON_TITLE",
    "ELEMENTS",
    "ELEMENT_SUBTITLE",
    "ELEMENT_TITLE",
    "PAYLOAD",
    "QUICK_REPLIES",
    "QUICK_REPLY_TITLE",
    "SOURCES",
    "TEXT",
    "TEXT_MESSAGES",
]

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
