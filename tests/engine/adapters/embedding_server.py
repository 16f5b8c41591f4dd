"""A loopback server that speaks OpenAI's embeddings as documented, by a real model, and misbehaves on demand."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from engine.adapters.embedded.embedder import MiniLmEmbedder

SLOW_SECONDS = 6.0
ERRORS = {
    "key": (401, {"message": "bad key", "type": "invalid_request_error", "code": "invalid_api_key"}),
    "unknown": (404, {"message": "no such model", "type": "invalid_request_error", "code": "model_not_found"}),
    "quota": (429, {"message": "quota", "type": "insufficient_quota", "code": "insufficient_quota"}),
    "broken": (500, {"message": "oops", "type": "server_error", "code": None}),
}


class EmbeddingServer:
    """What it was asked, and how it behaves."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.behaviour = "well"
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.model = MiniLmEmbedder()


@contextmanager
def embedding_server() -> Iterator[EmbeddingServer]:
    """The running server."""
    state: list[EmbeddingServer] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            server = state[0]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(body)
            server.paths.append(self.path)
            if server.behaviour in ERRORS:
                status, error = ERRORS[server.behaviour]
                self.answer(status, {"error": error})
                return
            if server.behaviour == "empty":
                self.answer(200, {"object": "list", "data": []})
                return
            if server.behaviour == "slow":
                threading.Event().wait(SLOW_SECONDS)
            rows = []
            for place, text in enumerate(body["input"]):
                vector = np.asarray(server.model.vector(text)) * 3
                coded: Any = vector.tolist()
                if body.get("encoding_format") == "base64":
                    coded = base64.b64encode(vector.astype("<f4").tobytes()).decode()
                rows.append({"object": "embedding", "index": place, "embedding": coded})
            # The documented order is that of the inputs, by `index`; a proxy may shuffle them.
            rows.reverse()
            if server.behaviour == "short":
                rows.pop()
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            self.answer(200, {"object": "list", "data": rows, "model": body["model"], "usage": usage})

        def answer(self, status: int, content: dict[str, Any]) -> None:
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            # Documented of the official client: it does not try again where the server says so.
            self.send_header("x-should-retry", "false")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.append(EmbeddingServer(server.server_address[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state[0]
    finally:
        server.shutdown()
        server.server_close()
        state[0].model.close()
