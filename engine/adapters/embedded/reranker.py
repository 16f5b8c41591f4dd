"""`Reranker` on a small cross-attention model of our own (int8 ONNX), without network.

Three layers of all-MiniLM-L6-v2 read the question and the passage apart, three read them together, so that what
was read of a passage can be kept. `bench/reader/` trains it and says on what; `models/README.md` is its card.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from engine.adapters.embedded.embedder import TOKENIZER, TOKENIZER_SHA256, package_file
from engine.domain.knowledge import Passage
from engine.errors import Unavailable
from engine.ports import Reading, ScoredPassage

__all__ = ["MiniLmReranker"]

MODELS = Path(__file__).parent / "models"
APART = ("reader-apart.onnx", "6a1572bcf201215982173aedf313a6fe54a343a88a096ebd8278a9d1467ffd75")
TOGETHER = ("reader-together.onnx", "ffbf86bc7f02bb96bdc412f722afb7d534d3e33bea086f2a4c6954644b75baca")
NAME = "minilm-reader/2"
MOST_QUESTION_PIECES, MOST_PASSAGE_PIECES = 48, 150
FIRST, SEPARATOR = 101, 102
LONGEST_ANSWER = 30
"""Word pieces of the likeliest answer."""
REMEMBERED = 2048
"""Passages whose first reading is kept: at most 100 MB."""
AT_ONCE = 8
Array = np.ndarray[Any, np.dtype[Any]]


@cache
def session(name: str, sha256: str) -> Any:
    """A model file, checked by hash, loaded once a process. Raises Unavailable when it is missing or altered."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415 - after the variable that silences it

    try:
        content = (MODELS / name).read_bytes()
    except OSError as error:
        raise Unavailable(f"the model file {name!r} is missing; install Storeclerk anew") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Unavailable(f"the model file {name!r} is not the one this was built for; install Storeclerk anew")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def passage_text(passage: Passage) -> tuple[str, int]:
    """(what is read of a passage, where its own text begins in that)."""
    place = ". ".join(part for part in (passage.title, " > ".join(passage.headings)) if part)
    return (f"{place}. {passage.text}", len(place) + 2) if place else (passage.text, 0)


class MiniLmReranker:
    """Reads passages as answers, some at once on threads of its own."""

    def __init__(self, workers: int = 2) -> None:
        self.tokenizer = Tokenizer.from_str(package_file(*TOKENIZER, TOKENIZER_SHA256).decode("utf-8"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.apart, self.together = session(*APART), session(*TOGETHER)
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="rerank")
        self.remembered: OrderedDict[bytes, Array] = OrderedDict()
        self.lock = threading.Lock()

    @property
    def name(self) -> str:
        """Identifies the model."""
        return NAME

    async def read(self, question: str, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """How each passage reads as an answer, in the order given."""
        loop = asyncio.get_running_loop()
        asked = await loop.run_in_executor(self.pool, self.states, self.pieces(question, MOST_QUESTION_PIECES))
        # Those of like length together: what is padded is work for nothing.
        order = sorted(range(len(passages)), key=lambda place: len(passages[place].passage.text))
        batches = [order[start : start + AT_ONCE] for start in range(0, len(order), AT_ONCE)]
        work = (
            loop.run_in_executor(self.pool, self.batch, asked, [passages[place] for place in batch])
            for batch in batches
        )
        found: dict[int, Reading] = {}
        for batch, readings in zip(batches, await asyncio.gather(*work), strict=True):
            found |= dict(zip(batch, readings, strict=True))
        return [found[place] for place in range(len(passages))]

    def pieces(self, text: str, most: int) -> list[int]:
        """Word pieces between the marks that the model knows."""
        return [FIRST, *self.tokenizer.encode(text, add_special_tokens=False).ids[:most], SEPARATOR]

    def states(self, pieces: list[int]) -> Array:
        """A text as read apart: (pieces, 384)."""
        found: Array = self.apart.run(None, {"ids": np.asarray([pieces], dtype=np.int64)})[0][0]
        return found

    def passage_states(self, passage: Passage) -> Array:
        """A passage as read apart, remembered: live passages are read again and again."""
        text = passage_text(passage)[0]
        key = hashlib.sha256(text.encode()).digest()
        with self.lock:
            known = self.remembered.get(key)
            if known is not None:
                self.remembered.move_to_end(key)
                return known.astype(np.float32)
        # Rounded also the first time, so that equal questions get equal answers whether it was kept or not.
        fresh = self.states(self.pieces(text, MOST_PASSAGE_PIECES)).astype(np.float16)
        with self.lock:
            self.remembered[key] = fresh
            if len(self.remembered) > REMEMBERED:
                self.remembered.popitem(last=False)
        return fresh.astype(np.float32)

    def batch(self, asked: Array, passages: list[ScoredPassage]) -> list[Reading]:
        """Some passages at once."""
        texts = [self.passage_states(item.passage) for item in passages]
        longest = len(asked) + max(len(text) for text in texts) - 1
        states = np.zeros((len(texts), longest, asked.shape[1]), dtype=np.float32)
        kinds = np.zeros((len(texts), longest), dtype=np.int64)
        mask = np.zeros((len(texts), longest), dtype=np.int64)
        states[:, : len(asked)] = asked
        for row, text in enumerate(texts):
            end = len(asked) + len(text) - 1
            states[row, len(asked) : end] = text[1:]
            kinds[row, len(asked) : end] = 1
            mask[row, :end] = 1
        known = np.asarray([(item.similarity, item.coverage) for item in passages], dtype=np.float32)
        rank, answer, first, last = self.together.run(
            None, {"states": states, "kinds": kinds, "mask": mask, "known": known}
        )
        readings = []
        for row, (item, text) in enumerate(zip(passages, texts, strict=True)):
            place = slice(len(asked), len(asked) + len(text) - 2)
            start, end = self.span(item.passage, first[row, place], last[row, place])
            readings.append(Reading(float(rank[row]), float(answer[row]), start, end))
        return readings

    def span(self, passage: Passage, first: Array, last: Array) -> tuple[int, int]:
        """Where in the passage's text its likeliest answer stands; empty when that is not in its own text."""
        together = np.triu(first[:, None] + last[None, :]) + np.tril(np.full((len(first), len(first)), -1e9), -1)
        together = np.where(np.tri(len(first), k=-LONGEST_ANSWER).T > 0, -1e9, together)
        start, end = divmod(int(together.argmax()), len(first))
        text, begin = passage_text(passage)
        offsets = self.tokenizer.encode(text, add_special_tokens=False).offsets
        return max(0, offsets[start][0] - begin), max(0, offsets[end][1] - begin)

    def close(self) -> None:
        """Finish the work under way."""
        self.pool.shutdown(wait=True, cancel_futures=True)
