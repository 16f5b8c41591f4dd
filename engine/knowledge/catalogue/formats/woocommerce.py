"""WooCommerce's product CSV, with the headings of an English, German, French, Spanish or Italian shop.

The columns: https://github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema. Never here: reading the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.knowledge.catalogue.availability import read_flag
from engine.knowledge.catalogue.entries import Entry, Field, Row
from engine.knowledge.catalogue.formats.format import Found, Plan, Raw, Refused
from engine.knowledge.catalogue.formats.known import by_known_name, known_guesses
from engine.knowledge.catalogue.formats.plain import split_links
from engine.knowledge.catalogue.gathering import Gathering
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.reasons import RowRefused

__all__ = ["columns_fit", "entries", "guesses"]

HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("ID",),
    "type": ("Type", "Typ", "Tipo"),
    "sku": ("SKU", "Artikelnummer", "UGS", "Codice articolo", "COD"),
    "gtin": ("GTIN, UPC, EAN, or ISBN", "GTIN, UPC, EAN oder ISBN", "GTIN, UPC, EAN ou ISBN", "GTIN, UPC, EAN o ISBN"),
    "title": ("Name", "Nom", "Nombre", "Nome"),
    "published": ("Published", "Veröffentlicht", "Publié", "Publicado", "Pubblicato"),
    "summary": ("Short description", "Kurzbeschreibung", "Description courte", "Descripción corta",
    "Breve descrizione"),
    "description": ("Description", "Beschreibung", "Descripción", "Descrizione"),
    "sale_from": ("Date sale price starts", "Datum, an dem Angebotspreis beginnt",
                  "Date de début de promo", "Día en que empieza el precio rebajado",
                  "Data di inizio del prezzo in offerta"),
    "sale_to": ("Date sale price ends", "Datum, an dem Angebotspreis endet", "Date de fin de promo",
                "Día en que termina el precio rebajado", "Data di fine del prezzo in offerta"),
    "in_stock": ("In stock?", "Vorrätig?", "En stock ?", "¿Existencias?", "¿Hay existencias?", "In stock"),
    "stock": ("Stock", "Lager", "Bestand", "Lagerbestand", "Inventario", "Magazzino", "Existencias"),
    "backorders": ("Backorders allowed?", "Lieferrückstände erlaubt?",
    "Autoriser les commandes de produits en rupture ?",
                   "¿Permitir reservas de productos agotados?", "Abilita gli ordini arretrati?"),
    "sale_price": ("Sale price", "Angebotspreis", "Tarif promo", "Precio rebajado", "Prezzo in offerta"),
    "price": ("Regular price", "Regulärer Preis", "Tarif régulier", "Precio normal", "Prezzo di listino"),
    "category": ("Categories", "Kategorien", "Catégories", "Categorías", "Categorie"),
    "images": ("Images", "Bilder", "Imágenes", "Immagini"),
    "parent": ("Parent", "Übergeordnetes Produkt", "Übergeordnet", "Superior", "Genitore", "Principal"),
    "url": ("External URL", "Externe URL", "URL externe", "URL externa", "URL esterno"),
    "brand": ("Brands", "Brand", "Marken", "Marke", "Marques", "Marcas", "Brand(s)", "Marchi"),
}  # fmt: skip
NAMES = {normal_name(heading): name for name, headings in HEADINGS.items() for heading in headings}
SHOWN: frozenset[Field] = frozenset(
    {"id", "sku", "gtin", "title", "summary", "description", "sale_price", "price", "category", "stock", "url", "brand"}
)
guesses = known_guesses(
    {words: name for words, name in NAMES.items() if name in SHOWN}
    | {normal_name(heading): "image" for heading in HEADINGS["images"]}
    | {normal_name(heading): "group" for heading in HEADINGS["parent"]}
    | {normal_name(heading): "availability" for heading in HEADINGS["in_stock"]}
)
ATTRIBUTE = re.compile(r"(?:attribute?|attribut|atributo|attributo) (\d+) (.+)")
PART = {"name": "name", "nom": "name", "nombre": "name", "nome": "name", "visible": "visible", "sichtbar": "visible",
        "visibile": "visible"}  # fmt: skip
MEASURE = re.compile(r"(weight|length|width|height|gewicht|lange|breite|hohe|poids|peso|longueur|largeur"
                     r"|hauteur|longitud"
                     r"|anchura|altura|lunghezza|larghezza|altezza) (kg|g|lbs|oz|cm|mm|m|in|yd)")  # fmt: skip


def columns_fit(names: set[str]) -> bool:
    """Whether (normal) column names are those of WooCommerce."""
    known = {NAMES[name] for name in names if name in NAMES}
    return {"type", "sku", "title", "price", "published"} <= known or {"type", "parent", "title", "price"} <= known


def entries(rows: Iterable[Raw], plan: Plan) -> Iterator[Found]:
    """An entry for each product; variations join their parent, wherever in the file they stand."""
    with Gathering() as gathering:
        for row in rows:
            if not isinstance(row, Row):
                yield Refused(row[0], "", row[1])
                continue
            cells = by_known_name(row, NAMES)
            kind = cells.get("type", "simple").casefold()
            if "variation" in kind:
                gathering.add(cells.get("parent", ""), row)
            elif "variable" in kind:
                own = f"id:{cells['id']}" if cells.get("id") else cells.get("sku", f"line {row.line}")
                gathering.add(own, row)
                gathering.call(cells.get("sku") or own, own)
            else:
                yield published(row, cells) or entry_of(row, cells)
        for key, members in gathering.groups():
            yield from family(key, members)


def family(key: str, members: list[Row]) -> Iterator[Found]:
    """A parent with its variations. Variations without a parent are refused, one by one."""
    named = [(row, by_known_name(row, NAMES)) for row in members]
    parents = [(row, cells) for row, cells in named if "variation" not in cells.get("type", "").casefold()]
    if not parents:
        for row, cells in named:
            yield Refused(row.line, cells.get("title", ""), RowRefused("no_parent", key))
        return
    parent, cells = parents[0]
    hidden = published(parent, cells)
    if hidden:
        yield hidden
        return
    product = entry_of(parent, cells)
    for row, own in named:
        if row is not parent and read_flag(own.get("published", "1")) is not False and own.get("published") != "-1":
            product.variants.append(variation_of(row, own))
    varied = {name for form in product.variants for name in form.options}
    product.attributes = {name: value for name, value in product.attributes.items() if name not in varied}
    yield product


def published(row: Row, cells: dict[str, str]) -> Refused | None:
    """Why a product is not sold: drafts and private products. (Hidden ones are: by link, or as part of a set.)"""
    if cells.get("published", "1") in {"1", "1.0"} or read_flag(cells["published"]):
        return None
    return Refused(row.line, cells.get("title", ""), RowRefused("not_for_sale"))


def entry_of(row: Row, cells: dict[str, str]) -> Entry:
    """One product without its variations."""
    entry = Entry(row.line, {name: text for name, text in cells.items() if name in SHOWN})
    entry.fields["availability"] = cells.get("in_stock", "")
    entry.fields["sale_dates"] = f"{cells.get('sale_from', '')}/{cells.get('sale_to', '')}"
    entry.fields["category"] = cells.get("category", "").replace("\\,", ",")
    for name in ("title", "description", "summary", "sku"):
        if re.match(r"'[=+\-@]", entry.fields.get(name, "")):
            entry.fields[name] = entry.fields[name][1:]
    entry.backorders = cells.get("backorders", "").casefold() not in {"", "0", "no", "nein", "non"}
    if entry.backorders and read_flag(cells.get("in_stock", "")) is False:
        entry.fields["availability"] = "on backorder"
    entry.images = split_links(cells.get("images", ""))
    entry.key = cells.get("sku") or (f"id:{cells['id']}" if cells.get("id") else "")
    for name, (value, visible) in attributes_of(row).items():
        if visible and value:
            entry.attributes[name] = value
    for column, text in row.cells.items():
        measure = MEASURE.fullmatch(normal_name(column))
        if measure:
            entry.attributes[column.split("(")[0].strip()] = f"{text} {measure.group(2)}"
    return entry


def variation_of(row: Row, cells: dict[str, str]) -> Entry:
    """One variation: what its parent leaves open is closed here."""
    entry = entry_of(row, cells)
    entry.options = {name: value for name, (value, _) in attributes_of(row).items() if value}
    entry.attributes = {}
    return entry


def attributes_of(row: Row) -> dict[str, tuple[str, bool]]:
    """Attribute name to (value, whether shoppers see it)."""
    found: dict[str, dict[str, str]] = {}
    for column, text in row.cells.items():
        numbered = ATTRIBUTE.fullmatch(normal_name(column))
        if numbered:
            part = PART.get(numbered.group(2), "value" if re.match(r"(val|wert)", numbered.group(2)) else "")
            found.setdefault(numbered.group(1), {})[part] = text
    return {
        part["name"]: (part.get("value", "").replace("\\,", ","), part.get("visible", "1") != "0")
        for part in found.values() if part.get("name")
    }  # fmt: skip
