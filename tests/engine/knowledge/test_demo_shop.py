"""The demo shop: built as kept, and learned whole below a prefix."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.demo_shop import PERSONA, SITE, respond
from engine.demo_shop.build import site_files
from engine.demo_shop.catalogue import GOODS
from engine.knowledge.fetching import Fetcher
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers import WebsiteReader
from tests.sites.loopback import Answer, Site


def test_kept_pages_are_what_would_be_built() -> None:
    for name, text in site_files().items():
        assert (SITE / name).read_text("utf-8") == text, f"{name} is old; run python -m engine.demo_shop.build"


def test_links_are_relative_and_lead_somewhere() -> None:
    for file in SITE.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#]+)"', file.read_text("utf-8")):
            if not link.startswith(("mailto:", "tel:")):
                assert (file.parent / link).resolve().is_file(), f"{file.name} links to {link}"


def test_files_are_served_below_any_address() -> None:
    home = respond("/", "https://a.example/demo-shop/", assistant="<script src=x></script>")
    assert home is not None
    assert home.media_type.startswith("text/html")
    assert b"<script src=x></script>\n</body>" in home.content
    sitemap = respond("sitemap.xml", "https://a.example/demo-shop/")
    assert sitemap is not None
    assert b"<loc>https://a.example/demo-shop/delivery.html</loc>" in sitemap.content
    icon = respond("icon.png", "")
    assert icon is not None
    assert icon.content.startswith(b"\x89PNG")
    for path in ("../build.py", "nothing.html", "products", "/../../__init__.py"):
        assert respond(path, "https://a.example/") is None
    assert len(PERSONA.example_questions) == 4


async def test_shop_is_learned_whole(site: Site, parsing: ParsingProcesses, read_all: Callable[..., Any]) -> None:
    base = f"{site.url}demo-shop/"
    for file in SITE.rglob("*.*"):
        name = str(file.relative_to(SITE))
        found = respond(name, base)
        assert found is not None
        site.add({f"/demo-shop/{name}": Answer(found.content, media_type=found.media_type)})
    site.routes["/demo-shop/"] = site.routes["/demo-shop/index.html"]
    fetcher = Fetcher(user_agent="x", allowed_prefixes=(base,))
    reader = WebsiteReader(fetcher=fetcher, parsing=parsing, requests_per_second=1, most_pages=100)
    batch = await read_all(reader, {"url": base})
    assert batch.failures == ()
    assert len(batch.documents) == len(list(SITE.rglob("*.html")))
    products = {product.title: product for product in batch.products}
    assert len(products) == len(GOODS)
    mug, tray = products["Fernleaf Mug"], products["Glazed Tea Tray"]
    assert [(variant.title, variant.availability) for variant in mug.variants][2] == ("Ink", "out_of_stock")
    assert tray.price is not None
    assert tray.was_price is not None
    assert (tray.price.amount, tray.was_price.amount) == (Decimal("45.00"), Decimal("54.00"))
    assert products["Moonrise Matcha Bowl"].availability == "preorder"
    delivery = next(document for document in batch.documents if document.title == "Delivery")
    assert "| Germany, France | 2 to 4 working days | 6.90 EUR | 75 EUR |" in delivery.text
