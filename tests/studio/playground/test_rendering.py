"""What testers see of a reply."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.branding.theme import theme_from_seed
from engine.domain.conversation import Citation, ProductCard, Reply
from engine.domain.money import Money
from studio.playground.look import look_css
from studio.playground.rendering import plain, reply_markdown, safe_link

NOW = datetime(2026, 5, 4, tzinfo=UTC)
EVIL = '<img src=x onerror="alert(1)">'


def product(**changes):
    base = ProductCard(
        "1", "Mug", Money(Decimal("19.00"), "EUR"), Money(Decimal("24.00"), "EUR"), "in_stock",
        "https://shop.example/mug", "https://shop.example/mug.png", "", NOW,
    )  # fmt: skip
    return replace(base, **changes)


def reply(**changes):
    return replace(Reply("c", "t", "Hello", "en", "answered"), **changes)


@pytest.mark.parametrize(
    ("availability", "words"),
    [("in_stock", "In stock"), ("out_of_stock", "Out of stock"), ("preorder", "Pre-order"), ("unknown", "")],
)
def test_card_shows_price_and_stock(availability, words):
    shown = reply_markdown(reply(products=(product(availability=availability),)))
    assert "€19.00 <s>€24.00</s>" in shown
    assert f"<div>{words}</div>" in shown
    assert 'rel="noopener nofollow ugc"' in shown


def test_card_without_price_picture_or_link_is_still_a_card():
    bare = product(price=None, was_price=None, image_url="", url="javascript:alert(1)", variant="Size M")
    shown = reply_markdown(reply(products=(bare,)))
    assert "<strong>Mug, Size M</strong>" in shown
    assert "javascript" not in shown
    assert "<img" not in shown
    higher_before = product(was_price=Money(Decimal("10.00"), "EUR"))
    assert "<s>" not in reply_markdown(reply(products=(higher_before,)))


def test_notice_stands_above_the_answer_as_text():
    shown = reply_markdown(reply(notice=f"An AI answers. {EVIL}"))
    assert shown.index("An AI answers.") < shown.index("Hello")
    assert "<img" not in shown
    assert "shop-notice" not in reply_markdown(reply())


def test_sources_are_shown_once():
    citation = Citation("Delivery", "https://shop.example/delivery", EVIL, "s", NOW)
    shown = reply_markdown(reply(citations=(citation, citation, replace(citation, title="", url=""))))
    assert "Where this comes from (2)" in shown
    assert "The shop" in shown
    assert "<img" not in shown


def test_text_cannot_carry_html_or_fetch_pictures():
    assert "<" not in plain(EVIL)
    assert "![" not in plain("![x](https://evil.example/?data=1)")


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.example", True), ("mailto:a@b.example", True), ("tel:+49", True), ("http://127.0.0.1:80/x", True),
        ("http://a.example", False), ("javascript:alert(1)", False), ("data:text/html,x", False), ("http://[", False),
        ("", False),
    ],
)  # fmt: skip
def test_safe_links(address, safe):
    assert (safe_link(address) is not None) is safe


def test_only_colours_reach_the_style():
    theme = theme_from_seed("#2f6f62")
    evil = replace(theme, light=replace(theme.light, text="red;} body{display:none"))
    assert "body{display" not in look_css(evil)
    assert "--button-primary-background-fill:#" in look_css(theme)
    assert "--shop-primary:#" not in look_css(None)
