"""`python -m bench.help_centre`: crawl, train and answer a help centre of 257 pages, end to end over HTTP.

Right: every keyword group occurs in the answer (ignoring case) and a gold document is cited.
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from bench.product import server, train
from bench.site import DATA, pages, read_lines, served

KNOWLEDGE = DATA / "kb" / "arduino_store_hardware"


def is_right(question: dict[str, Any], reply: dict[str, Any]) -> bool:
    """Whether an answer holds every keyword group and cites a gold document."""
    text = reply["text"].lower()
    cited = {citation["url"].partition("#")[0].rpartition("/")[2] for citation in reply["citations"]}
    return all(any(word.lower() in text for word in group) for group in question["keyword_groups"]) and bool(
        cited & set(question["gold_doc_ids"])
    )


def p95(values: list[float]) -> float:
    """The smallest value that 95 % do not exceed."""
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


def quality(client: httpx.Client, path: str, questions: list[dict[str, Any]], label: str, *, show: bool) -> None:
    """Answer a question file and print how it went."""
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


def latency(client: httpx.Client, path: str, questions: list[str], at_once: int) -> float:
    """95th percentile of the whole round trip, ms, with so many shoppers at once."""

    def ask(text: str) -> float:
        started = time.perf_counter()
        client.post(path, json={"text": text}).raise_for_status()
        return (time.perf_counter() - started) * 1000

    with ThreadPoolExecutor(at_once) as pool:
        return p95(list(pool.map(ask, questions)))


def main(*, show: bool = False) -> None:
    """Run and print."""
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
        quality(client, path, first, "questions.jsonl", show=show)
        quality(client, path, second, "questions_2.jsonl", show=show)
        fresh = [f"{q['question']} {n}" for n in range(2) for q in first + second]
        print(f"latency p95: one at a time {latency(client, path, fresh[:150], 1):.0f} ms", end=", ")
        print(f"eight at once {latency(client, path, fresh[150:], 8):.0f} ms")


if __name__ == "__main__":
    import sys

    main(show="--show" in sys.argv)
