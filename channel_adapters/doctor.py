"""What every channel's doctor looks at alike: the way from outside to here, and whose clock is wrong.

Never here: a vendor's credentials or words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from channel_adapters.calling import VendorCalls
from channel_adapters.channel import Addresses, FormField
from engine.channels.gateway import DeliveryDelayed, DeliveryFailed, OpenLink
from engine.domain.channel import ChannelLink, Finding

__all__ = ["clock_finding", "messages_finding", "missing", "way_in", "wrongly_signed"]

MOST_OFF = 60
"""Seconds a clock may be off: signatures are refused from 300 on, and a clock that drifts drifts on."""
LOCAL = {"localhost", "127.0.0.1", "::1"}


def missing(fields: Sequence[FormField], link: OpenLink, name: str = "credentials") -> Finding | None:
    """What is not filled in yet; None when all is. Without it nobody at the vendor's can be asked."""
    lacking = [
        one.label
        for one in fields
        if one.required and not (link.secrets if one.secret else link.settings).get(one.name)
    ]
    if not lacking:
        return None
    verb = "is" if len(lacking) == 1 else "are"
    return Finding(
        name, "bad", f"{', '.join(lacking)} {verb} missing.", "incomplete", "Fill it in under Settings, and look again."
    )


async def way_in(calls: VendorCalls, addresses: Addresses, vendor: str) -> Finding:
    """Whether the vendor can call this installation at all."""
    parts = urlsplit(addresses.server)
    if parts.hostname in LOCAL or parts.scheme != "https":
        return Finding(
            "address", "unsure", f"{vendor} cannot call {addresses.server}: it needs a public https address.", "",
            "Let this installation be reached by https, and set STORECLERK_PUBLIC_URL to that address; a tunnel does "
            "while you try it out.",
        )  # fmt: skip
    try:
        called = await calls.call("GET", f"{addresses.server.rstrip('/')}/healthz")
    except DeliveryDelayed as error:
        return Finding(
            "address", "bad", error.message, "unreachable",
            f"Open port 443 of {parts.hostname} in your firewall, and check its certificate.",
        )  # fmt: skip
    except DeliveryFailed as error:
        return Finding("address", "bad", error.message, "wrong_url", "Correct STORECLERK_PUBLIC_URL.")
    if called.status != 200:
        return Finding(
            "address", "bad", f"{addresses.server} answered {called.status}: that is not this installation.",
            "wrong_url", "Correct STORECLERK_PUBLIC_URL, or the proxy before it.",
        )  # fmt: skip
    return Finding("address", "good", f"{addresses.server} can be called from outside.")


async def wrongly_signed(calls: VendorCalls, url: str, headers: Mapping[str, str]) -> Finding:
    """Whether a request that is signed wrongly is refused at the link's address, as it has to be."""
    try:
        called = await calls.call("POST", url, headers=headers, content=b'{"type":"check"}')
    except DeliveryFailed as error:
        return Finding(
            "webhook", "bad", f"The link's address does not answer: {error.message}", "unreachable",
            "Check the firewall, the certificate and STORECLERK_PUBLIC_URL.",
        )  # fmt: skip
    if called.status == 401:
        return Finding("webhook", "good", "The link's address answers, and refuses what is not signed rightly.")
    return Finding(
        "webhook", "bad", f"The link's address answered {called.status} instead of refusing a wrong signature.",
        "wrong_url", "Something else answers there: check STORECLERK_PUBLIC_URL and the proxy before it.",
    )  # fmt: skip


def clock_finding(headers: Mapping[str, str], now: datetime, vendor: str) -> Finding:
    """How far this computer's clock is from the vendor's, by the `Date` of an answer."""
    try:
        off = (now - parsedate_to_datetime(headers["date"])).total_seconds()
    except (KeyError, ValueError, TypeError):
        return Finding("clock", "skipped", f"{vendor} did not say what time it is.")
    if abs(off) <= MOST_OFF:
        return Finding("clock", "good", f"This computer's clock and that of {vendor} agree.")
    ahead = "ahead of" if off > 0 else "behind"
    return Finding(
        "clock", "bad", f"This computer's clock is {abs(off) / 60:.0f} minutes {ahead} that of {vendor}.", "clock_off",
        "Set the clock by the network (NTP): otherwise every signature counts as too old.",
    )  # fmt: skip


def messages_finding(kept: ChannelLink, how: str) -> Finding:
    """Whether a genuine message ever came in; `how` says how to send one."""
    if kept.last_in_at is None:
        return Finding("messages", "unsure", "No message has come in yet.", "", how)
    return Finding("messages", "good", f"The last message came in on {kept.last_in_at:%d %b %Y at %H:%M} UTC.")
