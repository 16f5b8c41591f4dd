"""Five testers at once in one playground: does anything of one reach another?

`python -m bench.testers 1000` prints a table. The testers speak the page's own protocol over HTTP, each with a cookie
of their own, and mark every question and comment; then all that came back or was kept is searched for others' marks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.product import server, train

__all__ = ["Figures", "Tester", "run"]

TESTERS = 5
PER_TALK = 10
"""Questions before a tester clears the conversation, as people do."""
RATED = 3
"""Every so many answers are rated."""
MARK = re.compile(r"tester(\d)x(\d+)")
QUESTIONS = ("Do you sell gift cards?", "How long can I return goods?", "Is the mug safe in the dishwasher?")
PAIRS = [
    {"question": "Do you sell gift cards?", "answer": "Gift cards stay valid for three years."},
    {"question": "How long can I return goods?", "answer": "You can return goods within 30 days."},
    {"question": "Is the mug safe in the dishwasher?", "answer": "The mug is safe up to 60 degrees."},
]
LIMITS = {
    "visitor_messages_per_minute": "100000",
    "visitor_messages_per_day": "100000",
    "address_messages_per_minute": "100000",
    "bot_messages_per_minute": "100000",
}
"""Out of the way: they have tests of their own."""


@dataclass
class Figures:
    """What happened."""

    exchanges: int = 0
    ratings: int = 0
    crossed_messages: int = 0
    crossed_ratings: int = 0
    lost: int = 0
    """Answers that did not come, or did not show the tester's own question."""
    milliseconds: list[float] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing crossed over and nothing was lost."""
        return not (self.crossed_messages or self.crossed_ratings or self.lost)

    @property
    def p95(self) -> float:
        """Milliseconds in which 95 of 100 answers were complete."""
        return statistics.quantiles(self.milliseconds, n=20)[-1]


class Tester:
    """One browser's worth of state: a cookie jar and a page."""

    def __init__(self, base: str, link: str, number: int) -> None:
        self.http = httpx.AsyncClient(base_url=base, timeout=120)
        self.link, self.number = link, number
        self.session, self.shown, self.asked = f"session{number}", list[Any](), 0
        self.events: dict[tuple[str, str], int] = {}

    async def open(self) -> None:
        """Follow the invitation, and learn what the page's parts are called."""
        (await self.http.get(self.link, follow_redirects=True)).raise_for_status()
        config = (await self.http.get("/playground/config")).raise_for_status().json()
        names = {part["id"]: part["props"].get("elem_id") or "" for part in config["components"]}
        for event in (event for event in config["dependencies"] if event["backend_fn"]):
            for part, action in event["targets"]:
                self.events[names.get(part, "page"), action] = event["id"]
        await self.clear()

    async def call(self, part: str, action: str, data: list[Any]) -> list[Any]:
        """Raise an event of the page; what it fills at its end."""
        body = {"data": data, "fn_index": self.events[part, action], "session_hash": self.session}
        (await self.http.post("/playground/gradio_api/queue/join", json=body)).raise_for_status()
        stream = self.http.stream("GET", "/playground/gradio_api/queue/data", params={"session_hash": self.session})
        async with stream as answer:
            async for line in answer.aiter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line.removeprefix("data:"))
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(f"the page's event {part} {action} failed")
                    return list(message["output"]["data"])
        raise RuntimeError("the stream ended early")

    async def clear(self) -> None:
        """Begin a fresh conversation."""
        self.shown = (await self.call("chat", "clear", []))[1]

    async def ask(self, text: str) -> str:
        """Ask; all text that the page shows now."""
        waiting, progress = [{"number": self.asked + 1, "text": text}], {"taken": self.asked, "halted": False}
        filled = await self.call("waiting", "change", [waiting, progress, self.shown, None, "website"])
        self.asked += 1
        self.shown = filled[1]
        return json.dumps(self.shown)

    async def rate(self, comment: str, stars: int) -> str:
        """Give stars and words to the newest answer; what the page says."""
        said = await self.call("stars", "input", [None, None, stars])
        words = await self.call("comment", "submit", [None, None, comment])
        return json.dumps([said, words])


def strangers(text: str, number: int) -> int:
    """How many marks of others a text holds."""
    return sum(found[1] != str(number) for found in MARK.finditer(text))


async def try_it(tester: Tester, exchanges: int, figures: Figures) -> None:
    """One tester's whole visit."""
    await tester.open()
    for turn in range(exchanges):
        if turn and turn % PER_TALK == 0:
            await tester.clear()
        mark = f"tester{tester.number}x{turn}"
        began = time.perf_counter()
        page = await tester.ask(f"{QUESTIONS[(tester.number + turn) % len(QUESTIONS)]} {mark}")
        figures.milliseconds.append((time.perf_counter() - began) * 1000)
        figures.exchanges += 1
        figures.crossed_messages += strangers(page, tester.number)
        earlier = turn % PER_TALK + 1
        # Greeting, then question and answer each time.
        figures.lost += mark not in page or len(tester.shown) != 1 + 2 * earlier
        if turn % RATED == 0:
            said = await tester.rate(f"comment {mark}", turn % 5 + 1)
            figures.ratings += 1
            figures.crossed_ratings += strangers(said, tester.number)
    await tester.http.aclose()


def check_kept(client: httpx.Client, bot: str, figures: Figures) -> None:
    """Whether each kept rating belongs to the tester, the question and the stars it was given with."""
    kept, cursor = 0, ""
    while cursor is not None:
        query = {"limit": 100} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"/v1/bots/{bot}/versions/1/ratings", params=query).raise_for_status().json()
        for rating in page["items"]:
            number, turn = re.findall(r"\d+", rating["tester"])[0], MARK.search(rating["comment"])
            asked = MARK.search(rating["question"])
            same = turn is not None and asked is not None and turn[0] == asked[0] and turn[1] == number
            figures.crossed_ratings += not (same and rating["stars"] == int(turn[2]) % 5 + 1)
            kept += 1
        cursor = page["next_cursor"]
    figures.lost += abs(figures.ratings - kept)


async def all_at_once(base: str, links: list[str], exchanges: int) -> Figures:
    """Every tester's visit at the same time."""
    figures = Figures()
    testers = [Tester(base, link, number) for number, link in enumerate(links)]
    await asyncio.gather(*(try_it(tester, exchanges // len(links), figures) for tester in testers))
    return figures


def run(client: httpx.Client, bot: str, exchanges: int) -> Figures:
    """Invite five testers to a trained bot, let them try it at once, and look for what crossed over."""
    links = []
    for number in range(TESTERS):
        body = {"email": f"tester{number}@friend.example"}
        invite = client.post(f"/v1/bots/{bot}/invites", json=body).raise_for_status().json()
        links.append("/playground" + invite["link"].split("/playground", 1)[1])
    figures = asyncio.run(all_at_once(str(client.base_url), links, exchanges))
    check_kept(client, bot, figures)
    return figures


def main(arguments: list[str] | None = None) -> int:
    """Print the table. Returns 1 when anything crossed over or was lost."""
    parser = argparse.ArgumentParser(description="Five testers at once in one playground.")
    parser.add_argument("exchanges", type=int, nargs="?", default=1000, help="questions and answers in all")
    chosen = parser.parse_args(arguments)
    with server(**LIMITS) as client:
        bot = client.post("/v1/bots", json={"name": "Fernleaf"}).raise_for_status().json()["id"]
        client.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
        train(client, bot)
        began = time.perf_counter()
        figures = run(client, bot, chosen.exchanges)
    print("| testers | exchanges | ratings | crossed messages | crossed ratings | lost | p95 | all |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| {TESTERS} | {figures.exchanges} | {figures.ratings} | {figures.crossed_messages} | "
        f"{figures.crossed_ratings} | {figures.lost} | {figures.p95:.0f} ms | {time.perf_counter() - began:.0f} s |"
    )
    return 0 if figures.clean else 1


if __name__ == "__main__":
    sys.exit(main())
