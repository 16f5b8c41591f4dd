"""`python -m bench.guard [SEED]`: does a wrong number, date, code, address or stock word ever leave?

1,000 drafts made by rule over real catalogues and a help centre, each right and with one token changed, pushed
through the guard whole and in small pieces; then 300 answers of a model that lies on purpose, over HTTP.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import time
from collections import Counter

from bench.drafts import Changed, Draft, changed, passage_drafts, pieces, product_drafts
from bench.liar import lying_answers
from bench.shops import CATALOGUES, help_centre, product_passages, request, rows, without_stock_unknown
from bench.site import DATA, read_lines
from engine.answering.guard import AnswerGuard
from engine.domain.knowledge import Passage

DRAFTS, TOYS, SIZE = 1000, 150, 4
AROUND = 3
QUOTED = re.compile(r"“[^”]*”")
"""What the guard says in the shop's own words in the place of what it withdrew."""
AMOUNT = re.compile(r"\d+(?:,\d{3})*\.\d\d")


async def all_drafts(chance: random.Random) -> list[Draft]:
    """Right answers over all data."""
    found: list[Draft] = []
    for name, currency in CATALOGUES.items():
        products = [without_stock_unknown(p) for p in await rows(DATA / "catalog" / name, currency)]
        if name.startswith("toys"):
            products = chance.sample(products, TOYS)
        for product in products:
            others = chance.sample([p for p in products if p.id != product.id], AROUND)
            shown = [product, *others]
            chance.shuffle(shown)
            passages = [passage for one in shown for passage in product_passages(one)[:2]]
            asked = request(f"What about {product.title}?", passages, shown)
            found += product_drafts(product, asked)
            found += [d for passage in product_passages(product)[:2] for d in passage_drafts(passage, asked)]
    return [*found, *help_drafts(chance)]


def help_drafts(chance: random.Random) -> list[Draft]:
    """Sentences of articles, and the reference answers to real questions, each among passages of other articles."""
    articles = help_centre()
    every = [passage for passages in articles.values() for passage in passages]
    found: list[Draft] = []
    for passages in articles.values():
        for place, passage in enumerate(passages):
            near = passages[max(0, place - 2) : place + 3]
            found += passage_drafts(passage, request(passage.title, shuffled(near, chance.sample(every, 4), chance)))
    for name in ("questions.jsonl", "questions_2.jsonl"):
        for asked in read_lines(DATA / "kb" / "arduino_store_hardware" / name):
            if asked["answerable"]:
                gold = [p for document in asked["gold_doc_ids"] for p in articles.get(document, [])]
                shown = shuffled(gold, chance.sample(every, 4), chance)
                found.append(Draft(str(asked["reference_answer"]), request(asked["question"], shown)))
    return found


def shuffled(near: list[Passage], others: list[Passage], chance: random.Random) -> list[Passage]:
    """Passages in any order, each once."""
    found = list({passage.id: passage for passage in (*near, *others)}.values())
    chance.shuffle(found)
    return found


def through(text: str, draft: Draft, size: int) -> tuple[str, AnswerGuard]:
    """What leaves."""
    guard = AnswerGuard(draft.request)
    out = "".join(guard.feed(piece) for piece in pieces(text, size))
    return out + guard.finish(), guard


def leaves_wrong(one: Changed, out: str) -> bool:
    """Whether the changed token left where it was put, or a repaired price is not the row's."""
    out = QUOTED.sub("", out)
    if one.draft.product is not None and out in {
        d.text for d in product_drafts(one.draft.product, one.draft.request, 1000)
    }:
        return False
    if re.search(rf"(?<!\w){re.escape(one.wrong)}(?!\w|[.,]\d)", out):
        return True
    product = one.draft.product
    if product is None or product.price is None or "SKU" in one.text:
        return False
    stated = {f"{money.amount:,.2f}" for money in (product.price, *(v.price for v in product.variants)) if money}
    if product.was_price is not None:
        stated.add(f"{product.was_price.amount:,.2f}")
    return bool(set(AMOUNT.findall(out.replace(product.title, ""))) - stated)


def measure(drafts: list[Draft], chance: random.Random, *, show: bool) -> None:
    """Push all through and print."""
    chosen = chance.sample(drafts, min(DRAFTS, len(drafts)))
    wrong, touched, ends = Counter[str](), 0, Counter[str]()
    made = [one for draft in chosen if (one := changed(draft, chance)) is not None]
    while len(made) < DRAFTS:
        if (one := changed(chance.choice(drafts), chance)) is not None:
            made.append(one)
    started = time.perf_counter()
    for size in (0, SIZE):
        for one in made:
            out, guard = through(one.text, one.draft, size)
            ends["mended" if guard.tally.mended else "withdrawn" if guard.tally.held_back else "left"] += 1
            if leaves_wrong(one, out):
                wrong[f"{one.kind}, {'whole' if size == 0 else 'streamed'}"] += 1
                if show:
                    print(f"  LEFT {one.kind} {one.wrong!r}\n    right {one.draft.text!r}\n    out   {out!r}")
        for draft in chosen:
            out, guard = through(draft.text, draft, size)
            if out != draft.text:
                touched += 1
                if show and size == 0:
                    reasons = [c.text for j in guard.tally.withdrawn for c in j.wrong] + guard.tally.unsupported
                    print(f"  TOUCHED {draft.text!r}\n    out   {out!r} because of {reasons}")
    took = (time.perf_counter() - started) * 1000 / (2 * (len(made) + len(chosen)))
    print(f"changed: {len(made)} drafts, whole and streamed: {wrong.total()} wrong left {dict(wrong)}; {dict(ends)}")
    print(f"unchanged: {len(chosen)} drafts, twice: {touched} touched = {touched / (2 * len(chosen)):.2%}")
    print(f"{took:.1f} ms a draft, reading its evidence included")


async def main(seed: int, *, show: bool) -> None:
    """Measure and print."""
    chance = random.Random(seed)
    drafts = await all_drafts(chance)
    print(f"seed {seed}: {len(drafts)} right answers to choose from")
    measure(drafts, chance, show=show)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    asyncio.run(main(numbers[0] if numbers else 1, show="--show" in sys.argv))
    if "--drafts" not in sys.argv:
        lying_answers(300)
