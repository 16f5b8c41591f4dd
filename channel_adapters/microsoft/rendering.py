"""A reply as activities of the Bot Framework.

Never here: sending them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from channel_adapters.links import web_address
from channel_adapters.microsoft import limits
from channel_adapters.product_words import earlier_price_words, price_words, source_name, stock_words, title_of
from channel_adapters.spans import settled, shortened, spans
from channel_adapters.splitting import parts_of
from engine.domain.conversation import Citation, ProductCard, Reply

__all__ = ["activities", "growing"]

Activity = dict[str, Any]
HERO = "application/vnd.microsoft.card.hero"
INDENT = re.compile(r"^ +", re.MULTILINE)
MARKS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~"})


def escaped(text: str) -> str:
    """Text in which no sign means anything: neither Markdown nor the `<at>` of a mention."""
    return text.translate(MARKS)


def written(text: str, *, on_this_machine: bool) -> str:
    """An answer's Markdown, with links that were looked at."""
    made = []
    for span in spans(text):
        address = web_address(span.address, on_this_machine=on_this_machine) if span.address else None
        words = escaped(span.text)
        if address is not None:
            made.append(f"[{words}]({address})")
        elif span.code == "block":
            # Not between marks of code: in there nothing can be escaped. The indents stay all the same.
            made.append(INDENT.sub(lambda found: "\u00a0" * len(found[0]), words))
        else:
            made.append(f"**{words}**" if span.bold and words.strip() else words)
    return "".join(made).replace("\n", "\n\n").replace("\n\n\n\n", "\n\n")


def card(product: ProductCard, *, on_this_machine: bool) -> Activity:
    """A product as a hero card."""
    price, before = price_words(product), earlier_price_words(product)
    content: Activity = {"title": shortened(title_of(product), limits.TITLE) or "Product"}
    subtitle = " · ".join(
        words for words in (f"{price} (was {before})" if before else price, stock_words(product)) if words
    )
    if subtitle:
        content["subtitle"] = shortened(subtitle, limits.SUBTITLE)
    if (picture := web_address(product.image_url, on_this_machine=on_this_machine)) is not None:
        content["images"] = [{"url": picture, "alt": content["title"]}]
    if (page := web_address(product.url, on_this_machine=on_this_machine)) is not None:
        content["tap"] = {"type": "openUrl", "title": "View", "value": page}
        content["buttons"] = [{"type": "openUrl", "title": "View", "value": page}]
    return {"contentType": HERO, "content": content}


def sources(citations: tuple[Citation, ...], *, on_this_machine: bool) -> str:
    """Where the answer comes from, on one line."""
    known = list(dict.fromkeys((source_name(citation), citation.url) for citation in citations))[: limits.SOURCES]
    links = []
    for name, url in known:
        address, words = web_address(url, on_this_machine=on_this_machine), escaped(shortened(name, limits.TITLE))
        links.append(words if address is None else f"[{words}]({address})")
    return f"*Sources:* {' · '.join(links)}"


def noticed(notice: str) -> str:
    """That an AI answers, in small print."""
    return f"*{escaped(notice.strip())}*"


def growing(notice: str, text: str, *, on_this_machine: bool = False) -> str:
    """A text in the making, as the beginning of the message that it becomes."""
    made = written(settled(text.lstrip()), on_this_machine=on_this_machine)
    return f"{noticed(notice)}\n\n{made}" if made and notice.strip() else made


def activities(reply: Reply, suggestions: Sequence[str] = (), *, on_this_machine: bool = False) -> list[Activity]:
    """The reply as message activities, to be sent one after another."""
    texts = parts_of(written(reply.text, on_this_machine=on_this_machine), limits.TEXT - 1)
    kept = texts[: limits.MESSAGES]
    if len(texts) > limits.MESSAGES:
        kept[-1] += "…"
    if reply.notice.strip():
        notice = noticed(reply.notice)
        kept = [f"{notice}\n\n{kept[0]}", *kept[1:]] if kept else [notice]
    if reply.citations and kept:
        kept[-1] += f"\n\n{sources(reply.citations, on_this_machine=on_this_machine)}"
    made: list[Activity] = [{"type": "message", "text": text, "textFormat": "markdown"} for text in kept]
    if reply.products:
        cards = [card(one, on_this_machine=on_this_machine) for one in reply.products[: limits.CARDS]]
        made.append({"type": "message", "attachmentLayout": "carousel", "attachments": cards})
    asked = {short: question for question in suggestions if (short := shortened(question, limits.BUTTON_TITLE))}
    if made and asked:
        actions = [{"type": "imBack", "title": short, "value": question} for short, question in asked.items()]
        made[-1]["suggestedActions"] = {"actions": actions[: limits.ACTIONS]}
    return made
