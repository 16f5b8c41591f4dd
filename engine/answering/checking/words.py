"""Words as they are compared between an answer and its evidence.

Never here: numbers, dates and other checkable tokens; those are `claims`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["GENERIC", "content_words", "stem", "word_places"]

WORD = re.compile(r"[^\W\d_]+")
STOP_WORDS = """
    a an the and or but nor so if then than that this these those there here it its it's is are was were be been
    being am do does did done has have had having can could may might must shall should will would not no yes of
    to in on at by for from with without into onto over under up down out off about as we our ours us you your
    yours i me my they them their he she his her who whom which what when where why how any some all each every
    both either neither other such only just also too very more most much many few own same again once please
    sure certainly course well ok okay however therefore because while until unless during per via etc eg ie let
    lets get got happy glad help hello hi thanks thank welcome sorry unfortunately d ll re ve s t m der die das
    den dem des ein eine einen einem einer eines und oder aber ist sind war waren sein wird werden wurde hat
    haben kann können muss müssen soll nicht kein keine ja nein von zu zum zur im auf bei mit ohne für aus nach
    über unter vor wir uns unser unsere sie ihr ihre ihren ich es er als wie wann wo wer dass auch nur noch le
    la les un une du de l et ou mais est sont sera été être ont peut peuvent pas non oui ne que qui quoi dans
    sur sous par pour avec sans vous votre vos nous notre nos il elle ils elles ce cette ces se si plus el los
    las una unos y o pero son fue ser está están ha han puede sí del al en con sin por para su sus usted nuestro
    nuestra lo como cuando donde gli uno e ed ma è sono era essere può sì di da nel nella sul suo sua vostro
    nostro che come
"""
STOP = frozenset(STOP_WORDS.split())
GENERIC_WORDS = """
    cost costs price prices priced pay total currently now today available availability stock order orders
    ordered buy sell sold offer offers item items product products article articles each piece starting start
    range ranges between want ask know tell find list listed shop store euro euros dollar dollars pound pounds
    new model amount value kostet kosten preis preise lager verfügbar lieferbar kaufen artikel produkt jetzt
    aktuell derzeit ab coûte prix coûtent disponible produit actuellement dès partir cuesta cuestan precio
    precios producto ahora desde costa costano prezzo prezzi prodotto adesso partire
"""
GENERIC = frozenset(GENERIC_WORDS.split())
"""Words that stand beside any price or stock and so say nothing about which one is meant."""
ENDINGS = ("ing", "ed", "es", "en", "er", "em", "s", "e", "n", "y", "i")
SHORTEST_STEM = 4


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without case, accents and its commonest endings: `Returned`, `returning` and `returns` are one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    while True:
        shorter = next(
            (plain[: -len(e)] for e in ENDINGS if plain.endswith(e) and len(plain) - len(e) >= SHORTEST_STEM), plain
        )
        if shorter == plain:
            return plain
        doubled = len(shorter) > SHORTEST_STEM and shorter[-1] == shorter[-2] and shorter[-1] not in "aeiou"
        plain = shorter[:-1] if doubled else shorter


STOPPED = frozenset(stem(word) for word in STOP) | STOP
GENERIC_STEMS = frozenset(stem(word) for word in GENERIC)


def word_places(text: str) -> list[tuple[int, str]]:
    """(where, stem) of each word that carries meaning, in order."""
    found = []
    for word in WORD.finditer(text):
        plain = word[0].casefold()
        if plain in STOP or (len(plain) == 1):
            continue
        root = stem(plain)
        if root not in STOPPED:
            found.append((word.start(), root))
    return found


def content_words(text: str) -> frozenset[str]:
    """The stems of a text's meaningful words."""
    return frozenset(root for _, root in word_places(text))
