"""One version's folder as it is written: words by tantivy, vectors and passages in flat files."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tantivy

from engine.adapters.embedded.spelling import words_of
from engine.domain.knowledge import Passage
from engine.ports import EmbeddedPassage
from engine.records import adapter

__all__ = ["FIELD_WEIGHTS", "VersionWriter"]

WRITER_BYTES = 64_000_000
FIELD_WEIGHTS = {"text": 1.0, "title": 1.5, "headings": 1.0}
DIGEST = np.dtype("S16")


def text_schema() -> tantivy.Schema:
    """Searchable words of a passage, and its ordinal."""
    builder = tantivy.SchemaBuilder()
    for field in FIELD_WEIGHTS:
        builder.add_text_field(field, stored=False, tokenizer_name="en_stem", index_option="freq")
    builder.add_text_field("document", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("ordinal", stored=True, indexed=False, fast=True)
    return builder.build()


class VersionWriter:
    """Writes one version's folder, batch by batch."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        (folder / "text").mkdir()
        self.text = tantivy.Index(text_schema(), path=str(folder / "text"))
        self.writer = self.text.writer(heap_size=WRITER_BYTES, num_threads=1)
        self.vectors = (folder / "vectors.f32").open("wb")
        self.passages = (folder / "passages.jsonl").open("wb")
        self.offsets: list[int] = [0]
        self.digests: list[bytes] = []
        self.sources: dict[str, int] = {}
        self.source_codes: list[int] = []
        self.products: list[bool] = []
        self.words: Counter[str] = Counter()
        self.dimensions = 0

    def add(self, batch: Sequence[EmbeddedPassage]) -> None:
        """Append a batch."""
        for item in batch:
            passage, vector = item.passage, np.asarray(item.vector, dtype=np.float32)
            self.dimensions = self.dimensions or len(vector)
            self.vectors.write(vector.tobytes())
            line = json.dumps(adapter(Passage).dump_python(passage, mode="json"), ensure_ascii=False).encode() + b"\n"
            self.passages.write(line)
            self.writer.add_document(
                tantivy.Document(
                    text=passage.text,
                    title=passage.title,
                    headings=" ".join(passage.headings),
                    document=passage.document,
                    ordinal=len(self.digests),
                )
            )
            self.offsets.append(self.offsets[-1] + len(line))
            self.digests.append(passage.digest[:16].encode())
            self.source_codes.append(self.sources.setdefault(passage.source, len(self.sources)))
            self.products.append(passage.product is not None)
            self.words.update(words_of(" ".join((passage.title, *passage.headings, passage.text))))

    def finish(self) -> int:
        """Flush all files to the disk; answers how many passages were written."""
        for file in (self.vectors, self.passages):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        self.writer.commit()
        self.writer.wait_merging_threads()
        digests = np.asarray(self.digests, dtype=DIGEST)
        order = np.argsort(digests, kind="stable")
        np.save(self.folder / "offsets.npy", np.asarray(self.offsets, dtype=np.int64))
        np.save(self.folder / "digests.npy", digests[order])
        np.save(self.folder / "digest_order.npy", order.astype(np.int64))
        np.save(self.folder / "source_codes.npy", np.asarray(self.source_codes, dtype=np.int32))
        np.save(self.folder / "products.npy", np.asarray(self.products, dtype=np.bool_))
        (self.folder / "words.json").write_text(json.dumps(self.words, ensure_ascii=False), encoding="utf-8")
        meta = {"count": len(self.digests), "dimensions": self.dimensions, "sources": list(self.sources)}
        (self.folder / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        return len(self.digests)

    def abandon(self) -> None:
        """Let go of the files after a failure."""
        self.vectors.close()
        self.passages.close()
