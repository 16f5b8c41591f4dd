"""The harness's model server, but for what it says: sentences of the prompt's own passages, which a guard lets by.

    HARNESS=folder CORPUS=folder python speaking_fake.py --port 18080

Two hundred tokens as before, one a word; the first begins with `~` and the last ends with `^`, which stand nowhere
else: `measure.py` has the harness's client look for them. Everything else, the embeddings, the pace, the figures, is
the harness's own.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path

HARNESS = Path(os.environ["HARNESS"])
sys.path.insert(0, str(HARNESS))
import fake_openai as fake  # type: ignore[import-not-found]  # noqa: E402

SENTENCE = re.compile(r"(?<=[.!?]) +")
DOCUMENTS = {
    row["meta"]["sku"]: SENTENCE.split(row["text"])
    for row in map(json.loads, (Path(os.environ["CORPUS"]) / "docs.jsonl").open(encoding="utf-8"))
}
prompt = {"text": ""}
"""All that the model was told by the request in hand."""


def words(count: int) -> list[str]:
    """What is said to the prompt in hand, a word a token."""
    code = next((group for found in fake.QRX.finditer(prompt["text"]) for group in found.groups() if group), "")
    known = DOCUMENTS.get(code, [])
    said = [sentence for sentence in known if sentence in prompt["text"]] or ["I do not know that."]
    found: list[str] = []
    while len(found) < count:
        found += " ".join(said).split()
    found = [f" {word}" for word in found[:count]]
    found[0] = "~" + found[0]
    found[-1] = found[-1].rstrip(".") + "^."
    return found


def events(count: int, model: str, usage: bool) -> tuple[list[bytes], bytes]:
    """The stream's events, and its end, as the harness makes them."""
    head = {"id": "chatcmpl-fake", "object": "chat.completion.chunk", "created": 1700000000, "model": model}

    def event(delta: dict[str, str], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return bytes(fake.chunk(b"data: " + json.dumps(head | {"choices": [choice]}).encode() + b"\n\n"))

    said = words(count)
    parts = [event({"role": "assistant", "content": said[0]}), *(event({"content": word}) for word in said[1:])]
    counted = {"prompt_tokens": 1, "completion_tokens": count, "total_tokens": count + 1}
    tail = fake.chunk(b"data: " + json.dumps(head | {"choices": [], "usage": counted}).encode() + b"\n\n")
    end = fake.chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"
    return parts, event({}, "stop") + (tail if usage else b"") + end


class Speaking(fake.P):  # type: ignore[misc]
    """Keeps what was asked for `words`."""

    def chat(self, body: dict[str, object]) -> None:
        """Answer."""
        messages = body.get("messages", [])
        prompt["text"] = "\n".join(str(message.get("content") or "") for message in messages)  # type: ignore[attr-defined]
        super().chat(body)


async def main(port: int) -> None:
    """Serve."""
    fake.LOOP = asyncio.get_running_loop()
    server = await fake.LOOP.create_server(Speaking, "127.0.0.1", port, backlog=1024)
    print("speaking fake on", port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    fake.EMB, fake.events = fake.HashEmbed(), events
    import uvloop  # type: ignore[import-not-found]

    uvloop.run(main(int(sys.argv[sys.argv.index("--port") + 1])))
