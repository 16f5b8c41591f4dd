"""Slack's numbers, from docs.slack.dev (Block Kit reference) and as `slack_sdk` checks them, unless said otherwise."""

from __future__ import annotations

from datetime import timedelta

__all__ = [
    "ACTIONS",
    "APP_NAME",
    "BLOCKS",
    "BODY_BYTES",
    "BUTTON_TEXT",
    "BUTTON_VALUE",
    "CALL_SECONDS",
    "CARDS",
    "CARD_BODY",
    "CARD_TITLE",
    "CONTEXT_TEXT",
    "FALLBACK_TEXT",
    "IMAGE_ALT",
    "INSTALL_TIME",
    "LONGEST_WAIT",
    "LOOKED_AT",
    "LOOKED_BACK",
    "MESSAGES",
    "MESSAGE_TEXT",
    "NOTE_TEXT",
    "PACE",
    "PERSON_NAME",
    "PROMPTS",
    "PROMPT_TITLE",
    "REFRESH_BEFORE",
    "REFRESH_TIME",
    "REFUSED_KEPT",
    "SECTION_TEXT",
    "SIGN_SECONDS",
    "SOURCES",
    "STREAM_CHARACTERS",
    "STREAM_PAUSE",
    "STREAM_SECONDS",
    "TOLERANCE_SECONDS",
]

BODY_BYTES = 1_048_576
"""Our own bound of one request; events are far smaller."""
TOLERANCE_SECONDS = 300
"""Most seconds between a request's timestamp and our clock, as `slack_sdk` checks them: 300 pass, 301 do not."""
PACE = timedelta(seconds=1)
"""About one message a second may be posted to a channel; short bursts are borne."""
LONGEST_WAIT = 3.0
"""Our own bound, in seconds, of waiting for a channel's turn before the message is put back."""
ACTIONS = 5
"""Our own bound of buttons in one row; Slack takes 25."""
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
CARD_TITLE, CARD_BODY = 150, 200
"""Of a card's title and subtitle, and of its body."""
PROMPTS = 4
"""Most questions that are shown in an empty conversation."""
PROMPT_TITLE = 75
"""Our own bound."""
APP_NAME = 35
"""Longest name of an application."""
INSTALL_TIME = timedelta(minutes=10)
"""How long somebody may take between our link and coming back from Slack, as in `slack_sdk`."""
REFRESH_BEFORE = timedelta(minutes=120)
"""A token that ends is renewed when less than that remains, as in `slack_sdk`; it lives 12 hours."""
REFRESH_TIME = timedelta(seconds=30)
"""Our own bound: how long a process that died keeps others from renewing."""
SIGN_SECONDS = 3.0
"""Our own bound of a call whose failure is none, or whose caller waits: Slack waits 3 seconds for us."""
CALL_SECONDS = 15.0
"""Our own bound of any other call."""
REFUSED_KEPT = timedelta(hours=1)
"""Our own: how often it is noted at most that a request was signed with another secret."""

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

STREAM_SECONDS = 120.0
"""Our own bound: Slack ends a stream after about five minutes, even one that grows (slackapi/python-slack-sdk#1859)."""
STREAM_PAUSE = 1.0
"""Our own bound: `chat.appendStream` takes about 100 calls a minute for each workspace (tier 4)."""
STREAM_CHARACTERS = 12_000
"""Longest `markdown_text` of one call; our own bound of a whole stream."""

NOTE_TEXT = 2_000
"""Our own bound of a line in a thread of the shop's people; the whole stands in the studio."""
PERSON_NAME = 40
"""Our own bound of what a person is called; names in Slack have at most 80 characters."""
LOOKED_AT = 100
"""Our own bound of messages among which a post is looked for; `conversations.history` gives at most 999."""
LOOKED_BACK = 120
"""Our own, in seconds: how far Slack's clock may be behind ours where a post is looked for."""
