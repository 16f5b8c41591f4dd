"""A shop's mailbox as a channel: read over IMAP, answered over SMTP, in the thread of the shopper's own mail."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Literal

from channel_adapters.channel import COLLECTING, Addresses, Capabilities, Heard, Hook, Learned, Step, Surroundings
from channel_adapters.email.arrivals import Arrivals
from channel_adapters.email.composing import Envelope, answer_mail
from channel_adapters.email.doctor import examined
from channel_adapters.email.form import FIELDS, field_problems, mailbox_steps
from channel_adapters.email.position import Position
from channel_adapters.email.rendering import mail_body
from channel_adapters.email.sending import Delivery
from channel_adapters.email.threads import answer_id
from channel_adapters.email.troubles import MailTrouble
from channel_adapters.email.visits import MailServers, domain_of
from engine.channels.gateway import OpenLink, Payload
from engine.domain.channel import ChannelLink, ChannelThread, Finding
from engine.domain.conversation import Reply
from engine.errors import NotAuthenticated

__all__ = ["EmailChannel"]


class EmailChannel:
    """One mailbox a link."""

    kind = "email"
    label = "E-mail"
    about = "Your shop's mailbox: shoppers write to it, and are answered in the same thread."
    fields = FIELDS
    capabilities = Capabilities(
        notes="Looks for new mail every half a minute. Newsletters and automatic mails are left alone; attachments "
        "are not opened."
    )
    body_bytes = 0
    pace = timedelta(0)
    window: timedelta | None = None

    def __init__(self, surroundings: Surroundings) -> None:
        self.calls, self.memory = surroundings.calls, surroundings.memory
        self.on_this_machine = surroundings.on_this_machine
        self.servers, self.arrivals = MailServers(self.calls), Arrivals(self.memory)

    def problems(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong with the servers."""
        return field_problems(settings, self.calls)

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What to do at the provider's."""
        return mailbox_steps(settings)

    async def verify(self, link: OpenLink, hook: Hook, now: datetime) -> None:
        """Nobody calls a mailbox's link: raises NotAuthenticated."""
        raise NotAuthenticated("Nothing is called here: mail is fetched.")

    async def hear(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """Nothing, as no request is genuine."""
        return Heard()

    async def place(self, link: OpenLink) -> str | None:
        """The mailbox and folder, once its password has opened it. Raises DeliveryFailed."""
        try:
            async with self.servers.mailbox(link):
                return place_name(link)
        except MailTrouble as trouble:
            raise trouble.failure() from trouble

    async def settle(self, link: OpenLink) -> None:
        """Note where reading begins, and find out whether mail can be sent. Raises DeliveryFailed."""
        try:
            async with self.servers.mailbox(link) as (_, folder):
                if Position.kept(link.settings, place_name(link)) is None:
                    beginning = Position.beginning(place_name(link), folder, self.memory.now())
                    await self.memory.learn(link, {}, beginning.settings())
            async with self.servers.delivery(link):
                pass
        except MailTrouble as trouble:
            raise trouble.failure() from trouble
        # What was waited for may be mended now.
        await self.memory.release(link, COLLECTING)

    async def collect(self, link: OpenLink, now: datetime) -> AsyncGenerator[Heard, None]:
        """New mails of shoppers; each is marked as read once it is kept. Raises DeliveryFailed."""
        try:
            async with self.servers.mailbox(link) as (visit, folder):
                # Read after the folder was: what it is linked with just now may have noted where reading begins.
                place, link = place_name(link), await self.memory.fresh(link)
                if link.address != place:
                    # It could not be reached when it was linked: only now it is known whose it is.
                    yield Heard(learned=(Learned("place", address=place),))
                    link = await self.memory.fresh(link)
                if place_name(link) != place or link.address != place:
                    return  # another mailbox was filled in meanwhile, or another bot answers this one
                kept = Position.kept(link.settings, place)
                position = kept.here(folder) if kept else Position.beginning(place, folder, now)
                if position != kept:
                    await self.memory.learn(link, {}, position.settings())
                async with aclosing(self.arrivals.since(link, visit, position, now)) as arrivals:
                    async for arrival in arrivals:
                        yield Heard((arrival,))
        except MailTrouble as trouble:
            raise trouble.failure() from trouble

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The whole reply in one mail."""
        return [mail_body(reply, suggestions, on_this_machine=self.on_this_machine)]

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        """Nothing: there is no sign for it."""

    async def send(
        self,
        link: OpenLink,
        thread: ChannelThread,
        payload: Payload,
        *,
        author: Literal["bot", "person"],
        key: str,
    ) -> str:
        """Answer in the thread; tells the mail's Message-ID. Raises DeliveryFailed."""
        assistant, shop = await self.memory.names(link)
        sender, place = link.settings["address"], thread.place
        name = assistant if author == "bot" else shop
        message_id = answer_id(link.id, key, place["root"], domain_of(sender))
        envelope = Envelope(name, sender, place["to"], message_id, self.memory.now())
        message = answer_mail(envelope, place, dict(payload), automatic=author == "bot")
        try:
            async with self.servers.delivery(link) as visit:
                await visit.run(Delivery.send, message, sender, place["to"])
        except MailTrouble as trouble:
            raise trouble.failure() from trouble
        return message_id

    def check(self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime) -> AsyncIterator[Finding]:
        """Read, send, and find again what was sent."""
        return examined(self.servers, link, kept, self.memory)


def place_name(link: OpenLink) -> str:
    """Names the mailbox by what opens it: an address could be claimed by anybody."""
    folder = link.settings.get("folder") or "INBOX"
    return f"{link.settings['username'].lower()} at {link.settings['imap_host'].lower()}, {folder}"
