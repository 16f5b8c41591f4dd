"""A web address, parsed once and normalised; what is fetched is what was parsed here.

Never here: the network. Whether a host is private is decided when it is resolved.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

import idna

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import LONGEST_URL

__all__ = ["Location", "locate"]

DEFAULT_PORTS = {"http": 80, "https": 443}
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
PLAIN_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
NUMERIC_LABEL = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
PATH_SAFE = "!$%&'()*+,-./:;=@_~"
QUERY_SAFE = "!$%&'()*+,-./:;=?@_~[]"


@dataclass(frozen=True, slots=True)
class Location:
    """One address of the web in normal form, without a fragment."""

    scheme: str
    host: str
    """ASCII, lower case; an IPv6 address without brackets."""
    port: int
    path: str
    query: str = ""

    @property
    def authority(self) -> str:
        """The host, with the port when it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def host_and_port(self) -> str:
        """The host with its port, as it stands in settings."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.origin}{self.path}" + (f"?{self.query}" if self.query else "")


def locate(url: str) -> Location:
    """`url` in normal form. Raises Unreadable `bad_address` for what is not a plain web address."""
    if len(url) > LONGEST_URL:
        raise Unreadable("bad_address", f"longer than {LONGEST_URL} characters")
    if FORBIDDEN.search(url):
        raise Unreadable("bad_address", "it has spaces, control characters or backslashes in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unreadable("bad_address", "its host or port is not valid") from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise Unreadable("bad_address", f"{scheme or 'no scheme'!r} is not http or https")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Unreadable("bad_address", "a user name or password may not stand in it")
    host = normal_host(parts.hostname or "")
    path = quote(without_dots(parts.path or "/"), safe=PATH_SAFE)
    return Location(scheme, host, port or DEFAULT_PORTS[scheme], path, quote(parts.query, safe=QUERY_SAFE))


def normal_host(host: str) -> str:
    """`host` as lower-case ASCII: NFKC, then IDNA. Raises Unreadable for what is no host."""
    host = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    if ":" in host:
        return normal_v6(host)
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise Unreadable("bad_address", f"{host!r} is not a host name") from error
    if not PLAIN_HOST.fullmatch(host) or len(host) > 253:
        raise Unreadable("bad_address", f"{host!r} is not a host name")
    if NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        # A last label of digits makes it an IPv4 address; libc would read 0177.0.0.1, 0x7f.1 and 127.1 as loopback.
        try:
            return str(IPv4Address(host))
        except AddressValueError as error:
            raise Unreadable("bad_address", f"{host!r} is not an address in its usual form") from error
    return host


def normal_v6(host: str) -> str:
    """An IPv6 literal in its short form. Raises Unreadable for zones and what is no address."""
    try:
        if "%" not in host:
            return str(IPv6Address(host))
    except AddressValueError:
        pass
    raise Unreadable("bad_address", f"{host!r} is not a network address")


def without_dots(path: str) -> str:
    """`path` with `.` and `..` resolved, also when percent-encoded, so that prefixes can be compared."""
    kept: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        plain = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        last = position == len(segments) - 1
        if plain == "..":
            if len(kept) > 1:
                kept.pop()
        elif plain != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    joined = "/".join(kept)
    return joined if joined.startswith("/") else f"/{joined}"
