"""Finding the passages of one version by words and meaning: the `Retriever` port, with no framework around it.

`engine/llama/retriever.py` does the same inside LlamaIndex. Never here: judging what was found.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from engine.domain.bot import VersionKey
from engine.embedders import Embedders
from engine.errors import Unavailable
from engine.ports import Embedder, PassageIndex, ScoredPassage, SearchRequest, Vector

__all__ = ["HybridRetriever", "question_vector", "search"]

log = structlog.get_logger("storeclerk.retrieving")


async def question_vector(embedder: Embedder | None, question: str) -> Vector | None:
    """The question's vector, or None where it cannot be had: shoppers are answered by words meanwhile."""
    if embedder is None:
        return None
    try:
        [vector] = await embedder.embed([question])
    except Unavailable as error:
        log.warning("embedder.unavailable", embedder=embedder.name, reason=error.message)
        return None
    return vector


async def search(
    index: PassageIndex, embedder: Embedder | None, version: VersionKey, request: SearchRequest
) -> list[ScoredPassage]:
    """The best passages, best first, their similarity on the scale for which answers are judged."""
    found = await index.search(version, request)
    if embedder is None or request.vector is None:
        return found
    return [replace(item, similarity=embedder.comparable(item.similarity)) for item in found]


class HybridRetriever:
    """The `Retriever` port over an index and the embedders of this installation."""

    def __init__(self, index: PassageIndex, embedders: Embedders) -> None:
        self.index, self.embedders = index, embedders

    async def corrected(self, version: VersionKey, question: str) -> str:
        """The question with slips of the keyboard mended by words of the version."""
        return await self.index.corrected(version, question)

    async def known(self, version: VersionKey, question: str) -> float:
        """Which share of the question's words the version's passages know."""
        return await self.index.known(version, question)

    async def retrieve(
        self,
        version: VersionKey,
        question: str,
        *,
        embedder: str,
        limit: int,
        meaning: str = "",
        without_sources: tuple[str, ...] = (),
    ) -> list[ScoredPassage]:
        """The best passages, best first, at most `limit`, none from the sources that are left out."""
        connected = self.connected(embedder)
        vector = await question_vector(connected, meaning or question)
        request = SearchRequest(question, vector, limit, without_sources=without_sources)
        return await search(self.index, connected, version, request)

    def connected(self, name: str) -> Embedder | None:
        """The version's embedder, or None where it is not connected any more."""
        try:
            return self.embedders.named(name)
        except Unavailable as error:
            log.warning("embedder.unavailable", embedder=name, reason=error.message)
            return None
