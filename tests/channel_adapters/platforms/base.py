"""A platform over loopback HTTP: it records what we send, answers as it is told, and refuses what breaks its rules."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["Answer", "Platform", "Sent", "running"]


@dataclass
class Sent:
    """A request that we made."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Answer:
    """What the platform answers."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class Platform:
    """Subclasses say how requests are answered, and note in `broken_rules` what a real platform would refuse."""

    def __init__(self) -> None:
        self.port = 0
        self.lock = threading.Lock()
        self.sent: list[Sent] = []
        self.broken_rules: list[str] = []
        self.next_answers: list[Answer] = []
        """Answered first, in order, whatever is asked; for troubles."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def answer(self, sent: Sent) -> Answer:
        """The answer to a request."""
        return Answer()

    def take(self, sent: Sent) -> Answer:
        with self.lock:
            self.sent.append(sent)
            if self.next_answers:
                return self.next_answers.pop(0)
        return self.answer(sent)

    def wait(self, wanted: Callable[[Sent], bool], count: int = 1, seconds: float = 30) -> list[Sent]:
        """The requests that are wanted, once there are so many."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            with self.lock:
                found = [sent for sent in self.sent if wanted(sent)]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{len(found)} of {count} came: {[(s.method, s.path, s.body[:200]) for s in self.sent]}")


@contextmanager
def running(platform: Platform) -> Iterator[Platform]:
    """The platform while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = platform.take(Sent(self.command, parts.path, query, headers, self.rfile.read(length)))
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked may have been killed meanwhile
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = serve  # noqa: N815 - http.server's names

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A caller that hangs up is none."""
            if not isinstance(sys.exc_info()[1], ConnectionError):
                super().handle_error(*_)

    server = Server(("127.0.0.1", 0), Handler)
    platform.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
