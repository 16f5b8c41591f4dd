"""The kinds of catalogue files that can be read, in one table.

Never here: how one of them is read. A new kind is one module here and one line in `FORMATS`.
"""

from __future__ import annotations

from engine.knowledge.catalogue.formats import google, plain, schema_org, shopify, vendure, woocommerce
from engine.knowledge.catalogue.formats.format import Format, Found, Plan, Refused
from engine.knowledge.catalogue.markup import XmlRows
from engine.knowledge.catalogue.objects import JsonObjects
from engine.knowledge.catalogue.tables import TableRows

__all__ = ["FORMATS", "Format", "Found", "Plan", "Refused"]

FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("woocommerce", "WooCommerce export (CSV)", TableRows, woocommerce.entries, woocommerce.guesses),
        Format("shopify_csv", "Shopify export (CSV)", TableRows, shopify.entries, shopify.guesses),
        Format("shopify_json", "Shopify products.json", JsonObjects, shopify.json_entries, shopify.json_guesses),
        Format("google_xml", "Google Merchant feed (XML)", XmlRows, google.entries, google.guesses, editable=True),
        Format("google_tsv", "Google Merchant feed (text)", TableRows, google.entries, google.guesses, editable=True),
        Format("vendure", "Vendure export (CSV)", TableRows, vendure.entries, vendure.guesses),
        Format("schema_org", "schema.org products (JSON-LD)", JsonObjects, schema_org.entries, schema_org.guesses),
        Format("table", "Table (CSV, TSV or Excel)", TableRows, plain.entries, plain.guesses, editable=True),
        Format("json", "List of products (JSON)", plain.objects_of, plain.entries, plain.guesses, editable=True),
    )
}
