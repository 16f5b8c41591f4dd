"""What a shopper means by `this` while a product's page is before them.

The page's address and title are what a browser says: they only choose among the shop's own products.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from engine.domain.bot import VersionKey
from engine.domain.conversation import PageShown
from engine.domain.knowledge import Product
from engine.ports import Catalogue, ProductSearch

__all__ = ["meant_by"]

LOOKED_AT = 20
"""Products whose words are nearest to the page's title; the one that the page shows is among them."""
POINTS = re.compile(
    r"\b(this one|this (?:product|item|article)|these|this"
    r"|dieses produkt|diese[rsnm]?|dies|das(?= *\?| *$| (?:auf|noch|verf[uü]gbar|vorr[aä]tig|lieferbar)\b)"
    r"|ce produit|cet article|celui-ci|celle-ci|ceci|cela|ça"
    r"|dit product|dit|deze|este producto|este|esta|esto|questo prodotto|questo|questa)\b",
    re.IGNORECASE,
)
"""Words by which somebody points at what lies before them. Articles that look the same (`la`) are left out, and `das`
where it may be one."""
IT = re.compile(rf"{POINTS.pattern}|\bit\b", re.IGNORECASE)
"""`It` as well, while nothing was said yet that it could mean."""
NOT_A_THING = re.compile(
    r"\bit('?s| is| was| will| would)? (takes?|possible|true|ok|okay|safe to|better|raining|about)\b", re.IGNORECASE
)
"""`It` that stands for nothing, as in `does it take long`."""


async def meant_by(
    text: str, page: PageShown | None, catalogue: Catalogue, version: VersionKey, *, begins: bool
) -> str:
    """The message with the product on the page before the shopper in place of the word that points at it.

    As it is where it points at nothing, or the page shows no product of the shop. `begins`: it is the first message.
    """
    points = IT if begins else POINTS
    if page is None or not points.search(text) or NOT_A_THING.search(text):
        return text
    product = await product_shown(catalogue, version, page)
    return text if product is None else points.sub(lambda _: product.title, text, count=1)


def same_page(shown: str, product: str) -> bool:
    """Whether an address is that of a product's page; what a browser adds to it (campaigns, anchors) does not count."""
    try:
        one, other = urlsplit(shown), urlsplit(product)
    except ValueError:
        return False
    if not other.hostname or not one.hostname:
        return False
    hosts = {one.hostname.removeprefix("www."), other.hostname.removeprefix("www.")}
    paths = {one.path.rstrip("/"), other.path.rstrip("/")}
    needed = set(parse_qsl(other.query, keep_blank_values=True))
    return len(hosts) == len(paths) == 1 and needed <= set(parse_qsl(one.query, keep_blank_values=True))


async def product_shown(catalogue: Catalogue, version: VersionKey, page: PageShown) -> Product | None:
    """The product whose page it is; None when it is none of this shop's."""
    if not page.title.strip() or not page.url:
        return None
    found = await catalogue.search(version, ProductSearch(text=page.title, match="some", limit=LOOKED_AT))
    for product in found.items:
        addresses = (product.url, *(variant.url for variant in product.variants))
        if any(address and same_page(page.url, address) for address in addresses):
            return product
    return None
