"""What a channel can do besides where its vendor lets a shop write after the window, in a form that it approved.

Never here: an implementation, or when it is used; that is `sending`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from engine.channels.gateway import OpenLink, Payload

__all__ = ["LateWords", "LateWordsByKind"]


class LateWords(Protocol):
    """A person's words in the approved form."""

    def approved(self, link: OpenLink, payload: Payload) -> Payload:
        """What a rendered message is sent as. Raises WindowClosed, which says why, when it cannot be."""
        ...


LateWordsByKind = Mapping[str, LateWords]
"""The channels that have such a form."""
