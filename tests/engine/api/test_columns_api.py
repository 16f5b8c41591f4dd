"""The columns of a feed over the API."""

from __future__ import annotations

from typing import Any

from tests.conftest import Merchant, RunningServer

TABLE = "sku,name,price,Einkaufspreis,Vendor\nm,Mug,9.90,4.44,Kiln\n"


def upload(merchant: Merchant, bot: str, name: str, text: str) -> dict[str, Any]:
    answer = merchant.http.post(f"/v1/bots/{bot}/sources/files", files={"files": (name, text.encode())})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["items"][0]
    return found


def test_columns_are_seen_and_chosen(merchant: Merchant) -> None:
    bot = merchant.bot()
    source = upload(merchant, bot, "products.csv", TABLE)
    assert (source["kind"], source["options"]["format"]) == ("feed", "table")
    address = f"/v1/bots/{bot}/sources/{source['id']}/columns"
    seen = merchant.http.get(address)
    assert seen.status_code == 200
    columns = {column["name"]: column for column in seen.json()["columns"]}
    assert (columns["price"]["field"], columns["Einkaufspreis"]["private"]) == ("price", True)
    assert "4.44" not in seen.text
    assert seen.json()["asks_currency"]
    chosen = merchant.http.put(address, json={"mapping": {"Vendor": "brand"}, "currency": "eur"})
    assert chosen.status_code == 200, chosen.text
    (mug,) = chosen.json()["products"]
    assert (mug["brand"], mug["price"]) == ("Kiln", {"amount": "9.90", "currency": "EUR"})
    assert merchant.http.get(address).json()["products"][0]["brand"] == "Kiln"
    reset = merchant.http.put(address, json={"mapping": {}})
    assert reset.json()["products"][0]["price"] == {"amount": "9.90", "currency": "XXX"}


def test_choices_that_cannot_be_are_refused(merchant: Merchant) -> None:
    bot = merchant.bot()
    source = upload(merchant, bot, "products.csv", TABLE)
    address = f"/v1/bots/{bot}/sources/{source['id']}/columns"
    for body in (
        {"mapping": {"Einkaufspreis": "price"}},
        {"mapping": {"nowhere": "price"}},
        {"mapping": {"price": "nonsense"}},
        {"mapping": {"price": "price", "sku": "price"}},
        {"currency": "euro"},
        {"other": 1},
    ):
        assert merchant.http.put(address, json=body).status_code == 422, body


def test_only_feeds_of_one_s_own_have_columns(server: RunningServer, merchant: Merchant) -> None:
    bot = merchant.bot()
    feed = upload(merchant, bot, "products.csv", TABLE)
    text = merchant.http.post(f"/v1/bots/{bot}/sources", json={"kind": "text", "text": "Hello there, shoppers."}).json()
    answer = merchant.http.get(f"/v1/bots/{bot}/sources/{text['id']}/columns")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_feed")
    other = server.merchant()
    assert other.http.get(f"/v1/bots/{bot}/sources/{feed['id']}/columns").status_code == 404
    assert other.http.get(f"/v1/bots/{other.bot()}/sources/{feed['id']}/columns").status_code == 404
