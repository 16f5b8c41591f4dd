"""A model that lies on purpose, behind a real OpenAI-compatible address, and what of its lies reaches a shopper.

It is asked for prices through the whole product: catalogues uploaded, trained, asked over HTTP.
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from bench.product import server, train
from bench.site import DATA

FILES = ("vendure_products.csv", "woocommerce_sample_products.csv", "shopify_apparel.csv", "shopify_jewelery.csv")
AMOUNT = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
QUESTIONS = (
    "How much is {}?",
    "What does the {} cost?",
    "What is the price of {}?",
    "Is {} in stock, and what is its price?",
)
LIES = (
    "The {title} costs {false}.", "It costs {false}.", "{title} is {false} today, and it is in stock.",
    "The price of the {title} is {false} [1].", "You can have the {title} for only {false}.",
    "{title}: {false}, available now.", "It is on sale, down from {double} to {false}.",
    "Both the {title} and the {other} cost {false}.", "The {title} costs {swapped} and the {other} costs {false}.",
    "Our customers love it. The price is {false} including delivery.", "Yes, it is in stock for {false}.",
    "{false}", "Prices start from {false}.", "The {title} in the largest size costs {false}.",
)  # fmt: skip


@contextmanager
def model_behind_http(says: Callable[[list[dict[str, Any]]], str]) -> Iterator[str]:
    """The address of a server that streams whatever `says` answers to the messages, a few characters at a time."""

    class Handler(BaseHTTPRequestHandler):
        """Speaks chat completions."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """One answer."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = says(body["messages"])
            chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "liar"}
            deltas = [{"content": text[place : place + 4]} for place in range(0, len(text), 4)]
            lines = [chunk | {"choices": [{"index": 0, "delta": d, "finish_reason": None}]} for d in deltas]
            lines.append(chunk | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            data = ("".join(f"data: {json.dumps(line)}\n\n" for line in lines) + "data: [DONE]\n\n").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Quiet."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}/v1"
    finally:
        running.shutdown()


def amounts(product: dict[str, Any]) -> set[str]:
    """Every price a product's row states."""
    stated = [product["price"], product.get("was_price")]
    stated += [money for v in product["variants"] for money in (v["price"], v.get("was_price"))]
    return {f"{float(money['amount']):.2f}" for money in stated if money}


def lie(products: list[dict[str, Any]], asked: dict[str, Any], chance: random.Random) -> tuple[str, str]:
    """(what the model says, the false amount in it)."""
    other = chance.choice([p for p in products if p["price"] and amounts(p).isdisjoint(amounts(asked))])
    right = float(asked["price"]["amount"])
    swapped = f"{float(other['price']['amount']):,.2f}"
    false = chance.choice((swapped, f"{right * 0.9 + 0.37:,.2f}", f"{right + 10:,.2f}", f"{right / 10 + 0.01:,.2f}"))
    sign = {"USD": "$", "GBP": "£", "EUR": "€"}.get(asked["price"]["currency"], "")
    template = chance.choice(LIES)
    if f"{float(false.replace(',', '')):.2f}" in amounts(asked):
        return lie(products, asked, chance)
    text = template.format(
        title=asked["title"], other=other["title"], false=f"{sign}{false}", swapped=f"{sign}{swapped}",
        double=f"{sign}{right * 2:,.2f}",
    )  # fmt: skip
    return text, false


def carries_wrong_price(text: str, asked: dict[str, Any], everything: set[str], false: str) -> bool:
    """Whether a reply says the false amount, or any amount of money that is no price of the product asked about."""
    stated = amounts(asked)
    for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
        names_other = any(title in sentence for title in everything if title not in asked["title"])
        bare = sentence.replace(asked["title"], "")
        for number in AMOUNT.findall(bare):
            plain = f"{float(number.replace(',', '')):.2f}"
            if number == false and not names_other:
                return True
            money = re.search(rf"[€$£]\s?{re.escape(number)}|{re.escape(number)}\s?(?:EUR|USD|GBP|CAD)", bare)
            if money and plain not in stated and not names_other:
                return True
    return False


def lying_answers(count: int, *, seed: int = 7, show: bool = False) -> int:
    """Ask that often, print how it went, and answer how many replies carried a wrong price."""
    chance = random.Random(seed)
    said: dict[str, str] = {}
    with (
        model_behind_http(lambda messages: said["next"]) as url,
        server(
            chat_model="openai_compatible", chat_model_name="liar", chat_model_url=url,
            visitor_messages_per_minute="100000",
        ) as client,
    ):  # fmt: skip
        products, bot = learned(client)
        priced = [product for product in products if product["price"]]
        titles = {product["title"] for product in products}
        wrong, ends = 0, Counter[str]()
        for _ in range(count):
            asked = chance.choice(priced)
            said["next"], false = lie(priced, asked, chance)
            question = chance.choice(QUESTIONS).format(asked["title"])
            reply = client.post(f"/v1/bots/{bot}/versions/1/ask", json={"text": question}).raise_for_status().json()
            checks = {check["name"]: check for check in reply["checks"]}
            detail = checks.get("numbers", {"detail": ""})["detail"]
            kept = "mended" if re.search(r"[1-9]\d* corrected", detail) else "withdrawn or harmless"
            ends["refused" if reply["outcome"] != "answered" else kept] += 1
            if carries_wrong_price(reply["text"], asked, titles, false):
                wrong += 1
                if show:
                    print(f"  WRONG {question!r}\n    model {said['next']!r}\n    reply {reply['text']!r}")
        print(f"a model that lies, over HTTP: {count} answers, {wrong} carried a wrong price; {dict(ends)}")
        return wrong


def learned(client: httpx.Client) -> tuple[list[dict[str, Any]], str]:
    """(all products, the bot that learned them)."""
    bot = str(client.post("/v1/bots", json={"name": "Bench"}).raise_for_status().json()["id"])
    files = [("files", (name, (DATA / "catalog" / name).read_bytes())) for name in FILES]
    client.post(f"/v1/bots/{bot}/sources/files", files=files).raise_for_status()
    version = train(client, bot)
    if version["status"] != "ready":
        raise SystemExit(f"the training ended as {version['status']!r}")
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(
            f"/v1/bots/{bot}/products", params={"limit": 50} | ({"cursor": cursor} if cursor else {})
        ).json()
        found += page["items"]
        cursor = page["next_cursor"]
    return found, bot
