"""`python -m bench.cases`: propose test questions for three shops, show fifty of each, and run them all.

The share that is answered rightly measures the answers, not the questions: no answer decides which are proposed.
`--seed N` shows another fifty; `--wrong` shows what was answered wrongly.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx

from bench.product import server, train
from bench.results import Result
from bench.site import DATA, pages, read_lines, served

PROPOSED = 100
SHOWN = 50


def shops(stack: ExitStack) -> Iterator[tuple[str, httpx.Client, str]]:
    """(name, client, bot) of each shop, trained."""
    site = stack.enter_context(served(pages(read_lines(DATA / "kb" / "arduino_store_hardware" / "docs.jsonl"))))
    client = stack.enter_context(server(crawler_allowed_private_hosts=site.removeprefix("http://")))
    policy = (DATA / "kb" / "taubench_retail_policy" / "policy.md").read_text(encoding="utf-8")
    sources: dict[str, dict[str, object]] = {
        "demo shop": {"kind": "website", "url": f"{str(client.base_url).rstrip('/')}/demo-shop/"},
        "help centre": {"kind": "website", "url": f"{site}/", "max_pages": 400},
        "policy of one page": {"kind": "text", "title": "Retail agent policy", "text": policy},
    }
    for name, source in sources.items():
        bot = client.post("/v1/bots", json={"name": name}).raise_for_status().json()["id"]
        client.post(f"/v1/bots/{bot}/sources", json=source).raise_for_status()
        version = train(client, bot)
        print(f"\n## {name}: {version['documents']} documents, {version['products']} products, {version['status']}")
        yield name, client, bot


def generated(client: httpx.Client, bot: str) -> list[dict[str, Any]]:
    """What is proposed at once."""
    started = time.perf_counter()
    answer = client.post(f"/v1/bots/{bot}/test_cases/generate", json={"count": PROPOSED}).raise_for_status()
    cases: list[dict[str, Any]] = answer.json()["items"]
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(case["kind"] for case in cases).most_common())
    print(f"{len(cases)} proposed in {time.perf_counter() - started:.1f} s: {kinds}")
    return cases


def show(case: dict[str, Any], number: int) -> None:
    """One case in three lines."""
    before = "".join(f"{said} >> " for said in case["earlier"])
    wanted = "must refuse" if case["expects"] == "refusal" else f"holds {case['must_include']}"
    place = (case["expected_source"] or "").rpartition("/")[2]
    print(f"{number:3} {case['kind']:14} {before}{case['question']}")
    print(f"{'':18} {wanted} {place} {case['language']} | {case['evidence'][:150]}")


def run(client: httpx.Client, bot: str, cases: list[dict[str, Any]], *, wrong: bool) -> list[dict[str, Any]]:
    """Approve all, run them as a trial, and answer the results."""
    approved = {"approve": [case["id"] for case in cases]}
    client.post(f"/v1/bots/{bot}/test_cases/decide", json=approved).raise_for_status()
    client.post(f"/v1/bots/{bot}/versions/1/trials").raise_for_status()
    while True:
        trial = client.get(f"/v1/bots/{bot}/versions/1/trials/latest").json()
        if trial["status"] not in {"queued", "running"}:
            break
        time.sleep(0.5)
    results: list[dict[str, Any]] = trial["results"]
    kinds = Counter(result["kind"] for result in results)
    right = Counter(result["kind"] for result in results if result["passed"])
    print("answered rightly: " + ", ".join(f"{kind} {right[kind]}/{count}" for kind, count in kinds.most_common()))
    for result in results if wrong else ():
        if not result["passed"]:
            print(f"  WRONG {result['kind']}: {result['question']}\n     {result['reasons']}")
            print(f"     {result['answer'][:200]}")
    return results


def main(seed: int = 1, *, wrong: bool = False) -> list[Result]:
    """Run, print, and give the figures."""
    found: list[Result] = []
    with ExitStack() as stack:
        for name, client, bot in shops(stack):
            cases = generated(client, bot)
            chosen = random.Random(seed).sample(cases, min(SHOWN, len(cases)))
            for number, case in enumerate(chosen, start=1):
                show(case, number)
            results = run(client, bot, cases, wrong=wrong)
            right = sum(result["passed"] for result in results) / len(results)
            print(f"{name}: {len(cases)} proposed, {right:.2f} answered rightly")
            found.append(Result("test questions", f"{name} answered rightly", round(right, 3), len(results)))
            again = generated(client, bot)
            print(f"a second time: {len(again)} others")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    main(options.seed, wrong=options.wrong)
