"""Storeclerk as a peer of the side-by-side harness: copy this file to its `adapters/storeclerk.py`.

It imports the harness, never the engine: the real server is started from the checkout that
`STORECLERK_CHECKOUT` names, with that checkout's `.venv`. Language model and embedder are the harness's, as
with the other peers; `retrieve` is the look-up that merchants use.
"""

from __future__ import annotations

import json
import os
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import loadgen  # type: ignore[import-not-found]
from adapters._app import post  # type: ignore[import-not-found]
from proc import Proc  # type: ignore[import-not-found]

PORT = 18110
ACCOUNT = {"email": "bench@shop.example", "password": "a bench password", "shop_name": "Bench"}
BOUNDARY = "harness-corpus"


class Peer:
    """The server as `python -m studio.entrypoints.server` starts it, with the harness's language model."""

    def __init__(self, wd: str, root: str, fake: str) -> None:
        self.wd, self.fake = wd, fake
        self.checkout = Path(os.environ["STORECLERK_CHECKOUT"]).resolve()
        self.base = f"http://127.0.0.1:{PORT}"
        self.health = f"{self.base}/readyz"
        self.headers: dict[str, str] = {}
        self.version = ""
        self.kept = Path(wd, "data").exists()

    def start(self) -> Any:
        """The server's process, in a data folder below the harness's."""
        settings = {
            "DATA_DIR": f"{self.wd}/data",
            "PORT": str(PORT),
            "CHAT_MODEL": "openai_compatible",
            "CHAT_MODEL_URL": f"{self.fake}/v1",
            "CHAT_MODEL_NAME": "fake",
            "EMBEDDER": "openai_compatible",
            "EMBEDDER_NAME": "fake",
            "EMBEDDER_DIMENSIONS": "384",
            "ACCESS_TOKEN_MINUTES": "60",
            "VISITOR_MESSAGES_PER_MINUTE": "1000000",
            "VISITOR_MESSAGES_PER_DAY": "1000000",
            "ADDRESS_MESSAGES_PER_MINUTE": "1000000",
            "BOT_MESSAGES_PER_MINUTE": "1000000",
        }
        environment = {f"STORECLERK_{name}": value for name, value in settings.items()}
        command = [str(self.checkout / ".venv/bin/python"), "-m", "studio.entrypoints.server"]
        return Proc(command, str(self.checkout), environment, f"{self.wd}/log.txt")

    def setup(self) -> None:
        """Sign up; with `--keep`, sign in to the account of the run before and take its version up again."""
        if not self.kept:
            token = post(f"{self.base}/v1/signup", ACCOUNT)["access_token"]
            self.headers = {"Authorization": f"Bearer {token}"}
            return
        form = {"grant_type": "password", "username": ACCOUNT["email"], "password": ACCOUNT["password"]}
        token = self.got("/v1/token", urllib.parse.urlencode(form).encode())["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}
        bot = self.got("/v1/bots")["items"][0]["id"]
        self.version = f"{self.base}/v1/bots/{bot}/versions/1"

    def got(self, path: str, body: bytes | None = None) -> Any:
        """The server's answer to a plain request."""
        with urllib.request.urlopen(urllib.request.Request(self.base + path, body, self.headers)) as answer:
            return json.load(answer)

    def ingest(self, docs: list[dict[str, Any]], corpus: str) -> dict[str, Any]:
        """Upload the corpus as files, train a version, and wait for its end."""
        bot = post(f"{self.base}/v1/bots", {"name": "Bench"}, self.headers)["id"]
        parts = []
        for path in sorted(Path(corpus, "files").glob("*.md")):
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n\r\n'
            parts.append(head.encode() + path.read_bytes() + b"\r\n")
        kind = {**self.headers, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        request = urllib.request.Request(f"{self.base}/v1/bots/{bot}/sources/files", body, kind, method="POST")
        with urllib.request.urlopen(request, timeout=600) as answer:
            answer.read()
        number = post(f"{self.base}/v1/bots/{bot}/versions", None, self.headers, method="POST")["number"]
        self.version = f"{self.base}/v1/bots/{bot}/versions/{number}"
        while True:
            version = self.got(self.version.removeprefix(self.base))
            if version["status"] not in {"queued", "training"}:
                break
            time.sleep(0.25)
        return {key: version[key] for key in ("status", "documents", "passages")}

    def retrieve(self, question: str) -> Any:
        """The request that looks four passages up."""
        return loadgen.http(f"{self.version}/search", {"question": question, "limit": 4}, self.headers)

    def chat(self, question: str) -> Any:
        """The request for a streamed answer, in a conversation of its own."""
        return loadgen.http(f"{self.version}/ask", {"text": question, "stream": True}, self.headers)
