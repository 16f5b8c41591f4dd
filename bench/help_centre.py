"""`python -m bench.help_centre`: crawl, train and answer a help centre of 257 pages, end to end over HTTP.

Right: every keyword group occurs in the answer (ignoring case) and a gold document is cited.
"""

from __future__ import annotations

import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from bench.product import server, train
from bench.results import Result
from bench.site import DATA, pages, read_lines, served

GOALS = {"questions.jsonl": (">= 0.88", ">= 0.92"), "questions_2.jsonl": (">= 0.72", ">= 0.75")}
"""Right, refused."""
KNOWLEDGE = DATA / "kb" / "arduino_store_hardware"


def is_right(question: dict[str, Any], reply: dict[str, Any]) -> bool:
    """Whether an answer holds every keyword group, does not say the opposite, and cites a gold document."""
    text = reply["text"].lower()
    said = re.match(r"(yes|no)\b", text)
    if question["polarity"] and said is not None and said[1] != question["polarity"]:
        return False
    cited = {citation["url"].partition("#")[0].rpartition("/")[2] for citation in reply["citations"]}
    return all(any(word.lower() in text for word in group) for group in question["keyword_groups"]) and bool(
        cited & set(question["gold_doc_ids"])
    )


def p95(values: list[float]) -> float:
    """The smallest value that 95 % do not exceed."""
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


def quality(
    client: httpx.Client, path: str, questions: list[dict[str, Any]], label: str, *, show: bool
) -> list[Result]:
    """Answer a question file, print how it went, and give the figures."""
    rows = [(q, client.post(path, json={"text": q["question"]}).raise_for_status().json()) for q in questions]
    known = [(q, r) for q, r in rows if q["answerable"]]
    unknown = [(q, r) for q, r in rows if not q["answerable"]]
    right = sum(r["outcome"] == "answered" and is_right(q, r) for q, r in known)
    over = sum(r["outcome"] != "answered" for _, r in known)
    refused = sum(r["outcome"] != "answered" for _, r in unknown)
    words = [len(r["text"].split()) for _, r in known if r["outcome"] == "answered"]
    print(
        f"{label}: right {right}/{len(known)} = {right / len(known):.2f}, refused {refused}/{len(unknown)} ="
        f" {refused / len(unknown):.2f}, over-refused {over}/{len(known)} = {over / len(known):.2f},"
        f" words median {statistics.median(words):.0f} most {max(words)}"
    )
    if show:
        for q, r in rows:
            good = (r["outcome"] != "answered") if not q["answerable"] else is_right(q, r)
            if not good:
                print(
                    "  WRONG", q["qid"], q["question"], "\n     want:", q["reference_answer"], "\n     got:", r["text"]
                )
    right_goal, refused_goal = GOALS[label]
    return [
        Result("help centre", f"{label} right", round(right / len(known), 3), len(known), right_goal),
        Result("help centre", f"{label} refused", round(refused / len(unknown), 3), len(unknown), refused_goal),
        Result("help centre", f"{label} over-refused", round(over / len(known), 3), len(known), "<= 0.06"),
        Result("help centre", f"{label} median words", float(statistics.median(words)), len(words), "<= 60"),
    ]


def latency(client: httpx.Client, path: str, questions: list[str], at_once: int) -> float:
    """95th percentile of the whole round trip, ms, with so many shoppers at once."""

    def ask(text: str) -> float:
        started = time.perf_counter()
        client.post(path, json={"text": text}).raise_for_status()
        return (time.perf_counter() - started) * 1000

    with ThreadPoolExecutor(at_once) as pool:
        return p95(list(pool.map(ask, questions)))


def main(*, show: bool = False) -> list[Result]:
    """Run, print, and give the figures."""
    documents = read_lines(KNOWLEDGE / "docs.jsonl")
    first, second = (read_lines(KNOWLEDGE / name) for name in ("questions.jsonl", "questions_2.jsonl"))
    with (
        served(pages(documents)) as site,
        server(
            crawler_allowed_private_hosts=site.removeprefix("http://"), visitor_messages_per_minute="100000"
        ) as client,
    ):
        bot = client.post("/v1/bots", json={"name": "Help centre"}).raise_for_status().json()["id"]
        client.post(f"/v1/bots/{bot}/sources", json={"kind": "website", "url": f"{site}/"}).raise_for_status()
        started = time.perf_counter()
        version = train(client, bot)
        print(
            f"crawled and trained: {version['status']} after {time.perf_counter() - started:.1f} s,"
            f" {version['documents']} documents, {version['passages']} passages,"
            f" {len(version['progress']['failures'])} failures"
        )
        path = f"/v1/bots/{bot}/versions/1/ask"
        found = quality(client, path, first, "questions.jsonl", show=show)
        found += quality(client, path, second, "questions_2.jsonl", show=show)
        fresh = [f"{q['question']} {n}" for n in range(2) for q in first + second]
        print(f"latency p95: one at a time {latency(client, path, fresh[:150], 1):.0f} ms", end=", ")
        print(f"eight at once {latency(client, path, fresh[150:], 8):.0f} ms")
    return found


if __name__ == "__main__":
    import sys

    main(show="--show" in sys.argv)
