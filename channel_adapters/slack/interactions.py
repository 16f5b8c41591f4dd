"""Pressed buttons: a suggested question becomes the shopper's next, and its buttons go away.

Never here: whether a request is genuine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from channel_adapters.channel import Hook
from channel_adapters.slack import limits
from channel_adapters.slack.events import moment, named, threaded
from channel_adapters.slack.questions import ASK, SUGGESTED, asked_block
from channel_adapters.slack.team_posts import CLAIM, HAND_BACK, POST
from channel_adapters.slack.tokens import workspace_of
from channel_adapters.slack.words import words_of
from engine.channels.gateway import Arrival, OpenLink
from engine.channels.team_room import TeamPress

__all__ = ["Pressed", "is_ssl_check", "payload_of", "pressed_of", "team_press_of"]

HOOKS = "hooks.slack.com"
KEPT = {
    "type", "text", "verbatim", "emoji", "elements", "accessory", "image_url", "alt_text", "title", "subtitle", "body",
    "hero_image", "actions", "url", "action_id",
}  # fmt: skip
"""What we write in blocks; Slack tells more of them, and would not take that back."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed question."""

    arrival: Arrival
    response_url: str
    """Where the message can be replaced; empty when Slack told none that is its own."""
    channel: str
    ts: str
    """Names the message that holds the buttons."""
    message: dict[str, Any]
    """That message without its buttons."""


def fields_of(hook: Hook) -> dict[str, str]:
    """The form in a request. Raises ValueError."""
    return dict(parse_qsl(hook.body.decode(), keep_blank_values=True, max_num_fields=20))


def is_ssl_check(hook: Hook) -> bool:
    """Whether Slack only looks at the certificate; such a request holds nothing else that is looked at."""
    try:
        return hook.method == "POST" and hook.tail == "interactions" and fields_of(hook).get("ssl_check") == "1"
    except ValueError:
        return False


def payload_of(link: OpenLink, hook: Hook) -> dict[str, Any] | None:
    """A press on a button in the link's own workspace, or None for any other interaction. Raises ValueError."""
    payload = json.loads(fields_of(hook)["payload"])
    if not isinstance(payload, dict):
        raise ValueError("an interaction is an object")
    actions, team = payload.get("actions"), payload.get("team")
    if payload.get("type") != "block_actions" or not isinstance(actions, list) or not actions:
        return None
    if not isinstance(team, dict) or not link.address or team.get("id") != workspace_of(link):
        return None
    return payload


def team_press_of(link: OpenLink, payload: dict[str, Any]) -> TeamPress | None:
    """A pressed button of a hand-over's post, or None: also for people of other workspaces. Raises ValueError."""
    action, user = payload["actions"][0], payload["user"]
    does = action.get("action_id")
    if does not in {CLAIM, HAND_BACK} or user.get("team_id", workspace_of(link)) != workspace_of(link):
        return None
    channel, person = named(payload["channel"]["id"], "`channel`"), named(user["id"], "`user`")
    post = payload["message"]["ts"]
    moment(post)
    told = user.get("username") or user.get("name") or person
    name = " ".join(str(told).encode("utf-8", "replace").decode().split())[: limits.PERSON_NAME]
    key = f"{channel}|{post}|{person}|{action.get('action_ts')}"
    row = str(action.get("block_id") or "")
    ident = row.removeprefix(POST) if row.startswith(POST) else ""
    return TeamPress(key, channel, post, person, f"{name} (Slack)", "claim" if does == CLAIM else "hand_back", ident)


def pressed_of(link: OpenLink, payload: dict[str, Any], vendor: str, now: datetime) -> Pressed | None:
    """The question that was pressed, or None for any other button. Raises ValueError."""
    action = payload["actions"][0]
    value = str(action.get("value") or "")[: limits.BUTTON_VALUE]
    if not str(action.get("action_id", "")).startswith(ASK) or not value.strip():
        return None
    channel, person = named(payload["channel"]["id"], "`channel`"), named(payload["user"]["id"], "`user`")
    message = payload["message"]
    moment(message["ts"])
    direct = channel.startswith("D")
    thread = message.get("thread_ts") or ("" if direct else message["ts"])
    moment(thread or message["ts"])
    question = words_of(value.replace("&", "&amp;").replace("<", "&lt;"), "")
    arrival = Arrival(
        # Of the buttons, not of the press: who presses twice, or second, asks nothing more.
        key=f"{link.address}|{channel}|{message['ts']}|pressed",
        conversation=threaded(channel, thread),
        shopper=person,
        text=question,
        at=moment(action["action_ts"]) if action.get("action_ts") else now,
        place={"channel": channel, "thread": thread, "direct": "yes" if direct else ""},
    )
    url = str(payload.get("response_url") or "")
    return Pressed(arrival, url if is_slacks(url, vendor) else "", channel, message["ts"], answered(message, question))


def is_slacks(url: str, vendor: str) -> bool:
    """Whether an address is one where Slack takes replacements."""
    parts = urlsplit(url)
    return (parts.scheme == "https" and parts.netloc == HOOKS) or (
        bool(parts.netloc) and parts.netloc == urlsplit(vendor).netloc
    )


def answered(message: dict[str, Any], question: str) -> dict[str, Any]:
    """The message with the question in place of its buttons."""
    blocks = message.get("blocks")
    rest = [
        kept(block)
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict) and not str(block.get("block_id", "")).startswith(SUGGESTED)
    ]
    return {"text": str(message.get("text") or question), "blocks": [*rest, asked_block(question)]}


def kept(value: Any) -> Any:
    """A part of a block as we would write it."""
    if isinstance(value, dict):
        return {name: kept(part) for name, part in value.items() if name in KEPT}
    return [kept(part) for part in value] if isinstance(value, list) else value
