"""One file served by a process of its own: the same answers, no merchant API, and nothing left behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.channel_adapters.shops import NO_REUSE, SHOP_ORIGIN, Shop
from tests.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = [
    "How much does delivery to Germany cost?",
    "How long can I return what I bought?",
    "How much is the Fernleaf Mug?",
    "Do you ship to Switzerland?",
    "Who won the world cup in 1998?",
]


@dataclass
class Alone:
    """A running process, what it said, and where it keeps its data."""

    http: httpx.Client
    process: subprocess.Popen[str]
    errors: Path
    folder: Path

    @property
    def said(self) -> str:
        return self.errors.read_text(encoding="utf-8")

    @property
    def secret(self) -> str:
        found = re.search(r"sk_live_\w+", self.said)
        assert found is not None, self.said
        return found[0]


@contextmanager
def alone(bundle: Path, tmp_path: Path, *options: str, **settings: str) -> Iterator[Alone]:
    """The command, as a person starts it, until the block ends."""
    port, folder, errors = free_port(), tmp_path / "temporary", tmp_path / "errors.txt"
    folder.mkdir()
    command = [sys.executable, "-m", "channel_adapters", str(bundle), "--port", str(port), *options]
    environment = os.environ | {"TMPDIR": str(folder)} | {f"STORECLERK_{k.upper()}": v for k, v in settings.items()}
    with errors.open("w") as written:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=written, text=True)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=NO_REUSE) as http:
        try:
            for _ in range(600):
                assert process.poll() is None, errors.read_text()
                try:
                    if http.get("/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield Alone(http, process, errors, folder)
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def bundle(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a live shop."""
    path = tmp_path_factory.mktemp("bundle") / "shop.zip"
    path.write_bytes(shop.http.get(f"/v1/bots/{shop.bot}/export").raise_for_status().content)
    path.chmod(0o444)
    return path


def answers(http: httpx.Client, bot: str, key: str, questions: Sequence[str]) -> list[dict[str, object]]:
    """Replies of the native endpoint, without what is another every time."""
    told = ("text", "outcome", "citations", "products", "language", "checks", "model")
    replies = [
        http.post(f"/chat/{bot}", json={"text": text}, headers={"Authorization": f"Bearer {key}"}).raise_for_status()
        for text in questions
    ]
    return [{name: reply.json()[name] for name in told} for reply in replies]


def test_it_answers_as_the_installation_does_and_leaves_nothing(bundle: Path, shop: Shop, tmp_path: Path):
    there = answers(shop.http, shop.bot, shop.secret, QUESTIONS)
    before = bundle.read_bytes()
    with alone(bundle, tmp_path, "--origin", SHOP_ORIGIN) as served:
        assert answers(served.http, shop.bot, served.secret, QUESTIONS) == there
        assert {reply["outcome"] for reply in there} == {"answered", "refused"}
        assert any(served.folder.iterdir())
        assert served.said.count(served.secret) == 1
        page = re.search(r"pk_live_\w+", served.said)
        assert page is not None
        allowed = {"Authorization": f"Bearer {page[0]}", "Origin": SHOP_ORIGIN}
        config = served.http.get(f"/chat/{shop.bot}/config", headers=allowed)
        assert (config.json()["state"], config.headers["access-control-allow-origin"]) == ("live", SHOP_ORIGIN)
        elsewhere = served.http.get(f"/chat/{shop.bot}/config", headers=allowed | {"Origin": "https://other.example"})
        assert elsewhere.status_code == 403
        frame = served.http.get(f"/widget/{shop.bot}", params={"key": page[0], "origin": SHOP_ORIGIN})
        assert frame.status_code == 200
        assert served.http.get("/widget.js").status_code == 200
    assert served.process.returncode == 0
    assert list(served.folder.iterdir()) == []
    assert bundle.read_bytes() == before


def test_every_exported_endpoint_is_there_and_no_other(bundle: Path, shop: Shop, tmp_path: Path):
    key_file = tmp_path / "keys"
    key = "sk_live_" + "a" * 16 + "_" + "b" * 43
    key_file.write_text(f"{key}\n")
    with alone(bundle, tmp_path, "--key-file", str(key_file), bot_messages_per_minute="3") as served:
        assert "sk_live" not in served.said, "a key that was given is not repeated"
        headers = {"Authorization": f"Bearer {key}"}
        models = served.http.get("/v1/models", headers=headers).json()
        assert [model["id"] for model in models["data"]] == [shop.bot]
        body = {"model": shop.bot, "messages": [{"role": "user", "content": QUESTIONS[0]}]}
        answer = served.http.post("/v1/chat/completions", json=body, headers=headers)
        assert "4.90" in answer.json()["choices"][0]["message"]["content"]
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        accept = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
        tools = served.http.post(f"/mcp/{shop.bot}/", json=call, headers=headers | accept)
        assert tools.json()["result"]["tools"], tools.text
        for path in ("/v1/me", "/v1/bots", "/v1/signup", "/demo-shop/", "/try/x"):
            assert served.http.get(path, headers=headers).status_code == 404, path
        wrong = headers | {"Authorization": "Bearer sk_live_" + "a" * 16 + "_" + "c" * 43}
        assert served.http.get("/v1/models", headers=wrong).status_code == 401
        statuses = [
            served.http.post(f"/chat/{shop.bot}", json={"text": "Hello"}, headers=headers).status_code for _ in range(4)
        ]
        assert 429 in statuses, "the limits of the settings hold"


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (lambda path, good: path.write_bytes(good[: len(good) // 2]), (), "was cut off on the way"),
        (lambda path, good: path.write_bytes(good.replace(b"PK\x01\x02", b"PK\x01\x03", 1)), (), "cannot be used"),
        (lambda path, good: None, (), "There is no file"),
        (lambda path, good: path.write_bytes(good), ("--key-file", "/nowhere/keys"), "'/nowhere/keys' cannot be read"),
        (lambda path, good: path.write_bytes(good), ("--origin", "not an address"), "is not the address of a shop"),
    ],
    ids=["cut off", "damaged", "missing", "no key file", "no origin"],
)
def test_what_cannot_be_served_is_said_with_exit_code_one(
    make: object, options: tuple[str, ...], words: str, bundle: Path, tmp_path: Path
):
    path = tmp_path / "bad.zip"
    make(path, bundle.read_bytes())  # type: ignore[operator]
    command = [sys.executable, "-m", "channel_adapters", str(path), "--port", str(free_port()), *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Storeclerk cannot serve this: ")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_starting_it_imports_neither_llama_index_nor_dbos_nor_gradio():
    code = (
        "import sys, channel_adapters.alone, engine.families, engine.serving\n"
        "print([name for name in ('llama_index', 'dbos', 'gradio', 'streamlit', 'trafilatura') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_conversations_of_shoppers_are_kept_in_the_temporary_folder_only(bundle: Path, shop: Shop, tmp_path: Path):
    with alone(bundle, tmp_path) as served:
        headers = {"Authorization": f"Bearer {served.secret}"}
        first = served.http.post(f"/chat/{shop.bot}", json={"text": QUESTIONS[2], "visitor": "v1"}, headers=headers)
        ask = {"text": "And does it go into the dishwasher?", "visitor": "v1"}
        told = served.http.post(
            f"/chat/{shop.bot}", json=ask | {"conversation_id": first.json()["conversation_id"]}, headers=headers
        )
        assert told.status_code == 200
        files = [path for path in served.folder.rglob("*") if path.is_file()]
        assert any(b"dishwasher" in path.read_bytes() for path in files if "records" in path.name)
