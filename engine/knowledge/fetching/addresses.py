"""Which network addresses are public, decided by list.

Never here: name resolution. `ipaddress.is_global` is not enough: it calls NAT64 and 6to4 forms of loopback,
site-local addresses and cloud metadata services global.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, NetmaskValueError

__all__ = ["is_public"]

BLOCKED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",
    )
)
ALLOWED_V6 = IPv6Network("2000::/3")
BLOCKED_V6 = tuple(
    IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Whether `address` (an IP address, not a name) lies in the public internet."""
    if "%" in address:
        return False
    try:
        if ":" not in address:
            return is_public_v4(IPv4Address(address))
        six = IPv6Address(address)
    except (AddressValueError, NetmaskValueError):
        return False
    if six.ipv4_mapped is not None:
        return is_public_v4(six.ipv4_mapped)
    return six in ALLOWED_V6 and not any(six in block for block in BLOCKED_V6)


def is_public_v4(address: IPv4Address) -> bool:
    """Whether an IPv4 address lies in no reserved block."""
    return not any(address in block for block in BLOCKED_V4)
