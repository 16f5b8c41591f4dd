"""A reply as messages of Instagram and of WhatsApp's Cloud API.

Never here: sending them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from channel_adapters.links import web_address
from channel_adapters.meta import limits
from channel_adapters.meta.rendering import element, quick_replies, sources_text, written
from channel_adapters.product_words import earlier_price_words, price_words, stock_words, title_of
from channel_adapters.spans import shortened, spans
from channel_adapters.splitting import parts_of
from engine.domain.conversation import ProductCard, Reply

__all__ = ["byte_parts", "instagram_messages", "whatsapp_messages"]

Message = dict[str, Any]
CODE = re.compile(r"```[^`]{1,2000}```|`[^`\n]+`")
"""What loses its meaning when it is cut."""


def byte_parts(text: str, most: int, longest: int | None = None) -> list[str]:
    """The text in parts of at most so many bytes of UTF-8 (at least 4), and characters; cut where it may be cut."""
    found = []
    for part in parts_of(text, longest or most):
        size = len(part.encode())
        # Letters longer than a byte: in parts of fewer characters, until each fits.
        found += [part] if size <= most else byte_parts(part, most, max(1, len(part) * most // size - 1))
    return found


def instagram_messages(
    reply: Reply, suggestions: Sequence[str] = (), *, on_this_machine: bool = False
) -> list[Message]:
    """The reply as `message` objects of Instagram: as Messenger's, but shorter."""
    texts = byte_parts(reply.notice.strip(), limits.INSTAGRAM_BYTES) if reply.notice.strip() else []
    parts = byte_parts(written(reply.text, on_this_machine=on_this_machine), limits.INSTAGRAM_BYTES - 3)
    texts += parts[: limits.TEXT_MESSAGES]
    if len(parts) > limits.TEXT_MESSAGES:
        texts[-1] += "…"
    if reply.citations:
        told = sources_text(reply.citations, on_this_machine=on_this_machine)
        texts += byte_parts(told, limits.INSTAGRAM_BYTES)[:1]
    messages: list[Message] = [{"text": text} for text in texts if text.strip()]
    if reply.products:
        elements = [element(one, on_this_machine=on_this_machine) for one in reply.products[: limits.ELEMENTS]]
        payload = {"template_type": "generic", "elements": elements}
        messages.append({"attachment": {"type": "template", "payload": payload}})
    if messages and (replies := quick_replies(suggestions)):
        messages[-1]["quick_replies"] = replies
    return messages


def marked(text: str, *, on_this_machine: bool) -> str:
    """An answer's Markdown in WhatsApp's marks; addresses stand in full."""
    made = []
    for span in spans(text):
        address = web_address(span.address, on_this_machine=on_this_machine) if span.address else None
        words = span.text
        if address is not None:
            made.append(words if address == span.text else f"{words} ({address})")
        elif span.code:
            made.append(f"```{words}```" if span.code == "block" else f"`{words}`")
        else:
            made.append(f"*{words.strip()}*" if span.bold and words.strip() else words)
    return "".join(made)


def product_lines(product: ProductCard, *, on_this_machine: bool) -> str:
    """A product in two or three lines."""
    title = shortened(title_of(product), limits.ELEMENT_TITLE).replace("*", "") or "Product"
    price, before = price_words(product), earlier_price_words(product)
    facts = " · ".join(
        words for words in (f"{price} (was {before})" if before else price, stock_words(product)) if words
    )
    page = web_address(product.url, on_this_machine=on_this_machine)
    return "\n".join(line for line in (f"*{title}*", facts, page or "") if line)


def whatsapp_messages(reply: Reply, suggestions: Sequence[str] = (), *, on_this_machine: bool = False) -> list[Message]:
    """The reply as bodies of WhatsApp messages, without whom they go to."""
    texts = [shortened(reply.notice, limits.WHATSAPP_TEXT)] if reply.notice.strip() else []
    parts = parts_of(marked(reply.text, on_this_machine=on_this_machine), limits.WHATSAPP_TEXT - 1, CODE)
    texts += parts[: limits.TEXT_MESSAGES]
    if len(parts) > limits.TEXT_MESSAGES:
        texts[-1] += "…"
    told = [product_lines(one, on_this_machine=on_this_machine) for one in reply.products[: limits.WHATSAPP_PRODUCTS]]
    texts += grouped(told)
    if reply.citations:
        texts += parts_of(sources_text(reply.citations, on_this_machine=on_this_machine), limits.WHATSAPP_TEXT)[:1]
    messages: list[Message] = [
        {"type": "text", "text": {"body": text, "preview_url": False}} for text in texts if text.strip()
    ]
    if messages and len({title_of(product) for product in reply.products}) > 1:
        messages += chosen("Which one do you want to know more about?", "Products", product_rows(reply.products))
    if messages:
        messages += pressed(suggestions)
    return messages


def grouped(told: Sequence[str]) -> list[str]:
    """Products in as few messages as hold them."""
    found: list[str] = []
    for one in told:
        if found and len(found[-1]) + len(one) + 2 <= limits.WHATSAPP_TEXT:
            found[-1] += f"\n\n{one}"
        else:
            found.append(one)
    return found


def pressed(suggestions: Sequence[str]) -> list[Message]:
    """Questions to press: as buttons where they fit on them, else in a list. What comes back is no cut title."""
    asked = list(dict.fromkeys(words for question in suggestions if (words := " ".join(question.split()))))
    if not asked:
        return []
    text = "You may also ask:"
    if len(asked) > limits.WHATSAPP_BUTTONS or any(len(one) > limits.WHATSAPP_BUTTON_TITLE for one in asked):
        return chosen(text, "Questions", [(question, question, question) for question in asked])
    buttons = [{"type": "reply", "reply": {"id": question, "title": question}} for question in asked]
    interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    return [{"type": "interactive", "interactive": interactive}]


def product_rows(products: Sequence[ProductCard]) -> list[tuple[str, str, str]]:
    """Products as rows of a list; what is chosen is asked about by its title."""
    rows = []
    for product in products:
        title = title_of(product).replace("*", "").strip() or "Product"
        facts = [price_words(product), stock_words(product)]
        if len(title) > limits.WHATSAPP_ROW_TITLE:
            facts.append(title)  # what tells it from others may stand at its end
        rows.append((title, " · ".join(words for words in facts if words), title))
    return rows


def chosen(text: str, button: str, rows: Sequence[tuple[str, str, str]]) -> list[Message]:
    """(title, about, what comes back) of things to choose from, as a list behind a button; none without rows."""
    kept: dict[str, Message] = {}
    for title, about, back in rows:
        row = {"id": shortened(back, limits.WHATSAPP_ROW_ID), "title": shortened(title, limits.WHATSAPP_ROW_TITLE)}
        if about and about != row["title"]:
            row["description"] = shortened(about, limits.WHATSAPP_ROW_ABOUT)
        kept.setdefault(row["id"], row)
    if not kept:
        return []
    section = {"title": button, "rows": list(kept.values())[: limits.WHATSAPP_ROWS]}
    interactive = {"type": "list", "body": {"text": text}, "action": {"button": button, "sections": [section]}}
    return [{"type": "interactive", "interactive": interactive}]
