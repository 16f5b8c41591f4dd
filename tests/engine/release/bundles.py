"""A shop with everything that a portable file can hold, and ways to spoil such a file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.channel_adapters.shops import MUG_PAGE
from tests.conftest import PAIRS, POLICY, Merchant
from tests.sites.loopback import Site

FEED = (
    "id,title,description,price,availability,link,wholesale price\n"
    "1,Linen shirt,A cool shirt.,39.00 EUR,in stock,https://shop.example/shirt,11.1131 EUR\n"
    "2,Wool scarf,A warm scarf.,25.00 EUR,out of stock,https://shop.example/scarf,7.7713 EUR\n"
)
SECRET_KEY = "s3cr3tFeedKey0123456789abcdef"
TESTER = "tester.jane@private.example"
SHOPPER = "shopper.joe@private.example"
QUESTIONS = [
    *(pair["question"] for pair in PAIRS),
    "How long may I return things?",
    "What does delivery to France cost?",
    "How much does the Fernleaf Mug cost?",
    "Do you have the linen shirt in stock?",
    "Is the wool scarf in stock?",
    "What is the capital of Mongolia?",
    "Can I pay with cheques?",
    "Where do you make your things?",
]


@dataclass
class Packed:
    """A bot, and the file that was made of it."""

    owner: Merchant
    bot: str
    path: Path

    @property
    def merchant(self) -> str:
        return str(self.owner.signed_up["merchant"]["id"])


def make_shop(owner: Merchant, site: Site) -> str:
    """A live bot with a website, a feed, policies, pairs, a pin, a correction, cases, tests and ratings."""
    site.add({"/packed-mug": MUG_PAGE})
    bot = owner.bot("Kiln & Léaf / Shop")
    base = f"/v1/bots/{bot}"
    owner.learn(bot)
    owner.http.post(f"{base}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
    website = {"kind": "website", "url": f"{site.url}packed-mug", "max_pages": 1}
    owner.http.post(f"{base}/sources", json=website).raise_for_status()
    owner.http.post(f"{base}/sources/files", files=[("files", ("feed.csv", FEED.encode()))]).raise_for_status()
    icon = Path("engine/demo_shop/site/icon.png").read_bytes()
    owner.http.put(f"{base}/icon", files={"file": ("icon.png", icon)}).raise_for_status()
    owner.http.patch(base, json={"persona": {"assistant_name": "Fern"}, "theme_overrides": {"primary": "#883300"}})
    version = owner.train(bot)
    assert (version["status"], version["products"]) == ("ready", 3), version
    owner.write_cases(bot)
    owner.one_tester_is_enough(bot)
    owner.prove(bot)
    owner.http.post(f"{base}/versions/1/deploy").raise_for_status()
    add_people(owner, bot)
    put_right(owner, bot)
    return bot


def add_people(owner: Merchant, bot: str) -> None:
    """What must stay: a tester, their words, a shopper's address, and a feed's key."""
    base = f"/v1/bots/{bot}"
    owner.http.post(f"{base}/invites", json={"email": TESTER}).raise_for_status()
    turn = owner.ask(bot, f"I am {SHOPPER}. Do you offer gift wrapping?")["turn_id"]
    told = {"turn_id": turn, "helpful": True, "comment": f"Nice, says {TESTER}"}
    owner.http.post(f"{base}/versions/1/ratings", json=told).raise_for_status()
    feed = {"kind": "feed", "url": f"https://feeds.shop.example/all.csv?lang=en&token={SECRET_KEY}"}
    owner.http.post(f"{base}/sources", json=feed).raise_for_status()


def put_right(owner: Merchant, bot: str) -> None:
    """A pinned answer, a passage left out, and cases that name a source and a product."""
    base = f"/v1/bots/{bot}"
    pin = {"questions": ["Where do you make your things?"], "answer": "All of it is made in Ghent."}
    owner.http.post(f"{base}/pins", json=pin).raise_for_status()
    [policy] = [s for s in owner.http.get(f"{base}/sources").json()["items"] if s["kind"] == "text"]
    document = owner.http.get(f"{base}/sources/{policy['id']}/documents").json()["items"][0]["id"]
    passages = owner.http.get(f"{base}/documents/{document}/passages").json()["items"]
    place = next(passage["position"] for passage in passages if "cheques" in passage["text"])
    owner.http.post(f"{base}/corrections", json={"document": document, "position": place}).raise_for_status()
    mug = next(p for p in owner.http.get(f"{base}/products").json()["items"] if "Mug" in p["title"])
    for case in (
        {"question": "How much does delivery to France cost?", "expected_source": policy["id"]},
        {"question": "How much does the Fernleaf Mug cost?", "expected_product": mug["id"]},
    ):
        owner.http.post(f"{base}/test_cases", json=case | {"approved": True}).raise_for_status()


def contents(path: Path) -> dict[str, bytes]:
    """Every part of a file, unpacked."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def written(path: Path, parts: Mapping[str, bytes]) -> Path:
    """A file of these parts, in order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def resealed(parts: dict[str, bytes], **told: Any) -> dict[str, bytes]:
    """The parts with a manifest whose hashes hold, as someone who knows the format could make it."""
    manifest = json.loads(parts["manifest.json"]) | told
    manifest["parts"] = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in parts.items()
        if name != "manifest.json"
    ]
    return parts | {"manifest.json": json.dumps(manifest).encode()}


def without_ids(reply: Mapping[str, Any]) -> dict[str, Any]:
    """What a shopper gets of a reply, without what is another in every installation and at every time."""
    told = ("text", "language", "outcome", "products", "checks", "model", "notice")
    citations = [{name: c[name] for name in ("title", "url", "quote", "as_of")} for c in reply["citations"]]
    return {name: reply.get(name) for name in told} | {"citations": citations}


__all__ = ["FEED", "POLICY", "QUESTIONS", "SECRET_KEY", "SHOPPER", "TESTER", "Packed", "contents", "make_shop"]
