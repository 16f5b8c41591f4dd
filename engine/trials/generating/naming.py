"""How a shopper names a product: its title without what a feed adds, with the article and verb that go with it.

Never here: a question.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from engine.domain.knowledge import Product
from engine.trials.generating.material import Material
from engine.trials.generating.voice import is_plural

__all__ = ["Named", "named_products"]

CUT = re.compile(r"\s*(?:,| \| | - | – |\(|\[|:).*$")
LONGEST_NAME = 7
"""Words. Nobody types more of a title than that."""
SHORTEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A product with the words for it."""

    product: Product
    name: str
    plural: bool

    @property
    def the(self) -> str:
        """The product inside a sentence."""
        return self.name if re.match(r"(the|a|an) ", self.name, re.IGNORECASE) else f"the {self.name}"

    @property
    def does(self) -> str:
        """The verb of a question about it."""
        return "do" if self.plural else "does"

    @property
    def be(self) -> str:
        """The verb of a question about its state."""
        return "are" if self.plural else "is"


def named_products(material: Material) -> list[Named]:
    """The products that can be asked for by a name which no other has."""
    short = {product.id: CUT.sub("", product.title).strip() or product.title for product in material.products}
    shared = Counter(name.casefold() for name in short.values())
    found = []
    for product in material.products:
        name = short[product.id] if shared[short[product.id].casefold()] == 1 else product.title
        words = name.split()
        letters = sum(character.isalpha() for character in name)
        if len(words) <= LONGEST_NAME and letters >= SHORTEST_LETTERS and shared[name.casefold()] <= 1:
            found.append(Named(product, name, is_plural(name)))
    return found
