"""Shopify's product CSV (old and new headings) and its public `products.json`.

The columns: https://help.shopify.com/en/manual/products/import-export/using-csv. Never here: reading files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.knowledge.catalogue.availability import read_flag
from engine.knowledge.catalogue.columns import Guess
from engine.knowledge.catalogue.entries import Entry, Field, Row
from engine.knowledge.catalogue.formats.format import Found, Plan, Raw, Refused
from engine.knowledge.catalogue.formats.known import by_known_name, known_guesses
from engine.knowledge.catalogue.gathering import Gathering
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.objects import Numbered
from engine.knowledge.catalogue.reasons import RowRefused

__all__ = ["columns_fit", "entries", "guesses", "json_entries", "json_guesses"]

HEADINGS: dict[str, tuple[str, ...]] = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "description": ("Body (HTML)", "Body HTML", "Description"),
    "brand": ("Vendor",),
    "category": ("Type", "Custom Product Type"),
    "standard_category": ("Product Category", "Standard Product Type"),
    "published": ("Published", "Published on online store"),
    "status": ("Status",),
    "sku": ("Variant SKU", "SKU"),
    "gtin": ("Variant Barcode", "Barcode"),
    "mpn": ("Google Shopping / MPN",),
    "price": ("Variant Price", "Price"),
    "was_price": ("Variant Compare At Price", "Compare-at price"),
    "stock": ("Variant Inventory Qty", "Inventory quantity"),
    "tracker": ("Variant Inventory Tracker", "Inventory tracker"),
    "policy": ("Variant Inventory Policy", "Continue selling when out of stock"),
    "image": ("Image Src", "Product image URL"),
    "variant_image": ("Variant Image", "Variant image URL"),
    **{f"option{n}_name": (f"Option{n} Name",) for n in (1, 2, 3)},
    **{f"option{n}_value": (f"Option{n} Value",) for n in (1, 2, 3)},
}
NAMES = {normal_name(heading): name for name, headings in HEADINGS.items() for heading in headings}
MEANING: dict[str, Field] = {
    "handle": "id", "title": "title", "description": "description", "brand": "brand", "category": "category",
    "standard_category": "category", "sku": "sku", "gtin": "gtin", "mpn": "mpn", "price": "price",
    "was_price": "was_price", "stock": "stock", "image": "image", "variant_image": "image", "option1_value": "option",
    "option2_value": "option", "option3_value": "option",
}  # fmt: skip
guesses = known_guesses({words: MEANING[name] for words, name in NAMES.items() if name in MEANING})
JSON_FIELDS: dict[str, Field] = {
    "id": "id", "title": "title", "handle": "url", "body_html": "description", "vendor": "brand",
    "product_type": "category", "images": "image",
}  # fmt: skip


def columns_fit(names: set[str]) -> bool:
    """Whether (normal) column names are those of Shopify."""
    known = {NAMES[name] for name in names if name in NAMES}
    return {"handle", "title"} <= known and bool(known & {"option1_value", "option1_name", "was_price"})


def entries(rows: Iterable[Raw], plan: Plan) -> Iterator[Found]:
    """An entry for each handle: its first row, its further forms, its further pictures."""
    with Gathering() as gathering:
        for row in rows:
            if not isinstance(row, Row):
                yield Refused(row[0], "", row[1])
                continue
            handle = by_known_name(row, NAMES).get("handle", "")
            if handle:
                gathering.add(handle, row)
            else:
                yield Refused(row.line, "", RowRefused("no_parent", "it has no handle"))
        for handle, members in gathering.groups():
            yield product_of(handle, [(row, by_known_name(row, NAMES)) for row in members])


def product_of(handle: str, rows: list[tuple[Row, dict[str, str]]]) -> Found:
    """The rows of one handle as a product."""
    line, first = rows[0][0].line, next((cells for _, cells in rows if cells.get("title")), rows[0][1])
    if read_flag(first.get("published", "true")) is False or first.get("status", "active").casefold() in {
        "draft", "archived", "unlisted",
    }:  # fmt: skip
        return Refused(line, first.get("title", handle), RowRefused("not_for_sale"))
    entry = Entry(line, key=handle)
    for name in ("title", "description", "brand", "category", "mpn"):
        entry.fields[name] = first.get(name, "")
    entry.fields["category"] = first.get("category", "") or first.get("standard_category", "")
    entry.images = [cells["image"] for _, cells in rows if cells.get("image")]
    names = [first.get(f"option{number}_name", "") for number in (1, 2, 3)]
    forms = [form_of(row, cells, names) for row, cells in rows if cells.get("price") or cells.get("option1_value")]
    return with_forms(entry, forms)


def form_of(row: Row, cells: dict[str, str], names: list[str]) -> Entry:
    """One variant."""
    entry = Entry(row.line)
    for name in ("sku", "gtin", "price", "was_price", "stock"):
        entry.fields[name] = cells.get(name, "").lstrip("'")
    entry.options = {
        name: cells.get(f"option{number}_value", "") for number, name in enumerate(names, 1)
        if name and cells.get(f"option{number}_value")
    }  # fmt: skip
    continues = cells.get("policy", "").casefold() in {"continue", "true"}
    # Without a tracker Shopify sells without counting, whatever stands in the column of quantities.
    entry.tracked = not continues and (bool(cells.get("tracker")) or not cells.get("stock"))
    entry.images = [cells["variant_image"]] if cells.get("variant_image") else []
    return entry


def with_forms(entry: Entry, forms: list[Entry]) -> Entry:
    """A product whose only form has nothing to choose is that form."""
    if len(forms) == 1 and set(forms[0].options.values()) <= {"Default Title"}:
        entry.fields |= {name: text for name, text in forms[0].fields.items() if text}
        entry.tracked, entry.backorders = forms[0].tracked, forms[0].backorders
        entry.images += forms[0].images
    else:
        entry.variants = forms
    return entry


# --- products.json --------------------------------------------------------------------------------


def json_guesses(names: Iterable[str]) -> dict[str, Guess]:
    """The members that `products.json` has; others are looked at for privacy only."""
    return known_guesses({normal_name(name): field for name, field in JSON_FIELDS.items()})(names)


def json_entries(objects: Iterable[Any], plan: Plan) -> Iterator[Found]:
    """An entry for each product of `products.json`."""
    for found in objects:
        if not isinstance(found, Numbered):
            yield Refused(found[0], "", found[1])
            continue
        value = found.value
        title = str(value.get("title") or "")
        if value.get("status") in {"draft", "archived"} or value.get("published_at", "?") is None:
            yield Refused(found.line, title, RowRefused("not_for_sale"))
            continue
        handle = str(value.get("handle") or "")
        entry = Entry(found.line, key=handle or str(value.get("id") or title))
        entry.fields = {
            "title": title, "description": str(value.get("body_html") or value.get("description") or ""),
            "brand": str(value.get("vendor") or ""), "category": str(value.get("product_type") or ""),
            "url": f"/products/{handle}" if handle and plan.stamp.address else "",
        }  # fmt: skip
        entry.images = [link for image in members(value.get("images")) if (link := str(image.get("src") or ""))]
        names = [str(option.get("name") or "") for option in members(value.get("options"))]
        entry = with_forms(entry, [json_form(found.line, form, names) for form in members(value.get("variants"))])
        yield entry


def members(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def json_form(line: int, form: dict[str, Any], names: list[str]) -> Entry:
    """One variant of `products.json`."""
    price = form.get("price")
    currency = price.get("currency_code") if isinstance(price, dict) else form.get("price_currency")
    entry = Entry(line, {
        "id": str(form.get("id") or ""), "sku": str(form.get("sku") or ""), "gtin": str(form.get("barcode") or ""),
        "price": str((price.get("amount") if isinstance(price, dict) else price) or ""),
        "was_price": str(form.get("compare_at_price") or ""), "currency": str(currency or ""),
        "availability": str(form.get("available", "")),
        "stock": str(form.get("inventory_quantity", "")) if form.get("inventory_management") else "",
    })  # fmt: skip
    if form.get("inventory_policy") == "continue" and "available" not in form:
        entry.tracked = False
    for number, name in enumerate(names[:3], 1):
        if name and form.get(f"option{number}"):
            entry.options[name] = str(form[f"option{number}"])
    image = form.get("featured_image")
    entry.images = [str(image["src"])] if isinstance(image, dict) and image.get("src") else []
    return entry
