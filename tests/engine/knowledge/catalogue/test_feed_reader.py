"""Feeds read through the reader: by upload and by address, in parts, again, and by condition."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.embedded.blob_store import FolderBlobStore
from engine.domain.knowledge import Source
from engine.errors import InvalidInput
from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Fetcher
from engine.knowledge.readers import FeedReader
from engine.knowledge.reading import ReadBatch, ReadContext, Reader
from tests.engine.knowledge.catalogue.test_formats import GERMAN, GOOGLE_ITEMS, SHOPIFY, WOO
from tests.engine.knowledge.conftest import NOW, StandingClock
from tests.sites.loopback import Answer, Handler, Site

Make = Callable[[Reader, dict[str, object]], Source]
FEED = f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{GOOGLE_ITEMS}</channel></rss>'


@pytest.fixture
def feeds(site: Site) -> FeedReader:
    fetcher = Fetcher(user_agent="Storeclerk/0 (test)", allowed_private_hosts=(site.host,), total_seconds=5)
    return FeedReader(fetcher=fetcher)


@pytest.fixture
def uploaded(feeds: FeedReader, context: ReadContext) -> Callable[..., Any]:
    async def upload(content: str | bytes, **options: object) -> Source:
        blob = f"merchant_1/bot_1/files/{'ab' * 32}"
        await context.blobs.put(blob, content.encode() if isinstance(content, str) else content)
        title, checked = feeds.check({"blob": blob, "filename": "products.csv", **options})
        return Source("source_1", "merchant_1", "bot_1", "feed", title, checked, NOW)

    return upload


async def read_whole(feeds: FeedReader, source: Source, context: ReadContext) -> list[ReadBatch]:
    batches, cursor = [], None
    while True:
        batches.append(await feeds.read(source, cursor, context))
        cursor = batches[-1].cursor
        if cursor is None:
            return batches


async def test_an_uploaded_table_is_read(feeds: FeedReader, context: ReadContext, uploaded: Callable[..., Any]) -> None:
    batches = await read_whole(feeds, await uploaded(GERMAN), context)
    products = [product for batch in batches for product in batch.products]
    assert [product.title for product in products] == ["Becher", "Tasse"]
    assert {product.as_of for product in products} == {NOW}
    assert batches[-1].excluded_columns == ("Einkaufspreis",)
    assert (batches[-1].done, batches[-1].total) == (2, 2)


async def test_a_large_feed_comes_in_parts_that_can_be_read_again(
    feeds: FeedReader, context: ReadContext, uploaded: Callable[..., Any]
) -> None:
    rows = "".join(f"s{n},Mug {n},{n}.50\n" for n in range(1, 1201))
    source = await uploaded("sku,name,price,stock\n" + rows.replace("\n", ",1\n") + "bad,,1,1\n")
    batches = await read_whole(feeds, source, context)
    assert [len(batch.products) for batch in batches] == [500, 500, 200, 0]
    assert [failure.item for batch in batches for failure in batch.failures] == ["line 1202"]
    assert [batch.total for batch in batches] == [1200] * 4
    assert await read_whole(feeds, source, context) == batches
    assert await feeds.read(source, batches[0].cursor, context) == batches[1]


async def test_an_address_is_asked_by_condition(
    feeds: FeedReader, context: ReadContext, site: Site, make_source: Make
) -> None:
    def serve(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == '"one"'
        body = b"" if known else gzip.compress(FEED.encode())
        handler.send_response(304 if known else 200)
        handler.send_header("ETag", '"one"')
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.add({"/feed.xml.gz": serve})
    source = make_source(feeds, {"url": f"{site.url}feed.xml.gz"})
    undated = replace(context, run="run_1")
    batches = await read_whole(feeds, source, undated)
    assert {product.title for product in batches[0].products} == {"Mug", "Tea"}
    # Its sale ends on a day: the same file means another price then, so it is read again.
    dated = await read_whole(feeds, source, replace(context, run="run_2", previous="run_1"))
    assert not dated[0].unchanged


async def test_an_unchanged_feed_is_not_converted_again(
    feeds: FeedReader, context: ReadContext, site: Site, make_source: Make, uploaded: Callable[..., Any]
) -> None:
    asked: list[str | None] = []

    def serve(handler: Handler) -> None:
        asked.append(handler.headers.get("If-None-Match"))
        body = b"" if asked[-1] else GERMAN.encode()
        handler.send_response(304 if asked[-1] else 200)
        handler.send_header("ETag", '"one"')
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.add({"/feed.csv": serve})
    source = make_source(feeds, {"url": f"{site.url}feed.csv"})
    await read_whole(feeds, source, replace(context, run="run_1"))
    again = replace(context, run="run_2", previous="run_1")
    assert (await read_whole(feeds, source, again))[0] == ReadBatch(unchanged=True, done=1, total=1)
    third = replace(context, run="run_3", previous="run_2")
    assert (await read_whole(feeds, source, third))[0].unchanged
    # Read with other columns, the same file makes other products.
    other = make_source(feeds, {"url": f"{site.url}feed.csv", "mapping": {"Farbe": ""}})
    assert (await read_whole(feeds, other, replace(context, run="run_4", previous="run_3")))[0].products
    assert asked == [None, '"one"', '"one"', None]
    file = await uploaded(GERMAN)
    await read_whole(feeds, file, replace(context, run="run_5"))
    assert (await read_whole(feeds, file, replace(context, run="run_6", previous="run_5")))[0].unchanged


async def test_a_shopify_shop_is_read_page_by_page(
    feeds: FeedReader, context: ReadContext, site: Site, make_source: Make
) -> None:
    for page in (1, 2, 3):
        products = [
            {
                "id": page,
                "title": f"Mug {page}",
                "handle": f"m{page}",
                "variants": [{"price": "9.50", "available": True}],
            }
        ]
        body = json.dumps({"products": products if page < 3 else []})
        site.add({f"/products.json?limit=250&page={page}": Answer(body, media_type="application/json")})
    source = make_source(feeds, {"url": f"{site.url}products.json", "currency": "eur"})
    products = [product for batch in await read_whole(feeds, source, context) for product in batch.products]
    assert [(product.title, str(product.price)) for product in products] == [
        ("Mug 1", "9.50 EUR"),
        ("Mug 2", "9.50 EUR"),
    ]
    assert products[0].url == f"{site.url}products/m1"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer("gone", status=404), "not_found"),
        (Answer("<html><body>Sign in</body></html>"), "wrong_type"),
        (Answer(gzip.compress(b"sku,name,price\n")[:-6]), "damaged"),
        (Answer(gzip.compress(b"0" * 300_000_000)), "decompression_bomb"),
        (Answer(""), "empty_file"),
    ],
)
async def test_a_feed_that_cannot_be_had_is_named(
    feeds: FeedReader, context: ReadContext, site: Site, make_source: Make, answer: Answer, code: str
) -> None:
    site.add({"/feed": answer})
    (batch,) = await read_whole(feeds, make_source(feeds, {"url": f"{site.url}feed"}), context)
    assert [failure.code for failure in batch.failures] == [code]
    assert batch.products == ()


async def test_another_bot_s_file_is_never_read(
    feeds: FeedReader, context: ReadContext, uploaded: Callable[..., Any]
) -> None:
    source = await uploaded(GERMAN)
    theirs = replace(source, merchant="merchant_2")
    assert [failure.code for failure in (await feeds.read(theirs, None, context)).failures] == ["missing"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "url"),
        ({"url": "ftp://x.example"}, "url"),
        ({"url": "https://x.example:8080/feed"}, "url"),
        ({"url": "https://x.example", "format": "nonsense"}, "format"),
        ({"url": "https://x.example", "currency": "euro"}, "currency"),
        ({"url": "https://x.example", "mapping": {"a": "nonsense"}}, "mapping.a"),
        ({"url": "https://x.example", "mapping": {"a": "price", "b": "price"}}, "mapping"),
        ({"url": "https://x.example", "mapping": "price"}, "mapping"),
    ],
)
def test_options_are_checked(feeds: FeedReader, options: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        feeds.check(options)
    assert refused.value.fields[0].field == field


@pytest.mark.parametrize(
    ("content", "form"),
    [(WOO, "woocommerce"), (SHOPIFY, "shopify_csv"), (GERMAN, "table"), (FEED, "google_xml"),
     ('[{"title": "Mug", "price": 9.5, "sku": "m"}]', "json"), (gzip.compress(GERMAN.encode()), "table")],
)  # fmt: skip
async def test_catalogues_are_recognised(
    feeds: FeedReader, context: ReadContext, content: str | bytes, form: str
) -> None:
    await context.blobs.put("stored", content.encode() if isinstance(content, str) else content)
    assert await feeds.recognise("upload.csv", "stored", context.blobs) == {"format": form}


@pytest.mark.parametrize(
    "content",
    [
        "Day,Opens,Closes\nMonday,9:00,18:00\nTuesday,9:00,18:00\n",
        "Size,Chest,Waist\nS,90,70\nM,96,76\n",
        "Country,Method,Price,Delivery time\nGermany,DHL,6.90,3 days\n",
        "Name,Country,Price\nStandard,France,6.90\n",
        "Land;Versandart;Preis\nBelgien;Paket;6,90\n",
        "Service,Price\nGift wrapping,2.50\n",
        "Order ID,Product,Price,Quantity,Customer email\n1,Mug,9.90,2,a@x.example\n",
        "Question,Answer\nDo you ship?,Yes\n",
        "Name,Phone,Role\nAnna,123,Owner\n",
        "Size;EU;UK\nS;36;3\n",
        "Just some text, with commas, in one line.\nAnd another one, too.\n",
        '{"openapi": "3.1", "paths": {"/a": {}}}',
        '[{"question": "a", "answer": "b"}]',
        "<?xml version='1.0'?><urlset><url><loc>https://x.example</loc></url></urlset>",
        "<rss><channel><item><title>News</title><link>https://x.example</link></item></channel></rss>",
        "sku,name,price\n",
        "",
    ],
)
async def test_other_files_are_not_mistaken_for_catalogues(
    feeds: FeedReader, context: ReadContext, content: str
) -> None:
    await context.blobs.put("stored", content.encode())
    assert await feeds.recognise("table.csv", "stored", context.blobs) is None


async def test_a_look_shows_columns_and_first_products(
    feeds: FeedReader, context: ReadContext, uploaded: Callable[..., Any]
) -> None:
    found = await feeds.inspect(await uploaded(GERMAN + ";;;1,00;;;;;;;;;;;;\n"), context)
    columns = {column.name: column for column in found.columns}
    assert (found.format, found.editable, found.rows) == ("table", True, 3)
    assert (columns["Preis"].field, columns["Preis"].samples) == ("price", ("1.299,00", "9,50", "1,00"))
    private = columns["Einkaufspreis"]
    assert (private.private, private.samples, private.field, private.certain) == (True, (), "", True)
    assert private.reason
    assert [product.title for product in found.products] == ["Becher", "Tasse"]
    assert [failure.code for failure in found.failures] == ["no_title"]
    assert "4,44" not in repr(found)
    changed = await feeds.inspect(await uploaded(GERMAN), context, {"mapping": {"Preis": "", "UVP": "price"}})
    assert str(changed.products[0].price) == "1499.00 EUR"
    unstated = await feeds.inspect(await uploaded("sku,name,price\nm,Mug,9.90\n"), context)
    assert unstated.asks_currency
    with pytest.raises(Unreadable):
        await feeds.inspect(await uploaded(b"\x00"), context)


async def test_nothing_is_left_in_the_temporary_folder(
    feeds: FeedReader, uploaded: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    context = ReadContext(FolderBlobStore(tmp_path), StandingClock())
    await read_whole(feeds, await uploaded(GERMAN), context)
    assert list(folder.iterdir()) == []
