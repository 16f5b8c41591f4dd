"""Which offers and products hold every condition of a search: price, stock, options, ages, and what must not be.

Never here: the words that are looked for, and rank.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.adapters.embedded.catalogue_columns import Array, Columns
from engine.adapters.embedded.catalogue_terms import NO_AGE
from engine.adapters.embedded.catalogue_text import CatalogueText
from engine.domain.catalogue import option_value, value_forms
from engine.ports import ProductSearch

__all__ = ["Conditions"]

Stands = Callable[[str], Array]
SHORTEST_IN_TITLE = 3
"""Letters. A shorter value, such as a size M, means something else in most titles."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of searches in one open file."""

    connection: sqlite3.Connection
    columns: Columns
    text: CatalogueText

    def offers(self, wanted: ProductSearch) -> Array:
        """Ordinals of the offers that hold every condition on price, stock and options."""
        fits = self.columns.offers_that_fit(wanted)
        for name, values in wanted.options.items():
            fits &= self.with_option(name, (values,) if isinstance(values, str) else values, self.text.stands_in_title)
        for name, value in wanted.without_options:
            fits &= ~self.with_option(name, (value,), self.text.stands_anywhere)
        return np.flatnonzero(fits)

    def products(self, wanted: ProductSearch, offers: Array) -> Array:
        """For each product, whether one of `offers` is its own and it holds the conditions on itself."""
        fits = self.columns.products_that_fit(wanted, offers)
        for text in wanted.without:
            fits[self.text.stands_anywhere(text)] = False
        if wanted.age is not None:
            least, most = self.text.ages["age_least"], self.text.ages["age_most"]
            fits &= (least != NO_AGE) & (least <= wanted.age) & (wanted.age <= most)
        return fits

    def with_option(self, name: str, values: tuple[str, ...], stands: Stands) -> Array:
        """For each offer, whether it has one of the values; a product without the option by the words it holds."""
        rows = self.connection.execute("SELECT value, offers FROM postings WHERE name = ?", (name,)).fetchall()
        asked = {option_value(name, value) for value in values}
        owners = self.columns.offers["product"]
        holds, knows = np.zeros(len(owners), dtype=np.bool_), np.zeros(self.text.count, dtype=np.bool_)
        for has, content in rows:
            own = np.frombuffer(content, dtype="i")
            knows[owners[own]] = True
            if any(fits_option(value, has) for value in asked):
                holds[own] = True
        words = np.zeros(self.text.count, dtype=np.bool_)
        for form in {form for value in values for form in value_forms(name, value)}:
            if sum(map(str.isalpha, form)) >= SHORTEST_IN_TITLE:
                words[stands(form)] = True
        return holds | (words & ~knows)[owners]


def fits_option(asked: str, has: str) -> bool:
    """Whether a value is the one asked for, or holds it as whole words. `blue` also fits `navy blue`."""
    return asked == has or f" {asked} " in f" {has.replace('/', ' ').replace('-', ' ').replace(',', ' ')} "
