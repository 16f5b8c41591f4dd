"""Looks at a mailbox: whether it can be read, whether mail leaves, and whether a mail to itself arrives.

Never here: answering.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from channel_adapters.doctor import messages_finding, missing
from channel_adapters.email import limits
from channel_adapters.email.composing import Envelope, probe_mail
from channel_adapters.email.form import FIELDS
from channel_adapters.email.mailbox import Mailbox
from channel_adapters.email.sending import Delivery
from channel_adapters.email.troubles import MailTrouble
from channel_adapters.email.visits import MailServers, domain_of
from engine.channels.gateway import OpenLink
from engine.channels.memory import LinkMemory
from engine.domain.channel import ChannelLink, Finding

__all__ = ["examined"]

LOOK_AGAIN_SECONDS = 1.0
NEARLY_FULL = 0.98


async def examined(
    servers: MailServers, link: OpenLink, kept: ChannelLink, memory: LinkMemory
) -> AsyncIterator[Finding]:
    """All findings."""
    lacking = missing(FIELDS, link)
    if lacking is not None:
        yield lacking
        return
    reading = [finding async for finding in looked_into(servers, link)]
    sending = await signed_in_to_send(servers, link)
    for finding in (*reading, sending):
        yield finding
    if all(one.state == "good" for one in (reading[0], sending)):
        async for finding in round_trip(servers, link, memory):
            yield finding
    else:
        yield Finding("round_trip", "skipped", "No mail was sent to the mailbox itself, as the above is in the way.")
    yield messages_finding(kept, f"Write to {link.settings['address']} from another address, and wait for a minute.")


def bad(name: str, trouble: MailTrouble) -> Finding:
    """A trouble as a finding."""
    return Finding(name, "bad", trouble.says, trouble.cause, trouble.next_step)


async def looked_into(servers: MailServers, link: OpenLink) -> AsyncIterator[Finding]:
    """Whether the folder can be read, and whether there is room in the mailbox."""
    try:
        async with servers.mailbox(link) as (visit, _):
            full = await visit.run(Mailbox.fullness)
    except MailTrouble as trouble:
        yield bad("reading", trouble)
        return
    yield Finding("reading", "good", f"{link.settings['imap_host']} lets this mailbox be read.")
    if full is None:
        yield Finding("room", "skipped", "The server does not say how full the mailbox is.")
    elif full >= NEARLY_FULL:
        yield Finding(
            "room", "bad", f"The mailbox is full ({full:.0%}): soon nothing arrives any more.", "over_quota",
            "Delete old mails, and empty the bin, or ask your provider for more room.",
        )  # fmt: skip
    else:
        yield Finding("room", "good", f"The mailbox is {full:.0%} full.")


async def signed_in_to_send(servers: MailServers, link: OpenLink) -> Finding:
    """Whether the sending server lets this user in."""
    try:
        async with servers.delivery(link):
            return Finding("sending", "good", f"{link.settings['smtp_host']} lets this user send.")
    except MailTrouble as trouble:
        return bad("sending", trouble)


async def round_trip(servers: MailServers, link: OpenLink, memory: LinkMemory) -> AsyncIterator[Finding]:
    """A mail to the mailbox itself, found there and removed; and what its time says of our clock."""
    address, sent_at = link.settings["address"], memory.now()
    message_id = f"<check.{memory.secret(24)}@{domain_of(address)}>"
    message = probe_mail(Envelope("Storeclerk", address, address, message_id, sent_at))
    try:
        async with servers.delivery(link) as visit:
            await visit.run(Delivery.send, message, address, address)
        arrived = await found_again(servers, link, message_id)
    except MailTrouble as trouble:
        yield bad("round_trip", trouble)
        return
    if arrived is None:
        yield Finding(
            "round_trip", "unsure", f"A mail to {address} was sent, and did not arrive within "
            f"{limits.ROUND_TRIP_SECONDS:.0f} seconds.", "",
            "Look whether it lies in another folder, such as spam: then shoppers' mails may lie there too. If it is "
            "nowhere, the address belongs to another mailbox.",
        )  # fmt: skip
        return
    yield Finding("round_trip", "good", "A mail to the mailbox itself arrived, and was removed again.")
    yield clock(arrived, sent_at)


async def found_again(servers: MailServers, link: OpenLink, message_id: str) -> datetime | None:
    """When the mail arrived by the server's clock, once it is removed; None when it does not come in time."""
    folders = dict.fromkeys((link.settings.get("folder") or "INBOX", "INBOX"))
    loop = asyncio.get_running_loop()
    ends = loop.time() + limits.ROUND_TRIP_SECONDS
    while loop.time() < ends:
        for folder in folders:
            # Signed in anew each time: some servers show a visitor only what was there when they came.
            async with servers.mailbox(link, folder) as (visit, _):
                uid = await visit.run(Mailbox.find, message_id)
                fetched = None if uid is None else await visit.run(Mailbox.fetch, uid)
                if uid is not None and fetched is not None:
                    await visit.run(Mailbox.remove, uid)
                    return fetched.arrived_at
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return None


def clock(arrived: datetime, sent_at: datetime) -> Finding:
    """How far this computer's clock is from the mail server's."""
    off = (sent_at - arrived).total_seconds()
    if abs(off) <= limits.CLOCK_SLACK.total_seconds():
        return Finding("clock", "good", "This computer's clock and that of the mail server agree.")
    ahead = "ahead of" if off > 0 else "behind"
    return Finding(
        "clock", "bad", f"This computer's clock is {abs(off) / 60:.0f} minutes {ahead} that of the mail server.",
        "clock_off", "Set the clock by the network (NTP): mails are taken for older, or newer, than they are.",
    )  # fmt: skip
