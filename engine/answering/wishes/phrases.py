"""Phrases by which shoppers ask for products or for something else, in five languages.

Texts are folded: without case and accents.
Never here: conditions, and what a particular catalogue calls its things.
"""

from __future__ import annotations

import re

__all__ = ["AND", "COMPARE", "CUE", "FOLLOWS", "PRICE", "QUESTION", "RULES", "STOCK_QUESTION", "any_of"]


def any_of(text: str) -> re.Pattern[str]:
    """One pattern of whole phrases, which stand on lines between bars."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(line.strip() for line in text.splitlines() if line.strip())})(?!\w)")


CUE = any_of(
    r"""
    (?:do|would) you (?:guys )?(?:still |also |happen to |maybe )?(?:have|sell|stock|carry|got)(?: any| some| a| an)?
    (?:have|got) you got(?: any)?|(?:have )?you got any|got any|are there(?: any)?|is there (?:a|an|any)
    (?:can|could) you (?:please )?(?:show|find|recommend|suggest)(?: me)?(?: some| any| a| an)?
    show(?: me)?(?: all| some| your| the)*|find(?: me)?(?: a| an| some)?|list(?: all| your)+
    (?:i am|i'm|im|we are|we're) (?:looking|searching|shopping) for(?: a| an| some)?|looking for(?: a| an| some)?
    search(?:ing)? for|i(?: would|'d)? (?:want|need|like)(?: to (?:buy|get|order))?(?: a| an| some)?
    (?:can|could|may) i (?:get|buy|order|find)(?: a| an| some)?|where (?:can|do) i (?:find|get|buy)(?: a| an)?
    (?:recommend|suggest)(?: me)?(?: a| an| some)?|what (?:kind|kinds|sort|sorts|types?) of|any(?= .*\?)
    wh(?:at|ich) [\w ]{2,30}? (?:do you (?:have|sell|stock|carry)|are there)|habt ihr(?: auch)?
    haben sie(?: auch)?|hast du|gibt es(?: auch)?|zeig(?:en|e|t)?(?: sie)?(?: mir)?(?: alle)?
    ich (?:suche|brauche|mochte|will|hatte gerne?)(?: nach)?|suche(?: nach)?|verkauf(?:t ihr|en sie)
    fuhr(?:t ihr|en sie)|avez[- ]vous|vous avez|vendez[- ]vous|est-ce que vous avez|je (?:cherche|voudrais|veux)
    j'aimerais|montrez?[- ]moi|y a[- ]t[- ]il|as[- ]tu|tien(?:en|es)|teneis|venden|busco|muestra(?:me)?
    muestre(?:me)?|quiero|quisiera|hay|avete|vendete|cerco|mostra(?:mi|temi)|vorrei|ci sono|c'e
    """
)
PRICE = any_of(
    r"""
    how much (?:is|are|does|do|for|would)|how much|what (?:is|are|'s) the (?:price|prices|cost) (?:of|for)
    what's the price (?:of|for)|what (?:does|do|would) (?:the |a |an )?(?=.* costs?\b)|prices? (?:of|for)|price
    costs?|was koste[nt]|wie ?viel koste[nt]|koste[nt]|preis (?:von|fur|des|der)|preis
    combien (?:coutent?|pour|est)|coutent?|quel est le prix (?:de|du|des)|prix (?:de|du|des)|prix
    cuanto (?:cuestan?|valen?|es)|cual es el precio (?:de|del)|precio (?:de|del)|precio|quanto (?:costano?|viene)
    prezzo (?:di|del|della)|prezzo
    """
)
STOCK_QUESTION = re.compile(
    r"^(?:and )?(?:is|are|ist|sind|est-ce que|est|sont|hay|esta|estan|e|sono)\b.*(?:in stock|available|sold out"
    r"|out of stock|lieferbar|auf lager|vorratig|verfugbar|ausverkauft|en stock|disponib)|\b(?:sold out"
    r"|out of stock|ausverkauft|epuise|agotad[oa]|esaurit[oa])\b"
)
COMPARE = re.compile(
    r"\b(?:compare|comparison of|difference between|vergleich\w*|unterschied zwischen|comparer|difference entre"
    r"|comparar?|diferencia entre|confronta\w*|differenza tra)\b|\bwhich (?:one )?"
    r"(?:is (?:cheaper|better|more expensive|dearer)|costs? (?:less|more)),?"
)
AND = re.compile(r"\s+(?:and|or|vs\.?|versus|with|und|oder|mit|et|ou|y|o|e|con)\s+|\s*[,;?|]\s*")
RULES = any_of(
    r"""
    refund(?:s|ed|able)?|returns?|returned|returning|return policy|ship(?:s|ped|ping)?|deliver(?:y|ies|s|ed)?
    warrant(?:y|ies)|guarantee|pay(?:ment|ments|ing)?|track(?:ing)?|cancel(?:led|lation)?|exchange|invoice|receipt
    account|password|contact|phone number|e-?mail|opening hours?|open(?:ed)? (?:on|at|until)|polic(?:y|ies)
    voucher|coupon|promo(?:tion)?(?:al)? code|discount code|my order|order number|orders?(?= (?:status|arrive))
    customs|taxe?s?|newsletter|jobs?|career|complain(?:t|ts)?|damaged|broken|defective|wholesale|rucksendung
    ruckgabe|zuruck\w*|versand\w*|liefer(?:ung|zeit|kosten)\w*|garantie|gewahrleistung|zahl\w*|bestellung
    umtausch\w*|rechnung|offnungszeiten|retours?|livraison|remboursement|commande|paiement|payer|devolu\w*
    envio\w*|reembolso|pedido|pago|pagar|garantia|spedizione|reso|rimborso|consegna|pagamento|ordine
    """
)
QUESTION = re.compile(
    r"^(?:and |so |but |hi,? |hello,? )*(?:how (?!much\b)|why\b|when\b|where (?!can i (?:find|get|buy)"
    r"|do i (?:find|get|buy))|who\b|whose\b|what (?:is|are|happens|if|does|do i|should|time|about your)\b"
    r"|can (?!you (?:show|find|recommend|suggest)|i (?:get|buy|order|find))|could (?!you (?:show|find|recommend"
    r"|suggest))|may i\b|must i\b|should i\b|will\b|does\b|did\b|do (?:i|they|your|the|these|those|all)\b"
    r"|do you (?!guys|still|also|happen|maybe|have|sell|stock|carry|got)|is (?!there (?:a|an|any)\b)|are (?!there)"
    r"|wie(?! ?viel kost)\b|warum\b|wann\b|wo\b|wer\b|kann\b|konnen\b|darf\b|comment\b|pourquoi\b|quand\b|ou\b"
    r"|puis-je\b|peut-on\b|como\b|cuando\b|donde\b|por que\b|puedo\b|come\b|quando\b|dove\b|perche\b|posso\b)"
)
FOLLOWS = re.compile(
    r"^(?:and|what about|how about|or|but|also|then|ok(?:ay)?,?|und|et|y|e|was ist mit|et pour|only|just|in|nur"
    r"|auch|anything)\b|\b(?:it|its|they|them|those|these|that one|this one|ones|es|sie|ihn|lui|lo|la)\b"
)
