"""A reply as the words of a mail: plain text, and the same as simple HTML.

Everything of a reply is escaped; there are no pictures, so that opening a mail tells nobody anything. Never here:
headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from channel_adapters.email import limits
from channel_adapters.links import web_address
from channel_adapters.product_words import earlier_price_words, price_words, source_name, stock_words, title_of
from channel_adapters.spans import Span, shortened, spans
from engine.domain.conversation import Citation, ProductCard, Reply

__all__ = ["mail_body", "with_note"]

STYLE = "font-family: sans-serif; line-height: 1.5"
CODE = "white-space: pre-wrap"
TITLE = 120


class Writer:
    """Writes the same words as text and as HTML."""

    def __init__(self, *, on_this_machine: bool) -> None:
        self.on_this_machine = on_this_machine
        self.text: list[str] = []
        self.html: list[str] = []

    def address(self, url: str) -> str | None:
        """An address that may be shown."""
        return web_address(url, on_this_machine=self.on_this_machine)

    def paragraph(self, words: str) -> None:
        """Words of an answer, with its little Markdown."""
        if not words.strip():
            return
        plain, marked = [], []
        for span in spans(words.strip()):
            address = self.address(span.address) if span.address else None
            if address is not None:
                plain.append(span.text if address == span.text else f"{span.text} ({address})")
                marked.append(link(address, span.text))
            else:
                plain.append(span.text)
                marked.append(shown(span))
        self.text.append("".join(plain))
        self.html.append(f"<p>{''.join(marked)}</p>")

    def listed(self, heading: str, rows: Sequence[tuple[str, str | None, str]]) -> None:
        """A list of (words, address, more words), each once."""
        rows = list(dict.fromkeys(rows))
        if not rows:
            return
        plain = [" ".join(one for one in (f"• {words}", f"– {more}" if more else "") if one) for words, _, more in rows]
        plain = [
            line + (f"\n  {address}" if address else "") for line, (_, address, _) in zip(plain, rows, strict=True)
        ]
        items = [
            f"<li>{link(address, words) if address else escape(words)}{f' – {escape(more)}' if more else ''}</li>"
            for words, address, more in rows
        ]
        self.text.append("\n".join([heading, *plain] if heading else plain))
        self.html.append((f"<p>{escape(heading)}</p>\n" if heading else "") + f"<ul>\n{chr(10).join(items)}\n</ul>")

    def products(self, products: Sequence[ProductCard]) -> None:
        """Products as lines with price, stock and page."""
        rows = []
        for product in products[: limits.PRODUCTS]:
            price, before = price_words(product), earlier_price_words(product)
            facts = (f"{price} (was {before})" if before else price, stock_words(product))
            title = shortened(title_of(product), TITLE) or "Product"
            rows.append((title, self.address(product.url), " · ".join(fact for fact in facts if fact)))
        self.listed("", rows)

    def sources(self, citations: Sequence[Citation]) -> None:
        """Where the answer comes from."""
        known = list(dict.fromkeys((source_name(one), one.url) for one in citations))[: limits.SOURCES]
        self.listed("Sources:", [(shortened(name, TITLE), self.address(url), "") for name, url in known])


def shown(span: Span) -> str:
    """Words as they stand out; of code every blank and every line stays."""
    if span.code:
        return f'<code style="{CODE}">{escape(span.text)}</code>'
    words = escape(span.text).replace("\n", "<br>\n")
    return f"<strong>{words}</strong>" if span.bold else words


def link(address: str, words: str) -> str:
    """Words that lead somewhere."""
    return f'<a href="{escape(address)}" rel="noopener nofollow">{escape(words)}</a>'


def mail_body(reply: Reply, suggestions: Sequence[str] = (), *, on_this_machine: bool = False) -> dict[str, str]:
    """`text` and `html` of a reply. That an AI speaks comes first, where it is due."""
    writer = Writer(on_this_machine=on_this_machine)
    writer.paragraph(reply.notice)
    writer.paragraph(reply.text)
    writer.products(reply.products)
    writer.sources(reply.citations)
    asked = [(shortened(question, TITLE), None, "") for question in suggestions if question.strip()]
    writer.listed("You may also ask:", asked)
    return {
        "text": "\n\n".join(writer.text),
        "html": f'<div dir="auto" style="{STYLE}">\n{chr(10).join(writer.html)}\n</div>',
    }


def with_note(body: dict[str, str], note: str) -> dict[str, str]:
    """The body with a remark below it."""
    if not note:
        return body
    return {"text": f"{body['text']}\n\n{note}", "html": f"{body['html']}\n<p><small>{escape(note)}</small></p>"}
