"""The server, with every attempt to reach beyond this machine written to the file named first."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path

from studio.entrypoints.server import main

LOG = Path(sys.argv.pop(1))
HERE = {"localhost", "", "None", "0.0.0.0", "::"}


def is_here(host: object) -> bool:
    """Whether a host is this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in HERE:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note look-ups and connections that leave the machine."""
    host: object = None
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    if host is not None and not is_here(host):
        with LOG.open("a", encoding="utf-8") as file:
            file.write(f"{event} {host!r}\n")


sys.addaudithook(watch)
sys.exit(main())
