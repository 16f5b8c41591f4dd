"""The Graph API over loopback: checks tokens, proofs and every documented limit of what is sent."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from datetime import UTC, datetime
from typing import Any

from tests.channel_adapters.platforms.base import Answer, Platform, Sent

APP, SECRET, TOKEN = "1234567890123456", "meta-test-app-secret", "PAGE_TOKEN_1"
PAGE, ACCOUNT, NUMBER, WABA = "104567890123456", "17841400000000000", "106540352242922", "102290129340398"
PERSON = "9000"
"""What the app's ids of persons begin with."""
PATH = re.compile(r"/v\d+\.0/(?P<id>[^/]+)(?:/(?P<edge>\w+))?")


class Graph(Platform):
    """Pages, accounts and numbers of one app."""

    def __init__(self) -> None:
        super().__init__()
        self.subscribed: set[str] = set()
        self.error: dict[str, Any] | None = None
        self.clock_off = 0.0
        self.numbers = 0
        self.templates: list[dict[str, Any]] = []
        self.persons: dict[str, str] = {}
        """The app's ids of persons, and the page's: never the same."""

    def answer(self, sent: Sent) -> Answer:
        date = datetime.fromtimestamp(time.time() + self.clock_off, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        found = self.answered(sent)
        return Answer(found.status, found.body, {"Date": date} | found.headers)

    def answered(self, sent: Sent) -> Answer:
        if self.error is not None:
            return Answer(400, {"error": self.error})
        proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
        if sent.headers.get("authorization") != f"Bearer {TOKEN}" or "access_token" in sent.query:
            return Answer(401, {"error": {"code": 190, "message": "Invalid OAuth access token"}})
        if sent.query.get("appsecret_proof") != proof:
            return Answer(400, {"error": {"code": 100, "message": "Invalid appsecret_proof provided"}})
        found = PATH.fullmatch(sent.path)
        if found is not None and (found["edge"], sent.method) == ("ids_for_pages", "GET"):
            return self.ids_for_pages(found["id"], sent.query.get("page"))
        if found is None or found["id"] not in {PAGE, ACCOUNT, NUMBER, WABA}:
            return Answer(400, {"error": {"code": 100, "message": "Unsupported get request"}})
        match found["edge"], sent.method:
            case None, "GET":
                return Answer(body={"id": found["id"]})
            case "subscribed_apps", "POST":
                self.subscribed.add(found["id"])
                return Answer(body={"success": True})
            case "subscribed_apps", "GET":
                app = {"id": APP} if found["id"] == PAGE else {"whatsapp_business_api_data": {"id": APP}}
                return Answer(body={"data": [app] if found["id"] in self.subscribed else []})
            case "message_templates", "GET":
                return Answer(body={"data": [one for one in self.templates if one["name"] == sent.query.get("name")]})
            case "messages", "POST":
                return self.message(found["id"], sent.json)
        return Answer(400, {"error": {"code": 100, "message": "unknown"}})

    def ids_for_pages(self, person: str, page: str | None) -> Answer:
        """How the page knows a person whom the app knows."""
        if page != PAGE or not person.startswith(PERSON):
            return Answer(400, {"error": {"code": 100, "message": "Unsupported get request"}})
        known = [{"id": self.persons[person], "page": {"id": PAGE, "name": "Shop"}}] if person in self.persons else []
        return Answer(body={"data": known})

    def message(self, place: str, body: dict[str, Any]) -> Answer:
        self.numbers += 1
        if place == NUMBER:
            self.whatsapp(body)
            return Answer(body={"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{self.numbers}"}]})
        self.page(body)
        return Answer(body={"recipient_id": body["recipient"]["id"], "message_id": f"m_{self.numbers}"})

    def page(self, body: dict[str, Any]) -> None:
        """The Send API's rules; an account's texts are shorter, which its test looks at."""
        if "sender_action" in body:
            if "message" in body or body["sender_action"] != "typing_on":
                self.broken_rules.append("an action stands alone")
            return
        message = body["message"]
        if body["messaging_type"] != "RESPONSE" or ("text" in message) == ("attachment" in message):
            self.broken_rules.append("a message is a text or an attachment")
        if len(message.get("text", "")) > 2000 or not message.get("text", "x").strip():
            self.broken_rules.append("a text has 1 to 2,000 characters")
        replies = message.get("quick_replies", [])
        if len(replies) > 13 or any(len(one["title"]) > 20 or len(one["payload"]) > 1000 for one in replies):
            self.broken_rules.append("quick replies")
        for one in message.get("attachment", {}).get("payload", {}).get("elements", []):
            if len(one["title"]) > 80 or len(one.get("subtitle", "")) > 80 or not 1 <= len(one["buttons"]) <= 3:
                self.broken_rules.append("an element of the carousel")

    def whatsapp(self, body: dict[str, Any]) -> None:
        """The Cloud API's rules."""
        if body.get("status") == "read":
            if body.get("typing_indicator") != {"type": "text"} or not body.get("message_id"):
                self.broken_rules.append("a read receipt names its message")
            return
        if body.get("recipient_type") != "individual" or not body.get("to"):
            self.broken_rules.append("a message names who it goes to")
        if body["type"] == "text" and not 1 <= len(body["text"]["body"]) <= 4096:
            self.broken_rules.append("a text has 1 to 4,096 characters")
        if body["type"] == "template":
            self.template(body["template"])
        if body["type"] == "interactive" and body["interactive"]["type"] == "list":
            self.list_message(body["interactive"])
        elif body["type"] == "interactive":
            buttons = body["interactive"]["action"]["buttons"]
            titles = [one["reply"]["title"] for one in buttons]
            if not 1 <= len(buttons) <= 3 or any(len(t) > 20 for t in titles) or len(set(titles)) < len(titles):
                self.broken_rules.append("reply buttons")
            if any(len(one["reply"]["id"]) > 256 for one in buttons):
                self.broken_rules.append("a button's id")

    def list_message(self, body: dict[str, Any]) -> None:
        """Rules of a list: https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages."""
        action = body["action"]
        rows = [row for section in action["sections"] for row in section["rows"]]
        if not 1 <= len(body["body"]["text"]) <= 1024 or not 1 <= len(action["button"]) <= 20:
            self.broken_rules.append("a list's text and button")
        if not 1 <= len(rows) <= 10 or len({row["id"] for row in rows}) < len(rows):
            self.broken_rules.append("a list has 1 to 10 rows, each with an id of its own")
        if any(not 1 <= len(section["title"]) <= 24 for section in action["sections"]):
            self.broken_rules.append("a section's title")
        for row in rows:
            if (
                not 1 <= len(row["id"]) <= 200
                or not 1 <= len(row["title"]) <= 24
                or len(row.get("description", "x")) > 72
            ):
                self.broken_rules.append("a row of a list")
            if not row.get("description", "x").strip():
                self.broken_rules.append("a row's description has words")

    def template(self, body: dict[str, Any]) -> None:
        """Rules of a template: it exists, is approved, and its variables are filled in without line breaks."""
        known = [
            one for one in self.templates if one["name"] == body["name"] and one["language"] == body["language"]["code"]
        ]
        if not known or known[0]["status"] != "APPROVED":
            self.broken_rules.append("a template is approved")
            return
        given = [one["text"] for part in body["components"] for one in part["parameters"]]
        text = known[0]["components"][0]["text"]
        if len(given) != text.count("{{"):
            self.broken_rules.append("a template's variables are all filled in")
        if any(re.search(r"[\n\t]| {5}", words) or not words for words in given):
            self.broken_rules.append("a variable has neither line breaks nor tabs nor five spaces")
        if len(text) + sum(map(len, given)) > 1024:
            self.broken_rules.append("a template's body has at most 1,024 characters")

    def texts_to(self, person: str) -> list[str]:
        """What was said to a person so far."""
        found = []
        for sent in self.sent:
            if sent.method == "POST" and sent.path.endswith("/messages"):
                body = sent.json
                if body.get("to") == person and body.get("type") == "template":
                    found += [one["text"] for part in body["template"]["components"] for one in part["parameters"]]
                if body.get("to") == person and body.get("type") == "text":
                    found.append(body["text"]["body"])
                if body.get("recipient", {}).get("id") == person and "text" in body.get("message", {}):
                    found.append(body["message"]["text"])
        return found


def signed(body: Any, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
    """(content, headers) of a notification."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    mac = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return content, {"X-Hub-Signature-256": f"sha256={mac}", "Content-Type": "application/json"}


def page_message(text: str, person: str, *, kind: str = "page", place: str = PAGE, **more: Any) -> dict[str, Any]:
    """A notification about a message to a page or an account, in its documented shape."""
    now = int(time.time() * 1000)
    message = {"mid": f"m_{time.monotonic_ns()}", "text": text} | more.pop("message", {})
    event = {"sender": {"id": person}, "recipient": {"id": place}, "timestamp": now, "message": message} | more
    return {"object": kind, "entry": [{"id": place, "time": now, "messaging": [event]}]}


def whatsapp_message(text: str, person: str, *, number: str = NUMBER, **more: Any) -> dict[str, Any]:
    """A notification about a message to a number."""
    message = {
        "from": person, "id": f"wamid.{time.monotonic_ns()}", "timestamp": str(int(time.time())), "type": "text",
        "text": {"body": text},
    } | more  # fmt: skip
    value = {
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": "1555", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": person}], "messages": [message],
    }  # fmt: skip
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": WABA, "changes": [{"value": value, "field": "messages"}]}],
    }
