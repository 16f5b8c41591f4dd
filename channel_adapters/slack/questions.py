"""Suggested questions as a row of buttons, and what stands there once one was pressed.

Never here: what pressing one does.
"""

from __future__ import annotations

from collections.abc import Sequence

from channel_adapters.slack import limits
from channel_adapters.slack.marks import Block, escaped, mrkdwn
from channel_adapters.spans import shortened

__all__ = ["ASK", "SUGGESTED", "asked_block", "suggestions_block"]

ASK, SUGGESTED = "ask_", "suggested"
"""How the names of buttons that ask something, and of their row, begin."""


def suggestions_block(suggestions: Sequence[str]) -> Block:
    """Questions to press."""
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": shortened(question, limits.BUTTON_TEXT)},
            "value": question,
            "action_id": f"{ASK}{place}",
        }
        for place, question in enumerate(suggestions)
    ]
    return {"type": "actions", "block_id": SUGGESTED, "elements": buttons}


def asked_block(question: str) -> Block:
    """What stands in place of the buttons once one was pressed."""
    return {"type": "context", "elements": [mrkdwn(f"✓ {escaped(shortened(question, limits.CONTEXT_TEXT // 6))}")]}
