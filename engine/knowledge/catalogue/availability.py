"""Whether something can be bought, from the words and numbers shops write, in five languages.

Never here: guessing. What is not understood is `unknown`.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from engine.domain.knowledge import Availability
from engine.knowledge.catalogue.headers import normal_name

__all__ = ["read_availability", "read_flag", "read_stock"]

IN_STOCK = (
    "in stock", "in store only", "online only", "limited availability", "available", "available now", "low stock",
    "few left", "ready to ship", "ships today", "lieferbar", "sofort lieferbar", "auf Lager", "vorrätig", "verfügbar",
    "am Lager", "geringer Bestand", "en stock", "disponible", "dispo", "en magasin", "stock limité", "en existencias",
    "hay existencias", "con existencias", "en almacén", "disponibile", "in magazzino", "disponibilità immediata",
    "disponibilità limitata", "pronta consegna",
)  # fmt: skip
OUT_OF_STOCK = (
    "out of stock", "sold out", "unavailable", "discontinued", "reserved", "ausverkauft", "vergriffen",
    "nicht lieferbar",
    "nicht vorrätig", "nicht verfügbar", "nicht auf Lager", "eingestellt", "rupture de stock", "en rupture", "épuisé",
    "indisponible", "agotado", "sin stock", "sin existencias", "fuera de stock", "descatalogado", "no disponible",
    "esaurito", "non disponibile", "fuori produzione", "terminato", "esaurita", "agotada", "épuisée",
)  # fmt: skip
PREORDER = (
    "preorder", "pre order", "presale", "pre sale", "backorder", "back order", "on backorder", "made to order",
    "available on order", "available for order", "vorbestellung", "vorbestellbar", "auf Bestellung", "précommande",
    "en précommande", "sur commande", "preventa", "en preventa", "bajo pedido", "por encargo", "preordine",
    "preordinabile", "prenotabile", "su ordinazione", "in arrivo", "notify",
)  # fmt: skip
YES = frozenset(
    normal_name(word)
    for word in ("1", "true", "yes", "y", "ja", "j", "oui", "o", "si", "s", "vrai", "wahr", "verdadero", "vero", "x")
)
NO = frozenset(normal_name(word) for word in ("0", "false", "no", "n", "nein", "non", "faux", "falsch", "falso"))
WORDS: tuple[tuple[tuple[str, ...], Availability], ...] = (
    (OUT_OF_STOCK, "out_of_stock"),
    (PREORDER, "preorder"),
    (IN_STOCK, "in_stock"),
)
PHRASES = {normal_name(phrase).replace(" ", ""): state for phrases, state in WORDS for phrase in phrases}
WITHIN = tuple(
    (re.compile(r"\b(" + "|".join(re.escape(normal_name(phrase)) for phrase in phrases) + r")\b"), state)
    for phrases, state in WORDS
)
DENIED = re.compile(r"\b(not|no|never|nicht|kein\w*|pas|plus|sin|senza|non|out|0)\b")
LATER = re.compile(
    r"\b(soon|again|back in|from|until|bald|wieder|ab|bientot|a partir|pronto|presto|a breve|dal|desde)\b"
)


def read_availability(text: str) -> Availability:
    """The state that words such as `Sofort lieferbar` or `https://schema.org/InStock` stand for, else `unknown`."""
    last = text.strip().rstrip("/").rpartition("/")[2] if "://" in text else text
    words = normal_name(last)
    exact = PHRASES.get(words.replace(" ", ""))
    if exact:
        return exact
    if words in YES or words in NO:
        return "in_stock" if words in YES else "out_of_stock"
    if re.fullmatch(r"\d{1,9}", words):
        return read_stock(words)
    for pattern, state in WITHIN:
        found = pattern.search(words)
        if found is None:
            continue
        rest = f"{words[: found.start()]} {words[found.end() :]}"
        if state == "in_stock" and LATER.search(rest):
            return "unknown"
        return "out_of_stock" if state == "in_stock" and DENIED.search(rest) else state
    return "unknown"


def read_stock(text: str, *, backorders: bool = False) -> Availability:
    """The state that a number of pieces stands for; below one, what `backorders` allows."""
    digits = text.strip().replace("\u00a0", "").replace(" ", "").lstrip("><~+")
    try:
        pieces = Decimal(digits.replace(",", ".").rstrip("+"))
    except InvalidOperation:
        return read_availability(text) if re.search(r"[^\W\d_]", text) else "unknown"
    if not pieces.is_finite():
        return "unknown"
    if pieces > 0:
        return "in_stock"
    return "preorder" if backorders else "out_of_stock"


def read_flag(text: str) -> bool | None:
    """Yes or no in five languages, or None for anything else."""
    words = normal_name(text)
    if words in YES:
        return True
    return False if words in NO else None
