"""The name of a column reduced to what can be compared.

Never here: what a name means; that is `columns` and `privacy`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["LONGEST_NAME", "normal_name"]

LONGEST_NAME = 100
"""Characters of a column's name that are looked at and shown."""


@lru_cache(maxsize=20_000)
def normal_name(name: str) -> str:
    """Lower case words without accents and signs: `Verfügbarkeit`, `verfuegbarkeit ` and `VERFÜGBARKEIT` are one."""
    # `unitCost` is two words, `MwSt` is one.
    words = re.sub(r"(?<=[a-z0-9]{2})(?=[A-Z][a-z])", " ", name[:LONGEST_NAME])
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(mark))
    # Germans write ä as ae where they must; both sides of a comparison come through here, so English loses nothing.
    plain = plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return re.sub(r"[\W_]+", " ", plain).strip()
