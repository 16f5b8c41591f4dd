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
    shared = stems(asked) & stems(page.title)
    names = {name.lower() for name in NAME.findall(page.title)} & {name.lower() for name in NAME.findall(asked)}
    return len(shared) >= WELL_SHARED or (len(shared) >= SHARED_WITH_NAME and bool(names - material.common))
