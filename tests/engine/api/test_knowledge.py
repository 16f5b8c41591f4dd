"""What a bot knows, over HTTP: feeds by upload, the catalogue, sources that change, what was put right."""

from __future__ import annotations

import time

import pytest

from tests.conftest import Merchant

FEED = (
    "id;title;price;currency;availability;link;size;color;cost price\n"
    "1;Linen shirt;39,00;EUR;in stock;https://shop.example/shirt;Medium;Navy blue;11,20\n"
    "2;Stoneware mug;12,90;EUR;in stock;https://shop.example/mug;;Blue;3,10\n"
    "3;Tall vase;on request;EUR;out of stock;https://shop.example/vase;;White;9,99\n"
)


def upload(merchant: Merchant, bot: str, name: str, content: bytes):
    """Upload one file."""
    return merchant.http.post(f"/v1/bots/{bot}/sources/files", files=[("files", (name, content))])


@pytest.fixture(scope="module")
def shop(server) -> tuple[Merchant, str]:
    """A bot that learned a feed and answers."""
    merchant = server.merchant()
    bot = merchant.bot()
    source = upload(merchant, bot, "products.csv", FEED.encode("cp1252")).raise_for_status().json()["items"][0]
    assert source["kind"] == "feed"
    pairs = {"kind": "faq", "pairs": [{"question": "Do you wrap gifts?", "answer": "=Yes, for 2.50 EUR an order."}]}
    merchant.http.post(f"/v1/bots/{bot}/sources", json=pairs).raise_for_status()
    assert merchant.train(bot)["status"] == "ready"
    return merchant, bot


def sources(shop: tuple[Merchant, str]) -> dict[str, dict[str, object]]:
    """The bot's sources by kind."""
    merchant, bot = shop
    return {source["kind"]: source for source in merchant.http.get(f"/v1/bots/{bot}/sources").json()["items"]}


def test_a_feed_is_learned_without_what_is_the_shops_own_business(shop: tuple[Merchant, str]):
    merchant, bot = shop
    feed = sources(shop)["feed"]
    assert (feed["products"], feed["excluded_columns"]) == (3, ["cost price"])
    everything = merchant.http.get(f"/v1/bots/{bot}/products").text
    assert "11" not in merchant.ask(bot, "What does the linen shirt cost you to buy?")["text"]
    assert not any(cost in everything for cost in ("11,20", "11.20", "3.10", "9.99"))
    items = merchant.http.get(f"/v1/bots/{bot}/sources/{feed['id']}/items").json()["items"]
    assert [item["title"] for item in items if item["outcome"] == "learned"] == [
        "Linen shirt",
        "Stoneware mug",
        "Tall vase",
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("query=mug", {"Stoneware mug"}),
        ("most_price=20", {"Stoneware mug"}),
        ("least_price=20&currency=EUR", {"Linen shirt"}),
        ("colour=blue", {"Linen shirt", "Stoneware mug"}),
        ("size=M", {"Linen shirt"}),
        ("option=colour:white", {"Tall vase"}),
        ("availability=out_of_stock", {"Tall vase"}),
        ("query=zeppelin", set()),
    ],
)
def test_products_are_found_by_filter(shop: tuple[Merchant, str], query: str, titles: set[str]):
    merchant, bot = shop
    found = merchant.http.get(f"/v1/bots/{bot}/products?{query}").raise_for_status().json()["items"]
    assert {product["title"] for product in found} == titles


def test_a_price_is_told_with_its_time(shop: tuple[Merchant, str]):
    merchant, bot = shop
    reply = merchant.ask(bot, "How much is the stoneware mug?")
    assert "€12.90" in reply["text"]
    assert reply["products"][0]["as_of"].endswith("Z")


def test_what_is_no_catalogue_stays_a_document_and_nonsense_is_named(shop: tuple[Merchant, str]):
    merchant, bot = shop
    hours = upload(merchant, bot, "hours.csv", b"day,opens,closes\nMonday,9:00,17:00\nSunday,10:00,14:00\n").json()[
        "items"
    ]
    assert hours[0]["kind"] == "file"
    merchant.http.delete(f"/v1/bots/{bot}/sources/{hours[0]['id']}").raise_for_status()
    refused = upload(merchant, bot, "products.xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "products.xml"


def test_a_feed_without_currency_asks_for_it(merchant: Merchant):
    bot = merchant.bot()
    feed = upload(merchant, bot, "products.csv", b"sku,title,price\nM1,Mug,9.50\nP1,Plate,12\n").json()["items"][0]
    assert merchant.train(bot)["products"] == 2
    address = f"/v1/bots/{bot}/sources/{feed['id']}"
    assert merchant.http.get(address).json()["asks_currency"]
    assert "costs 9.50" in merchant.ask(bot, "How much is the mug?")["text"]
    columns = merchant.http.get(f"{address}/columns").json()
    chosen = {column["name"]: column["field"] for column in columns["columns"]}
    answer = merchant.http.put(f"{address}/columns", json={"mapping": chosen, "currency": "GBP"})
    assert answer.status_code == 200, answer.text
    assert merchant.train(bot)["status"] == "ready"
    assert not merchant.http.get(address).json()["asks_currency"]
    assert "£9.50" in merchant.ask(bot, "How much is the mug?", 2)["text"]


def test_a_source_is_read_now_and_on_schedule(shop: tuple[Merchant, str]):
    merchant, bot = shop
    feed = sources(shop)["feed"]
    address = f"/v1/bots/{bot}/sources/{feed['id']}"
    assert merchant.http.patch(address, json={"schedule_minutes": 7}).status_code == 422
    planned = merchant.http.patch(address, json={"schedule_minutes": 15}).json()
    assert planned["freshness"]["next_at"] > planned["created_at"]
    assert merchant.http.post(f"{address}/sync").status_code == 202
    for _ in range(100):
        now = merchant.http.get(address).json()
        if not now["is_reading"] and now["freshness"]["last_attempt_at"] > feed["freshness"]["last_attempt_at"]:
            break
        time.sleep(0.1)
    assert now["freshness"]["state"] == "fresh"
    assert merchant.http.post(f"{address}/stop").json()["code"] == "not_reading"
    assert merchant.http.post(f"{address}/accept").json()["code"] == "nothing_held"
    assert merchant.http.post(f"{address}/dismiss").json()["code"] == "nothing_held"
    assert merchant.http.patch(address, json={"schedule_minutes": 0}).json()["freshness"]["next_at"] is None


def test_what_would_answer_a_question_is_shown_and_put_right(shop: tuple[Merchant, str]):
    merchant, bot = shop
    search = f"/v1/bots/{bot}/versions/1/search"
    found = merchant.http.post(search, json={"question": "Do you wrap gifts?"}).raise_for_status().json()
    best = found["passages"][0]
    assert found["would_answer"]
    assert {"wrap", "gift"} <= set(best["words"])
    where = {"document": best["passage"]["document"], "position": best["passage"]["position"]}
    edited = merchant.http.post(f"/v1/bots/{bot}/corrections", json={**where, "text": "Yes, wrapping is free."}).json()
    assert (edited["kind"], edited["was"]) == ("edit", "=Yes, for 2.50 EUR an order.")
    assert merchant.ask(bot, "Do you wrap gifts?")["text"] == "Yes, wrapping is free."
    excluded = merchant.http.post(f"/v1/bots/{bot}/corrections", json=where).json()
    assert "2.50" not in merchant.ask(bot, "Do you wrap gifts?")["text"]
    listed = merchant.http.get(f"/v1/bots/{bot}/corrections").json()["items"]
    assert [item["id"] for item in listed] == [excluded["id"]], "a passage has one correction"
    merchant.http.delete(f"/v1/bots/{bot}/corrections/{excluded['id']}").raise_for_status()
    assert "2.50" in merchant.ask(bot, "Do you wrap gifts?")["text"]
    assert merchant.http.post(f"/v1/bots/{bot}/corrections", json={**where, "text": " "}).status_code == 422
    assert merchant.http.post(f"/v1/bots/{bot}/corrections", json={"document": "x", "position": 0}).status_code == 404


def test_an_answer_is_pinned(shop: tuple[Merchant, str]):
    merchant, bot = shop
    assert merchant.http.post(f"/v1/bots/{bot}/pins", json={"questions": [" "], "answer": "x"}).status_code == 422
    assert merchant.http.post(f"/v1/bots/{bot}/pins", json={"questions": ["A?"], "answer": " "}).status_code == 422
    body = {"questions": ["Where are you?"], "answer": "12 Kiln Lane, next to the bakery."}
    pin = merchant.http.post(f"/v1/bots/{bot}/pins", json=body).raise_for_status().json()
    reply = merchant.ask(bot, "where are you")
    assert (reply["text"], reply["outcome"], reply["model"]) == (body["answer"], "answered", "storeclerk")
    found = merchant.http.post(f"/v1/bots/{bot}/versions/1/search", json={"question": "Where are you?"}).json()
    assert found["pin"]["id"] == pin["id"]
    merchant.http.delete(f"/v1/bots/{bot}/pins/{pin['id']}").raise_for_status()
    assert merchant.http.get(f"/v1/bots/{bot}/pins").json()["items"] == []


def test_pairs_are_pasted_and_come_out_as_csv(shop: tuple[Merchant, str]):
    merchant, bot = shop
    text = "Q: Is there parking?\nA: Yes, behind the house.\n\nQ: Do you lend bikes?\n"
    read = merchant.http.post(f"/v1/bots/{bot}/pairs", json={"text": text}).raise_for_status().json()
    assert read["pairs"] == [{"question": "Is there parking?", "answer": "Yes, behind the house."}]
    assert "line 4" in read["failures"][0]["item"]
    faq = sources(shop)["faq"]
    exported = merchant.http.get(f"/v1/bots/{bot}/sources/{faq['id']}/pairs.csv")
    assert exported.headers["content-type"].startswith("text/csv")
    assert "'=Yes" in exported.text
    again = merchant.http.post(f"/v1/bots/{bot}/pairs", json={"text": exported.text}).json()
    assert again["pairs"] == faq["options"]["pairs"]
    feed = sources(shop)["feed"]
    assert merchant.http.get(f"/v1/bots/{bot}/sources/{feed['id']}/pairs.csv").status_code == 404
