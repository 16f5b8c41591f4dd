"""A reply as messages of Messenger's Send API.

Never here: sending them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channel_adapters.links import web_address
from channel_adapters.meta import limits
from channel_adapters.product_words import earlier_price_words, price_words, source_name, stock_words, title_of
from channel_adapters.spans import shortened, spans
from channel_adapters.splitting import parts_of
from engine.domain.conversation import Citation, ProductCard, Reply

__all__ = ["messenger_messages"]

Message = dict[str, Any]


def written(text: str, *, on_this_machine: bool) -> str:
    """An answer's Markdown as plain text: Messenger shows no marks."""
    made = []
    for span in spans(text):
        address = web_address(span.address, on_this_machine=on_this_machine) if span.address else None
        made.append(span.text if address is None or address == span.text else f"{span.text} ({address})")
    return "".join(made)


def element(product: ProductCard, *, on_this_machine: bool) -> Message:
    """One card of the carousel."""
    title = shortened(title_of(product), limits.ELEMENT_TITLE) or "Product"
    price, before = price_words(product), earlier_price_words(product)
    price = f"{price} (was {before})" if before else price
    subtitle = " · ".join(words for words in (price, stock_words(product)) if words)
    ask = {
        "type": "postback",
        "title": "Ask about it",
        "payload": shortened(f"Tell me more about {title}", limits.PAYLOAD),
    }
    made: Message = {"title": title, "buttons": [ask]}
    if subtitle:
        made["subtitle"] = shortened(subtitle, limits.ELEMENT_SUBTITLE)
    picture = web_address(product.image_url, on_this_machine=on_this_machine)
    if picture is not None:
        made["image_url"] = picture
    page = web_address(product.url, on_this_machine=on_this_machine)
    if page is not None:
        made["default_action"] = {"type": "web_url", "url": page}
        made["buttons"] = [{"type": "web_url", "url": page, "title": "View"}, ask]
    return made


def sources_text(citations: tuple[Citation, ...], *, on_this_machine: bool) -> str:
    """Where the answer comes from."""
    known = dict.fromkeys((source_name(citation), citation.url) for citation in citations)
    lines = []
    for name, url in list(known)[: limits.SOURCES]:
        address = web_address(url, on_this_machine=on_this_machine)
        line = shortened(name, limits.ELEMENT_TITLE)
        with_address = f"{line}: {address}" if address else line
        # Three such lines fit one message, so that no address is cut.
        lines.append(with_address if len(with_address) <= limits.TEXT // (limits.SOURCES + 1) else line)
    return "Sources:\n" + "\n".join(f"• {line}" for line in lines)


def quick_replies(suggestions: Sequence[str]) -> list[Message]:
    """Questions to press; the whole question comes back as payload, the button shows its beginning."""
    asked = dict.fromkeys(shortened(question, limits.PAYLOAD) for question in suggestions if question.strip())
    return [
        {"content_type": "text", "title": shortened(question, limits.QUICK_REPLY_TITLE), "payload": question}
        for question in list(asked)[: limits.QUICK_REPLIES]
    ]


def messenger_messages(
    reply: Reply, suggestions: Sequence[str] = (), *, on_this_machine: bool = False
) -> list[Message]:
    """The reply as `message` objects, to be sent one after another. Suggested questions hang on the last one."""
    texts = [shortened(reply.notice, limits.TEXT)] if reply.notice.strip() else []
    parts = parts_of(written(reply.text, on_this_machine=on_this_machine), limits.TEXT - 1)
    texts += parts[: limits.TEXT_MESSAGES]
    if len(parts) > limits.TEXT_MESSAGES:
        texts[-1] += "…"
    if reply.citations:
        texts.append(sources_text(reply.citations, on_this_machine=on_this_machine))
    messages: list[Message] = [{"text": text} for text in texts]
    if reply.products:
        elements = [element(one, on_this_machine=on_this_machine) for one in reply.products[: limits.ELEMENTS]]
        payload = {"template_type": "generic", "elements": elements}
        messages.append({"attachment": {"type": "template", "payload": payload}})
    if messages and (replies := quick_replies(suggestions)):
        messages[-1]["quick_replies"] = replies
    return messages
