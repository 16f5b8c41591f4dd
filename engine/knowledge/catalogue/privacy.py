"""Which columns of a catalogue are a shop's own business: what it pays, from whom, and what it notes for itself.

Never here: what the other columns mean. When in doubt a column is private: the shop owner can say otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.knowledge.catalogue.headers import normal_name

__all__ = ["PrivateColumn", "private_column"]


@dataclass(frozen=True, slots=True)
class PrivateColumn:
    """Why a column stays out of the catalogue."""

    reason: str
    """In a shop owner's words."""
    certain: bool
    """When false, the shop owner may use the column all the same."""


PUBLIC = re.compile(
    r"\b(shipping|delivery|postage) (costs?|fees?|charges?)\b|\b(versand|liefer)kosten\b|\bfrais (de port|d envoi)\b"
    r"|\b(gastos|costes?|costos?) de envio\b|\b(spese|costi|costo) (di spedizione|di consegna)\b"
)
"""What buying costs the shopper, not the shop."""
CERTAIN: tuple[tuple[str, str], ...] = (
    (
        r"\b((unit|item|avg|average|base|product|goods|my|our)?costs?(price)?|cogs|landed|cout(s)?)\b"
        r"|\b(coste?s?|costos?|costi|kosten|selbstkosten|wareneinsatz|ek|ekp|vk ek|einstandspreis)\b"
        r"|\w*einkauf\w*|gestehungs\w*|\b(purchase|purchasing|buying|buy|bought) (price|cost|net|for)\b"
        r"|\bprix (d )?achat\b|\bachat\b|\b(precio|importe) (de )?compra\b|\b(prezzo|costo) (d |di )?acquisto\b"
        r"|\bacquisto\b|\bprecio (de )?coste\b|\bprix (de )?revient\b|\bpcm?p\b|\bpump\b|\b(inkoop|nettoek)\w*",
        "It says what the goods cost you.",
    ),
    (
        r"\b(wholesale|trade|dealer|reseller|distributor|b2b)\b|\w*grosshandel\w*|\w*grosshand(l|e)\w*|handler\w*"
        r"|\bwiederverkauf\w*|\b(prix (de )?gros|grossiste|revendeur|mayorista|distribuidor|revendedor|ingrosso"
        r"|rivenditor\w*|grossista)\b",
        "It holds prices for resellers.",
    ),
    (
        r"\b(margins?|marges?|margen(es)?|margin[ei]|markup|mark up|profits?|benefices?|beneficios?|profitt[oi]"
        r"|ganancia"
        r"|guadagno|utile|gewinn\w*|rohertrag|rohgewinn|deckungsbeitrag|aufschlag|kalkulation\w*|ricaric[oa])\b"
        r"|\w+(marge|gewinn|aufschlag)\b",
        "It says what you earn.",
    ),
    (
        r"\bsuppliers?\b|\w*lieferant\w*|\w*zulieferer\w*|\b(fournisseurs?|proveedor(es)?|fornitor[ei])\b"
        r"|\bvendor (code|sku|id|no|number|price|ref\w*|item|part|name|contact|email)\b|\bbezugsquelle\w*",
        "It says who supplies you.",
    ),
    (
        r"\b(internal|intern|interne[srnm]?|internes|intern[oai]|interni|privat|private|prive|privado|privato|confidential"
        r"|vertraulich|confidentiel\w*|confidencial|riservat[oa]|geheim|secret|staff|hidden|do not publish)\b"
        r"|\bintern[a-z]*(notiz|bemerkung|kommentar)\w*",
        "It is marked as internal.",
    ),
    (
        r"\b(min(imum)?|floor|lowest|auto pricing min) (selling )?price\b|\bmindest(verkaufs)?preis\b"
        r"|\bprix (minimum|plancher)\b"
        r"|\bprecio minimo\b|\bprezzo minimo\b|\bcommissions?\b|\bprovision(en)?\b|\bcomision(es)?\b"
        r"|\bprovvigion[ei]\b",
        "It holds your limits for pricing.",
    ),
    (
        r"\b(customer|kunden?|client|cliente) (name|email|e mail|phone|id|nr|nummer)\b"
        r"|\b(e ?mail|password|passwort|telefon)\b",
        "It holds data about people.",
    ),
)  # fmt: skip
DOUBTFUL: tuple[tuple[str, str], ...] = (
    (
        r"^(vendor|vendors|vendedor|vendeur|venditore|distributed by)$",
        "It may say who supplies you. If it holds brands, choose Brand.",
    ),
    (
        r"^(admin |order |shop |seller )?(notes?|notiz(en)?|notas?|annotazion[ei]|remarks?|remarques?"
        r"|comments?|commentaires?|kommentare?|bemerkung(en)?|observaciones|osservazioni|memo)$",
        "It may hold notes for yourself.",
    ),
    (
        r"\b(warehouse|bin location|storage location|entrepot|almacen|reorder|safety stock|lead time supplier)\b"
        r"|\w*lager(ort|platz|fach)\w*|\bmeldebestand\b|\bseuil (de )?reappro\w*"
        r"|\b(custom label|ads (grouping|labels?))\b",
        "It serves your own organisation.",
    ),
)  # fmt: skip
RULES = tuple(
    (re.compile(pattern), PrivateColumn(reason, certain))
    for table, certain in ((CERTAIN, True), (DOUBTFUL, False))
    for pattern, reason in table
)


@lru_cache(maxsize=20_000)
def private_column(name: str) -> PrivateColumn | None:
    """Why the column of this name is private, or None. Reads English, German, French, Spanish and Italian."""
    words = normal_name(name)
    for pattern, found in RULES:
        if pattern.search(words) and not PUBLIC.search(words):
            return found
    return None
