"""Replies as what the playground shows: Markdown text that cannot carry HTML, cards and sources as our own HTML."""

from __future__ import annotations

import re
from html import escape
from typing import assert_never
from urllib.parse import urlsplit

from engine.answering.wording import money_words
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Citation, ProductCard, Reply
from engine.domain.knowledge import Availability
from engine.domain.trial import Invite

__all__ = ["header_html", "plain", "reply_markdown", "safe_link", "status_html"]

LOCAL = {"localhost", "127.0.0.1", "::1"}
PICTURE = re.compile(r"!(?=\[)")


def plain(text: str) -> str:
    """Text whose HTML is shown, not followed, and whose pictures are not fetched."""
    return PICTURE.sub("!\\\\", escape(text, quote=False))


def status_html(words: str) -> str:
    """A line that screen readers speak."""
    return f'<p class="shop-confirmation" role="status">{escape(words)}</p>'


def safe_link(address: str) -> str | None:
    """The address when it may be followed: https, mail, telephone, or this very machine."""
    try:
        parts = urlsplit(address)
        if parts.scheme in {"https", "mailto", "tel"} or (parts.scheme == "http" and parts.hostname in LOCAL):
            return address
    except ValueError:
        return None
    return None


def anchor(address: str, words: str) -> str:
    """A link that opens beside the playground, or the words alone."""
    href = safe_link(address)
    if href is None:
        return f"<strong>{escape(words)}</strong>"
    return f'<a href="{escape(href)}" target="_blank" rel="noopener nofollow ugc">{escape(words)}</a>'


def stock(availability: Availability) -> str:
    """Stock in words."""
    match availability:
        case "in_stock":
            return "In stock"
        case "out_of_stock":
            return "Out of stock"
        case "preorder":
            return "Pre-order"
        case "unknown":
            return ""
        case _:
            assert_never(availability)


def card(product: ProductCard) -> str:
    """One product."""
    image = safe_link(product.image_url)
    picture = f'<img src="{escape(image)}" alt="" loading="lazy" referrerpolicy="no-referrer">' if image else ""
    price = ""
    if product.price is not None:
        was = product.was_price
        before = f" <s>{escape(money_words(was))}</s>" if was is not None and was.amount > product.price.amount else ""
        price = f'<div class="shop-price">{escape(money_words(product.price))}{before}</div>'
    title = f"{product.title}, {product.variant}" if product.variant else product.title
    as_of = f'<div class="shop-as-of">As of {product.as_of:%d %b %Y, %H:%M} UTC</div>'
    words = f"<div>{anchor(product.url, title)}{price}<div>{stock(product.availability)}</div>{as_of}</div>"
    return f'<div class="shop-card">{picture}{words}</div>'


def sources(citations: tuple[Citation, ...]) -> str:
    """Where an answer comes from."""
    known = dict.fromkeys((item.url, name_of(item), item.quote) for item in citations)
    items = "".join(f"<li>{anchor(url, title)}: “{escape(quote)}”</li>" for url, title, quote in known)
    summary = f"<summary>Where this comes from ({len(known)})</summary>"
    return f'<details class="shop-sources">{summary}<ol>{items}</ol></details>'


def name_of(citation: Citation) -> str:
    """What a source is called, with its page."""
    title = citation.title or "The shop"
    return f"{title}, page {citation.page}" if citation.page is not None else title


def reply_markdown(reply: Reply) -> str:
    """A whole answer."""
    parts = [plain(reply.text)]
    if reply.notice:
        parts.insert(0, f'<div class="shop-notice">{escape(reply.notice)}</div>')
    if reply.products:
        parts.append(f'<div class="shop-cards">{"".join(map(card, reply.products))}</div>')
    if reply.citations:
        parts.append(sources(reply.citations))
    return "\n\n".join(parts)


def header_html(bot: Bot, version: BotVersion, invite: Invite) -> str:
    """Whose assistant this is, that it is one, and what is asked of the tester."""
    icon = f'<img src="/v1/bots/{escape(bot.id)}/icon.png" alt="" width="52" height="52">' if bot.icon else ""
    return f"""<header class="shop-header">{icon}<div><h1>{escape(bot.name)}</h1>
<p>{escape(version.persona.assistant_name)} is an AI assistant, not a person. It answers from the shop's own
information.</p></div></header>
<p class="shop-task">Thank you for testing! Ask what you would ask in the shop, then say of each answer whether it
helped, and finish with three short questions. You are trying version {version.number}, until
{invite.expires_at:%d %B %Y}.</p>"""
