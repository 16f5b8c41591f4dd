"""Serves a knowledge base as a small help centre of HTML pages on loopback."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def pages(documents: list[dict[str, Any]]) -> dict[str, str]:
    """Path to HTML: an index, and one article a document."""
    markdown = MarkdownIt("commonmark").enable("table")
    links = "".join(f'<li><a href="/articles/{d["doc_id"]}">{html.escape(d["title"])}</a></li>' for d in documents)
    found = {"/": page("Help centre", f"<h1>Help centre</h1><ul>{links}</ul>")}
    for document in documents:
        body = f"<h1>{html.escape(document['title'])}</h1>{markdown.render(document['text'])}"
        found[f"/articles/{document['doc_id']}"] = page(document["title"], f"<article>{body}</article>")
    return found


def page(title: str, body: str) -> str:
    """One page with a header and a footer, as help centres have."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)} – Help Center</title>'
        f'</head><body><header><nav><a href="/">Home</a></nav></header><main>{body}</main>'
        "<footer><p>© Help Center</p></footer></body></html>"
    )


@contextmanager
def served(content: dict[str, str]) -> Iterator[str]:
    """The site's address while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        """Answers from `content`."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """One page, or 404."""
            body = content.get(self.path.partition("?")[0])
            data = (body or "not found").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
