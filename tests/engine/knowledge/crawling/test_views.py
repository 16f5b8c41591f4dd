"""Addresses that are no page, and pages that say nothing new."""

from __future__ import annotations

import pytest

from engine.knowledge.crawling.views import is_dated, is_shop_function, plain_view, shape, viewed_path

SHOP = "https://shop.example"


@pytest.mark.parametrize(
    "path",
    [
        "/cart", "/cart/", "/cart?x=1", "/checkout/onepage", "/my-account/orders", "/wishlist/add/5", "/search?q=tea",
        "/?s=tea", "/mug?add-to-cart=5", "/kundenkonto/../warenkorb", "/wp-login.php", "/customer/account/login/",
        "/basket/add/5/", "/accounts/login/?next=/",
    ],
)  # fmt: skip
def test_function_of_the_shop_is_no_page(path: str) -> None:
    assert is_shop_function(SHOP + path)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/products/bag", "/collections/bag/", "/help/account", "/faq/search", "/pages/register", "/cartoon",
        "/cart-rules-explained", "/tea?id=5", "/catalogue/shopping-basket_12/", "/blog/how-to-search", "/returns",
    ],
)  # fmt: skip
def test_page_with_a_like_name_is_a_page(path: str) -> None:
    assert not is_shop_function(SHOP + path)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/mugs?sort_by=price&page=2", "/mugs?page=2"),
        ("/mugs?orderby=date", "/mugs"),
        ("/mugs?filter.v.price.gte=5&filter.p.colour=red", "/mugs"),
        ("/mugs?min_price=5&max_price=9", "/mugs"),
        ("/mugs?view=grid&dir=asc&limit=24", "/mugs"),
        ("/mugs?print=1", "/mugs"),
        ("/index.php?option=content&view=article&id=3", "/index.php?option=content&view=article&id=3"),
        ("/mugs?order=12345", "/mugs?order=12345"),
        ("/mugs?id=5&page=3", "/mugs?id=5&page=3"),
    ],
)
def test_other_view_is_read_under_its_plain_address(path: str, plain: str) -> None:
    assert plain_view(SHOP + path) == SHOP + plain


def test_print_and_amp_views_name_their_page() -> None:
    assert viewed_path(f"{SHOP}/blog/tea/amp/") == f"{SHOP}/blog/tea"
    assert viewed_path(f"{SHOP}/terms/print") == f"{SHOP}/terms"
    assert viewed_path(f"{SHOP}/print") == ""


@pytest.mark.parametrize(
    "path", ["/calendar/2026/11", "/events/2026-11-22/", "/archive/2026/11/22", "/tour?date=2026-11-22"]
)
def test_day_of_a_calendar_is_known(path: str) -> None:
    assert is_dated(SHOP + path)


@pytest.mark.parametrize("path", ["/blog/2026/11/22/winter-tea", "/products/202611", "/p/123412", "/tea?week=all"])
def test_page_with_numbers_is_no_day(path: str) -> None:
    assert not is_dated(SHOP + path)


def test_addresses_of_one_template_have_one_shape() -> None:
    assert shape(f"{SHOP}/mugs?page=2&a=b") == shape(f"{SHOP}/mugs?a=c&page=14") != shape(f"{SHOP}/mugs?page=2")
