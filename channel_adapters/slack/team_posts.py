"""A hand-over as a message for the shop's people: what the shopper wrote, who has it, and a button.

Never here: posting it.
"""

from __future__ import annotations

from typing import Any

from channel_adapters.slack import limits
from channel_adapters.slack.marks import Block, escaped, fitting, link, mrkdwn
from engine.channels.team_room import PostState, TeamNotice

__all__ = ["CLAIM", "HAND_BACK", "POST", "message", "post_message", "row_of", "section"]

CLAIM, HAND_BACK = "handover_claim", "handover_hand_back"
"""Names of the buttons."""
POST = "handover_"
"""How the name of the row begins that holds a post's button; the post's own name follows."""
PLACES = {
    "widget": "the website", "email": "e-mail", "whatsapp": "WhatsApp", "messenger": "Messenger", "slack": "Slack",
    "instagram": "Instagram", "teams": "Teams", "webhook": "your own platform",
}  # fmt: skip


def post_message(notice: TeamNotice, state: PostState, *, on_this_machine: bool) -> dict[str, Any]:
    """The post as it stands there in a state."""
    title = f"A shopper of {notice.bot} waits for a person"
    told, button = words_of(state)
    where = PLACES.get(notice.channel, notice.channel)
    inbox = link("Open it in the Inbox", notice.link, on_this_machine=on_this_machine)
    blocks = [
        section(f"*{escaped(title)}*\n{escaped(notice.why)}"),
        {"type": "section", "text": fitting(notice.question.strip() or "(no words)", limits.NOTE_TEXT)},
        {"type": "context", "elements": [mrkdwn(f"In {escaped(where)} · {inbox}")]},
        section(told),
    ]
    if button is not None:
        blocks.append({"type": "actions", "block_id": row_of(notice), "elements": [button]})
    return message(blocks, f"{escaped(title)}: {told}")


def row_of(notice: TeamNotice) -> str:
    """Names the row of a post's button."""
    return f"{POST}{notice.ident}"


def words_of(state: PostState) -> tuple[str, Block | None]:
    """(who has the conversation, the button)."""
    member = escaped(state.member)
    match state.kind:
        case "waiting":
            return "The assistant answers until somebody has time.", button("Claim", CLAIM)
        case "here":
            told = (
                f"*{member} has it*, and the assistant is silent. What they write in this thread goes to the shopper."
            )
            return told, button("Return to the bot", HAND_BACK)
        case "elsewhere" if member:
            return f"*{member} has it* in the Inbox, and the assistant is silent.", None
        case "elsewhere":
            return "Somebody of the shop answered by other means, and the assistant is silent.", button("Claim", CLAIM)
        case "bot":
            return "The assistant answers again.", button("Claim", CLAIM)
        case "asked_again":
            return "The shopper asked for a person again: see the newer post.", None


def button(words: str, does: str) -> Block:
    """A button of a post."""
    made: Block = {"type": "button", "text": {"type": "plain_text", "text": words}, "action_id": does, "value": does}
    return made | {"style": "primary"} if does == CLAIM else made


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text)}


def message(blocks: list[Block], text: str) -> dict[str, Any]:
    """A message with the text that notifications and screen readers use."""
    return {"text": text[: limits.FALLBACK_TEXT], "blocks": blocks}
