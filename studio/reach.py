"""Whether others can open an address, said beside it.

Never here: which address this installation has; its settings say that.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

__all__ = ["HERE_ONLY", "is_here_only", "show_reach"]

HERE_ONLY = (
    "This works on this computer only, until whoever runs this installation sets `STORECLERK_PUBLIC_URL` to an address "
    "that leads here from outside."
)


def is_here_only(address: str) -> bool:
    """Whether an address names the machine it is opened on."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def show_reach(address: str) -> None:
    """Say so when nobody else can open the address."""
    if is_here_only(address):
        st.caption(f":material/computer: {HERE_ONLY}")
