"""Which format a file has, and whether it is a catalogue at all.

Never here: reading it whole. A table of opening hours, sizes or shipping rates is not a catalogue.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

from engine.knowledge.catalogue.columns import Guess
from engine.knowledge.catalogue.entries import Row
from engine.knowledge.catalogue.formats import google, shopify, vendure, woocommerce
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.objects import JsonObjects, Numbered
from engine.knowledge.catalogue.tables import TableRows
from engine.knowledge.failures import Unreadable
from engine.knowledge.pages.products import PRODUCT_TYPES
from engine.knowledge.pages.structured import items_of, types_of

__all__ = ["format_of", "is_catalogue"]

NOT_PRODUCTS = re.compile(
    r"\b(order|invoice|customer|shipping|delivery|carrier|country|zone|postcode|zip|courier|bestell(ung|datum|er)|rechnung"
    r"|kunde\w*|versand\w*|liefer(land|gebiet|kosten|art)|zusteller|land|commande|client|livraison|pays|transporteur|pedido"
    r"|cliente|envio|pais|transportista|ordine|spedizione|paese|corriere|opens?|closes?|weekday|day|offnet|geoffnet|schliesst"
    r"|wochentag|tag|jour|dia|giorno|email|phone|telefon|salary|employee)\b"
)
ABOUT_PRODUCTS = frozenset(
    {"sku", "gtin", "mpn", "id", "group", "brand", "image", "url", "description", "summary", "availability", "stock",
     "category", "was_price", "sale_price", "option"}
)  # fmt: skip


def format_of(path: Path) -> str:
    """The name of a file's format, as far as its form tells. Raises Unreadable when it can be none."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty_file")
    start = re.sub(rb"^\xef\xbb\xbf|\x00", b"", head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")).lstrip()
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("unsupported")
    if start.startswith(b"<"):
        if re.match(rb"<(!doctype html|html)", start, re.I):
            raise Unreadable("wrong_type", "it is a web page")
        return "google_xml"
    if start.startswith((b"{", b"[")):
        return json_format(path)
    return table_format(path)


def table_format(path: Path) -> str:
    """The format of a table, by its columns."""
    names = {normal_name(name) for name in TableRows(path).names}
    if woocommerce.columns_fit(names):
        return "woocommerce"
    if vendure.columns_fit(names):
        return "vendure"
    if shopify.columns_fit(names):
        return "shopify_csv"
    return "google_tsv" if google.columns_fit(names) else "table"


def json_format(path: Path) -> str:
    """The format of a JSON file, by its first objects."""
    found = [part.value for part in itertools.islice(JsonObjects(path), 5) if isinstance(part, Numbered)]
    if any(types_of(part) & (PRODUCT_TYPES | {"ListItem"}) or items_of(part.get("@graph")) for part in found):
        return "schema_org"
    if any("handle" in part and isinstance(part.get("variants"), list) for part in found):
        return "shopify_json"
    return "json"


def is_catalogue(name: str, guesses: dict[str, Guess], rows: list[Any]) -> bool:
    """Whether a file of this format, with these columns and first rows, is surely one of products."""
    if name not in {"table", "json", "google_xml"}:
        return True
    fields = {guess.field for guess in guesses.values()}
    words = [normal_name(column) for column in guesses]
    if any(
        NOT_PRODUCTS.search(word)
        for word in words
        if not re.search(r"weight|time|zeit|origin|herkunft|origen|made in", word)
    ):
        return False
    parts = any(isinstance(row, Row) and row.parts for row in rows)
    priced = bool(fields & {"price", "price_cents", "sale_price"})
    told = bool(fields & ABOUT_PRODUCTS) or any(guess.certain for guess in guesses.values())
    return "title" in fields and (parts or (priced and told))
