"""`python -m bench.storefront [PRODUCTS]`: our website reader against django-oscar, a storefront that is not ours.

Oscar is installed into a virtual environment of its own under the folder for temporary files, once. Printed is how many
of its products are found with the right price, stock and address, whether its policies are, and whether any page is
read twice; then a second reading shows what asking for changes only saves.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.reading import WholeReading, read_whole
from engine.adapters.embedded.blob_store import FolderBlobStore
from engine.adapters.embedded.system import SystemClock
from engine.domain.knowledge import Source
from engine.knowledge.fetching import Fetcher
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers import WebsiteReader
from engine.knowledge.reading import ReadContext

PACKAGES = ("django-oscar[sorl-thumbnail]==4.2.1", "django==5.2", "whoosh==2.7.4")
PRODUCTS = 320


def interpreter() -> Path:
    """The Python that has Oscar; installed when it is not there yet."""
    place = Path(tempfile.gettempdir()) / "storeclerk-oscar"
    python = place / "bin" / "python"
    if not (place / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
        (place / "installed").touch()
    return python


@contextmanager
def shop(products: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """(address, what it holds) of the shop while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="storeclerk-shop-") as folder:
        script = Path(__file__).with_name("storefront_shop.py")
        command = [str(interpreter()), str(script), folder, str(port), str(products)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                if process.stdout.readline().strip() != "serving":
                    raise SystemExit("the shop did not start")
                yield f"http://127.0.0.1:{port}/", json.loads((Path(folder) / "expected.json").read_text("utf-8"))
            finally:
                process.terminate()


def compare(found: WholeReading, held: dict[str, Any], address: str) -> None:
    """Print how what was read agrees with what the shop holds."""
    rows = {product.url: product for product in found.products}
    right = Counter[str]()
    for url, stated in held["products"].items():
        row = rows.get(url)
        if row is None:
            continue
        right["found"] += 1
        right["title"] += row.title == stated["title"]
        right["price"] += (
            row.price is not None and f"{row.price.amount:.2f} {row.price.currency}" == f"{stated['price']} GBP"
        )
        right["stock"] += row.availability == stated["availability"]
    total = len(held["products"])
    for name in ("found", "title", "price", "stock"):
        print(f"products with the right {name}: {right[name]} of {total} ({right[name] / total:.1%})")
    print(f"rows that are no product of the shop: {len(set(rows) - set(held['products']))}")
    documents = {document.url: document for document in found.documents}
    wanted = [address.rstrip("/") + path for path in held["policies"]]
    print(f"policies: {sum(documents[url].kind == 'policy' for url in wanted if url in documents)} of {len(wanted)}")
    twice = len(found.documents) - len(documents)
    same = len(found.documents) - len({document.digest for document in found.documents})
    print(f"pages: {len(found.documents)}; addresses twice: {twice}; texts twice: {same}")
    for code, number in Counter(failure.code for failure in found.failures).items():
        examples = [failure.item for failure in found.failures if failure.code == code]
        print(f"left out as {code}: {number}, such as {', '.join(examples[:3])}")


async def main(products: int) -> None:
    """Read the shop twice and print."""
    parsing = ParsingProcesses()
    with tempfile.TemporaryDirectory(prefix="storeclerk-bench-") as folder, shop(products) as (address, held):
        host = address.split("/")[2]
        fetcher = Fetcher(user_agent="Storeclerk bench", allowed_private_hosts=(host,))
        reader = WebsiteReader(fetcher=fetcher, parsing=parsing, requests_per_second=1, most_pages=5_000)
        title, options = reader.check({"url": address, "max_pages": 5_000, "max_depth": 50})
        source = Source("source", "m", "b", "website", title, options, SystemClock().now())
        context = ReadContext(FolderBlobStore(Path(folder)), SystemClock(), "first")
        for again in (context, replace(context, run="second", previous="first")):
            started = time.perf_counter()
            found = await read_whole(reader, source, again)
            print(f"\n{again.run} reading: {time.perf_counter() - started:.0f} s, {found.done} addresses asked for")
            compare(found, held, address)
    parsing.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PRODUCTS))
