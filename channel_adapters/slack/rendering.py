"""A reply as Slack messages of Block Kit blocks.

Never here: sending them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NotRequired, TypedDict

from channel_adapters.links import web_address
from channel_adapters.product_words import earlier_price_words, price_words, source_name, stock_words, title_of
from channel_adapters.slack import limits
from channel_adapters.slack.cards import product_card
from channel_adapters.slack.marks import Block, escaped, link, mrkdwn, written
from channel_adapters.slack.questions import suggestions_block
from channel_adapters.spans import shortened
from channel_adapters.splitting import parts_of
from engine.domain.conversation import Citation, ProductCard, Reply

__all__ = ["SlackMessage", "slack_messages"]

WHOLE = re.compile(r"```\n[^`]{1,2000}\n```|`[^`\n]+`|<[^<>]*>|&(?:amp|lt|gt);|\*[^*\n]+\*")
"""What loses its meaning when it is cut: code, a link, an escaped sign, bold words."""


class SlackMessage(TypedDict):
    """What `chat.postMessage` takes beside channel and thread."""

    text: str
    blocks: list[Block]
    plainer: NotRequired[list[Block]]
    """Instead of `blocks` where Slack does not take cards; never sent along with them."""


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text)}


def product_block(product: ProductCard, *, on_this_machine: bool) -> Block:
    """A product with its picture."""
    title = shortened(title_of(product), limits.CARD_TITLE) or "Product"
    price = f"*{escaped(price_words(product))}*" if price_words(product) else ""
    if before := earlier_price_words(product):
        price += f" ~{escaped(before)}~"
    lines = (link(title, product.url, on_this_machine=on_this_machine), price, escaped(stock_words(product)))
    block = section("\n".join(line for line in lines if line))
    picture = web_address(product.image_url, on_this_machine=on_this_machine)
    if picture is not None:
        block["accessory"] = {"type": "image", "image_url": picture, "alt_text": title}
    return block


def sources_block(citations: tuple[Citation, ...], *, on_this_machine: bool) -> Block:
    """Where the answer comes from, in small print."""
    known = list(dict.fromkeys((source_name(citation), citation.url) for citation in citations))[: limits.SOURCES]
    links = [link(shortened(name, limits.CARD_TITLE), url, on_this_machine=on_this_machine) for name, url in known]
    text = "Sources: "
    for place, one in enumerate(links):
        more = one if place == 0 else f" · {one}"
        if len(text) + len(more) > limits.CONTEXT_TEXT:
            break
        text += more
    return {"type": "context", "elements": [mrkdwn(text)]}


def slack_messages(
    reply: Reply, suggestions: Sequence[str] = (), *, cards: bool = False, on_this_machine: bool = False
) -> list[SlackMessage]:
    """The reply as one message, or as up to three where it is very long; what is beyond that is cut with a sign.

    With `cards`, products are shown as a carousel, and the same message stands beside it without.
    """
    room = limits.MESSAGE_TEXT * (limits.MESSAGES - 1)
    parts = parts_of(written(reply.text, on_this_machine=on_this_machine), limits.SECTION_TEXT - 1, WHOLE)
    blocks: list[Block] = []
    if reply.notice.strip():
        notice = escaped(shortened(reply.notice, limits.CONTEXT_TEXT // 5))
        blocks.append({"type": "context", "elements": [mrkdwn(notice)]})
    taken = 0
    for part in parts:
        if taken + len(part) > room:
            blocks[-1]["text"]["text"] += "…"
            break
        blocks.append(section(part))
        taken += len(part)
    products = reply.products[: limits.CARDS]
    rows = [product_block(one, on_this_machine=on_this_machine) for one in products]
    blocks += rows
    if reply.citations:
        blocks.append(sources_block(reply.citations, on_this_machine=on_this_machine))
    asked = [one.strip() for one in suggestions if 0 < len(one.strip()) <= limits.BUTTON_VALUE][: limits.ACTIONS]
    if asked and blocks:
        blocks.append(suggestions_block(asked))
    made = [message(group) for group in grouped(blocks)]
    if cards and products:
        shown = [product_card(one, on_this_machine=on_this_machine) for one in products]
        made = [with_carousel(one, rows, shown) for one in made]
    return made


def size(block: Block) -> int:
    """Characters of a block that count for its message."""
    if block["type"] == "actions":
        return sum(len(button["text"]["text"]) for button in block["elements"])
    texts = [block["text"]] if "text" in block else block["elements"]
    accessory = block.get("accessory", {})
    return sum(len(text["text"]) for text in texts) + len(accessory.get("alt_text", ""))


def with_carousel(plain: SlackMessage, rows: list[Block], cards: list[Block]) -> SlackMessage:
    """The message with a carousel where its products stand as a list."""
    there = [place for place, block in enumerate(plain["blocks"]) if any(block is row for row in rows)]
    if not there:
        return plain
    mine = [card for card, row in zip(cards, rows, strict=True) if any(block is row for block in plain["blocks"])]
    blocks = [block for place, block in enumerate(plain["blocks"]) if place not in there]
    blocks.insert(there[0], {"type": "carousel", "elements": mine})
    return {"text": plain["text"], "blocks": blocks, "plainer": plain["blocks"]}


def grouped(blocks: list[Block]) -> list[list[Block]]:
    """The blocks in order, in as few messages as hold them."""
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if len(groups[-1]) == limits.BLOCKS or sum(map(size, groups[-1])) + size(block) > limits.MESSAGE_TEXT:
            groups.append([])
        groups[-1].append(block)
    return [group for group in groups if group]


def message(blocks: list[Block]) -> SlackMessage:
    """A message with the text that notifications and screen readers use."""
    words = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    words = words or [block["elements"][0]["text"] for block in blocks if block["type"] == "context"]
    # Buttons alone: what they say is plain text, and is written here as such.
    words = words or [escaped(button["text"]["text"]) for block in blocks for button in block["elements"]]
    text = parts_of("\n".join(words), limits.FALLBACK_TEXT - 1, WHOLE)
    return {"text": text[0] + ("…" if len(text) > 1 else ""), "blocks": blocks}
