"""Slack's numbers, from docs.slack.dev (Block Kit reference) and as `slack_sdk` checks them, unless said otherwise."""

from __future__ import annotations

__all__ = [
    "BLOCKS",
    "CARDS",
    "CONTEXT_TEXT",
    "FALLBACK_TEXT",
    "IMAGE_ALT",
    "MESSAGES",
    "MESSAGE_TEXT",
    "SECTION_TEXT",
    "SOURCES",
]

BLOCKS = 50
"""Most blocks of one message."""
SECTION_TEXT = 3_000
"""Longest text of a section."""
CONTEXT_TEXT = 2_000
"""Our own bound of a line in small print; text objects hold 3,000."""
IMAGE_ALT = 2_000
"""Longest description of a picture."""
FALLBACK_TEXT = 4_000
"""Recommended most of `text`, which notifications and screen readers use; cut off at 40,000."""
MESSAGE_TEXT = 11_500
"""Our own bound of all text of one message: `msg_blocks_too_long` comes near 13,200 characters, although every block
is within its limit (slackapi/bolt-js#2509)."""
MESSAGES = 3
"""Our own bound of one answer: about one message a second may be posted to a channel."""
CARDS = 10
"""Products shown with one answer, as many as a carousel holds."""
SOURCES = 10
"""Elements of one context block."""
