"""Catalogue files: counts of real exports, and how fast and how large the conversion of 200,000 products is.

Run: `.venv/bin/python -m bench.catalogue [FOLDER]`; the folder holds the public files that docs/catalogue.md names.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psutil

from engine.knowledge.catalogue.processes import CatalogueProcesses

FOLDER = Path("../shared/data/catalog")
PRODUCTS = 200_000
STATED = {
    "shopify_apparel.csv": (20, 22), "shopify_jewelery.csv": (20, 23), "taubench_products.json": (25, 295),
    "toys_products.jsonl": (8000, 8000), "vendure_products.csv": (54, 88),
    "woocommerce_sample_products.csv": (18, 23),
}  # fmt: skip
"""Products, and forms that can be bought: a product without variants is one."""
WORDS = "A hand-thrown mug with a green glaze that is safe in the dishwasher and keeps its colour for many years. " * 4


async def convert(path: Path, **options: Any) -> tuple[dict[str, Any], int]:
    """(summary, forms that can be bought) of one file."""
    job = {"source": "bench", "as_of": datetime.now(UTC).isoformat(), **options}
    forms, summary = 0, {}
    async for line in CatalogueProcesses().convert(path, job):
        if line.kind == "S":
            summary = json.loads(line.content)
        else:
            forms += sum(max(1, len(product["variants"])) for product in json.loads(line.content)["products"])
    return summary, forms


async def real_files(folder: Path) -> None:
    """Each public export against the counts its description states."""
    for path in sorted(folder.iterdir()):  # noqa: ASYNC240 - nothing else runs
        if path.name not in STATED:
            continue
        summary, forms = await convert(path)
        products, stated = STATED[path.name]
        print(
            f"{path.name:34} {summary['format']:12} products {summary['products']:5} of {products:5}   "
            f"to buy {forms:5} of {stated:5}   refused {summary['refused']}   left out {summary['skipped']}"
        )


def as_csv(file: IO[str], number: int) -> None:
    """A row of a plain table."""
    price = f"{number % 90 + 5}.90"
    file.write(f'SKU-{number},Mug {number},{price},EUR,{number % 7},"{WORDS}",https://x.example/{number}\n')


def as_woocommerce(file: IO[str], number: int) -> None:
    """A row of a WooCommerce export: every fifth is a parent, the others are its variations, written before it."""
    parent, price = number - number % 5 + 4, f"{number % 90 + 5}.90"
    kind, above = ("variable", "") if number == parent else ("variation", f"S-{parent}")
    file.write(f'{number + 1},{kind},S-{number},Mug {number},1,{price},1,{above},Size,{number % 5},"{WORDS}"\n')


def as_xml(file: IO[str], number: int) -> None:
    """An item of a Google Merchant feed."""
    file.write(
        f"<item><g:id>SKU-{number}</g:id><title>Mug {number}</title><description>{WORDS}</description>"
        f"<link>https://x.example/{number}</link><g:price>{number % 90 + 5}.90 EUR</g:price>"
        "<g:availability>in stock</g:availability></item>\n"
    )


SHAPES: tuple[tuple[str, str, Callable[[IO[str], int], None], str], ...] = (
    ("table.csv", "sku,name,price,currency,stock,description,url\n", as_csv, ""),
    ("woocommerce.csv", "ID,Type,SKU,Name,Published,Regular price,In stock?,Parent,Attribute 1 name,"
     "Attribute 1 value(s),Description\n", as_woocommerce, ""),
    ("google.xml", '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n', as_xml, "</channel></rss>"),
)  # fmt: skip


async def large_files() -> None:
    """200,000 rows of each shape: products a second, and the most memory that both processes held."""
    for name, head, row, tail in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            with path.open("w") as file:
                file.write(head)
                for number in range(PRODUCTS):
                    row(file, number)
                file.write(tail)
            peaks, stop = [0, 0], threading.Event()
            watcher = threading.Thread(target=watch, args=(peaks, stop))
            watcher.start()
            start = time.perf_counter()
            summary, forms = await convert(path)
            seconds = time.perf_counter() - start
            stop.set()
            watcher.join()
            print(
                f"{name:16} {path.stat().st_size / 1e6:5.0f} MB  {summary['products']:7} products, {forms:7} to buy, "
                f"{PRODUCTS / seconds:7,.0f} rows/s, peak {peaks[0] / 1e6:4.0f} MB here, {peaks[1] / 1e6:4.0f} MB there"
            )


def watch(peaks: list[int], stop: threading.Event) -> None:
    """Note the resident memory of this process and of its children."""
    here = psutil.Process(os.getpid())
    while not stop.wait(0.05):
        peaks[0] = max(peaks[0], here.memory_info().rss)
        for child in here.children():
            try:
                peaks[1] = max(peaks[1], child.memory_info().rss)
            except psutil.NoSuchProcess:
                continue


if __name__ == "__main__":
    asyncio.run(real_files(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
    asyncio.run(large_files())
