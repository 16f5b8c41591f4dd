"""Which uploaded tables are lists of products."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.adapters.embedded.blob_store import FolderBlobStore
from engine.knowledge.readers.feed import FeedReader


async def recognised(folder: Path, text: str) -> dict[str, object] | None:
    """The options a table is read with as a feed, or None."""
    blobs = FolderBlobStore(folder)
    await blobs.put("m/b/files/x", text.encode())
    return await FeedReader(fetcher=None).recognise("table.csv", "m/b/files/x", blobs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Artikel;Bezeichnung;Preis;EK Preis;Lager;Farbe\n1;Tasse;12,90;3,10;4;Blau\n2;Teller;8,00;2,20;0;Rot\n",
        "Product,Price,Cost\nMug,3,1\nPlate,4,2\n",
        "sku,name,price\nM-1,Mug,3\nP-1,Plate,4\n",
        "nombre,precio,talla\nCamisa,30,M\nCamisa,30,L\n",
    ],
)
async def test_a_list_of_products_is_a_feed(tmp_path: Path, text: str):
    assert await recognised(tmp_path, text) == {"format": "table"}


@pytest.mark.parametrize(
    "text",
    [
        "Service,Price\nRepair,30\nGlazing,50\n",
        "Country,Name,Costs\nGermany,DHL,4.90\n",
        "Size,Chest,Waist\nM,98,80\nL,104,86\n",
        "day,opens,closes\nMonday,9:00,17:00\n",
        "Order,Customer,Product,Price\n1,Meier,Mug,3\n",
    ],
)
async def test_any_other_table_is_a_document(tmp_path: Path, text: str):
    assert await recognised(tmp_path, text) is None
