"""Hybrid retrieval of one version as a LlamaIndex retriever, and the `Retriever` port on top of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from engine.domain.bot import VersionKey
from engine.embedders import Embedders
from engine.errors import Unavailable
from engine.ports import Embedder, PassageIndex, ScoredPassage, SearchRequest, Vector

__all__ = ["LlamaRetriever", "VersionRetriever"]

FOUND = "storeclerk"
log = structlog.get_logger("storeclerk.retrieving")


class VersionRetriever(BaseRetriever):
    """LlamaIndex's view of one version's passages; the version is fixed when it is made."""

    def __init__(
        self,
        index: PassageIndex,
        embedder: Embedder | None,
        version: VersionKey,
        limit: int,
        without_sources: tuple[str, ...] = (),
        **options: Any,
    ) -> None:
        self.index, self.embedder, self.version = index, embedder, version
        self.limit, self.without_sources = limit, without_sources
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """LlamaIndex asks for a blocking twin; the engine is async throughout."""
        raise NotImplementedError("use aretrieve: the engine is async throughout")

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The best passages as nodes, best first."""
        vector = query_bundle.embedding or await self.vector("".join(query_bundle.embedding_strs))
        found = await self.index.search(
            self.version,
            SearchRequest(query_bundle.query_str, vector, self.limit, without_sources=self.without_sources),
        )
        if self.embedder is not None and vector is not None:
            found = [replace(item, similarity=self.embedder.comparable(item.similarity)) for item in found]
        return [NodeWithScore(node=node(scored), score=scored.score) for scored in found]

    async def vector(self, text: str) -> Vector | None:
        """The question's vector, or None where it cannot be had: shoppers are answered by words meanwhile."""
        if self.embedder is None:
            return None
        try:
            [vector] = await self.embedder.embed([text])
        except Unavailable as error:
            log.warning("embedder.unavailable", embedder=self.embedder.name, reason=error.message)
            return None
        return vector


def node(scored: ScoredPassage) -> TextNode:
    """A found passage as a LlamaIndex node that carries it."""
    passage = scored.passage
    return TextNode(id_=passage.id, text=passage.text, extra_info={FOUND: scored})


class LlamaRetriever:
    """The `Retriever` port: one `VersionRetriever` a question, so that LlamaIndex's instrumentation sees each."""

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
        retriever = VersionRetriever(self.index, self.connected(embedder), version, limit, without_sources)
        asked = QueryBundle(question, custom_embedding_strs=[meaning or question])
        return [found.node.metadata[FOUND] for found in await retriever.aretrieve(asked)]

    def connected(self, name: str) -> Embedder | None:
        """The version's embedder, or None where it is not connected any more."""
        try:
            return self.embedders.named(name)
        except Unavailable as error:
            log.warning("embedder.unavailable", embedder=name, reason=error.message)
            return None
