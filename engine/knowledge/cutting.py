"""What was read, cut into passages: each text once, a product's page with its product.

Never here: storage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.bot import VersionKey
from engine.domain.knowledge import Document, LearnedDocument, Passage, SourceKind
from engine.knowledge.merging import SameProducts
from engine.knowledge.passages import passages_of, passages_of_product
from engine.knowledge.reading import ReadBatch
from engine.ports import Splitter

__all__ = ["Cutting"]


@dataclass
class Cutting:
    """Cuts the batches of one version, in order; remembers what it has cut."""

    key: VersionKey
    splitter: Splitter
    same: SameProducts = field(default_factory=SameProducts)
    """Products of feeds, which speak for the pages that offer them too."""
    texts: set[bytes] = field(default_factory=set)
    products: set[str] = field(default_factory=set)

    def cut(self, batch: ReadBatch, kind: SourceKind) -> tuple[list[Passage], Mapping[str, LearnedDocument]]:
        """(passages, documents by the key of their record) of a batch."""
        passages: list[Passage] = []
        documents: dict[str, LearnedDocument] = {}
        rows = {} if kind == "feed" else {row.id: self.same.row_of(row) for row in batch.products}
        of_page = {product.url: rows.get(product.id) or product.id for product in batch.products if product.url}
        told = {document.url for document in batch.documents}
        for document in batch.documents:
            digest = bytes.fromhex(document.digest)
            if digest in self.texts:
                continue
            self.texts.add(digest)
            product = of_page.get(document.url) if document.kind == "product" else None
            made = list(passages_of(document, self.splitter, product))
            passages += made
            documents[f"{self.key.bot}.{self.key.number}.{document.id}"] = self.learned(document, len(made))
        for row in batch.products:
            if row.id not in self.products and rows.get(row.id) is None:
                self.products.add(row.id)
                passages += passages_of_product(row, self.splitter, described=row.url in told)
        return passages, documents

    def learned(self, document: Document, passages: int) -> LearnedDocument:
        """What is kept of a document beside its passages."""
        return LearnedDocument(
            self.key.merchant,
            self.key.bot,
            self.key.number,
            document.id,
            document.source,
            document.title,
            document.url,
            document.digest,
            document.fetched_at,
            document.language,
            document.kind,
            passages,
        )
