"""Which addresses of a reply a channel may show as a link or a picture.

Never here: fetching anything.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

__all__ = ["LONGEST_LINK", "web_address"]

LONGEST_LINK = 2_000
"""Longer ones are no addresses that a shop hands out; vendors' own bounds lie near it."""
LOCAL = {"localhost", "127.0.0.1", "::1"}
KEPT = "%/:?#[]@!$&'()*+,;=~-._"


def web_address(address: str, *, on_this_machine: bool = False) -> str | None:
    """The address, safe to stand between delimiters, when it leads to the web by https; else None.

    `on_this_machine` also lets through plain http to this very machine: there a shop is only being tried out.
    """
    try:
        parts = urlsplit(address.strip())
        here = on_this_machine and parts.scheme == "http" and parts.hostname in LOCAL
        if not parts.hostname or not (parts.scheme == "https" or here) or parts.username is not None:
            return None
    except ValueError:
        return None
    safe = quote(address.strip(), safe=KEPT)
    return safe if len(safe) <= LONGEST_LINK else None
