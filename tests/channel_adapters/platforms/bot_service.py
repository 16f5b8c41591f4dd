"""Azure Bot Service and Microsoft Entra over loopback: keys, tokens, and conversations that take activities."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from microsoft_agents.activity import Activity
from pydantic import ValidationError

from tests.channel_adapters.platforms.base import Answer, Platform, Sent

APP, TENANT = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SECRET = "s8Q~a.client.secret_of.the.app"
ENDORSED = ["webchat", "msteams", "directline"]
REPLY = re.compile(r"/v3/conversations/([^/]+)/activities/([^/]+)")


@dataclass
class TeamsStream:
    """A message that grows."""

    conversation: str
    text: str = ""
    pieces: int = 0
    on: bool = True
    why: str = "Content stream is not allowed on an already completed streamed message"
    """What a piece is told once it is over."""
    grown_at: float = 0.0


def refused(why: str) -> Answer:
    """What Teams answers to a piece that it does not take."""
    return Answer(403, {"error": {"code": "ContentStreamNotAllowed", "message": why}})


class BotService(Platform):
    """Signs what it sends, checks what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.more_keys: list[dict[str, Any]] = []
        self.app, self.tenant, self.secret = APP, TENANT, SECRET
        self.refusal = 0
        self.clock_off = 0.0
        self.streams: dict[str, TeamsStream] = {}
        """By their name."""
        self.shown: dict[str, tuple[str, str]] = {}
        """What stands on the screen: activity name to its conversation and text."""
        self.streaming_answers: list[Answer] = []
        """Answered first, in order, to pieces of streams and to their end."""
        self.replaces = True
        """Whether an activity can be put in the place of another."""
        self.next_activity_answers: list[Answer] = []
        """Answered first, in order, to what is said in conversations; signing in goes on as usual."""

    @property
    def service(self) -> str:
        return f"{self.url}/emea/"

    def jwk(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        return public | {"kid": "here-1", "use": "sig", "endorsements": ENDORSED}

    def answer(self, sent: Sent) -> Answer:
        date = datetime.fromtimestamp(time.time() + self.clock_off, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        found = self.answered(sent)
        return Answer(found.status, found.body, {"Date": date} | found.headers)

    def answered(self, sent: Sent) -> Answer:
        if sent.path == "/v1/.well-known/openidconfiguration":
            return Answer(
                body={"issuer": "https://api.botframework.com", "jwks_uri": f"{self.url}/v1/.well-known/keys"}
            )
        if sent.path == "/v1/.well-known/keys":
            return Answer(body={"keys": [self.jwk(), *self.more_keys]})
        if sent.path.endswith("/oauth2/v2.0/token"):
            return self.token(sent)
        found = REPLY.search(sent.path)
        if found is None:
            return Answer(404, {"error": {"code": "NotFound", "message": "no such path"}})
        if self.next_activity_answers:
            return self.next_activity_answers.pop(0)
        return self.activity(sent, unquote(found[1]))

    def token(self, sent: Sent) -> Answer:
        form = sent.form
        if self.refusal:
            return Answer(401, {"error": "invalid_client", "error_codes": [self.refusal]})
        right = {
            "grant_type": "client_credentials", "client_id": self.app, "client_secret": self.secret,
            "scope": "https://api.botframework.com/.default",
        }  # fmt: skip
        if form != right or sent.path != f"/{self.tenant}/oauth2/v2.0/token":
            return Answer(401, {"error": "invalid_client", "error_codes": [7000215]})
        return Answer(body={"token_type": "Bearer", "expires_in": 3599, "access_token": "our-token"})

    def activity(self, sent: Sent, conversation: str) -> Answer:
        if sent.headers.get("authorization") != "Bearer our-token":
            return Answer(401, {"error": {"code": "Unauthorized", "message": "token"}})
        found = REPLY.search(sent.path)
        name = "" if found is None else unquote(found[2])
        if sent.method == "DELETE":
            self.shown.pop(name, None)
            return Answer(200)
        body = sent.json
        self.rules(body, conversation)
        if sent.method == "PUT":
            if not self.replaces:
                return Answer(405, {"error": {"code": "NotSupported", "message": "no updates"}})
            self.shown[name] = (conversation, body.get("text", ""))
            return Answer(200, {"id": name})
        pieces = [one for one in body.get("entities", []) if one["type"] == "streaminfo"]
        if pieces:
            return self.streaming_answers.pop(0) if self.streaming_answers else self.piece(body, pieces[0])
        made = f"sent-{len(self.sent)}"
        if body["type"] == "message":
            self.shown[made] = (conversation, body.get("text", ""))
        return Answer(201, {"id": made})

    def piece(self, body: dict[str, Any], info: dict[str, Any]) -> Answer:
        """A piece of a stream, or its end."""
        conversation, name, now = body["conversation"]["id"], info.get("streamId", ""), time.monotonic()
        last = info["streamType"] == "final"
        if (body["type"] == "message") is not last or ("streamSequence" in info) is last:
            self.broken_rules.append(f"a stream's last piece is a message without a number, no other is: {info}")
        if conversation.startswith("19:"):
            return refused("Content stream is not allowed")
        if not name:
            if any(one.conversation == conversation and one.on for one in self.streams.values()):
                self.broken_rules.append("two streams in one chat")
            name = f"stream-{len(self.sent)}"
            self.streams[name] = TeamsStream(conversation)
        stream = self.streams[name]
        if not stream.on:
            return refused(stream.why)
        if not last:
            if info["streamSequence"] != stream.pieces + 1:
                self.broken_rules.append(f"piece {info['streamSequence']} after {stream.pieces}")
            if not body["text"].startswith(stream.text) or body["text"] == stream.text:
                self.broken_rules.append(f"{body['text']!r} does not go on {stream.text!r}")
            if now - stream.grown_at < 1.0:
                self.broken_rules.append("more than one piece a second")
            stream.pieces, stream.grown_at = stream.pieces + 1, now
        stream.text, stream.on = body["text"], not last
        self.shown[name] = (conversation, stream.text)
        return Answer(201, {"id": name}) if stream.pieces == 1 and not last else Answer(202)

    def end_streams(self) -> None:
        """What Teams does with each stream after two minutes."""
        for stream in self.streams.values():
            stream.on, stream.why = False, "Content stream finished due to exceeded streaming time."

    def screen(self, conversation: str) -> list[str]:
        """What the bot wrote there and stands there now."""
        return [text for there, text in self.shown.values() if there == conversation]

    def rules(self, body: dict[str, Any], conversation: str) -> None:
        """What the documentation asks of an activity."""
        wrong = []
        try:
            Activity.model_validate(body)
        except ValidationError as error:
            wrong.append(f"Microsoft's own model refuses it: {error}")
        if body.get("conversation", {}).get("id") != conversation or not body.get("replyToId"):
            wrong.append("an answer names its conversation and what it answers")
        if body["type"] == "message" and not (body.get("text") or body.get("attachments")):
            wrong.append("an empty message")
        if len(json.dumps(body)) > 100_000 or len(body.get("text", "")) > 20_000:
            wrong.append("too large")
        if len(body.get("attachments", [])) > 10:
            wrong.append("more than 10 cards")
        for card in body.get("attachments", []):
            if card["contentType"] != "application/vnd.microsoft.card.hero" or not card["content"].get("title"):
                wrong.append("a card without a title")
            wrong += [
                f"a button leads to {button['value']}"
                for button in card["content"].get("buttons", [])
                if not button["value"].startswith("https://")
            ]
        if len(body.get("suggestedActions", {}).get("actions", [])) > 3:
            wrong.append("more than 3 suggested actions")
        self.broken_rules += wrong

    def claims(self, **changes: Any) -> dict[str, Any]:
        """What a genuine token says."""
        now = int(time.time())
        base = {
            "iss": "https://api.botframework.com", "aud": self.app, "serviceurl": self.service,
            "nbf": now - 5, "exp": now + 3600,
        }  # fmt: skip
        return {name: value for name, value in (base | changes).items() if value is not None}

    def signed(self, *, kid: str = "here-1", key: Any = None, alg: str = "RS256", **changes: Any) -> str:
        """A token; None takes a claim out."""
        return jwt.encode(self.claims(**changes), key or self.private, algorithm=alg, headers={"kid": kid})

    def message(self, text: str, **more: Any) -> dict[str, Any]:
        """A message activity in its documented shape."""
        ident = f"act-{time.monotonic_ns()}"
        return {
            "type": "message", "id": ident, "timestamp": datetime.now(UTC).isoformat(), "channelId": "msteams",
            "serviceUrl": self.service, "from": {"id": "29:person", "name": "Ann"},
            "recipient": {"id": f"28:{self.app}", "name": "Bot"},
            "conversation": {"id": f"a:{ident};messageid=1", "conversationType": "personal", "tenantId": self.tenant},
            "channelData": {"tenant": {"id": self.tenant}}, "text": text, "textFormat": "plain", "locale": "en-US",
        } | more  # fmt: skip

    def answers_to(self, activity: dict[str, Any], count: int = 1) -> list[dict[str, Any]]:
        """Messages that were sent as answers to an activity."""
        found = self.wait(
            lambda sent: b'"message"' in sent.body and sent.path.endswith(f"/activities/{activity['id']}"), count
        )
        return [sent.json for sent in found]
