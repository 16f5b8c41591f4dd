"""What all channels' doctors promise: they look at anything, raise nothing, and say what is missing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from channel_adapters.calling import VendorCalls
from channel_adapters.channel import Addresses, Channel, Surroundings
from channel_adapters.registry import CHANNELS
from engine.channels.gateway import OpenLink
from engine.domain.channel import ChannelLink, Finding
from tests.conftest import free_port

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)


class Memory:
    """Remembers nothing."""

    def now(self) -> datetime:
        return NOW

    async def claimed_until(self, link: OpenLink, what: str) -> datetime | None:
        return None

    async def fresh(self, link: OpenLink) -> OpenLink:
        return link


def found(kind: str, settings: dict[str, str], secrets: dict[str, str], vendor: str = "") -> list[Finding]:
    """What the doctor of a channel says of a link, while nobody answers anywhere."""
    host = f"127.0.0.1:{free_port()}"

    async def examine() -> list[Finding]:
        calls = VendorCalls((host,))
        server = f"http://{host}"
        make = next(make for make, name, _ in CHANNELS if name == kind)
        channel: Channel = make(Surroundings(calls, vendor or server, Memory(), server))  # type: ignore[arg-type]
        link = OpenLink("link_1", "m", "b", kind, settings, secrets, "")
        kept = ChannelLink("link_1", "m", "b", kind, NOW)
        try:
            return [one async for one in channel.check(link, kept, Addresses(server, "link_1", kind), NOW)]
        finally:
            await calls.close()

    return asyncio.run(examine())


@pytest.mark.parametrize("kind", [kind for _, kind, _ in CHANNELS])
def test_a_doctor_says_of_an_empty_link_what_is_missing(kind: str):
    findings = found(kind, {}, {})
    lacking = [one for one in findings if "missing" in one.says]
    assert lacking
    assert all((one.state, bool(one.next_step)) == ("bad", True) for one in lacking)
    assert len({one.name for one in findings}) == len(findings)


@pytest.mark.parametrize("kind", [kind for _, kind, _ in CHANNELS])
@pytest.mark.parametrize("vendor", ["", "https://10.0.0.1", "http://vendor.example", "nonsense"])
def test_a_doctor_looks_at_a_filled_in_link_wherever_its_vendor_is(kind: str, vendor: str):
    fields = next(make for make, name, _ in CHANNELS if name == kind).fields  # type: ignore[attr-defined]
    settings = {one.name: one.default or one.example or "x" for one in fields if not one.secret}
    secrets = {one.name: one.example or "x" for one in fields if one.secret}
    findings = found(kind, settings, secrets, vendor)
    assert any(one.state == "bad" for one in findings)
    assert all(one.says for one in findings)
    assert all(one.next_step for one in findings if one.state == "bad")
