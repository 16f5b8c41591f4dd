"""The toys as product rows, and their vectors, made once and kept beside the temporary files.

Never here: queries and measures.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from bench.site import DATA, read_lines
from engine.adapters.embedded.embedder import MiniLmEmbedder
from engine.domain.knowledge import Product
from engine.domain.money import Money

__all__ = ["NOW", "embedded", "plain_text", "toys"]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 64
Matrix = np.ndarray[Any, np.dtype[np.float32]]


def toys() -> list[Product]:
    """All toys that have a title, with their description as plain text."""
    found = []
    for row in read_lines(DATA / "catalog" / "toys_products.jsonl"):
        title = str(row.get("title") or "").strip()
        if title:
            price = Money(Decimal(int(row["price"])) / 100, "USD")
            stock = "in_stock" if int(row.get("quantity") or 0) > 0 else "out_of_stock"
            description = str(row.get("description") or "").replace("#", " ").replace("*", " ")
            category = str(row.get("category") or "").replace("_", " ")
            found.append(
                Product(
                    f"p{row['id']}", "feed", title, " ".join(description.split()), "", NOW,
                    price=price, availability=stock, category=category,
                )
            )  # fmt: skip
    return found


def plain_text(product: Product) -> str:
    """All that is said of a product, in one text: what the baselines search."""
    return f"{product.title}. {product.category}. {product.description}"


async def embedded(texts: Sequence[str], name: str) -> Matrix:
    """One vector a text. Kept under `name`, and made again when the texts are others."""
    digest = hashlib.sha256(json.dumps([name, *texts]).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / "storeclerk-bench"
    path = folder / f"{name}-{digest}.npy"
    if path.exists():
        return np.asarray(np.load(path), dtype=np.float32)
    embedder = MiniLmEmbedder()
    try:
        found = [
            vector
            for start in range(0, len(texts), BATCH)
            for vector in await embedder.embed(texts[start : start + BATCH])
        ]
    finally:
        embedder.close()
    matrix = np.asarray(found, dtype=np.float32)
    folder.mkdir(exist_ok=True)
    np.save(path, matrix)
    return matrix
