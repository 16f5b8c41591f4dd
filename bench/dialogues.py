"""`python -m bench.dialogues`: does looking a message up together with what was said before find more?

Human dialogues about documents (MultiDoc2Dial). Of most documents only the dialogues are to be had, so what other
dialogues' agents answered stands for them, beside the passages of the documents at hand. A message is found right
when the first passage belongs to a document it was asked about; the dialogue it stands in is left out.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.results import Result, show
from bench.site import DATA, read_lines
from engine.adapters.embedded.embedder import MiniLmEmbedder
from engine.adapters.embedded.passage_index import HybridPassageIndex
from engine.answering.finding import talk_of
from engine.answering.scoring import in_context, rank
from engine.answering.understanding import understand
from engine.domain.bot import VersionKey
from engine.domain.knowledge import Document, Passage
from engine.knowledge.passages import embedding_text, passages_of
from engine.llama.splitter import WindowSplitter
from engine.ports import EmbeddedPassage, ScoredPassage, SearchRequest

KEY = VersionKey("bench", "dialogues", 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEWEST_WORDS = 5
"""An agent's shorter answer says nothing about a document."""
MOST = 40


def passages(dialogues: Sequence[dict[str, Any]]) -> list[Passage]:
    """Those of the documents at hand, and what agents answered; the source of an answer is its dialogue."""
    found: list[Passage] = []
    for row in read_lines(DATA / "conversations" / "multidoc2dial_docs_small.jsonl"):
        title = row["title"].split("|")[-2].strip() if "|" in row["title"] else row["title"]
        document = Document(row["doc_id"], "documents", title, row["text"], "", row["doc_id"], NOW)
        found += passages_of(document, WindowSplitter())
    for dialogue in dialogues:
        for place, turn in enumerate(dialogue["turns"]):
            if turn["role"] == "agent" and turn["refs"] and len(turn["utterance"].split()) >= FEWEST_WORDS:
                name = f"{dialogue['dial_id']}:{place}"
                found.append(
                    Passage(name, dialogue["dial_id"], turn["refs"][0], place, "", (), turn["utterance"], "", name, NOW)
                )
    return found


async def ask(dialogues: Sequence[dict[str, Any]]) -> list[Result]:
    """Every message but the first of each dialogue, looked up alone and in its talk."""
    embedder = MiniLmEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        index = HybridPassageIndex(Path(folder))
        every = passages(dialogues)

        async def batches() -> AsyncIterator[list[EmbeddedPassage]]:
            vectors = await embedder.embed([embedding_text(passage) for passage in every])
            yield [EmbeddedPassage(passage, vector) for passage, vector in zip(every, vectors, strict=True)]

        await index.write(KEY, batches())

        async def find(text: str, without: str) -> list[ScoredPassage]:
            vector = (await embedder.embed([text]))[0]
            return rank(await index.search(KEY, SearchRequest(text, vector, MOST, without_sources=(without,))))

        alone: list[float] = []
        together: list[float] = []
        for dialogue in dialogues:
            history: list[tuple[str, str]] = []
            turns = dialogue["turns"]
            for place, turn in enumerate(turns):
                if turn["role"] != "user":
                    continue
                if turn["refs"] and history:
                    text = turn["utterance"]
                    plain = await find(text, dialogue["dial_id"])
                    understood = understand(text, tuple(history), "en")
                    question = understood.question
                    talk = await find(talk_of(question, history[-1]), dialogue["dial_id"])
                    alone.append(reciprocal(plain, turn["refs"]))
                    own = plain if question == text else await find(question, dialogue["dial_id"])
                    together.append(reciprocal(in_context(own, talk) if understood.leans else own, turn["refs"]))
                answer = turns[place + 1] if place + 1 < len(turns) else {"role": "", "utterance": ""}
                history.append((turn["utterance"], answer["utterance"] if answer["role"] == "agent" else ""))
        index.close()
    embedder.close()
    return [
        Result("dialogues", f"{name}, {what}", round(value, 3), len(values))
        for name, values in (("alone", alone), ("in its talk", together))
        for what, value in (
            ("right document first", sum(v == 1.0 for v in values) / len(values)),
            ("MRR of the document", sum(values) / len(values)),
        )
    ]


def reciprocal(ranked: Sequence[ScoredPassage], right: Sequence[str]) -> float:
    """One over the rank of the first right document, 0 beyond ten documents."""
    documents = list(dict.fromkeys(item.passage.document for item in ranked))[:10]
    return next((1.0 / (place + 1) for place, document in enumerate(documents) if document in right), 0.0)


def results() -> list[Result]:
    """The figures."""
    lines = (DATA / "conversations" / "multidoc2dial_dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    return asyncio.run(ask([json.loads(line) for line in lines]))


if __name__ == "__main__":
    show(results())
