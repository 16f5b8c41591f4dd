"""Words that no shop assistant says to a shopper: insults, swearing, brush-offs.

A small list on purpose: words that a shop may need (a bra, a bitter, a bull's pizzle) are not on it. What else a
merchant does not want to hear goes into a test question's forbidden words.
"""

from __future__ import annotations

import re

__all__ = ["rude_words"]

INSULTS = (
    # English
    "idiot", "idiots", "idiotic", "moron", "morons", "moronic", "imbecile", "imbeciles", "dimwit", "halfwit", "nitwit",
    "dumbass", "dumb question", "dumb questions", "stupid", "loser", "losers", "jerk off", "asshole", "assholes",
    "arsehole", "bastard", "bastards", "bullshit", "shit", "shitty", "fuck", "fucks", "fucking", "fucked", "wanker",
    "piss off", "bugger off", "sod off", "damn you", "screw you", "go to hell", "shut up", "get lost", "get stuffed",
    "waste of time", "wasting my time", "waste my time", "none of your business", "not my problem", "who cares",
    "i don't care", "i do not care", "how dare you", "you people", "deal with it", "figure it out yourself",
    "read the page yourself", "what do you want now", "leave me alone", "don't bother me", "do not bother me",
    # German
    "idiotisch", "trottel", "depp", "dummkopf", "blöd", "blöde", "blöder", "doof", "dämlich", "dämliche", "arschloch",
    "scheiße", "scheiss", "verpiss dich", "halt die klappe", "halt den mund", "verschwinde", "hau ab",
    "ist mir egal", "geht dich nichts an", "selber schuld", "nicht mein problem",
    # French
    "imbécile", "imbéciles", "idiote", "idiotes", "crétin", "crétins", "connard", "connasse", "salaud", "merde",
    "putain", "ta gueule", "ferme-la", "fous le camp", "va te faire", "dégage", "je m'en fous", "pas mon problème",
    # Spanish
    "idiota", "idiotas", "imbécil", "imbéciles", "estúpido", "estúpida", "gilipollas", "cabrón", "mierda", "joder",
    "cállate", "lárgate", "vete a la mierda", "no me importa", "no es mi problema",
    # Italian
    "idioti", "stupido", "stupida", "cretino", "cretina", "deficiente", "stronzo", "cazzo", "merda", "vaffanculo",
    "stai zitto", "stai zitta", "vattene", "non me ne frega", "non è un mio problema",
)  # fmt: skip
RUDE = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(INSULTS, key=len, reverse=True)) + r")(?!\w)",
    re.IGNORECASE,
)


def rude_words(answer: str, quoted: str = "") -> list[str]:
    """The rude words of an answer that what it quotes does not hold: a book may be called `The Idiot`."""
    allowed = {found[0].casefold() for found in RUDE.finditer(quoted.replace("’", "'"))}
    said = dict.fromkeys(found[0].casefold() for found in RUDE.finditer(answer.replace("’", "'")))
    return [word for word in said if word not in allowed]
