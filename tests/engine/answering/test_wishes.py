"""Plain words become conditions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answering.wishes import Lexicon, Limits, Wish, merged, read_conversation, read_wish
from engine.ports import Vocabulary

LEXICON = Lexicon.of(
    Vocabulary(
        ("kiln", "west elm"),
        ("kitchen > mugs",),
        {
            "size": ("s", "m", "l", "xl", "42"),
            "colour": ("blue", "navy blue", "red", "black/white"),
            "material": ("leather", "cotton", "linen"),
            "ram": ("8gb", "16gb"),
        },
        ("EUR",),
    )
)


def read(text: str) -> Wish:
    return read_wish(text, LEXICON)


@pytest.mark.parametrize(
    ("text", "least", "most", "currencies"),
    [
        ("mugs under 50 euros", None, "50", ("EUR",)),
        ("less than £20", None, "20", ("GBP",)),
        ("between 10 and 20", "10", "20", ()),
        ("from 20 to 10 eur", "10", "20", ("EUR",)),
        ("around $15", "12.0", "18.0", ("USD", "CAD", "AUD")),
        ("not more than 1,200.00", None, "1200.00", ()),
        ("unter 1.299,50 €", None, "1299.50", ("EUR",)),
        ("tasses à moins de 15 €", None, "15", ("EUR",)),
        ("zapatos por menos de 50 euros", None, "50", ("EUR",)),
        ("tazze sotto i 30 euro", None, "30", ("EUR",)),
        ("zwischen 10 und 20 €", "10", "20", ("EUR",)),
        ("over £10 but under £20", "10", "20", ("GBP",)),
        ("20 euros or less", None, "20", ("EUR",)),
        ("under 20 in blue", None, "20", ()),
    ],
)
def test_prices_are_bounds(text: str, least: str | None, most: str | None, currencies: tuple[str, ...]):
    limits = read(text).limits
    assert (limits.least, limits.most) == (least and Decimal(least), most and Decimal(most))
    assert limits.currencies == currencies


@pytest.mark.parametrize(
    "text",
    [
        "up to 6 players",
        "under 500 ml",
        "more than 50 pieces",
        "under 20 inches wide",
        "ages 3 to 6",
        "2 - 3 gb",
        "about 5 red mugs",
    ],
)
def test_what_counts_something_else_is_no_price(text: str):
    assert not read(text).limits.given


def test_a_bound_may_be_left_out_itself():
    assert read("under 20 €").limits.highest == Decimal("19.9999")
    assert read("up to 20 €").limits.highest == Decimal(20)
    assert read("over 20 €").limits.lowest == Decimal("20.0001")


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("navy blue shirt in M", {"colour": ("navy blue",), "size": ("m",)}, "shirt"),
        ("shirts in blue or red size 42", {"colour": ("blue", "red"), "size": ("42",)}, "shirts"),
        ("laptop 8GB ram", {"ram": ("8gb",)}, "laptop"),
        ("Habt ihr rote Tassen?", {"colour": ("red",)}, "tassen"),
        ("Ich suche ein T-Shirt in Größe M", {"size": ("m",)}, "t-shirt"),
        ("busco zapatos rojos talla 42", {"colour": ("red",), "size": ("42",)}, "zapatos"),
        ("avez-vous des tasses bleues", {"colour": ("blue",)}, "tasses"),
        ("large mug", {}, "large mug"),
        ("a 42 piece puzzle", {}, "42 piece puzzle"),
    ],
)
def test_options_are_known_by_the_catalogues_own_values(text: str, options: dict[str, tuple[str, ...]], words: str):
    wish = read(text)
    assert (wish.options, wish.words) == (options, words)


def test_negations_exclude():
    wish = read("jackets without leather or cotton, not red and no fringe")
    assert wish.without_options == (("material", "leather"), ("material", "cotton"), ("colour", "red"))
    assert wish.without == ("fringe",)
    assert wish.words == "jackets"
    assert read("I am not sure, show me mugs").without == ()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("do you have red mugs under 20", "search"),
        ("which is the cheapest kettle", "search"),
        ("how much is the fernleaf mug?", "price"),
        ("was kostet die Teekanne?", "price"),
        ("is the shirt in stock in size M?", "stock"),
        ("compare the laptop and the tablet", "compare"),
        ("Do you ship to France?", "nothing"),
        ("can I return a mug?", "nothing"),
        ("what is your return policy?", "nothing"),
        ("how long does delivery take", "nothing"),
        ("salon chair", "nothing"),
    ],
)
def test_what_is_asked(text: str, asked: str):
    assert read(text).asked == asked


def test_ages_brands_stock_and_order():
    wish = read("something for my 5-year-old by West Elm in stock, cheapest first")
    assert (wish.age, wish.brand, wish.availability, wish.order) == (5, "west elm", "in_stock", "price")
    assert read("show me the 10 cheapest mugs").only_first is False
    assert read("most expensive mug").order == "price_descending"


def test_a_follow_up_keeps_what_it_does_not_say():
    wish = read_conversation(["do you have red mugs under 20 euros?"], "and in blue?", LEXICON)
    assert (wish.words, wish.options, wish.limits.most) == ("mugs", {"colour": ("blue",)}, Decimal(20))
    stock = read_conversation(["show me linen shirts", "is it in stock in M?"], "and in L?", LEXICON)
    assert (stock.asked, stock.words, stock.options["size"]) == ("stock", "shirts", ("l",))
    new = read_conversation(["red mugs under 20"], "do you have kettles?", LEXICON)
    assert (new.words, new.options, new.limits) == ("kettles", {}, Limits())


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str):
    wish = read(text)
    assert wish == read(text)
    assert merged(wish, wish).words == wish.words


PRICES = st.decimals(min_value=1, max_value=9999, places=2)


@given(
    most=PRICES,
    colour=st.sampled_from(["blue", "red", "navy blue"]),
    size=st.sampled_from(["S", "M", "XL", "42"]),
    sign=st.sampled_from(["€{}", "{} €", "{} euros", "{} EUR"]),
    noun=st.sampled_from(["kettle", "wooden train", "t-shirt"]),
    first=st.booleans(),
)
def test_every_condition_that_is_said_is_kept(most: Decimal, colour: str, size: str, sign: str, noun: str, first: bool):
    price = f"under {sign.format(most)}"
    parts = [price, f"in {colour}", f"in size {size}"] if first else [f"in {colour}", f"in size {size}", price]
    wish = read(f"show me a {noun} {' '.join(parts)}")
    assert (wish.limits.most, wish.limits.currencies) == (most, ("EUR",))
    assert wish.options == {"colour": (colour,), "size": (size.lower(),)}
    assert wish.words == noun


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_amounts_are_read_in_either_notation(amount: Decimal):
    english, german = f"{amount:,.2f}", f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read(f"under {english} euros").limits.most == amount
    assert read(f"unter {german} Euro").limits.most == amount
