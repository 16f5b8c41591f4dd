"""A reply as Slack messages of Block Kit blocks.

Never here: sending them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

from channel_adapters.links import web_address
from channel_adapters.product_words import earlier_price_words, price_words, source_name, stock_words, title_of
from channel_adapters.slack import limits
from channel_adapters.spans import shortened, spans
from channel_adapters.splitting import parts_of
from engine.domain.conversation import Citation, ProductCard, Reply

__all__ = ["ASK", "SUGGESTED", "SlackMessage", "asked_block", "escaped", "slack_messages"]

Block = dict[str, Any]
WHOLE = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|\*[^*\n]+\*")
"""What loses its meaning when it is cut: a link, an escaped sign, bold words."""
ASK, SUGGESTED = "ask_", "suggested"
"""How the names of buttons that ask something, and of their row, begin."""


class SlackMessage(TypedDict):
    """What `chat.postMessage` takes beside channel and thread."""

    text: str
    blocks: list[Block]
    plainer: NotRequired[list[Block]]
    """Instead of `blocks` where Slack does not take cards; never sent along with them."""


def escaped(text: str) -> str:
    """Text that cannot begin a link, a mention or a broadcast: Slack reads nothing but these three signs so."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(words: str, address: str, *, on_this_machine: bool) -> str:
    """A link, or the words alone when the address may not be followed."""
    safe = web_address(address, on_this_machine=on_this_machine)
    label = escaped(" ".join(words.split())).replace("|", "¦")
    return label if safe is None or not label else f"<{escaped(safe)}|{label}>"


def written(text: str, *, on_this_machine: bool) -> str:
    """An answer's Markdown in Slack's own marks."""
    made = []
    for span in spans(text):
        if span.address:
            made.append(link(span.text, span.address, on_this_machine=on_this_machine))
        else:
            made.append(f"*{escaped(span.text)}*" if span.bold and span.text else escaped(span.text))
    return "".join(made)


def mrkdwn(text: str) -> Block:
    """A text object in which only what we wrote is read: `verbatim` keeps Slack from linking names and addresses."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


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


def fitting(text: str, longest: int) -> Block:
    """A text object of at most so many characters, escapes counted."""
    short = shortened(text, longest)
    while len(escaped(short)) > longest:
        short = shortened(short, len(short) - 1)
    return mrkdwn(escaped(short))


def product_card(product: ProductCard, *, on_this_machine: bool) -> Block:
    """A product as a card."""
    title = shortened(title_of(product), limits.CARD_TITLE) or "Product"
    card: Block = {"type": "card", "title": fitting(title, limits.CARD_TITLE)}
    price, before = price_words(product), earlier_price_words(product)
    if price:
        card["subtitle"] = fitting(f"{price} (was {before})" if before else price, limits.CARD_TITLE)
    if stock := stock_words(product):
        card["body"] = fitting(stock, limits.CARD_BODY)
    if (picture := web_address(product.image_url, on_this_machine=on_this_machine)) is not None:
        card["hero_image"] = {"type": "image", "image_url": picture, "alt_text": title}
    if (page := web_address(product.url, on_this_machine=on_this_machine)) is not None:
        view = {"type": "plain_text", "text": "View"}
        card["actions"] = [{"type": "button", "text": view, "url": page, "action_id": "view"}]
    return card


def suggestions_block(suggestions: Sequence[str]) -> Block:
    """Questions to press."""
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": shortened(question, limits.BUTTON_TEXT)},
            "value": question[: limits.BUTTON_VALUE],
            "action_id": f"{ASK}{place}",
        }
        for place, question in enumerate(suggestions)
    ]
    return {"type": "actions", "block_id": SUGGESTED, "elements": buttons}


def asked_block(question: str) -> Block:
    """What stands in place of the buttons once one was pressed."""
    return {"type": "context", "elements": [mrkdwn(f"✓ {escaped(shortened(question, limits.CONTEXT_TEXT // 6))}")]}


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
    asked = [question for question in suggestions if question.strip()][: limits.ACTIONS]
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
        return sum(len(button["text"]["text"]) + len(button["value"]) for button in block["elements"])
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
    words = words or [block["elements"][0]["text"] for block in blocks]
    text = parts_of("\n".join(words), limits.FALLBACK_TEXT - 1, WHOLE)
    return {"text": text[0] + ("…" if len(text) > 1 else ""), "blocks": blocks}
