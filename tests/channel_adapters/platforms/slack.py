"""Slack at the other end: its Web API, its signed requests, and the browser that installs an app."""

from __future__ import annotations

import base64
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
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, CarouselBlock
from slack_sdk.signature import SignatureVerifier

from tests.channel_adapters.platforms.base import Answer, Platform, Sent

SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
CLIENT, SECRET = "1234567890.9876543210", "client-secret-0123456789abcdef"
TEAM, OTHER_TEAM, APP, BOT, PERSON = "T1SHOP", "T2OTHER", "A1BOT", "U0BOT", "U1PERSON"
TOKEN = "xoxb-1111-2222-abcdef"
SETTINGS = {"client_id": CLIENT, "client_secret": SECRET, "signing_secret": SIGNING}
GRANTED = "app_mentions:read,assistant:write,chat:write,im:history"
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
        self.clock_off = 0.0
        self.last_post: dict[str, float] = {}
        self.slow = 0.0

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
            "assistant.threads.setStatus": self.set_status,
        }
        return self.told(handlers[method](given) if method in handlers else {"ok": False, "error": "unknown_method"})

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
        now, channel = time.monotonic(), str(given.get("channel"))
        if now - self.last_post.get(channel, -9.0) < 0.9:
            self.broken_rules.append(f"two messages within {now - self.last_post[channel]:.2f} s in {channel}")
        self.last_post[channel] = now
        return {"ok": True, "channel": channel, "ts": new_ts(), "message": given}

    def update(self, given: dict[str, Any]) -> dict[str, Any]:
        self.look_at(given)
        return {"ok": True, "channel": given["channel"], "ts": given["ts"], "text": given["text"]}

    def set_status(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given.get("channel_id") or not given.get("thread_ts") or len(given.get("status", "")) > 100:
            self.broken_rules.append("a status without its thread")
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
