"""`python -m bench.fuzz 100000`: broken requests at every webhook of a running server; counts what it answers.

A third of the requests is genuine and rightly signed, a third is a genuine body of which parts were exchanged or lost,
or bytes cut, doubled, shaken or filled with nonsense, and that was signed after that, and a third is signed wrongly or
not at all. After any 500 the command fails.
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
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from bench.product import free_port, server
from bench.storm import live_bot
from channel_adapters.slack.signing import signed as slack_headers
from channel_adapters.webhook.signing import signed as webhook_signed
from tests.channel_adapters.platforms import bot_service, graph, slack, webhook
from tests.channel_adapters.platforms.base import Platform, running
from tests.channel_adapters.test_meta import SETTINGS
from tests.channel_adapters.test_microsoft import SETTINGS as MICROSOFT
from tests.channel_adapters.test_slack_fuzz import mutated
from tests.engine.billing.stripe_server import SECRET as STRIPE_SECRET
from tests.engine.billing.stripe_server import event, stripe_server
from tests.engine.billing.stripe_server import headers_of as stripe_headers

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


@dataclass(frozen=True)
class Target:
    """A webhook: what is genuine there, and how it is signed. The genuine is nobody's message: nothing is answered."""

    kind: str
    tail: str
    genuine: Callable[[], Any]
    signed: Callable[[bytes], dict[str, str]]
    written: Callable[[Any], bytes] = lambda value: json.dumps(value).encode()

    def body(self, chance: random.Random, *, broken: bool) -> bytes:
        """A genuine body; or one of which parts were exchanged, or bytes."""
        if not broken:
            return self.written(self.genuine())
        if chance.randrange(2):
            return self.written(mutated(chance, self.genuine()))
        return mangled(chance, self.written(self.genuine()))


def form_of(payload: Any) -> bytes:
    """An interaction as Slack sends it."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def pressed() -> dict[str, Any]:
    """A press on a button, in a workspace that is linked nowhere."""
    button = {"action_id": "ask_0", "text": {"type": "plain_text", "text": "Q"}, "value": "Question?"}
    posted = {"text": "x", "blocks": [{"type": "actions", "block_id": "suggested", "elements": [button]}]}
    return slack.press(posted, 0, "D1FUZZ", "https://evil.example/x", team={"id": "T9ELSE"})


def paid() -> dict[str, Any]:
    """A notice of a subscription that is nobody's."""
    about = {"id": "sub_1", "object": "subscription", "status": "active", "metadata": {}, "items": {"data": []}}
    return event("customer.subscription.updated", about, "evt_1")


def targets(service: bot_service.BotService) -> list[Target]:
    """Every webhook of every channel, and Stripe's."""

    def shop_signed(body: bytes) -> dict[str, str]:
        return webhook_signed(webhook.SECRET, "x", datetime.now(UTC), body)

    def slack_signed(body: bytes) -> dict[str, str]:
        return slack_headers(slack.SIGNING, datetime.now(UTC), body)

    def meta_signed(body: bytes) -> dict[str, str]:
        return graph.signed(body)[1]

    token = service.signed()
    return [
        Target("webhook", "messages", lambda: {"type": "ping", "id": "1", "conversation": "c"}, shop_signed),
        Target(
            "teams", "messages", lambda: dict(service.message("Hello", type="typing")),
            lambda _: {"Authorization": f"Bearer {token}"},
        ),
        Target("slack", "events", lambda: slack.callback(slack.direct("Hi", "D1"), team_id="T9ELSE"), slack_signed),
        Target("slack", "interactions", pressed, slack_signed, form_of),
        Target("messenger", "events", lambda: graph.page_message("Hello", "x", place="999"), meta_signed),
        Target("instagram", "events", lambda: graph.page_message("", "x", kind="instagram", place="999"), meta_signed),
        Target("stripe", "", paid, stripe_headers),
        Target("whatsapp", "events", lambda: graph.whatsapp_message("Hello", "49", number="999"), meta_signed),
    ]  # fmt: skip


async def fuzz(base: str, path: str, target: Target, count: int, chance: random.Random) -> Any:
    """(statuses, seconds) of so many requests."""
    statuses: Counter[int] = Counter()
    left = iter(range(count))

    async def worker(client: httpx.AsyncClient) -> None:
        for number in left:
            content = target.body(chance, broken=number % 3 == 1)
            headers = target.signed(content)
            if number % 3 == 2:
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
    # The server lets idle connections go after five seconds: none is used again that long after.
    limits = httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=2.0)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        await asyncio.gather(*(worker(client) for _ in range(AT_ONCE)))
    return statuses, time.monotonic() - began


def hook_of(link: dict[str, Any], tail: str) -> str:
    """The path of a link's webhook, as its steps tell it."""
    told = [value for step in link["steps"] for _, value in step["values"]]
    return next(httpx.URL(value).path for value in told if value.endswith(f"/{tail}"))


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument(
        "--only", nargs="*", default=[], help="such as slack, slack/events or stripe; all when left out"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    service, meta, shop, workspace = bot_service.BotService(), graph.Graph(), webhook.ShopServer(), slack.FakeSlack()
    platforms: dict[str, Platform] = {
        "webhook": shop, "teams": service, "slack": workspace, "messenger": meta, "instagram": meta, "whatsapp": meta,
    }  # fmt: skip
    failed = False
    with ExitStack() as stack:
        for platform in {id(one): one for one in platforms.values()}.values():
            stack.enter_context(running(platform))
        addresses = json.dumps({kind: one.url for kind, one in platforms.items()})
        stripe = f"http://127.0.0.1:{free_port()}"
        stack.enter_context(stripe_server(stripe))
        payments = {"stripe_key": "sk_test_x", "stripe_webhook_secret": STRIPE_SECRET, "stripe_address": stripe}
        client = stack.enter_context(
            server(channel_addresses=addresses, playground="false", log_level="error", **payments)
        )
        bot = live_bot(client)
        filled = SETTINGS | {
            "webhook": {"url": f"{shop.url}/x", "secret": webhook.SECRET}, "teams": MICROSOFT,
            "slack": slack.SETTINGS | {"bot_token": slack.TOKEN},
        }  # fmt: skip
        paths = {}
        only = set(chosen.only)
        chosen_targets = [one for one in targets(service) if not only or only & {one.kind, f"{one.kind}/{one.tail}"}]
        for target in chosen_targets:  # all before the first request: a sign-in does not last as long as this runs
            if target.kind == "stripe":  # nobody links it: the operator connects it
                paths[target] = "/hooks/stripe"
                continue
            body = {"settings": filled[target.kind]}
            link = client.put(f"/v1/bots/{bot}/channels/{target.kind}", json=body).raise_for_status().json()
            paths[target] = hook_of(link, target.tail)
        print("| webhook | requests | a second | answered with |\n|---|---|---|---|")
        for target, path in paths.items():
            base, chance = str(client.base_url).rstrip("/"), random.Random(chosen.seed)
            statuses, seconds = asyncio.run(fuzz(base, path, target, chosen.count, chance))
            failed |= any(status >= 500 for status in statuses)
            counts = ", ".join(f"{status}: {number:,}" for status, number in sorted(statuses.items()))
            rate = chosen.count / seconds
            print(
                f"| {f'{target.kind}/{target.tail}'.rstrip('/')} | {statuses.total():,} | {rate:,.0f} | {counts} |",
                flush=True,
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
