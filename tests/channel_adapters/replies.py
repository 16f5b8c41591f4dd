"""Replies that shops and strangers might bring about, for the tests of channels' renderers."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from engine.domain.conversation import Citation, ProductCard, Reply
from engine.domain.money import Money

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NASTY = (
    "<!channel>", "<@U123>", "<https://evil.example|your bank>", "&lt;!here&gt;", "@everyone", "**bold**", "*star*",
    "[click](javascript:alert(1))", "[shop](https://shop.example/a?b=1&c=2)", "![p](https://evil.example/p.png)",
    "# Heading", "- item", "\n\n", "\n", "שלום עולם", "مرحبا", "\u202etxet",
    "🧵👩‍👩‍👧", "<script>alert(1)</script>", "|", ">", "&",
    "A sentence that ends. ", "word ", "x" * 700, "```code```", "~no~", "\x00",
)  # fmt: skip
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=40), max_size=60).map("".join) | st.text(max_size=9000)
addresses = st.sampled_from(
    ["", "https://shop.example/p", "https://shop.example/a b|c>d", "javascript:alert(1)", "data:text/html,x", "http://[",
     "http://shop.example/p", "https://user:pass@shop.example/", "https://shop.example/" + "p" * 3000, "//x.example"]
) | st.text(max_size=30)  # fmt: skip
prices = st.none() | st.decimals(0, 99999, places=2).map(lambda amount: Money(Decimal(amount), "EUR"))
products = st.builds(
    ProductCard, st.just("p"), texts, prices, prices,
    st.sampled_from(["in_stock", "out_of_stock", "preorder", "unknown"]), addresses, addresses,
    st.just("") | texts, st.just(NOW),
)  # fmt: skip
citations = st.builds(Citation, texts, addresses, texts, st.just("s"), st.just(NOW), st.none() | st.integers(1, 9))
replies = st.builds(
    Reply, st.just("c"), st.just("t"), texts, st.just("en"), st.sampled_from(["answered", "refused"]),
    st.lists(citations, max_size=12).map(tuple), st.lists(products, max_size=12).map(tuple),
    notice=st.just("") | texts,
)  # fmt: skip


def product(**changes: object) -> ProductCard:
    """A usual product."""
    usual = {
        "id": "1", "title": "Mug", "price": Money(Decimal("19.00"), "EUR"),
        "was_price": Money(Decimal("24.00"), "EUR"), "availability": "in_stock", "url": "https://shop.example/mug",
        "image_url": "https://shop.example/mug.png", "variant": "", "as_of": NOW,
    }  # fmt: skip
    return ProductCard(**(usual | changes))  # type: ignore[arg-type]


def reply(text: str = "Hello", **changes: object) -> Reply:
    """A usual reply."""
    return Reply("c", "t", text, "en", "answered", **changes)  # type: ignore[arg-type]
