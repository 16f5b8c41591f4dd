"""What a shop says of itself at sign-up: its name and its web address.

Never here: reading the address; sources do that, by their own rules.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from engine.errors import FieldProblem, InvalidInput

__all__ = ["clean_address", "clean_name"]

LONGEST_NAME = 120
LONGEST_ADDRESS = 2048
OWN_PORT = re.compile(r"[\w.-]+:(?!443\b|8443\b)\d+")
"""Shops are on https; an address with a port of its own is somebody's own server."""
HOST = re.compile(r"localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[0-9a-f:]*:[0-9a-f:.]*")


def clean_name(name: str) -> str:
    """The shop's name as kept. Raises InvalidInput."""
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= LONGEST_NAME:
        raise InvalidInput(
            f"Give the shop a name of 1 to {LONGEST_NAME} characters.",
            fields=[FieldProblem("shop_name", f"has {len(cleaned)} characters")],
        )
    return cleaned


def clean_address(address: str) -> str:
    """The shop's web address with its scheme, or nothing when there is none. Raises InvalidInput."""
    typed = address.strip()
    if not typed:
        return ""
    whole = typed if "://" in typed else f"{'http' if OWN_PORT.match(typed) else 'https'}://{typed}"
    if len(whole) > LONGEST_ADDRESS or not is_address(whole):
        raise InvalidInput(
            f"{typed[:100]!r} is not a web address. Write it like https://www.my-shop.example, or leave it out.",
            fields=[FieldProblem("shop_address", "is not a web address")],
        )
    return whole


def is_address(url: str) -> bool:
    """Whether an address names a host of the web, without spaces and without a sign-in."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        named = parts.port != 0 and HOST.fullmatch(host) is not None
    except (ValueError, UnicodeError):
        return False
    return named and parts.scheme in {"http", "https"} and "@" not in parts.netloc and not re.search(r"[\s\\]", url)
