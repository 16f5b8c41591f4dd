"""Slack at the other end: its Web API, its signed requests, and the browser that installs an app."""

from __future__ import annotations

import base64
import inspect
import itertools
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from slack_sdk import WebClient
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, CarouselBlock
from slack_sdk.models.messages.chunk import MarkdownTextChunk
from slack_sdk.signature import SignatureVerifier

from tests.channel_adapters.platforms.base import Answer, Platform, Sent

SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
CLIENT, SECRET = "1234567890.9876543210", "client-secret-0123456789abcdef"
TEAM, OTHER_TEAM, APP, BOT, PERSON = "T1SHOP", "T2OTHER", "A1BOT", "U0BOT", "U1PERSON"
TOKEN = "xoxb-1111-2222-abcdef"
SETTINGS = {"client_id": CLIENT, "client_secret": SECRET, "signing_secret": SIGNING}
GRANTED = "app_mentions:read,assistant:write,channels:history,chat:write,groups:history,im:history"
MOST_TEXT = 13_200
"""Where `msg_blocks_too_long` was seen."""
ARGUMENTS = {"channel", "thread_ts", "text", "blocks", "unfurl_links", "unfurl_media", "ts", "replace_original"}
stamps = itertools.count(1)


@dataclass(frozen=True)
class SecondApp:
    """Another app in the same workspace."""

    client: str = "222222.333333"
    secret: str = "z" * 32
    signing: str = "f" * 32
    app: str = "A2BOT"
    bot: str = "U2BOT"


@dataclass
class SlackStream:
    """A message that grows."""

    channel: str
    thread: str
    text: str
    on: bool = True
    grown_at: float = 0.0


class FakeSlack(Platform):
    """One workspace, one app."""

    def __init__(self) -> None:
        super().__init__()
        self.team, self.scopes, self.app = TEAM, GRANTED, APP
        self.client, self.secret = CLIENT, SECRET
        self.tokens = {TOKEN}
        self.second_app: SecondApp | None = None
        self.bots: dict[str, str] = {}
        """Token to bot, where it is not the usual one."""
        self.codes: dict[str, tuple[str, str]] = {}
        """Code to (workspace, redirect address)."""
        self.refresh_tokens: set[str] = set()
        self.rotates = False
        self.life = 43_200
        self.takes_cards = True
        self.refusals: dict[str, list[str]] = {}
        """Method to the errors it answers next."""
        self.throttled: dict[str, list[Answer]] = {}
        """Method to what is answered next, whole."""
        self.clock_off = 0.0
        self.last_post: dict[str, float] = {}
        self.streams: dict[str, SlackStream] = {}
        """By the name of their message."""
        self.shown: dict[str, dict[str, Any]] = {}
        """What stands on the screen: message name to what was posted or updated last."""
        self.deleted: set[str] = set()
        self.slow = 0.0
        self.unanswered: list[str] = []
        """Methods that are done, but whose next answer does not arrive."""

    def answer(self, sent: Sent) -> Answer:
        if sent.path.startswith("/respond/"):
            return self.replace(sent)
        method = sent.path.removeprefix("/api/")
        if method == "api.test":
            return self.told({"ok": True, "args": {}})
        if sent.method != "POST" or not sent.path.startswith("/api/"):
            return Answer(404)
        given = sent.json if "json" in sent.headers.get("content-type", "") else sent.form
        if "xox" in json.dumps(sent.query) or self.secret in json.dumps(sent.query):
            self.broken_rules.append("a secret in an address")
        if self.throttled.get(method):
            return self.throttled[method].pop(0)
        queue = self.refusals.get(method, [])
        if queue:
            return self.told({"ok": False, "error": queue.pop(0), "needed": "chat:write"})
        if method == "oauth.v2.access":
            return self.told(self.access(sent, given))
        if sent.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return self.told(
                {"ok": False, "error": "invalid_auth" if "authorization" in sent.headers else "not_authed"}
            )
        if method == "auth.test":
            return self.told(self.auth_test(given) | {"user_id": self.bots.get(sent.headers["authorization"][7:], BOT)})
        handlers: dict[str, Callable[[Any], dict[str, Any]]] = {
            "chat.postMessage": self.post_message,
            "chat.update": self.update,
            "conversations.history": self.history,
            "chat.delete": self.delete,
            "chat.startStream": self.start_stream,
            "chat.appendStream": self.append_stream,
            "chat.stopStream": self.stop_stream,
            "assistant.threads.setStatus": self.set_status,
            "assistant.threads.setSuggestedPrompts": self.set_prompts,
        }
        told = handlers[method](given) if method in handlers else {"ok": False, "error": "unknown_method"}
        if method in self.unanswered:
            self.unanswered.remove(method)
            return Answer(503)
        return self.told(told)

    def told(self, body: dict[str, Any]) -> Answer:
        now = datetime.fromtimestamp(time.time() + self.clock_off, UTC)
        date = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return Answer(200, body, {"Date": date, "X-OAuth-Scopes": self.scopes})

    def access(self, sent: Sent, given: dict[str, str]) -> dict[str, Any]:
        time.sleep(self.slow)
        second = self.second_app
        basic = base64.b64decode(sent.headers.get("authorization", "Basic ").removeprefix("Basic ")).decode()
        if "client_secret" in given:
            self.broken_rules.append("the client secret in a form")
        if second is not None and basic == f"{second.client}:{second.secret}":
            return self.grant(self.codes.pop(given["code"])[0]) | self.given_to(second)
        if basic.partition(":")[0] != self.client:
            return {"ok": False, "error": "invalid_client_id"}
        if basic.partition(":")[2] != self.secret:
            return {"ok": False, "error": "bad_client_secret"}
        if given.get("grant_type") == "refresh_token":
            with self.lock:
                if given["refresh_token"] not in self.refresh_tokens:
                    return {"ok": False, "error": "invalid_refresh_token"}
                self.refresh_tokens.discard(given["refresh_token"])
            return self.grant(self.team)
        team, redirect = self.codes.pop(given.get("code", ""), ("", ""))
        if not team:
            return {"ok": False, "error": "invalid_code"}
        if redirect != given.get("redirect_uri"):
            return {"ok": False, "error": "bad_redirect_uri"}
        return self.grant(team)

    def given_to(self, second: SecondApp) -> dict[str, Any]:
        """A token of the second app's."""
        token = f"xoxb-{uuid.uuid4().hex}"
        self.tokens.add(token)
        self.bots[token] = second.bot
        return {"access_token": token, "app_id": second.app, "bot_user_id": second.bot}

    def grant(self, team: str) -> dict[str, Any]:
        token = f"xoxb-{uuid.uuid4().hex}"
        self.tokens.add(token)
        granted: dict[str, Any] = {
            "ok": True, "access_token": token, "token_type": "bot", "scope": self.scopes, "bot_user_id": BOT,
            "app_id": self.app, "team": {"name": "Fernleaf <b>&", "id": team}, "enterprise": None,
            "is_enterprise_install": False, "authed_user": {"id": PERSON},
        }  # fmt: skip
        if self.rotates:
            again = f"xoxe-1-{uuid.uuid4().hex}"
            self.refresh_tokens.add(again)
            granted |= {"refresh_token": again, "expires_in": self.life}
        return granted

    def auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": "https://fernleaf.slack.com/", "team": "Fernleaf", "user": "fern",
                "team_id": self.team, "user_id": BOT, "bot_id": "B1"}  # fmt: skip

    def post_message(self, given: dict[str, Any]) -> dict[str, Any]:
        if any(block["type"] == "carousel" for block in given.get("blocks", [])) and not self.takes_cards:
            return {"ok": False, "error": "invalid_blocks"}
        self.look_at(given)
        channel, ts = self.paced(given), new_ts()
        self.shown[ts] = given
        return {"ok": True, "channel": channel, "ts": ts, "message": given}

    def history(self, given: dict[str, Any]) -> dict[str, Any]:
        """The bot's messages in a channel, newest first; threads are not among them."""
        if "channels:history" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "channels:history"}
        here = [
            {"type": "message", "bot_id": "B1", "ts": ts, "text": one["text"], "blocks": one["blocks"]}
            for ts, one in sorted(self.shown.items(), reverse=True)
            if one["channel"] == given["channel"] and not one.get("thread_ts") and float(ts) >= float(given["oldest"])
        ]
        return {"ok": True, "messages": here[: int(given["limit"])], "has_more": False}

    def paced(self, given: dict[str, Any]) -> str:
        """The channel of a new message, of which it takes about one a second."""
        now, channel = time.monotonic(), str(given.get("channel"))
        if now - self.last_post.get(channel, -9.0) < 0.75:  # sent a second apart; a busy machine lets one arrive late
            self.broken_rules.append(f"two messages within {now - self.last_post[channel]:.2f} s in {channel}")
        self.last_post[channel] = now
        return channel

    def start_stream(self, given: dict[str, Any]) -> dict[str, Any]:
        self.arguments_of("chat_startStream", given)
        channel, ts = str(given["channel"]), new_ts()
        if not given.get("thread_ts"):
            return {"ok": False, "error": "invalid_thread_ts"}
        if not channel.startswith("D"):
            for name in ("recipient_team_id", "recipient_user_id"):
                if not given.get(name):
                    return {"ok": False, "error": f"missing_{name}"}
        self.paced(given)
        self.streams[ts] = SlackStream(channel, str(given["thread_ts"]), given.get("markdown_text", ""))
        return {"ok": True, "channel": channel, "ts": ts}

    def append_stream(self, given: dict[str, Any]) -> dict[str, Any]:
        self.arguments_of("chat_appendStream", given)
        stream = self.streams.get(given["ts"])
        if stream is None or not stream.on:
            return {"ok": False, "error": "message_not_in_streaming_state"}
        if not given.get("markdown_text"):
            self.broken_rules.append("nothing is appended")
        if time.monotonic() - stream.grown_at < 0.9:
            self.broken_rules.append("a stream that is appended to more than once a second")
        stream.text, stream.grown_at = stream.text + given["markdown_text"], time.monotonic()
        return {"ok": True, "channel": stream.channel, "ts": given["ts"]}

    def stop_stream(self, given: dict[str, Any]) -> dict[str, Any]:
        self.arguments_of("chat_stopStream", given)
        stream = self.streams.get(given["ts"])
        if stream is None or not stream.on:
            return {"ok": False, "error": "message_not_in_streaming_state"}
        stream.on = False
        return {"ok": True, "channel": stream.channel, "ts": given["ts"]}

    def arguments_of(self, method: str, given: dict[str, Any]) -> None:
        """Note what Slack's own library does not send, and text that Slack does not take or that would call people."""
        known = set(inspect.signature(getattr(WebClient, method)).parameters) - {"self", "kwargs"}
        text = given.get("markdown_text", "")
        if set(given) - known:
            self.broken_rules.append(f"unknown arguments of {method}: {sorted(given)}")
        if len(text) > 12_000 or "<" in text:
            self.broken_rules.append(f"markdown_text {text[:80]!r}")
        MarkdownTextChunk(text=text)

    def end_streams(self) -> None:
        """What Slack does with each stream after five minutes."""
        for stream in self.streams.values():
            stream.on = False

    def delete(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["ts"] in self.deleted:
            return {"ok": False, "error": "message_not_found"}
        self.deleted.add(given["ts"])
        return {"ok": True, "channel": given["channel"], "ts": given["ts"]}

    def screen(self, channel: str) -> list[str]:
        """The bot's messages that stand in a channel now, oldest first."""
        growing = {ts: stream.text for ts, stream in self.streams.items() if stream.channel == channel}
        whole = {ts: one["text"] for ts, one in self.shown.items() if one["channel"] == channel}
        return [text for ts, text in sorted((growing | whole).items()) if ts not in self.deleted]

    def update(self, given: dict[str, Any]) -> dict[str, Any]:
        self.look_at(given)
        if given.get("ts") in self.deleted:
            return {"ok": False, "error": "message_not_found"}
        if given.get("ts") in self.streams and self.streams[given["ts"]].on:
            return {"ok": False, "error": "streaming_state_conflict"}
        if any(block["type"] == "carousel" for block in given.get("blocks", [])) and not self.takes_cards:
            return {"ok": False, "error": "invalid_blocks"}
        self.shown[given["ts"]] = given
        return {"ok": True, "channel": given["channel"], "ts": given["ts"], "text": given["text"]}

    def set_status(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given.get("channel_id") or not given.get("thread_ts") or len(given.get("status", "")) > 100:
            self.broken_rules.append("a status without its thread")
        return {"ok": True}

    def set_prompts(self, given: dict[str, Any]) -> dict[str, Any]:
        """https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts."""
        prompts = given.get("prompts") or []
        if not given.get("channel_id") or not 1 <= len(prompts) <= 4:
            self.broken_rules.append("1 to 4 prompts in a conversation")
        if any(not one["title"].strip() or not one["message"].strip() for one in prompts):
            self.broken_rules.append("a prompt has a title and a message")
        return {"ok": True}

    def replace(self, sent: Sent) -> Answer:
        self.look_at(sent.json)
        if sent.json.get("replace_original") is not True or "authorization" in sent.headers:
            self.broken_rules.append("a replacement that is none, or that tells the token")
        return Answer(200, b"ok")

    def look_at(self, given: dict[str, Any]) -> None:
        """Note what Slack would refuse in a message."""
        try:
            problems = message_problems(given)
        except (AttributeError, KeyError, TypeError) as error:
            problems = [f"no message at all: {error!r}"]
        self.broken_rules += problems

    def posts(self, channel: str = "") -> list[dict[str, Any]]:
        """The messages so far."""
        made = [sent.json for sent in list(self.sent) if sent.path == "/api/chat.postMessage"]
        return [one for one in made if not channel or one["channel"] == channel]

    def wait_post(self, channel: str, count: int = 1) -> list[dict[str, Any]]:
        """The messages to a channel, once there are so many."""
        found = self.wait(lambda s: s.path == "/api/chat.postMessage" and s.json["channel"] == channel, count)
        return [sent.json for sent in found]

    def approve(self, location: str, team: str = TEAM) -> dict[str, str]:
        """What the browser brings back after Allow."""
        parts = urlsplit(location)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert parts.path == "/oauth/v2/authorize"
        clients = {self.client} | ({self.second_app.client} if self.second_app else set())
        assert asked["client_id"] in clients
        assert set(asked["scope"].split(",")) <= set(GRANTED.split(","))
        code = uuid.uuid4().hex
        self.codes[code] = (team, asked["redirect_uri"])
        return {"code": code, "state": asked["state"]}


def message_problems(given: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a message, or a person with a screen reader would miss."""
    problems = []
    blocks = given.get("blocks", [])
    if not str(given.get("text", "")).strip() or len(given["text"]) > 4_000:
        problems.append("no text, or too much of it")
    if len(blocks) > 50:
        problems.append("too many blocks")
    if set(given) - ARGUMENTS:
        problems.append(f"unknown arguments: {sorted(given)}")
    for block in blocks:
        try:
            parsed = Block.parse(dict(block))
            assert parsed is not None
            parsed.validate_json()
            for card in parsed.elements if isinstance(parsed, CarouselBlock) else ():
                card.validate_json()
        except (SlackObjectFormationError, AssertionError) as error:
            problems.append(f"{block.get('type')}: {error}")
        if block["type"] == "section" and len(block["text"]["text"]) > 3_000:
            problems.append("a section that is too long")
        if block["type"] == "actions" and any(
            len(button["text"]["text"]) > 75 or len(button.get("value", "")) > 2_000 for button in block["elements"]
        ):
            problems.append("a button that is too long")
    if len("".join(texts_of(blocks))) > MOST_TEXT:
        problems.append("msg_blocks_too_long")
    return problems


def texts_of(value: Any) -> list[str]:
    """Every text in blocks."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for part in value.values() for text in texts_of(part)]
    return [text for part in value for text in texts_of(part)] if isinstance(value, list) else []


def new_ts() -> str:
    """A time that names one message."""
    return f"{int(time.time())}.{next(stamps):06d}"


def callback(event: dict[str, Any], **outer: Any) -> dict[str, Any]:
    """An event as Slack wraps it."""
    return {
        "token": "x", "team_id": TEAM, "api_app_id": APP, "event": event, "type": "event_callback",
        "event_id": f"Ev{uuid.uuid4().hex[:10]}", "event_time": int(time.time()),
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}],
    } | outer  # fmt: skip


def direct(text: str, channel: str, **more: Any) -> dict[str, Any]:
    """A message to the bot alone."""
    return {"type": "message", "channel_type": "im", "channel": channel, "user": PERSON, "text": text,
            "ts": new_ts()} | more  # fmt: skip


def mention(text: str, channel: str, **more: Any) -> dict[str, Any]:
    """A mention in a channel."""
    return {"type": "app_mention", "channel": channel, "user": PERSON, "text": f"<@{BOT}> {text}",
            "ts": new_ts()} | more  # fmt: skip


def headers_of(body: bytes, secret: str = SIGNING, at: float | None = None) -> dict[str, str]:
    """The headers, made by Slack's own library."""
    timestamp = str(int(time.time() if at is None else at))
    made = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(made)}


def post_event(client: httpx.Client, path: str, outer: dict[str, Any], **signing: Any) -> httpx.Response:
    """Send an event."""
    body = json.dumps(outer).encode()
    headers = headers_of(body, **signing) | {"Content-Type": "application/json"}
    return client.post(path, content=body, headers=headers)


def post_press(client: httpx.Client, path: str, payload: dict[str, Any]) -> httpx.Response:
    """Send an interaction."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    headers = headers_of(body) | {"Content-Type": "application/x-www-form-urlencoded"}
    return client.post(path, content=body, headers=headers)


def press(message: dict[str, Any], place: int, channel: str, response_url: str, **more: Any) -> dict[str, Any]:
    """A press on a button of a posted message, as Slack tells it."""
    row = next(block for block in message["blocks"] if block["type"] == "actions")
    shown = {"type": "message", "user": BOT, "ts": new_ts(), "text": message["text"], "blocks": message["blocks"]}
    if message.get("thread_ts"):
        shown["thread_ts"] = message["thread_ts"]
    action = row["elements"][place]
    return {
        "type": "block_actions", "team": {"id": TEAM, "domain": "fernleaf"}, "user": {"id": PERSON, "team_id": TEAM},
        "api_app_id": APP, "channel": {"id": channel, "name": "x"}, "message": shown, "response_url": response_url,
        "actions": [{"type": "button", "block_id": row["block_id"], "action_id": action["action_id"],
                     "text": action["text"], "value": action.get("value"), "action_ts": new_ts()}],
    } | more  # fmt: skip
