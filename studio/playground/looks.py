"""How an answer looks in a channel: what the channel's own renderer would send, drawn as HTML.

Never here: what is sent; the channels' renderers decide that, and this draws nothing that they did not make.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any, Literal, assert_never, get_args

from channel_adapters.meta.rendering import messenger_messages
from channel_adapters.slack.rendering import slack_messages
from engine.domain.conversation import Reply
from studio.playground.rendering import anchor, reply_markdown, safe_link

__all__ = ["LOOKS", "Look", "drawn", "look_named"]

Look = Literal["website", "messenger", "slack"]
LOOKS: dict[str, Look] = {"Website": "website", "Messenger": "messenger", "Slack": "slack"}
"""What a tester chooses, and what it is called here."""
MARKS = re.compile(r"<([^<>|]+)\|([^<>]*)>|\*([^*\n]+)\*|~([^~\n]+)~")


def look_named(name: object) -> Look:
    """The look that a page names; the website's for anything else."""
    return next((look for look in get_args(Look) if look == name), "website")


def drawn(reply: Reply, look: Look, questions: tuple[str, ...] = ()) -> str:
    """The answer as HTML in one block: an empty line would let Markdown in. `questions` are those worth asking."""
    match look:
        case "website":
            return reply_markdown(reply)
        case "messenger":
            # Suggestions help where there was no answer; after one they would only be in the way.
            suggestions = () if reply.outcome == "answered" else questions
            messages = messenger_messages(reply, suggestions, on_this_machine=True)
            return f'<div class="look-messenger">{"".join(map(messenger_html, messages))}</div>'
        case "slack":
            messages_there = slack_messages(reply, on_this_machine=True)
            blocks = "".join(slack_html(block) for message in messages_there for block in message["blocks"])
            return f'<div class="look-slack">{blocks}</div>'
        case _:
            assert_never(look)


def lines(html: str) -> str:
    """Line breaks that Markdown does not see."""
    return html.replace("\n", "<br>")


def picture(address: str | None, words: str) -> str:
    """A picture, or nothing."""
    source = safe_link(address or "")
    if source is None:
        return ""
    return f'<img src="{escape(source)}" alt="{escape(words)}" loading="lazy" referrerpolicy="no-referrer">'


def messenger_html(message: dict[str, Any]) -> str:
    """One message with its quick replies."""
    quick = "".join(f"<span>{escape(one['title'])}</span>" for one in message.get("quick_replies", ()))
    replies = f'<div class="look-quick">{quick}</div>' if quick else ""
    if "text" in message:
        return f'<div class="look-bubble">{lines(escape(message["text"]))}</div>{replies}'
    cards = "".join(map(card_html, message["attachment"]["payload"]["elements"]))
    return f'<div class="look-carousel" role="group" aria-label="Products" tabindex="0">{cards}</div>{replies}'


def card_html(element: dict[str, Any]) -> str:
    """One card of a carousel; its buttons that would come back to the bot are shown, not pressed."""
    buttons = "".join(
        f"<li>{anchor(one['url'], one['title']) if one['type'] == 'web_url' else escape(one['title'])}</li>"
        for one in element["buttons"]
    )
    words = f"<strong>{escape(element['title'])}</strong><div>{escape(element.get('subtitle', ''))}</div>"
    return f'<div class="look-card">{picture(element.get("image_url"), "")}{words}<ul>{buttons}</ul></div>'


def slack_html(block: dict[str, Any]) -> str:
    """One block."""
    if block["type"] == "context":
        return f'<div class="look-context">{mrkdwn_html(block["elements"][0]["text"])}</div>'
    accessory = block.get("accessory", {})
    image = picture(accessory.get("image_url"), accessory.get("alt_text", ""))
    return f'<div class="look-section"><div>{mrkdwn_html(block["text"]["text"])}</div>{image}</div>'


def mrkdwn_html(text: str) -> str:
    """Slack's marks as HTML. What they enclose is decoded as Slack does, then escaped as HTML needs."""
    made, end = [], 0
    for found in MARKS.finditer(text):
        made.append(decoded(text[end : found.start()]))
        address, words, bold, struck = found.groups()
        if address is not None:
            made.append(anchor(unescape(address), unescape(words)))
        else:
            made.append(f"<strong>{decoded(bold)}</strong>" if bold is not None else f"<s>{decoded(struck)}</s>")
        end = found.end()
    return lines("".join([*made, decoded(text[end:])]))


def decoded(text: str) -> str:
    """Slack's three escaped signs as HTML's."""
    return escape(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
