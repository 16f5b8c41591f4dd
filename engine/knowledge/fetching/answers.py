"""What is asked of an address, and what comes back.

Never here: the network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Fetched", "Hop", "Wanted"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A good answer."""

    url: str
    """Where it came from in the end, after redirects."""
    content: bytes
    """Unpacked."""
    content_type: str
    """Lower case, without parameters; empty when the server did not say."""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    """When it was last modified, as the server writes it."""
    unchanged: bool = False
    """The server says that it is what was asked about; there is no content."""
    robots: str = ""
    """What the answer itself asks of robots (`X-Robots-Tag`), lower case."""


@dataclass(frozen=True, slots=True)
class Hop:
    """An answer that forwards elsewhere."""

    target: str
    sets_cookie: bool
    """It hands out a cookie on the way; we never bring one back."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    types: frozenset[str]
    """Media types; any when empty."""
    most: int
    """Bytes, unpacked."""
    etag: str = ""
    modified: str = ""
    keep: Callable[[bytes], object] | None = None
    """Takes the pieces of the content; without it the content is held."""

    def headers(self) -> dict[str, str]:
        """The conditions of the request."""
        conditions = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in conditions.items() if value and value.isprintable()}
