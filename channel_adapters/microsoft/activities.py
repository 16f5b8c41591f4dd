"""Reading activities: which are a shopper's words, and where their answer goes.

Never here: whether they are genuine.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from engine.channels.gateway import Arrival, OpenLink

__all__ = ["activity_of", "arrival_of", "is_of_tenant"]

OPENS, CLOSES = re.compile(r"<at\b", re.IGNORECASE), re.compile("</at>", re.IGNORECASE)


def activity_of(body: bytes) -> dict[str, Any]:
    """The activity in a request. Raises ValueError without its type or its conversation."""
    activity = json.loads(body)
    if not isinstance(activity, dict) or not isinstance(activity.get("type"), str):
        raise ValueError("an activity is an object with a `type`")
    conversation = activity.get("conversation")
    if not isinstance(conversation, dict) or not isinstance(conversation.get("id"), str) or not conversation["id"]:
        raise ValueError("an activity names its `conversation.id`")
    return activity


def is_of_tenant(link: OpenLink, activity: dict[str, Any]) -> bool:
    """Whether an activity of Teams comes from the link's own tenant; other channels know no tenant."""
    if activity.get("channelId") != "msteams":
        return True
    data = activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = tenant.get("id") if isinstance(tenant, dict) else activity["conversation"].get("tenantId")
    return named is None or str(named).lower() == link.settings["tenant_id"].lower()


def arrival_of(activity: dict[str, Any], now: datetime) -> Arrival | None:
    """The shopper's message in an activity, or None for what is none."""
    sender, recipient = activity.get("from") or {}, activity.get("recipient") or {}
    if activity["type"] != "message" or not isinstance(sender.get("id"), str) or not activity.get("id"):
        return None
    if sender["id"] == recipient.get("id") or sender.get("role") == "bot":
        return None
    conversation = activity["conversation"]["id"]
    return Arrival(
        key=f"{activity.get('channelId', '')}|{conversation}|{activity['id']}",
        conversation=f"{activity.get('channelId', '')}|{conversation}",
        shopper=sender["id"],
        text=words_of(activity),
        at=moment(activity.get("timestamp"), now),
        place={
            "service": str(activity.get("serviceUrl", "")),
            "conversation": conversation,
            "activity": str(activity["id"]),
            "bot": str(recipient.get("id", "")),
            "person": sender["id"],
            "channel": str(activity.get("channelId", "")),
            "group": "yes" if activity["conversation"].get("isGroup") else "",
        },
    )


def words_of(activity: dict[str, Any]) -> str:
    """What the shopper wrote, without the mention that called the bot."""
    text = str(activity.get("text") or "")
    if activity.get("textFormat") == "xml" or "<at" in text.lower():
        text = readable(without_mentions(text))
    return " ".join(text.split()) if "\n" not in text else text.strip()


def without_mentions(text: str) -> str:
    """Text with a blank for each `<at ...>...</at>`.

    Looked through once, from front to back: a pattern for the whole begins anew at each `<at>` that is never closed,
    and a megabyte of those takes minutes.
    """
    kept, place = [], 0
    while (opens := OPENS.search(text, place)) is not None:
        begins = text.find(">", opens.end())
        closes = None if begins < 0 else CLOSES.search(text, begins + 1)
        if closes is None:
            break
        kept += [text[place : opens.start()], " "]
        place = closes.end()
    return "".join([*kept, text[place:]])


def readable(text: str) -> str:
    """Text with its character references spelled out; as it is when one of them names no number."""
    try:
        return unescape(text)
    except ValueError:
        return text


def moment(text: Any, now: datetime) -> datetime:
    """An activity's time; now when it states none that can be read."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return now
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
