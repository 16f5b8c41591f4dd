"""Reading events: which are a shopper's words, where their answer goes, and what they say about the link.

Never here: whether they are genuine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channel_adapters.channel import Heard, Learned
from channel_adapters.slack.tokens import is_installed, workspace_of
from channel_adapters.slack.words import words_of
from engine.channels.gateway import Arrival, OpenLink
from engine.channels.team_room import TeamWords

__all__ = [
    "arrival_of", "event_of", "heard_about_link", "is_direct", "is_of_workspace", "moment", "named", "opened_of",
    "team_words_of", "threaded",
]  # fmt: skip

IDENT = re.compile(r"[A-Za-z0-9_.-]{1,80}")
MOMENT = re.compile(r"[0-9]{1,11}(\.[0-9]{1,9})?")
SUBTYPES = {None, "file_share", "thread_broadcast"}
"""Others are edits, deletions, comings and goings, and the words of bots."""
SLACKBOT = "USLACKBOT"
UNINSTALLED = "The app was removed from the Slack workspace. Press the Install link in the steps to bring it back."
REVOKED = "The bot token was revoked in Slack. Press the Install link in the steps to get a new one."


def event_of(body: bytes) -> dict[str, Any]:
    """The outer event of a request. Raises ValueError for what is none."""
    outer = json.loads(body)
    if not isinstance(outer, dict) or not isinstance(outer.get("type"), str):
        raise ValueError("an event is an object with a `type`")
    if outer["type"] == "event_callback" and not isinstance(outer.get("event"), dict):
        raise ValueError("an event callback holds an `event`")
    return outer


def named(value: Any, what: str) -> str:
    """An id of Slack's. Raises ValueError for what is none."""
    if not isinstance(value, str) or IDENT.fullmatch(value) is None:
        raise ValueError(f"{what} is no id of Slack's")
    return value


def moment(value: Any) -> datetime:
    """The time that Slack names messages by. Raises ValueError."""
    if not isinstance(value, str) or MOMENT.fullmatch(value) is None:
        raise ValueError("a time is seconds and a fraction")
    return datetime.fromtimestamp(float(value), UTC)


def is_of_workspace(link: OpenLink, outer: Mapping[str, Any]) -> bool:
    """Whether an event is for the link's own workspace and application.

    In channels shared between workspaces the authorization, not the outer team, names the one that installed the app.
    """
    authorized = [one.get("team_id") for one in authorizations(outer) if one.get("team_id")]
    team = authorized[0] if authorized else outer.get("team_id")
    app = link.settings.get("app_id", "") if is_installed(link) else ""
    return bool(link.address) and team == workspace_of(link) and app in {"", outer.get("api_app_id")}


def authorizations(outer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """For whom the event was delivered."""
    found = outer.get("authorizations")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def bot_user(link: OpenLink, outer: Mapping[str, Any]) -> str:
    """The bot's own user id; empty where nothing tells it."""
    told = [str(one.get("user_id") or "") for one in authorizations(outer) if one.get("is_bot")]
    return link.settings.get("bot_user", "") or next(iter(told), "")


def is_direct(event: Mapping[str, Any], channel: str) -> bool:
    """Whether a message was written to the bot alone."""
    return (event.get("channel_type") or ("im" if channel.startswith("D") else "")) == "im"


def threaded(channel: str, thread: str) -> str:
    """Names a conversation: a channel's thread, or the whole of a direct one."""
    return f"{channel}|{thread}" if thread else channel


def is_of_person(event: Mapping[str, Any], bot: str) -> bool:
    """Whether an event is a new message, written by somebody who is no bot."""
    user = event.get("user")
    if event.get("type") not in {"message", "app_mention"} or event.get("bot_id") or event.get("hidden"):
        return False
    return event.get("subtype") in SUBTYPES and bool(user) and user not in {bot, SLACKBOT}


def text_of(event: Mapping[str, Any]) -> str:
    """A message's text. Raises ValueError."""
    text = event.get("text") or ""
    if not isinstance(text, str):
        raise ValueError("`text` is a text")
    return text


def key_of(link: OpenLink, channel: str, event: Mapping[str, Any]) -> str:
    """Names a message, not an event: Slack tells one message as several events, and as both kinds."""
    return f"{link.address}|{channel}|{event['ts']}"


def team_words_of(link: OpenLink, outer: Mapping[str, Any]) -> TeamWords | None:
    """What somebody wrote below a message in a channel, or None for all else. Raises ValueError."""
    event, bot = outer["event"], bot_user(link, outer)
    thread = event.get("thread_ts")
    if not is_of_person(event, bot) or not thread or thread == event.get("ts"):
        return None
    channel = named(event.get("channel"), "`channel`")
    if is_direct(event, channel):
        return None
    moment(thread)
    # In channels that are shared with other workspaces, their people's messages name these.
    teams = {event[name] for name in ("user_team", "source_team", "team") if isinstance(event.get(name), str)}
    return TeamWords(
        key=key_of(link, channel, event),
        room=channel,
        post=thread,
        person=named(event.get("user"), "`user`"),
        text=words_of(text_of(event), bot),
        at=moment(event.get("ts")),
        stranger=bool(teams - {workspace_of(link)}),
    )


def arrival_of(link: OpenLink, outer: Mapping[str, Any]) -> Arrival | None:
    """The shopper's message in an event, or None for what is none. Raises ValueError."""
    event = outer["event"]
    bot = bot_user(link, outer)
    if not is_of_person(event, bot):
        return None
    kind, channel, person = event["type"], named(event.get("channel"), "`channel`"), named(event["user"], "`user`")
    text, direct = text_of(event), is_direct(event, channel)
    if not direct and kind == "message" and not (bot and f"<@{bot}" in text):
        return None
    at = moment(event.get("ts"))
    thread = event.get("thread_ts") or ("" if direct else event["ts"])
    moment(thread or event["ts"])
    return Arrival(
        key=key_of(link, channel, event),
        conversation=threaded(channel, thread),
        shopper=person,
        text=words_of(text, bot),
        at=at,
        place={"channel": channel, "thread": thread, "direct": "yes" if direct else ""},
    )


def heard_about_link(link: OpenLink, outer: Mapping[str, Any]) -> Heard | None:
    """What an event says about the installation itself; None when it is about something else."""
    event = outer["event"]
    if event.get("type") == "app_uninstalled":
        problem = UNINSTALLED
    elif event.get("type") == "tokens_revoked":
        tokens = event.get("tokens")
        bots = tokens.get("bot") if isinstance(tokens, dict) else None
        if not isinstance(bots, list) or not bots:
            return Heard()  # of a person, not of the bot
        problem = REVOKED
    else:
        return None
    installed, happened = link.settings.get("installed_at", ""), outer.get("event_time")
    if installed and isinstance(happened, int) and happened < int(installed):
        return Heard()  # told late: it was installed anew since
    gone = {"access_token": "", "refresh_token": ""}
    return Heard(learned=(Learned("secrets", secrets=gone), Learned("broken", problem=problem)))


def opened_of(outer: Mapping[str, Any]) -> Heard | None:
    """That somebody opened the assistant, who may have said something before; None for all else. Raises ValueError.

    Newer applications are told when the messages are looked at, older ones when a thread begins
    (docs.slack.dev, "Migrating to the Agent messaging experience").
    """
    event = outer["event"]
    if event.get("type") == "app_home_opened" and event.get("tab") == "messages":
        place = {"channel": named(event.get("channel"), "`channel`"), "thread": ""}
    elif event.get("type") == "assistant_thread_started":
        thread = event.get("assistant_thread")
        told = thread if isinstance(thread, dict) else {}
        moment(told.get("thread_ts"))
        place = {"channel": named(told.get("channel_id"), "`channel_id`"), "thread": told["thread_ts"]}
    else:
        return None
    conversation = threaded(place["channel"], place["thread"])
    return Heard(learned=(Learned("opened", conversation=conversation, where=place),))
