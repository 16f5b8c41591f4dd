"""Vendure's product CSV: a row without a name is one more form of the product above it.

The columns: https://docs.vendure.io/guides/developer-guide/importing-data/. Never here: reading the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.knowledge.catalogue.entries import Entry, Row
from engine.knowledge.catalogue.formats.format import Found, Plan, Raw, Refused
from engine.knowledge.catalogue.formats.known import by_known_name, known_guesses
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.reasons import RowRefused

__all__ = ["columns_fit", "entries", "guesses"]

NAMES = {
    normal_name(name): name
    for name in (
        "name", "slug", "description", "assets", "facets", "optionGroups", "optionValues", "sku", "price",
        "stockOnHand", "trackInventory", "variantAssets", "enabled", "variantFacets",
    )
}  # fmt: skip
guesses = known_guesses({
    "name": "title", "slug": "id", "description": "description", "assets": "image", "sku": "sku", "price": "price",
    normal_name("stockOnHand"): "stock", normal_name("variantAssets"): "image", normal_name("facets"): "attribute",
    normal_name("optionValues"): "option",
})  # fmt: skip
BRANDS = frozenset({"brand", "marke", "marque", "marca", "manufacturer"})
CATEGORIES = frozenset({"category", "kategorie", "categorie", "categoria"})


def columns_fit(names: set[str]) -> bool:
    """Whether (normal) column names are those of Vendure."""
    return {normal_name("optionGroups"), normal_name("optionValues"), "sku", "price"} <= names


def entries(rows: Iterable[Raw], plan: Plan) -> Iterator[Found]:
    """An entry for each product with the rows below it."""
    product: Entry | None = None
    groups: list[str] = []
    for row in rows:
        if not isinstance(row, Row):
            yield Refused(row[0], "", row[1])
            continue
        cells = by_known_name(bare(row), NAMES)
        if cells.get("name"):
            if product is not None:
                yield finished(product)
            product, groups = product_of(row, cells), split(cells.get("optionGroups", ""))
        elif product is None:
            yield Refused(row.line, cells.get("sku", ""), RowRefused("no_parent"))
            continue
        product.variants.append(form_of(row, cells, groups))
    if product is not None:
        yield finished(product)


def bare(row: Row) -> Row:
    """A row whose columns in several languages (`name:en`) are reduced to the first of them."""
    cells: dict[str, str] = {}
    for name, text in row.cells.items():
        cells.setdefault(name.partition(":")[0], text)
    return Row(row.line, cells)


def product_of(row: Row, cells: dict[str, str]) -> Entry:
    """What a product's first row says about all of it."""
    entry = Entry(row.line, {"title": cells["name"], "description": cells.get("description", "")})
    entry.key = cells.get("slug", "") or cells["name"]
    entry.images = split(cells.get("assets", ""))
    facets: dict[str, list[str]] = {}
    for facet in split(cells.get("facets", "")):
        name, _, value = facet.partition(":")
        facets.setdefault(name.strip(), []).append(value.strip())
    for name, values in facets.items():
        if name.casefold() in BRANDS:
            entry.fields["brand"] = values[0]
        elif name.casefold() in CATEGORIES:
            entry.fields["category"] = " > ".join(values)
        else:
            entry.attributes[name] = ", ".join(values)
    return entry


def form_of(row: Row, cells: dict[str, str], groups: list[str]) -> Entry:
    """One form of a product."""
    entry = Entry(row.line, {"sku": cells.get("sku", ""), "price": cells.get("price", "")})
    entry.fields["stock"] = cells.get("stockOnHand", "")
    entry.tracked = cells.get("trackInventory", "").casefold() not in {"false", "0"}
    entry.options = dict(zip(groups, split(cells.get("optionValues", "")), strict=False))
    entry.images = split(cells.get("variantAssets", ""))
    return entry


def finished(product: Entry) -> Entry:
    """A product with one form and nothing to choose is that form."""
    if len(product.variants) == 1 and not product.variants[0].options:
        (only,) = product.variants
        product.fields |= only.fields
        product.tracked, product.variants = only.tracked, []
        product.images += only.images
    return product


def split(text: str) -> list[str]:
    """Values between bars."""
    return [part.strip() for part in text.split("|") if part.strip()]
