"""Calls to vendors: how long they may ask us to wait, and what is said of addresses."""

from __future__ import annotations

import asyncio

import pytest

from channel_adapters.calling import Called, VendorCalls
from engine.channels.gateway import NotDelivered

DATE = "Mon, 30 Nov 2026 09:30:00 GMT"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("30", 30.0), ("0", 1.0), ("-5", 1.0), ("0.2", 1.0), ("1.5", 1.5), ("999999", 3600.0), (" 7 ", 7.0),
     ("nan", None), ("inf", None), ("-inf", None), ("1e999", None), ("", None), ("soon", None), ("x" * 5_000, None),
     ("Mon, 30 Nov 2026 09:30:45 GMT", 45.0), ("Mon, 30 Nov 2026 09:00:00 GMT", 1.0),
     ("Tue, 01 Dec 2026 09:30:00 GMT", 3600.0), ("Mon, 30 Nov 2026 09:30:45 -0000", None),
     ("Mon, 99 Nov 2026 09:30:45 GMT", None), ("Mon, 30 Nov 99999 09:30:45 GMT", None)],
)  # fmt: skip
def test_a_vendor_may_ask_us_to_wait_sensibly(told: str, seconds: float | None):
    assert Called(429, {"retry-after": told, "date": DATE}, b"").retry_after == seconds


def test_a_date_without_a_date_to_count_from_says_nothing():
    assert Called(429, {"retry-after": DATE}, b"").retry_after is None
    assert Called(429, {}, b"").retry_after is None


@pytest.mark.parametrize(
    "url",
    ["ftp://shop.example/?key=hush", "https://u:hush@shop.example/", "https://shop.example:99999/hush", "hush", "",
     "https://shop.example/a hush", "http://shop.example/hush", "https://shop.example:8443/hush"],
)  # fmt: skip
def test_what_is_said_of_an_address_holds_nothing_of_its_path(url: str):
    with pytest.raises(NotDelivered) as refused:
        VendorCalls().check(url)
    assert "hush" not in refused.value.message
    assert refused.value.message.count(".") >= 1


def test_a_token_with_a_sign_that_none_has_is_refused_in_words():
    with pytest.raises(NotDelivered, match="copy it once more"):
        asyncio.run(VendorCalls().call("GET", "https://shop.example/", headers={"Authorization": "Bearer EAAB…"}))
