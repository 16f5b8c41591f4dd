"""`python -m bench.reader.train GROUPS MINILM EPOCHS RESULT [BEGIN [RATE]] [--whole]`: train on groups.

Writes RESULT; goes on from BEGIN, the result of an earlier training, where it is given. The upper layers are trained,
and with `--whole` those as well that read each text apart, at a third of the rate.

A softmax over each question's passages orders them; a logistic loss on every pair, near misses among them, tells
whether it answers at all; the span of the answer is learned beside. Ten to twenty minutes an epoch on two cores, twice
that with `--whole`.
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

from bench.reader.model import Apart, Together, loaded, restore

HELD_OUT_ARTICLES = ("Harvard_University", "Warsaw")
FIRST, SEPARATOR, MOST_QUESTION, MOST_PASSAGE = 101, 102, 48, 150
BATCH, RATE, WARM_UP, LOWER_RATE = 12, 1.2e-4, 0.08, 0.33
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

    def __init__(self, apart: Apart, tokenizer: Tokenizer, *, learns: bool) -> None:
        self.apart, self.tokenizer, self.learns = apart, tokenizer, learns
        self.kept: dict[tuple[str, str], Tensor] = {}

    def read(self, texts: list[tuple[str, int]]) -> list[tuple[Tensor, list[tuple[int, int]]]]:
        """What is read of each text apart, up to so many pieces, and where the pieces stand."""
        encodings = [self.tokenizer.encode(text, add_special_tokens=False) for text, _ in texts]
        ids = [[FIRST, *one.ids[:most], SEPARATOR] for one, (_, most) in zip(encodings, texts, strict=True)]
        states = (
            self.together(ids)
            if self.learns
            else [self.alone(text, own) for (text, _), own in zip(texts, ids, strict=True)]
        )
        return [
            (one, encoding.offsets[:most]) for one, encoding, (_, most) in zip(states, encodings, texts, strict=True)
        ]

    @torch.no_grad()
    def alone(self, text: str, ids: list[int]) -> Tensor:
        """The states of a text that are not learned: read once."""
        key = (text, str(len(ids)))
        if key not in self.kept:
            self.kept[key] = self.apart(torch.tensor([ids]))[0]
        return self.kept[key]

    def together(self, ids: list[list[int]]) -> list[Tensor]:
        """The states of some texts, as they are learned."""
        padded = torch.zeros(len(ids), max(map(len, ids)), dtype=torch.long)
        hidden = torch.full(padded.shape, -1e4)
        for place, own in enumerate(ids):
            padded[place, : len(own)], hidden[place, : len(own)] = torch.tensor(own), 0.0
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.apart(padded, hidden[:, None, None, :]).float()
        return [states[place, : len(own)] for place, own in enumerate(ids)]

    def joined(self, groups: list[tuple[str, list[Row]]]) -> dict[str, Tensor]:
        """All pairs of some groups, padded."""
        before = {place: f"{place}. " if place else "" for _, rows in groups for place, *_ in rows}
        texts = {(question, MOST_QUESTION) for question, _ in groups}
        texts |= {(before[row[0]] + row[1], MOST_PASSAGE) for _, rows in groups for row in rows}
        found_of = dict(zip(texts, self.read(list(texts)), strict=True))
        pairs: list[tuple[int, Tensor, Tensor, Row, tuple[int, int]]] = []
        for number, (question, rows) in enumerate(groups):
            asked, _ = found_of[question, MOST_QUESTION]
            for row in rows:
                states, offsets = found_of[before[row[0]] + row[1], MOST_PASSAGE]
                span = span_of(row, offsets, len(before[row[0]]), len(asked))
                pairs.append((number, asked, states, row, span))
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
    whole = "--whole" in sys.argv
    given = [argument for argument in sys.argv[1:] if argument != "--whole"]
    file, minilm, epochs, result = Path(given[0]), Path(given[1]), float(given[2]), Path(given[3])
    groups: list[tuple[str, str, list[Any]]] = pickle.loads(file.read_bytes())
    data = [group for group in groups if group[0] not in HELD_OUT_ARTICLES for _ in range(TIMES.get(group[0], 1))]
    torch.manual_seed(7)
    rate, chance = float(given[5]) if len(given) > 5 else RATE, random.Random(result.name)
    apart, together = loaded(minilm)
    if len(given) > 4:
        restore(Path(given[4]), apart, together)
    tokenizer = Tokenizer.from_file(str(minilm / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    batches, steps = Batches(apart, tokenizer, learns=whole), int(epochs * len(data) / BATCH)
    together.train()
    learned = [(together.parameters(), 1.0)]
    if whole:
        apart.train()
        learned.append((apart.layers.parameters(), LOWER_RATE))
    optimizer = torch.optim.AdamW([{"params": list(own), "share": share} for own, share in learned], weight_decay=0.01)
    for step in range(steps):
        place = step * BATCH % (len(data) - BATCH)
        if place < BATCH:
            chance.shuffle(data)
        some = [
            (colloquial(q, chance), rows)
            for _, q, all_rows in data[place : place + BATCH]
            if (rows := drawn(all_rows, chance))
        ]
        for own in optimizer.param_groups:
            own["lr"] = own["share"] * rate * min(1.0, (step + 1) / (WARM_UP * steps)) * max(0.02, 1 - step / steps)
        loss = loss_of(together, batches.joined(some), len(some))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([one for own in optimizer.param_groups for one in own["params"]], 1.0)
        optimizer.step()
        if step % 50 == 0 or step == steps - 1:
            print(f"{step} of {steps}: loss {loss.item():.3f}", flush=True)
            torch.save({"apart": apart.layers.state_dict(), "together": together.state_dict()}, result)


if __name__ == "__main__":
    main()
