"""Whether a shopper is upset, by rule: so upset that another automatic answer makes it worse.

Never here: what follows from it.
"""

from __future__ import annotations

import re

__all__ = ["is_upset"]

UPSET = re.compile(
    # English
    r"\b(this is|that'?s|it'?s|you are|you'?re) (so |really |absolutely |completely |totally )?"
    r"(ridiculous|a joke|unacceptable|outrageous|useless|hopeless|disgraceful|pathetic|a scam|a disgrace)\b"
    r"|\b(worst|terrible|awful|horrible) (shop|store|service|company|experience|bot|support)\b"
    r"|\b(i am|i'?m) (so |really |very |absolutely |extremely )?(angry|furious|fed up|sick of|pissed|livid|fuming)\b"
    r"|\b(fed up|had enough|sick and tired)\b|\bfor the (third|fourth|fifth|\d+th) time\b"
    r"|\bwaste of (my )?(time|money)\b"
    r"|\b(stupid|damn|bloody|useless|idiotic|fucking|shitty?) (bot|machine|thing|assistant|shop|service)\b"
    r"|\b(i will|i'?ll|going to) (sue|report you|call my lawyer|complain to)\b"
    # German
    r"|\b(das ist|ihr seid|sie sind) (ja |wirklich |einfach |absolut |völlig )*"
    r"(lächerlich|eine frechheit|unverschämt|inakzeptabel|nutzlos|unmöglich|betrug|ein witz)\b"
    r"|\b(ich bin|bin) (so |sehr |echt |stink|richtig )?(sauer|wütend|verärgert|stinksauer)\b|\bmir reicht'?s\b"
    r"|\bzum (dritten|vierten|fünften) mal\b|\bschlechteste[rs]? (shop|laden|service|kundendienst)\b"
    # French
    r"|\bc'?est (vraiment |absolument )?"
    r"(inacceptable|scandaleux|honteux|une honte|ridicule|n'?importe quoi|une arnaque)\b"
    r"|\bje suis (très |vraiment |extrêmement )?(en colère|furieux|furieuse)\b|\bj'?en ai (marre|assez)\b"
    # Spanish
    r"|\b(esto )?es (realmente |totalmente )?(inaceptable|ridículo|una vergüenza|una estafa)\b"
    r"|\bestoy (muy )?(enfadad|furios)[oa]\b"
    r"|\bestoy hart[oa]\b"
    # Italian
    r"|\bè (davvero |assolutamente )?(inaccettabile|ridicolo|vergognoso|una vergogna|una truffa)\b"
    r"|\bsono (molto |davvero )?(arrabbiat|furios)[oa]\b|\bne ho abbastanza\b"
    # Dutch
    r"|\b(dit is|jullie zijn) (echt )?(belachelijk|onacceptabel|schandalig|waardeloos|oplichting)\b"
    r"|\bik ben (heel |echt )?(boos|woedend|het zat)\b",
    re.IGNORECASE,
)
SHOUTED = 12
"""Letters from which a message all in capitals counts as shouted, when it also ends in more than one mark."""


def is_upset(text: str) -> bool:
    """Whether the words say so, or are shouted."""
    if UPSET.search(text.replace("’", "'")) is not None:
        return True
    letters = [sign for sign in text if sign.isalpha()]
    return (
        len(letters) >= SHOUTED and all(sign.isupper() for sign in letters) and re.search(r"[!?]{2}", text) is not None
    )
