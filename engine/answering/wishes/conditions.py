"""Phrases of conditions in five languages: stock, order of price, what must not be, ages.

Texts are folded: without case and accents.
Never here: bounds of prices (`amounts`), and values of options, which are the catalogue's (`lexicon`).
"""

from __future__ import annotations

import re

from engine.answering.wishes.phrases import any_of

__all__ = ["AGE", "BY_BRAND", "CHEAP", "CHEAPEST", "DEAREST", "IN_STOCK", "NEGATION", "NOT_MEANT", "SIZE_BEFORE"]

IN_STOCK = any_of(
    r"""
    (?:that (?:is|are) |which (?:is|are) |currently )?in stock
    (?:that (?:is|are) )?available(?: now| today| right now)?|ready to ship
    (?:die )?(?:sofort )?lieferbar|(?:auf|ab) lager|vorratig|verfugbar
    en stock|disponibl?es?|disponibil[ei]|in magazzino|en existencias?
    """
)
CHEAPEST = any_of(
    r"""
    (?:the )?(?:very )?(?P<many>\d{1,2} )?(?:cheapest|least expensive|most affordable)(?: one| of)?
    (?:the )?lowest[- ]priced?(?: one)?
    (?:das |die |der |den )?(?:gunstigst|billigst|preiswertest)e[nrsm]?
    (?:le |la |les )(?:moins chere?s?|plus abordables?)|moins chere?s?
    (?:el |la |los |las )?mas (?:barat[oa]s?|economic[oa]s?)
    (?:il |la |i |le |lo )?(?:piu economic[oaihe]+|meno car[oaie])
    """
)
DEAREST = any_of(
    r"""
    (?:the )?(?:most expensive|priciest|dearest|highest[- ]priced?)(?: one)?
    (?:das |die |der |den )?teuerste[nrsm]?|(?:le |la |les )plus chere?s?
    (?:el |la |los |las )?mas car[oa]s?|(?:il |la |i |le |lo )?piu car[oaie]
    """
)
CHEAP = any_of(
    r"""
    cheap(?:er)?(?: ones?)?|inexpensive|affordable|low[- ]cost
    gunstige?[nrsm]?|gunstigere?[nrsm]?|billige?[nrsm]?|preiswerte?[nrsm]?
    pas chere?s?|bon marche|barat[oa]s?|economic[oaihe]+
    """
)
NEGATION = re.compile(
    r"(?<!\w)(?:but not|not|without(?: any)?|no|nothing|except(?: for)?|excluding|other than|non"
    r"|ohne|aber nicht|nicht|keine?[nrsm]?|ausser|sans|pas de|pas en|sin|excepto|senza|tranne)"
    r"\s+(?:(?:made |any |in |from |of |by |aus |von |en |de |di |con )*)"
)
NOT_MEANT_WORDS = """
    sure too so very really just only more less than if matter problem idea expensive cheap available in out sold
    have know longer yet working one thanks thank please zu sehr mehr trop muy mas troppo piu cher caro
    """
NOT_MEANT = frozenset(NOT_MEANT_WORDS.split())
"""What a `not` before it excludes nothing of the catalogue by."""
AGE = re.compile(
    r"\b(?:for |fur |pour |para |per )?(?:my |a |an |the |mein(?:en|e)? |ein(?:en|e)? |un[oae]? |mon |ma "
    r"|mi )?(?:(?P<a>\d{1,2})\s?-?\s?(?:years?|yrs?|yo|y/o)(?:\s?-?\s?olds?)?(?: (?:child|children|kids?|boys?"
    r"|girls?|son|daughter))?|(?:age|ages|aged)\s?(?P<b>\d{1,2})(?!\s?(?:-|to|\d))"
    r"|(?P<c>\d{1,2})\s?-?\s?jahrige[nrsm]?(?: (?:kind|kinder|jungen?|madchen))?|kind(?:er)? (?:von|ab"
    r"|mit) (?P<d>\d{1,2})(?: jahren?)?|(?:enfants?|fille|garcon) de (?P<e>\d{1,2}) ans|(?:nin[oa]s?"
    r"|hij[oa]) de (?P<f>\d{1,2}) anos|bambin[oaie] di (?P<g>\d{1,2}) anni"
    r"|(?P<m>\d{1,2})\s?-?\s?months?(?:\s?-?\s?olds?)?(?= |$|\?)(?: (?:baby|child|boy|girl))?)(?!\w)"
)
SIZE_BEFORE = frozenset(
    ["size", "sizes", "in", "a", "an", "grosse", "groesse", "en", "taille", "pointure", "talla", "taglia", "the"]
)
BY_BRAND = re.compile(r"(?:by|from|brand|marke|von|marque|de|marca|di|made by)$")
