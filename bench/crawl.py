"""`python -m bench.crawl [PAGES]`: what crawling costs us, against a server on loopback that answers without delay.

Printed are pages a second, processor time a page and peak memory, each with the processes that parse; then the same for
a second reading in which nothing changed. A public website is read at one page a second: what is printed must be well
above that for the crawl to be bounded by politeness and not by us.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from bench.reading import read_whole
from bench.site import DATA, page
from engine.adapters.embedded.blob_store import FolderBlobStore
from engine.adapters.embedded.system import SystemClock
from engine.domain.knowledge import Source
from engine.knowledge.fetching import Fetcher
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers import WebsiteReader
from engine.knowledge.reading import ReadContext

PAGES = 1_000


def shop_pages(number: int) -> dict[str, str]:
    """Path to HTML: a listing that leads to pages of real products, each with further text as shops have."""
    with (DATA / "catalog" / "toys_products.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for _, line in zip(range(number - 1), file, strict=False)]
    chance = random.Random(5)
    found: dict[str, str] = {}
    for row in rows:
        offer = {"@type": "Offer", "price": row["price"], "priceCurrency": "EUR", "availability": "InStock"}
        data = {"@type": "Product", "name": row["title"], "sku": str(row["id"]), "offers": offer}
        others = chance.sample(rows, 8)
        related = "".join(f'<li><a href="/p/{other["id"]}">{other["title"]}</a></li>' for other in others)
        body = "".join(f"<p>{part}</p>" for part in row["description"].split("\n\n")) * 2
        script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        found[f"/p/{row['id']}"] = page(
            row["title"], f"<h1>{row['title']}</h1>{body}<div class='related'><ul>{related}</ul></div>{script}"
        )
    links = "".join(f'<li><a href="{path}">{path}</a></li>' for path in found)
    return {"/": page("All goods", f"<h1>All goods</h1><ul>{links}</ul>"), **found}


@contextmanager
def served(content: dict[str, str]) -> Iterator[str]:
    """The site's address while the block runs; it knows conditional requests."""
    answers = {path: (body.encode(), f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"')
               for path, body in content.items()}  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        """Answers from `content`."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """One page, or 404, or the word that it is the same."""
            body, etag = answers.get(self.path, (b"", ""))
            same = bool(body) and self.headers.get("If-None-Match") == etag
            self.send_response(304 if same else 200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("ETag", etag)
            if not same:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not same:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()


class Meter(threading.Thread):
    """Watches the memory of this process and its children, and adds up their processor time."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopped = threading.Event()
        self.peak = 0
        self.children: dict[int, float] = {}

    def run(self) -> None:
        """Look ten times a second."""
        own = psutil.Process()
        while not self.stopped.wait(0.1):
            total = own.memory_info().rss
            for child in own.children(recursive=True):
                try:
                    total += child.memory_info().rss
                    times = child.cpu_times()
                except psutil.Error:
                    continue
                self.children[child.pid] = times.user + times.system
            self.peak = max(self.peak, total)

    def processor(self) -> float:
        """Seconds of processor time until now."""
        own = resource.getrusage(resource.RUSAGE_SELF)
        return own.ru_utime + own.ru_stime + sum(self.children.values())


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


async def main(pages: int) -> None:
    """Measure and print."""
    content = shop_pages(pages)
    parsing, meter = ParsingProcesses(), Meter()
    meter.start()
    with tempfile.TemporaryDirectory(prefix="storeclerk-bench-") as folder, served(content) as address:
        fetcher = Fetcher(user_agent="Storeclerk bench", allowed_private_hosts=(address.split("/")[2],))
        reader = WebsiteReader(fetcher=fetcher, parsing=parsing, requests_per_second=1, most_pages=pages)
        title, options = reader.check({"url": address, "max_pages": pages})
        source = Source("source", "m", "b", "website", title, options, SystemClock().now())
        context = ReadContext(FolderBlobStore(Path(folder)), SystemClock(), "first")
        for again in (context, replace(context, run="second", previous="first")):
            started, before = time.perf_counter(), meter.processor()
            found = await read_whole(reader, source, again)
            seconds, count = time.perf_counter() - started, len(found.documents)
            processor = (meter.processor() - before) / max(count, 1)
            print(
                f"{again.run} reading: {count} pages and {len(found.products)} products in {seconds:.1f} s, "
                f"{count / seconds:.0f} pages/s, {processor * 1000:.0f} ms of processor a page (server included), "
                f"peak memory {meter.peak / 1e6:.0f} MB, {len(found.failures)} left out"
            )
        print(f"kept of each reading for the next one: {size_of(Path(folder)) / 2e6:.1f} MB")
    meter.stopped.set()
    parsing.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
