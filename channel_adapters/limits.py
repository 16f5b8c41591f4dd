"""Numbers that bound what strangers may send, each with its reason. Limits of vendors live beside their channel."""

from __future__ import annotations

__all__ = [
    "AGENT_BODY_BYTES",
    "API_BODY_BYTES",
    "BUNDLE_BODY_BYTES",
    "CASES_BODY_BYTES",
    "CHAT_BODY_BYTES",
    "COMPLETIONS_BODY_BYTES",
    "FILES_BODY_BYTES",
    "ICON_BODY_BYTES",
    "KEPT_SECONDS",
    "LONGEST_COMMENT",
    "MOST_HISTORY",
    "PAYMENTS_BODY_BYTES",
    "PREFLIGHT_SECONDS",
    "REPEAT_SLOTS",
]

AGENT_BODY_BYTES = 100_000
"""A call of a tool is a question of at most 2,000 characters and one of context."""
CHAT_BODY_BYTES = 100_000
"""A message has at most 2,000 characters; the rest is room for JSON escapes and for saying so in words."""
COMPLETIONS_BODY_BYTES = 1_048_576
"""These callers send the whole conversation with every message."""
MOST_HISTORY = 6
"""Earlier (question, answer) pairs that are looked at, as many as the engine itself remembers."""
LONGEST_COMMENT = 2000
PREFLIGHT_SECONDS = 600
"""How long a browser may remember the answer to a preflight."""
KEPT_SECONDS = 60
"""How long a client's own retry gets the answer that was already made."""
REPEAT_SLOTS = 4096
"""Answers remembered for retries of one key; a newer one may take the place of an older one."""
API_BODY_BYTES = 4_000_000
"""Typed text of a source is the largest body of the merchant API."""
FILES_BODY_BYTES = 650_000_000
"""All files of one upload together: one large product feed, or many documents."""
BUNDLE_BODY_BYTES = 2_010_000_000
"""The largest portable file and the form around it."""
CASES_BODY_BYTES = 6_000_000
"""A file of 5 MB of test questions and the form around it; what is larger is told in words."""
ICON_BODY_BYTES = 6_000_000
"""An icon of 5 MB and the form around it."""
PAYMENTS_BODY_BYTES = 1_048_576
"""A notice of the payments vendor has some kilobytes."""
