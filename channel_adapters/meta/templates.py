"""A message template of WhatsApp: the form in which a person's words may be sent after the window.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates: a template is approved by Meta
beforehand, and its variables are filled in when it is sent. Ours has one, `{{1}}`, for the words.
Never here: when it is sent.
"""

from __future__ import annotations

import json
import re
from typing import Any

from channel_adapters.channel import FormField
from channel_adapters.meta import limits
from channel_adapters.meta.graph import Graph
from engine.channels.gateway import DeliveryFailed, OpenLink, Payload, WindowClosed
from engine.domain.channel import Finding

__all__ = ["TEMPLATE_FIELDS", "TEMPLATE_TEXT", "Templates"]

TEMPLATE_TEXT = "You asked us something, and here is our answer: {{1}} Write to us here at any time."
"""A body to paste: a variable may neither begin nor end it."""
TEMPLATE_FIELDS = (
    FormField("template_name", "Message template", "Name of an approved template with one variable in its body. "
              "What a person of your shop writes more than 24 hours after the shopper's last message is sent in it; "
              "without one it is not sent.", required=False, example="answer_of_a_person",
              pattern=r"[a-z0-9_]{1,512}"),
    FormField("template_language", "Language of the template", "As WhatsApp Manager shows its code.", required=False,
              example="en_US", pattern=r"[a-z]{2,3}(_[A-Z]{2})?"),
)  # fmt: skip
ENGLISH = "en_US"
MEDIA = {"IMAGE", "VIDEO", "DOCUMENT", "LOCATION"}
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Templates:
    """The template of a link."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def approved(self, link: OpenLink, payload: Payload) -> Payload:
        """A text as the template that carries it. Raises WindowClosed without a template, or when it is too long."""
        name = link.settings.get("template_name", "")
        if not name:
            raise WindowClosed(
                "The shopper's last message is more than 24 hours old. WhatsApp takes nothing but an approved template "
                "then: name one under Settings, and write it again."
            )
        # A variable takes neither line breaks nor tabs, nor more than four spaces in a row.
        words = " ".join(str(payload.get("text", {}).get("body", "")).split())
        if not words or len(words) > limits.WHATSAPP_TEMPLATE_WORDS:
            raise WindowClosed(
                "The shopper's last message is more than 24 hours old. What is sent in a template then has at most "
                f"{limits.WHATSAPP_TEMPLATE_WORDS} characters: write it shorter."
            )
        return {
            "type": "template",
            "template": {
                "name": name,
                "language": {"code": link.settings.get("template_language") or ENGLISH},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": words}]}],
            },
        }

    async def examined(self, link: OpenLink) -> Finding | None:
        """Whether the link's template can be sent; None where it names none."""
        name = link.settings.get("template_name", "")
        if not name:
            return None
        language = link.settings.get("template_language") or ENGLISH
        try:
            path = f"{link.settings['business_account_id']}/message_templates"
            told = (await self.graph.get(link, path, name=name, fields="name,language,status,components")).json()
        except DeliveryFailed as error:
            return Finding("template", "unsure", error.message)
        rows = told.get("data")
        found = next((row for row in (rows if isinstance(rows, list) else ()) if is_it(row, name, language)), None)
        if found is None:
            return bad(
                f"There is no template {name} in {language}.", "Copy its name and language from WhatsApp Manager."
            )
        if found.get("status") != "APPROVED":
            status = str(found.get("status", "not known")).lower()
            return bad(f"The template {name} is {status}, not approved.", "Look at it in WhatsApp Manager.")
        if (problem := problem_of(found)) is not None:
            return bad(
                f"The template {name} {problem}.",
                f"Make one without a header and buttons, with the body: {TEMPLATE_TEXT}",
            )
        return Finding("template", "good", f"The template {name} is approved.")


def is_it(row: Any, name: str, language: str) -> bool:
    """Whether a row of the account's templates is this one."""
    return isinstance(row, dict) and row.get("name") == name and row.get("language") == language


def problem_of(row: dict[str, Any]) -> str | None:
    """Why an approved template cannot carry the words; None when it can: one variable, in its body, and room enough."""
    parts = row.get("components")
    body, others = "", []
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and part.get("type") == "BODY":
            body = str(part.get("text", ""))
        else:
            others.append(part)
    if VARIABLE.findall(body) != ["1"] or VARIABLE.search(json.dumps(others)):
        return "has other variables than {{1}} alone in its body"
    if any(isinstance(part, dict) and part.get("format") in MEDIA for part in others):
        return "has a picture, a film or a file in its header"
    if len(VARIABLE.sub("", body)) + limits.WHATSAPP_TEMPLATE_WORDS > limits.WHATSAPP_TEMPLATE_BODY:
        room = limits.WHATSAPP_TEMPLATE_BODY - limits.WHATSAPP_TEMPLATE_WORDS
        return f"is too long: beside the variable it may have {room} characters"
    return None


def bad(words: str, step: str) -> Finding:
    """A template that cannot be sent."""
    return Finding("template", "bad", words, "no_template", step)
