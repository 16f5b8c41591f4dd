"""`python -m bench.products [PRODUCTS]`: how fast a large catalogue is written, filtered and refreshed.

Titles and descriptions are real (8,000 toys, repeated with variants of our own making); each query combines
some of price, size, colour, brand, stock and words.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bench.site import DATA
from engine.adapters.embedded.catalogue import SqliteCatalogue
from engine.domain.bot import VersionKey
from engine.domain.knowledge import Product, Variant
from engine.domain.money import Money
from engine.ports import ProductSearch

KEY = VersionKey("m", "b", 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIZES, COLOURS = ("XS", "S", "M", "L", "XL"), ("red", "blue", "green", "black", "white", "navy blue", "pink", "grey")
BRANDS = tuple(f"Brand {number}" for number in range(300))
WORDS = ("toy car", "wooden puzzle", "dinosaur", "star wars figure", "play set", "train", "doll dress", "board game")
QUERIES = 400


def products(count: int, chance: random.Random) -> list[Product]:
    """Products with two variants each."""
    with (DATA / "catalog" / "toys_products.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    made = []
    for number in range(count):
        row = rows[number % len(rows)]
        price = Money(Decimal(chance.randint(100, 20_000)) / 100, "EUR")
        variants = tuple(
            Variant(
                f"v{number}-{place}", "", price, chance.choice(("in_stock", "in_stock", "out_of_stock")),
                options={"Size": chance.choice(SIZES), "Colour": chance.choice(COLOURS)},
            )
            for place in range(2)
        )  # fmt: skip
        made.append(
            Product(
                f"p{number}", "feed", f"{row['title']} {number}", str(row.get("description") or "")[:1500], "", NOW,
                price=price, availability="in_stock", brand=chance.choice(BRANDS), variants=variants,
            )
        )  # fmt: skip
    return made


async def batches(items: Sequence[Product]) -> AsyncIterator[Sequence[Product]]:
    """In batches of 500."""
    for start in range(0, len(items), 500):
        yield items[start : start + 500]


def query(chance: random.Random) -> ProductSearch:
    """One shopper's wish: some of all conditions."""
    options = {}
    if chance.random() < 0.5:
        options["size"] = chance.choice(SIZES)
    if chance.random() < 0.5:
        options["colour"] = chance.choice(("red", "blue", "black", "pink"))
    return ProductSearch(
        text=chance.choice(WORDS) if chance.random() < 0.6 else "",
        most_price=Decimal(chance.randint(5, 150)) if chance.random() < 0.6 else None,
        options=options,
        brand=chance.choice(BRANDS) if chance.random() < 0.3 else "",
        availability="in_stock" if chance.random() < 0.5 else None,
        order=chance.choice(("relevance", "price", "price_descending")),
    )


async def main(count: int) -> None:
    """Measure and print."""
    chance = random.Random(3)
    items = products(count, chance)
    with tempfile.TemporaryDirectory(prefix="storeclerk-bench-") as folder:
        catalogue = SqliteCatalogue(Path(folder))
        started = time.perf_counter()
        await catalogue.write(KEY, batches(items))
        print(f"written: {count:,} products in {time.perf_counter() - started:.1f} s")
        started = time.perf_counter()
        await catalogue.search(KEY, ProductSearch())
        print(f"first query after opening: {(time.perf_counter() - started) * 1000:.1f} ms")
        times, found = [], 0
        for _ in range(QUERIES):
            wanted = query(chance)
            started = time.perf_counter()
            found += bool((await catalogue.search(KEY, wanted)).items)
            times.append((time.perf_counter() - started) * 1000)
        cuts = statistics.quantiles(times, n=20)
        print(
            f"{QUERIES} filters, {found} of them find something: "
            f"p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms, max {max(times):.1f} ms"
        )
        started = time.perf_counter()
        cheaper = [replace(item, price=Money(Decimal(1), "EUR")) for item in items]
        done = await catalogue.refresh(KEY, "feed", batches(cheaper), NOW)
        print(f"refresh of all prices: {done.changed:,} changed in {time.perf_counter() - started:.1f} s")
        print(
            f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, the products included"
        )
        catalogue.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
