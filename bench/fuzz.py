"""`python -m bench.fuzz 100000`: broken requests at every webhook of a running server; counts what it answers.

A third of the requests is genuine and rightly signed, a third is a genuine body that was cut, doubled, shaken or filled
with nonsense and signed after that, and a third is signed wrongly or not at all. After any 500 the command fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import httpx

from bench.product import server
from bench.storm import live_bot
from channel_adapters.webhook.signing import signed as webhook_signed
from tests.channel_adapters.platforms import bot_service, graph, webhook
from tests.channel_adapters.platforms.base import Platform, running
from tests.channel_adapters.test_meta import SETTINGS
from tests.channel_adapters.test_microsoft import SETTINGS as MICROSOFT

Request = tuple[bytes, dict[str, str]]
AT_ONCE = 32
PIECES = (b"null", b"[]", b"{}", b"-1e999", b'"\\ud800"', b"[[[[[[", b"\xff\xfe", b"9" * 400, b"\x00", b'":', b"true")


def mangled(chance: random.Random, content: bytes) -> bytes:
    """Bytes that were cut, doubled, shaken or filled with nonsense."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(data) or 1)
        match chance.randrange(4):
            case 0:
                data[place : place + chance.randint(0, 40)] = b""
            case 1:
                data[place:place] = chance.randbytes(chance.randint(1, 12))
            case 2:
                data[place:place] = chance.choice(PIECES)
            case _:
                data[place:place] = data[: chance.randint(0, 60)]
    return bytes(data)


def requests_of(kind: str, platform: Any, chance: random.Random) -> Callable[[bytes | None], Request]:
    """What makes a signed request of a body, or of a genuine one; the genuine ones are nobody's messages here."""

    def genuine() -> dict[str, Any]:
        match kind:
            case "webhook":
                return {"type": "ping", "id": str(chance.random()), "conversation": "c", "text": "x"}
            case "teams":
                return dict(platform.message("Hello", type="typing"))
            case "whatsapp":
                return graph.whatsapp_message("Hello", "49", number="999")
            case _:
                page = kind == "messenger"
                return graph.page_message("Hello", "x", kind="page" if page else "instagram", place="999")

    def signed(body: bytes | None) -> Request:
        content = json.dumps(genuine()).encode() if body is None else body
        if kind == "teams":
            return content, {"Authorization": f"Bearer {platform.signed()}"}
        if kind == "webhook":
            return content, webhook_signed(webhook.SECRET, "x", datetime.now(UTC), content)
        return graph.signed(content)

    return signed


async def fuzz(base: str, path: str, sign: Callable[[bytes | None], Request], count: int, chance: random.Random) -> Any:
    """(statuses, seconds) of so many requests."""
    statuses: Counter[int] = Counter()
    left = iter(range(count))

    async def worker(client: httpx.AsyncClient) -> None:
        for number in left:
            content, headers = sign(None)
            if number % 3 == 1:
                content, headers = sign(mangled(chance, content))
            elif number % 3 == 2:
                content = mangled(chance, content)
                name = chance.choice([*headers, "none"])
                headers[name] = mangled(chance, headers.get(name, "x").encode()).decode("latin-1")
            raw = {
                name: "".join(sign for sign in value if 32 <= ord(sign) != 127).strip().encode("latin-1") or b"x"
                for name, value in headers.items()
            }
            answer = await client.post(f"{base}{path}", content=content, headers=raw)
            statuses[answer.status_code] += 1

    began = time.monotonic()
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=AT_ONCE)) as client:
        await asyncio.gather(*(worker(client) for _ in range(AT_ONCE)))
    return statuses, time.monotonic() - began


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    service, meta, shop = bot_service.BotService(), graph.Graph(), webhook.ShopServer()
    platforms: dict[str, Platform] = {
        "webhook": shop, "teams": service, "messenger": meta, "instagram": meta, "whatsapp": meta,
    }  # fmt: skip
    failed = False
    with ExitStack() as stack:
        for platform in {id(one): one for one in platforms.values()}.values():
            stack.enter_context(running(platform))
        addresses = json.dumps({kind: one.url for kind, one in platforms.items()})
        client = stack.enter_context(server(channel_addresses=addresses, playground="false"))
        bot = live_bot(client)
        filled = {"webhook": {"url": f"{shop.url}/x", "secret": webhook.SECRET}, "teams": MICROSOFT, **SETTINGS}
        print("| webhook | requests | a second | answered with |\n|---|---|---|---|")
        for kind, platform in platforms.items():
            body = {"settings": filled[kind]}
            link = client.put(f"/v1/bots/{bot}/channels/{kind}", json=body).raise_for_status().json()
            told = [value for step in link["steps"] for _, value in step["values"] if "/hooks/" in value]
            path = httpx.URL(told[0]).path
            chance = random.Random(chosen.seed)
            sign = requests_of(kind, platform, chance)
            statuses, seconds = asyncio.run(fuzz(str(client.base_url).rstrip("/"), path, sign, chosen.count, chance))
            failed |= any(status >= 500 for status in statuses)
            counts = ", ".join(f"{status}: {number:,}" for status, number in sorted(statuses.items()))
            print(f"| {kind} | {sum(statuses.values()):,} | {chosen.count / seconds:,.0f} | {counts} |", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
