"""Hybrid retrieval of one version as a LlamaIndex retriever, and the `Retriever` port on top of it."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from engine.domain.bot import VersionKey
from engine.ports import Embedder, PassageIndex, ScoredPassage, SearchRequest

__all__ = ["LlamaRetriever", "VersionRetriever"]

FOUND = "storeclerk"


class VersionRetriever(BaseRetriever):
    """LlamaIndex's view of one version's passages; the version is fixed when it is made."""

    def __init__(
        self,
        index: PassageIndex,
        embedder: Embedder,
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
        text = query_bundle.query_str
        vector = query_bundle.embedding or (await self.embedder.embed([text]))[0]
        found = await self.index.search(
            self.version, SearchRequest(text, vector, self.limit, without_sources=self.without_sources)
        )
        return [NodeWithScore(node=node(scored), score=scored.score) for scored in found]


def node(scored: ScoredPassage) -> TextNode:
    """A found passage as a LlamaIndex node that carries it."""
    passage = scored.passage
    return TextNode(id_=passage.id, text=passage.text, extra_info={FOUND: scored})


class LlamaRetriever:
    """The `Retriever` port: one `VersionRetriever` a question, so that LlamaIndex's instrumentation sees each."""

    def __init__(self, index: PassageIndex, embedder: Embedder) -> None:
        self.index, self.embedder = index, embedder

    async def corrected(self, version: VersionKey, question: str) -> str:
        """The question with slips of the keyboard mended by words of the version."""
        return await self.index.corrected(version, question)

    async def known(self, version: VersionKey, question: str) -> float:
        """Which share of the question's words the version's passages know."""
        return await self.index.known(version, question)

    async def retrieve(
        self, version: VersionKey, question: str, *, limit: int, without_sources: tuple[str, ...] = ()
    ) -> list[ScoredPassage]:
        """The best passages, best first, at most `limit`, none from the sources that are left out."""
        retriever = VersionRetriever(self.index, self.embedder, version, limit, without_sources)
        return [found.node.metadata[FOUND] for found in await retriever.aretrieve(question)]
