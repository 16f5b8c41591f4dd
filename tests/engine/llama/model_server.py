"""A loopback server that speaks OpenAI's chat completions as documented, and misbehaves on demand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer:
    """What the model says next, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.says = "Returns take 30 days [1]."
        self.behaviour = "well"
        self.asked: list[dict[str, Any]] = []
        self.go_on = threading.Event()
        """What "by sentences" waits for after the second one; the first leaves once the second has begun."""
        self.go_on.set()


ENDS = ": the end\n\n"
"""A comment, as the format has them."""


def pieces(text: str) -> Iterator[str]:
    """Small pieces, as a model streams them."""
    for place in range(0, len(text), 4):
        yield text[place : place + 4]


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """The running server."""
    state: list[ModelServer] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            model = state[0]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked.append(body)
            errors = {
                "quota": (429, {"message": "quota", "type": "insufficient_quota", "code": "insufficient_quota"}),
                "key": (401, {"message": "bad key", "type": "invalid_request_error", "code": "invalid_api_key"}),
                "filter": (400, {"message": "filtered", "type": None, "code": "content_filter"}),
                "bad": (400, {"message": "bad", "type": "invalid_request_error", "code": None}),
                "broken": (500, {"message": "oops", "type": "server_error", "code": None}),
            }
            if model.behaviour in errors:
                status, error = errors[model.behaviour]
                self.answer(status, "application/json", json.dumps({"error": error}).encode())
                return
            if model.behaviour == "breaks off":
                self.by_sentences(model, broken=True)
                return
            if model.behaviour == "cut":
                # The connection ends in the middle of the answer, as when a proxy restarts.
                content = self.stream(model).encode()
                self.answer(200, "text/event-stream", content[: len(content) // 2], promised=len(content))
                self.close_connection = True
                return
            if model.behaviour == "error event":
                told = {"error": {"message": "the engine fell over", "type": "server_error", "code": None}}
                begun = self.stream(model).partition("\n\n")[0]
                self.answer(200, "text/event-stream", f"{begun}\n\ndata: {json.dumps(told)}\n\n".encode())
                return
            if model.behaviour == "no json":
                self.answer(200, "text/event-stream", b": a comment\n\nevent: ping\ndata: not json\n\n")
                return
            if model.behaviour == "slow":
                threading.Event().wait(8)
            if model.behaviour == "by sentences":
                self.by_sentences(model)
                return
            self.answer(200, "text/event-stream", self.stream(model).encode())

        def by_sentences(self, model: ModelServer, *, broken: bool = False) -> None:
            """What the model says, with 1.2 seconds for each `|` in it; up to the last of them when it breaks off."""
            parts = [self.stream(model, part) for part in model.says.split("|")]
            # Only the last one tells the end.
            sent = [part.partition(ENDS)[0] for part in parts[:-1]] + parts[-1:]
            content = "".join(sent)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                self.close_connection = broken
                for count, piece in enumerate(sent[:-1] if broken else sent):
                    if count:
                        time.sleep(1.2)
                    if count > 1:
                        model.go_on.wait(60)
                    self.wfile.write(piece.encode())
                    self.wfile.flush()

        def stream(self, model: ModelServer, says: str = "") -> str:
            chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "test"}
            lines = []
            for piece in pieces(says or model.says):
                choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
                lines.append(chunk | {"choices": [choice]})
            lines.append(chunk | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
            lines.append(chunk | {"choices": [], "usage": usage})
            told = [f"data: {json.dumps(line)}\n\n" for line in lines]
            return "".join(told[:-2]) + ENDS + "".join(told[-2:]) + "data: [DONE]\n\n"

        def answer(self, status: int, media_type: str, content: bytes, promised: int = 0) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(promised or len(content)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.append(ModelServer(server.server_address[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state[0]
    finally:
        server.shutdown()
        server.server_close()
