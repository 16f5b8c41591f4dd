"""Websites of our own on loopback, good and bad, for tests."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


@dataclass
class Answer:
    """What a path answers."""

    body: bytes | str = b""
    status: int = 200
    media_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)


Route = str | Answer | Callable[["Site"], Answer] | Callable[["Handler"], None]


class Site:
    """A running website."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.routes: dict[str, object] = {}
        self.hits: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/"

    def add(self, routes: Mapping[str, object]) -> Site:
        self.routes.update(routes)
        return self


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's table of routes."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.hits[self.path] += 1
        self.site.headers.append({name.lower(): value for name, value in self.headers.items()})
        route = self.site.routes.get(self.path, Answer("nothing here", 404))
        if callable(route):
            try:
                route(self)
            except OSError:
                self.close_connection = True
            return
        self.send(route if isinstance(route, Answer) else Answer(str(route)))

    def send(self, answer: Answer) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        headers = {"Content-Type": answer.media_type, "Content-Length": str(len(body)), **answer.headers}
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Clients of tests hang up in the middle; that is their point."""


@contextmanager
def serving(routes: Mapping[str, object] | None = None) -> Iterator[Site]:
    """A website for the length of a test."""
    site: Site

    class Own(Handler):
        pass

    server = QuietServer(("127.0.0.1", 0), Own)
    site = Own.site = Site(server.server_address[1])
    site.add(routes or {})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def redirect(target: str, status: int = 302) -> Answer:
    """Forwards elsewhere."""
    return Answer("", status, headers={"Location": target})


def gzipped(body: bytes) -> Answer:
    """A packed answer."""
    return Answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})


def tagged(etag: str, body: str) -> Callable[[Handler], None]:
    """A page with an ETag, which is not sent again to who has it."""

    def answer(handler: Handler) -> None:
        headers = {"ETag": f'"{etag}"'}
        if handler.headers.get("If-None-Match") == f'"{etag}"':
            handler.send_response(304)
            handler.send_header("ETag", f'"{etag}"')
            handler.end_headers()
        else:
            handler.send(Answer(body, headers=headers))

    return answer


def endless(handler: Handler) -> None:
    """A body without end, as fast as it is taken."""
    handler.send_response(200)
    handler.send_header("Content-Type", HTML)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b"<p>more and more</p>" * 5_000)


def dripping(handler: Handler) -> None:
    """A body that comes one byte at a time."""
    handler.send_response(200)
    handler.send_header("Content-Type", HTML)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(200):
        handler.wfile.write(b"<")
        handler.wfile.flush()
        time.sleep(0.05)


def cut_off(handler: Handler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Type", HTML)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<p>half")
    handler.close_connection = True


def page(title: str, body: str, *, head: str = "") -> str:
    """A plain page with a menu around its main part."""
    return (
        f'<!doctype html><html lang="en"><head><title>{title} | Test Shop</title>{head}</head><body>'
        f'<nav><a href="/">Home</a></nav><main><h1>{title}</h1>{body}</main><footer>Imprint</footer></body></html>'
    )
