"""Searching the catalogue as an answer would: words, price, size, colour, brand, stock.

Never here: the catalogue; the engine filters, a page at a time.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import answer_of
from studio.knowledge_client import Knowledge
from studio.paging import cursor_of, show_pager
from studio.product_cards import product_cards
from studio.talking import AVAILABILITY

__all__ = ["show_products", "wanted_of"]

AT_ONCE = 24
ORDERS = {"relevance": "best match", "price": "cheapest", "price_descending": "dearest"}


def wanted_of(fields: dict[str, str | float | None]) -> dict[str, str]:
    """What the engine is asked, without what was left empty."""
    return {name: str(value).strip() for name, value in fields.items() if value is not None and str(value).strip()}


def show_products(knowledge: Knowledge) -> None:
    """The filters, then the products that fit."""
    fields: dict[str, str | float | None] = {
        "query": st.text_input("Find products", placeholder="Name, brand or article number", key="products_query")
    }
    with st.expander("Filters", icon=":material/filter_list:"):
        first, second = st.columns(2)
        fields["least_price"] = first.number_input("Price from", value=None, min_value=0.0, key="products_least")
        fields["most_price"] = second.number_input("Price to", value=None, min_value=0.0, key="products_most")
        fields["size"] = first.text_input("Size", key="products_size")
        fields["colour"] = second.text_input("Colour", key="products_colour")
        fields["brand"] = first.text_input("Brand", key="products_brand")
        stock = ["", *AVAILABILITY]
        fields["availability"] = second.selectbox(
            "Stock", stock, format_func=lambda name: AVAILABILITY.get(name, "any") or "not stated", key="products_stock"
        )
        fields["order"] = st.selectbox(
            "First come the", list(ORDERS), format_func=ORDERS.__getitem__, key="products_order"
        )
    wanted = wanted_of(fields)
    key = f"products_{knowledge.bot}_{sorted(wanted.items())}"
    found = answer_of(knowledge.products, wanted, AT_ONCE, cursor_of(key))
    if found is None:
        return
    if found.items:
        st.html(product_cards(found.items))
    elif set(wanted) - {"order"}:
        st.info("No product fits. Take a filter away.", icon=":material/search_off:")
    else:
        st.info(
            "Your bot knows no products yet. Give it your shop's product list, then train it.",
            icon=":material/lightbulb:",
        )
    show_pager(key, found.next_cursor, "products")
