"""Words that say nothing about a product, in five languages.

Never here: English words that say nothing anywhere; those are `engine.domain.words`.
"""

from __future__ import annotations

__all__ = ["EMPTIES", "GENERIC"]

GENERIC_WORDS = """
    product products item items article articles thing things something anything stuff goods one ones produkt
    produkte artikel etwas produit produits quelque chose articulo articulos producto productos algo prodotto
    prodotti articolo articoli qualcosa please bitte thanks danke merci gracias grazie option options available shop
    store sale
    """
GERMAN = """
    der die das den dem des ein eine einen einem einer und oder mit fur von im in auf aus zu ich mir mich bitte sie
    ihr ihnen noch auch gerne ist sind es welche welcher welches
    """
FRENCH = """
    le la les un une des du de d l et ou avec pour dans en sur je moi vous tu s il plait est sont quel quelle quels
    quelles a au aux que qui
    """
SPANISH = """
    el la los las un una unos unas y o con para por de del en me mi favor es son que cual cuales a al algun alguna
    algunos
    """
ITALIAN = """
    il lo la i gli le un uno una e o con per di del della dei delle in mi per favore che quale quali sono a al da
    """
GENERIC = frozenset(GENERIC_WORDS.split())
EMPTIES = {
    language: frozenset(words.split())
    for language, words in (("de", GERMAN), ("fr", FRENCH), ("es", SPANISH), ("it", ITALIAN))
}
"""Words that say nothing, for texts that are in that language."""
