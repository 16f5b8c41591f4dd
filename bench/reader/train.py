"""`python -m bench.reader.train GROUPS MINILM EPOCHS RESULT [BEGIN [RATE]]`: train the upper layers on groups.

Writes RESULT; goes on from BEGIN, the result of an earlier training, where it is given.

A softmax over each question's passages orders them; a logistic loss on every pair, near misses among them, tells
whether it answers at all; the span of the answer is learned beside. Ten to twenty minutes an epoch on two cores.
"""

from __future__ import annotations

import pickle
import random
import sys
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from bench.reader.model import Apart, Together, loaded

HELD_OUT_ARTICLES = ("Harvard_University", "Warsaw")
FIRST, SEPARATOR, MOST_QUESTION, MOST_PASSAGE = 101, 102, 48, 150
BATCH, RATE, WARM_UP = 12, 1.2e-4, 0.08
TIMES = {"epqa": 2}
"""How often a group of a small source is seen in an epoch."""
DROPPED = {"the", "a", "an", "is", "are", "do", "does", "did", "of", "to", "i", "you", "in", "was", "were"}
Row = tuple[str, str, bool, tuple[int, int] | None, float, float]


def colloquial(question: str, chance: random.Random) -> str:
    """The question as shoppers may type it: without capitals, with a slip, without small words."""
    if chance.random() < 0.30:
        question = question.lower().rstrip("?!. ")
    words = question.split()
    place = chance.randrange(len(words)) if words else 0
    if words and chance.random() < 0.12 and len(words[place]) > 4:
        cut = chance.randrange(1, len(words[place]) - 2)
        word = words[place]
        swapped = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
        words[place] = swapped if chance.random() < 0.5 else word[:cut] + word[cut + 1 :]
    if chance.random() < 0.06 and len(kept := [word for word in words if word.lower() not in DROPPED]) > 2:
        words = kept
    return " ".join(words)


def drawn(rows: list[Row], chance: random.Random) -> list[Row]:
    """One passage that answers, if any does, and three or four that do not: the closest, and some of the near ones."""
    right, wrong = [row for row in rows if row[2]], [row for row in rows if not row[2]]
    rest = wrong[1:8]
    chance.shuffle(rest)
    chosen = ([chance.choice(right)] if right else []) + wrong[:1] + rest[: 2 if right else 3]
    return [(row[0] if chance.random() < 0.8 else "", *row[1:]) for row in chosen]


class Batches:
    """Turns groups into tensors; what is read of a passage apart is kept."""

    def __init__(self, apart: Apart, tokenizer: Tokenizer) -> None:
        self.apart, self.tokenizer = apart, tokenizer
        self.kept: dict[tuple[str, str], tuple[Tensor, list[tuple[int, int]], int]] = {}

    @torch.no_grad()
    def states(self, text: str, most: int) -> tuple[Tensor, list[tuple[int, int]]]:
        """What is read of a text apart, and where its pieces stand."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        ids = torch.tensor([[FIRST, *encoding.ids[:most], SEPARATOR]])
        return self.apart(ids)[0], encoding.offsets[:most]

    def passage(self, place: str, text: str) -> tuple[Tensor, list[tuple[int, int]], int]:
        """The same of a passage under its title, and where its own text begins."""
        if (place, text) not in self.kept:
            before = f"{place}. " if place else ""
            self.kept[place, text] = (*self.states(before + text, MOST_PASSAGE), len(before))
        return self.kept[place, text]

    def joined(self, groups: list[tuple[str, list[Row]]]) -> dict[str, Tensor]:
        """All pairs of some groups, padded."""
        pairs: list[tuple[int, Tensor, Tensor, Row, tuple[int, int]]] = []
        for number, (question, rows) in enumerate(groups):
            asked, _ = self.states(question, MOST_QUESTION)
            for row in rows:
                states, offsets, begin = self.passage(row[0], row[1])
                pairs.append((number, asked, states, row, span_of(row, offsets, begin, len(asked))))
        longest = max(len(asked) + len(states) - 1 for _, asked, states, _, _ in pairs)
        found = {
            "states": torch.zeros(len(pairs), longest, pairs[0][1].shape[1]),
            "kinds": torch.zeros(len(pairs), longest, dtype=torch.long),
            "mask": torch.zeros(len(pairs), longest, dtype=torch.long),
        }
        for place, (_, asked, states, _, _) in enumerate(pairs):
            end = len(asked) + len(states) - 1
            found["states"][place, : len(asked)] = asked
            found["states"][place, len(asked) : end] = states[1:]
            found["kinds"][place, len(asked) : end] = 1
            found["mask"][place, :end] = 1
        found["group"] = torch.tensor([number for number, *_ in pairs])
        found["answers"] = torch.tensor([float(row[2]) for _, _, _, row, _ in pairs])
        found["known"] = torch.tensor([(row[4], row[5]) for _, _, _, row, _ in pairs])
        found["spans"] = torch.tensor([span for *_, span in pairs])
        return found


def span_of(row: Row, offsets: list[tuple[int, int]], begin: int, asked: int) -> tuple[int, int]:
    """First and last piece of the answer in the joined states; -1 where there is none."""
    if row[3] is None or not row[2]:
        return -1, -1
    start, end = row[3][0] + begin, row[3][1] + begin
    inside = [place + asked for place, (one, other) in enumerate(offsets) if other > start and one < end]
    return (inside[0], inside[-1]) if inside else (-1, -1)


def loss_of(together: Together, batch: dict[str, Tensor], groups: int) -> Tensor:
    """Ranking, answering, and the span."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs = together(batch["states"], batch["kinds"], batch["mask"], batch["known"])
    rank, answer, first, last = (output.float() for output in outputs)
    answers = batch["answers"]
    ranking, counted = torch.zeros(()), 0
    for number in range(groups):
        own = batch["group"] == number
        if 0 < answers[own].sum() < own.sum():
            right = torch.logsumexp(rank[own] + torch.log(answers[own] + 1e-9), 0)
            ranking, counted = ranking + torch.logsumexp(rank[own], 0) - right, counted + 1
    telling = functional.binary_cross_entropy_with_logits(answer, answers, weight=1 + answers)
    spans, spanned = torch.zeros(()), batch["spans"][:, 0] >= 0
    if spanned.any():
        outside = batch["kinds"][spanned] == 0
        for odds, side in ((first, 0), (last, 1)):
            spans = (
                spans
                + functional.cross_entropy(odds[spanned].masked_fill(outside, -1e4), batch["spans"][spanned, side]) / 2
            )
    return ranking / max(1, counted) + telling + 0.3 * spans


def main() -> None:
    """Train and write."""
    file, minilm, epochs, result = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4])
    groups: list[tuple[str, str, list[Any]]] = pickle.loads(file.read_bytes())
    data = [group for group in groups if group[0] not in HELD_OUT_ARTICLES for _ in range(TIMES.get(group[0], 1))]
    torch.manual_seed(7)
    rate, chance = float(sys.argv[6]) if len(sys.argv) > 6 else RATE, random.Random(result.name)
    apart, together = loaded(minilm)
    if len(sys.argv) > 5:
        together.load_state_dict(torch.load(sys.argv[5]))
    tokenizer = Tokenizer.from_file(str(minilm / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    batches, steps = Batches(apart, tokenizer), int(epochs * len(data) / BATCH)
    together.train()
    optimizer = torch.optim.AdamW(together.parameters(), lr=rate, weight_decay=0.01)
    for step in range(steps):
        place = step * BATCH % (len(data) - BATCH)
        if place < BATCH:
            chance.shuffle(data)
        some = [
            (colloquial(q, chance), rows)
            for _, q, all_rows in data[place : place + BATCH]
            if (rows := drawn(all_rows, chance))
        ]
        for parameters in optimizer.param_groups:
            parameters["lr"] = rate * min(1.0, (step + 1) / (WARM_UP * steps)) * max(0.02, 1 - step / steps)
        loss = loss_of(together, batches.joined(some), len(some))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(together.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 0 or step == steps - 1:
            print(f"{step} of {steps}: loss {loss.item():.3f}", flush=True)
            torch.save(together.state_dict(), result)


if __name__ == "__main__":
    main()
