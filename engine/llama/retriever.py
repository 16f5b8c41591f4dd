"""Hybrid retrieval of one version as a LlamaIndex retriever, and the `Retriever` port on top of it."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from engine.domain.bot import VersionKey
from engine.ports import Embedder, PassageIndex, ScoredPassage, SearchRequest
from engine.retrieving import HybridRetriever, question_vector, search

__all__ = ["LlamaRetriever", "VersionRetriever"]

FOUND = "storeclerk"


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
        vector = query_bundle.embedding or await question_vector(self.embedder, "".join(query_bundle.embedding_strs))
        request = SearchRequest(query_bundle.query_str, vector, self.limit, without_sources=self.without_sources)
        found = await search(self.index, self.embedder, self.version, request)
        return [NodeWithScore(node=node(scored), score=scored.score) for scored in found]


def node(scored: ScoredPassage) -> TextNode:
    """A found passage as a LlamaIndex node that carries it."""
    passage = scored.passage
    return TextNode(id_=passage.id, text=passage.text, extra_info={FOUND: scored})


class LlamaRetriever(HybridRetriever):
    """The `Retriever` port: one `VersionRetriever` a question, so that LlamaIndex's instrumentation sees each."""

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
