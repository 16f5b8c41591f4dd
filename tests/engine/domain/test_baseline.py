"""What is surprising about a state that came after a proved one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.baseline import BaselineContent, KnownPage, KnownProduct, held_against

prices = st.decimals("0.01", "9999", places=2)
products = st.lists(
    st.builds(lambda key, low, more: KnownProduct(key, f"Product {key}", low, low + more, "EUR"),
              st.text("abcdef", min_size=1, max_size=3), prices, prices), max_size=12,
)  # fmt: skip
pages = st.lists(
    st.builds(lambda place, source: KnownPage(place, f"Page {place}", source),
              st.text("abcdef", min_size=1, max_size=3), st.sampled_from(["site", "file"])), max_size=12,
)  # fmt: skip


def shop(*costs: str | None, currency: str = "EUR") -> BaselineContent:
    """Products that cost this."""
    found = tuple(
        KnownProduct(str(n), f"Product {n}", None, None, "")
        if cost is None
        else KnownProduct(str(n), f"Product {n}", Decimal(cost), Decimal(cost), currency)
        for n, cost in enumerate(costs)
    )
    return BaselineContent(found, ())


def site(**pages_of_source: int) -> BaselineContent:
    """So many pages of each source."""
    return BaselineContent(
        (), tuple(KnownPage(f"{s}/{n}", f"{s} {n}", s) for s, n_all in pages_of_source.items() for n in range(n_all))
    )


@given(products, pages)
def test_nothing_is_surprising_about_the_same(some: list[KnownProduct], places: list[KnownPage]):
    content = BaselineContent(tuple(some), tuple(places))
    found = held_against(content, content)
    assert (found.jumps, found.gone, found.digest) == ((), (), "")


@given(products, pages, products, pages)
def test_what_is_added_is_never_surprising(
    some: list[KnownProduct], places: list[KnownPage], more: list[KnownProduct], other: list[KnownPage]
):
    known = {product.key for product in some}
    before = BaselineContent(tuple(some), tuple(places))
    after = BaselineContent((*some, *(new for new in more if new.key not in known)), (*places, *other))
    assert held_against(before, after).digest == ""


@given(products.filter(bool), st.data())
def test_a_price_that_loses_its_point_always_is(some: list[KnownProduct], data: st.DataObject):
    unique = list({product.key: product for product in some}.values())
    place = data.draw(st.integers(0, len(unique) - 1))
    spoilt = replace(unique[place], low=unique[place].low * 100, high=unique[place].high * 100)
    after = (*unique[:place], spoilt, *unique[place + 1 :])
    found = held_against(BaselineContent(tuple(unique), ()), BaselineContent(after, ()))
    assert [old.key for old, _ in found.jumps] == [unique[place].key]
    assert found.digest


@pytest.mark.parametrize(
    ("before", "after", "jumps"),
    [("20.00", "10.00", False), ("20.00", "9.99", True), ("10.00", "20.00", False), ("10.00", "20.01", True),
     ("0.00", "5.00", True), ("0.00", "0.00", False)],
)  # fmt: skip
def test_half_or_double_is_a_sale_and_more_is_a_slip(before: str, after: str, jumps: bool):
    assert bool(held_against(shop(before), shop(after)).jumps) is jumps


def test_another_currency_is_a_jump():
    assert held_against(shop("20.00"), shop("20.00", currency="USD")).jumps


def test_rows_with_one_key_are_one_product_whatever_their_order():
    cheap, dear = shop("10.00").products[0], shop("100.00").products[0]
    assert not held_against(BaselineContent((cheap, dear), ()), BaselineContent((dear, cheap), ())).digest


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [({"site": 10}, {"site": 7}, []), ({"site": 10}, {"site": 6}, [4]), ({"site": 4}, {"site": 2}, []),
     ({"site": 4}, {"site": 1}, [3]), ({"site": 4}, {}, [4]), ({"shop": 100, "help": 5}, {"shop": 100}, [5]),
     ({"shop": 100, "text": 1}, {"shop": 100}, [])],
)  # fmt: skip
def test_a_large_part_of_the_pages_is_a_loss(before: dict[str, int], after: dict[str, int], lost: list[int]):
    assert [loss.lost for loss in held_against(site(**before), site(**after)).losses] == lost


def test_prices_that_are_not_stated_any_more_are_a_loss():
    found = held_against(shop("1.00", "2.00", "3.00", "4.00"), shop(None, None, None, "4.00"))
    assert [(loss.kind, loss.lost, loss.of) for loss in found.losses] == [("prices", 3, 4)]
    assert not found.jumps


def test_a_confirmation_for_one_loss_is_none_for_another():
    before = site(site=20)
    one = BaselineContent((), before.pages[:10])
    other = BaselineContent((), before.pages[10:])
    assert held_against(before, one).digest != held_against(before, other).digest
