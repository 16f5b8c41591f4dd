"""Origins are compared whole, and nothing else passes."""

from __future__ import annotations

import pytest

from engine.accounts.keys import clean_origin, origin_allowed
from engine.errors import InvalidInput

ALLOWED = ("https://shop.example", "https://*.kiln.example", "http://127.0.0.1:8080")


@pytest.mark.parametrize(
    "origin", ["https://shop.example", "https://SHOP.example", "https://www.kiln.example", "http://127.0.0.1:8080"]
)
def test_allowed_origins(origin: str):
    assert origin_allowed(origin, ALLOWED)


@pytest.mark.parametrize(
    "origin",
    ["https://shop.example.evil.com", "https://evilshop.example", "http://shop.example", "https://shop.example:8443",
     "null", None, "", "https://kiln.example", "https://a.b.kiln.example", "http://www.kiln.example", "https://.kiln.example"],
)  # fmt: skip
def test_refused_origins(origin: str | None):
    assert not origin_allowed(origin, ALLOWED)


@pytest.mark.parametrize(
    ("origin", "cleaned"),
    [("https://Shop.Example/", "https://shop.example"), ("http://localhost:3000", "http://localhost:3000"),
     ("https://*.shop.example", "https://*.shop.example"), ("http://[::1]:80", "http://[::1]:80")],
)  # fmt: skip
def test_origins_are_kept_as_browsers_send_them(origin: str, cleaned: str):
    assert clean_origin(origin) == cleaned


@pytest.mark.parametrize(
    "origin", ["shop.example", "ftp://shop.example", "https://", "https://a b", "https://u@x.example", "https://x.example/p",
               "https://x.example:99999", "*", "https://x.*.example"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(origin: str):
    with pytest.raises(InvalidInput, match="is not the address of a shop"):
        clean_origin(origin)
