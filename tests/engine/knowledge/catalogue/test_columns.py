"""What columns hold, and which are nobody else's business."""

# ruff: noqa: E501 - names and files read best as they stand

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.knowledge.catalogue.columns import SYNONYMS, guess_columns, stated_currency
from engine.knowledge.catalogue.entries import SINGLE_FIELDS, Field
from engine.knowledge.catalogue.privacy import private_column
from tests.engine.knowledge.catalogue.conftest import Read

PAIRS: list[tuple[Field, str]] = [(field, name) for field, names in SYNONYMS.items() for name in names]
PRIVATE = [
    "Cost", "cost_price", "Cost per item", "unitCost", "COGS", "Purchase price", "Wholesale price", "Dealer Price", "Margin",
    "Margin %", "markup", "Supplier", "supplier_sku", "Vendor code", "Internal notes", "internal_id", "Minimum price",
    "Meta: _wc_cog_cost", "Einkaufspreis", "EK", "EK-Preis netto", "Händlerpreis", "Haendler-EK", "Großhandelspreis",
    "Marge", "Handelsmarge", "Rohertrag", "Lieferant", "Lieferanten-Nr.", "Interne Notiz", "Selbstkosten", "Prix d'achat",
    "Prix d’achat HT", "Coût", "Coût de revient", "Marge brute", "Fournisseur", "Réf. fournisseur", "Note interne",
    "Prix de gros", "Precio de compra", "Coste", "Precio de coste", "Margen", "Proveedor", "Nota interna",
    "Precio mayorista", "Prezzo d'acquisto", "Costo", "Margine", "Fornitore", "Codice fornitore", "Prezzo ingrosso",
    "Provision", "Ganancia", "Ricarico",
]  # fmt: skip
PUBLIC = [
    "Price", "Material", "Color", "Weight", "Shipping cost", "Versandkosten", "Lieferzeit", "Delivery time", "Tasting notes",
    "Frais de port", "Gastos de envío", "Spese di spedizione", "Costume", "Marke", "Marca", "Purchase note", "Size",
    "Herkunftsland", "Pflegehinweis", "Composition",
]  # fmt: skip


@given(st.sampled_from(PAIRS), st.sampled_from(["{}", " {} ", "{}:", "\ufeff{}", "*{}*"]), st.booleans())
@example(("price", "Preis inkl. MwSt"), "{}", True)
def test_known_names_are_guessed_in_any_dress(pair: tuple[Field, str], dress: str, shout: bool) -> None:
    field, name = pair
    column = dress.format(name.upper() if shout else name.replace(" ", "_"))
    assert guess_columns([column])[column].field == field


@given(st.lists(st.sampled_from([name for _, name in PAIRS]), unique=True, max_size=30))
def test_a_field_of_one_column_is_never_given_to_two(names: list[str]) -> None:
    fields = [guess.field for guess in guess_columns(names).values() if guess.field in SINGLE_FIELDS]
    assert len(fields) == len(set(fields))


@given(st.lists(st.text(max_size=40), unique=True, max_size=20))
def test_any_names_can_be_guessed(names: list[str]) -> None:
    assert set(guess_columns(names)) == set(names)


@pytest.mark.parametrize("name", PRIVATE)
def test_private_columns_are_known(name: str) -> None:
    mark = private_column(name)
    assert mark is not None
    assert mark.certain
    assert guess_columns([name])[name].field == ""


@pytest.mark.parametrize("name", PUBLIC)
def test_public_columns_are_not_private(name: str) -> None:
    assert private_column(name) is None


@given(st.sampled_from(PRIVATE), st.sampled_from(["{} ", "{} (EUR)", "{}_2", "_{}_", "{} 2026"]), st.booleans())
def test_private_columns_are_known_in_any_dress(name: str, dress: str, shout: bool) -> None:
    assert private_column(dress.format(name.upper() if shout else name.lower())) is not None


def test_a_column_states_its_currency() -> None:
    names = ("Preis (EUR)", "Price $", "price_gbp", "Prix €", "Neuro price")
    assert [stated_currency(name) for name in names] == ["EUR", "", "GBP", "EUR", ""]


def table(columns: list[str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["sku", "name", "price", *columns])
    writer.writerow(["m1", "Mug", "9.90", *(f"secret-{place}" for place, _ in enumerate(columns))])
    return file.getvalue()


def test_private_values_reach_no_field_of_any_product(read: Read) -> None:
    products, conversion = read(table(PRIVATE))
    assert "secret" not in repr(products)
    assert conversion.excluded() == PRIVATE
    nested = [{"name": "Mug", "sku": "m", "price": 9.5, "supplier": {"name": "secret"}, "attributes": {"cost": "secret"},
               "variants": [{"sku": "a", "price": 9.5, "options": {"margin": "secret", "size": "S"}, "ek": "secret"},
                            {"sku": "b", "price": 9.5, "options": {"size": "L"}}]}]  # fmt: skip
    products, conversion = read(json.dumps(nested))
    assert "secret" not in repr(products)
    assert len(products[0].variants) == 2
    assert {"supplier.name", "attributes.cost", "ek", "options.margin"} <= set(conversion.excluded())


def test_private_names_hide_in_attributes_too(read: Read) -> None:
    woo = "ID,Type,SKU,Name,Published,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n1,simple,m,Mug,1,9,,Supplier,secret\n"
    assert "secret" not in repr(read(woo)[0])
    google = (
        '<rss xmlns:g="http://base.google.com/ns/1.0"><item><g:id>1</g:id><g:title>Mug</g:title><g:price>9 EUR</g:price>'
        "<g:product_detail><g:attribute_name>Cost</g:attribute_name><g:attribute_value>secret</g:attribute_value>"
        "</g:product_detail></item></rss>"
    )
    assert "secret" not in repr(read(google)[0])
    schema = '[{"@type": "Product", "name": "Mug", "additionalProperty": [{"name": "Margin", "value": "secret"}]}]'
    assert "secret" not in repr(read(schema)[0])


def test_a_private_column_cannot_be_chosen_and_a_doubtful_one_can(read: Read) -> None:
    text = "sku,name,price,Einkaufspreis,Vendor\nm,Mug,9.90,4.44,Kiln\n"
    products, conversion = read(text)
    assert (products[0].brand, conversion.excluded()) == ("", ["Einkaufspreis", "Vendor"])
    products, conversion = read(text, mapping={"Einkaufspreis": "price", "Vendor": "brand", "price": ""})
    assert (products[0].brand, products[0].price, conversion.excluded()) == ("Kiln", None, ["Einkaufspreis"])


def test_other_prices_do_not_become_facts(read: Read) -> None:
    (mug,), _ = read("sku,name,price,Preis netto,price tier 2,Tax class\nm,Mug,9.90,8.32,7.00,standard\n")
    assert mug.attributes == {}
