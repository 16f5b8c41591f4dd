"""Pages that say nothing new are left out, and pages that differ in one word never are."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.crawling.likeness import double_of
from engine.knowledge.crawling.state import CrawlState
from engine.knowledge.pages.page import ParsedPage
from engine.knowledge.pages.structured import Item

TEE = ParsedPage("Tee", "A shirt of cotton.\n\n- Colour: red\n- Size: M", "en", "page", "", (), ())
LINES = st.lists(st.sampled_from(["red", "blue", "4.90 EUR", "6.90 EUR", "We ship to France."]), max_size=6)


def twins(*pages: ParsedPage) -> list[str]:
    state = CrawlState(["shop.example"], "https://shop.example/")
    return [double_of(page, f"/{number}", state) for number, page in enumerate(pages)]


def product(**facts: str) -> tuple[Item, ...]:
    return ({"@type": "Product", **facts, "offers": {"price": facts.get("price", "5.00")}},)


def test_same_lines_in_another_order_are_a_double() -> None:
    assert twins(TEE, replace(TEE, text="- Size: M\n- Colour: red\n\nA shirt of cotton.")) == ["", "/0"]


def test_page_that_says_less_is_a_double_and_one_that_says_more_is_not() -> None:
    assert twins(TEE, replace(TEE, text="A shirt of cotton.")) == ["", "/0"]
    assert twins(TEE, replace(TEE, text=f"{TEE.text}\n- Washes at 60 degrees")) == ["", ""]


def test_one_word_one_number_or_the_title_makes_another_page() -> None:
    assert twins(TEE, replace(TEE, text=TEE.text.replace("red", "blue"))) == ["", ""]
    assert twins(TEE, replace(TEE, text=TEE.text.replace("M", "L"))) == ["", ""]
    assert twins(TEE, replace(TEE, title="Tee, blue")) == ["", ""]
    shipping = replace(TEE, title="Shipping", text="It costs 4.90 EUR.", kind="policy")
    assert twins(shipping, replace(shipping, text="It costs 6.90 EUR.")) == ["", ""]


def test_products_with_the_same_words_stay_two() -> None:
    red, blue = replace(TEE, items=product(sku="1", color="red")), replace(TEE, items=product(sku="2", color="blue"))
    cheap = replace(TEE, items=product(sku="1", color="red", price="4.00"))
    text = "A shirt of cotton."
    assert (
        twins(*(replace(page, text=f"{text} {number}") for number, page in enumerate((red, blue, cheap)))) == [""] * 3
    )
    assert twins(red, replace(red, text=text), replace(blue, text=text)) == ["", "/0", ""]


@given(LINES, LINES)
def test_no_line_is_ever_lost(first: list[str], second: list[str]) -> None:
    pages = [replace(TEE, text="\n\n".join(lines)) for lines in (first, second)]
    if twins(*pages)[1]:
        assert set(second) <= set(first)
