"""Whether a question is clear without the page it was made from.

Never here: making questions.
"""

from __future__ import annotations

import re

from engine.answering.stems import stems
from engine.trials.generating.material import Material, Page

__all__ = ["is_clear"]

WELL_SHARED = 3
"""Words of the page's title in a question that is clear without the page."""
SHARED_WITH_NAME = 2
NAME = re.compile(r"(?<!^)\b(?:[A-Z]\w*|\w*\d\w*)\b")


def is_clear(material: Material, asked: str, page: Page) -> bool:
    """Whether a shopper would know what is meant: a policy speaks of the whole shop, any other page of its matter."""
    if page.of_shop:
        return True
    titled = {name.lower() for name in NAME.findall(page.title)} - material.common
    named = titled & {name.lower() for name in NAME.findall(asked)}
    if titled and not named:
        return False  # the page speaks of one thing of several, and the question does not say which
    if stems(asked) < stems(page.title):
        return False  # a part of the title says less than the title, which asks for itself
    shared = len(stems(asked) & stems(page.title))
    return shared >= WELL_SHARED or (shared >= SHARED_WITH_NAME and bool(named))
