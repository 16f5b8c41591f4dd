"""Why a row of a catalogue is refused or left out, each kind with its words for a shop owner.

Never here: why a whole file cannot be read; that is `engine/knowledge/failures.py`.
"""

from __future__ import annotations

from engine.domain.knowledge import ItemFailure

__all__ = ["ROW_REASONS", "RowRefused", "row_failure"]

ROW_REASONS: dict[str, str] = {
    "no_title": "This row has no product name. Add one.",
    "unclear_price": "The price can be read in more than one way, or not at all. Write it like 12.90 EUR.",
    "twice": "A product with this number is already in the file. Give each product a number of its own.",
    "no_parent": "This is a form of a product that is not in the file. Add the product, or correct the reference.",
    "broken_row": "This row does not fit the columns above it: look for a missing or extra quotation mark.",
    "not_a_product": "This is not a product: its parts are not where they should be.",
    "not_for_sale": "Not published in the shop, so left out.",
    "price_unit": (
        "All prices in this file are whole numbers without a currency, so they may count cents. No price was learned: "
        'choose "Price" or "Price in cents" for this column.'
    ),
    "more_rows": "More rows were refused than are listed here.",
}


class RowRefused(Exception):
    """One row cannot become a product. `code` is a key of ROW_REASONS; `detail` adds what was found."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def row_failure(item: str, code: str, detail: str = "") -> ItemFailure:
    """The failure of one row, in a shop owner's words."""
    reason = ROW_REASONS[code]
    return ItemFailure(item=item, reason=f"{reason} ({detail})" if detail else reason, code=code)
