"""Linking bots to channels: kept settings, sealed secrets, one place for one bot.

Never here: whether a link works; that is the doctor's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from engine.audit import Audit
from engine.channels.gateway import OpenLink
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink
from engine.errors import AlreadyExists, Conflict, NotFound, Unavailable
from engine.ports import PLATFORM, Clock, DocumentStore, Identifiers, KeyCustodian
from engine.records import Records

__all__ = ["OWNERS", "ChannelLinks", "forget_link"]

OWNERS, ADDRESSES = "channel_link_owners", "channel_addresses"
SLOTS = "channel_slots"
"""One for each bot and kind."""
AT_ONCE = 500
SEEN_EVERY = timedelta(seconds=10)


class ChannelLinks:
    """Use cases around channel links. A bot has at most one link of a kind."""

    def __init__(
        self, records: Records, custodian: KeyCustodian, audit: Audit, clock: Clock, identifiers: Identifiers
    ) -> None:
        self.records, self.custodian, self.audit = records, custodian, audit
        self.clock, self.identifiers = clock, identifiers

    async def of(self, bot: Bot) -> list[ChannelLink]:
        """All links of a bot."""
        return list(await self.records.channel_links.list(bot.merchant, {"bot": bot.id}))

    async def find(self, bot: Bot, kind: str) -> ChannelLink:
        """The bot's link of a kind. Raises NotFound."""
        found = next((link for link in await self.of(bot) if link.kind == kind), None)
        if found is None:
            raise NotFound(f"this bot is not linked to {kind!r}")
        return found

    async def by_id(self, kind: str, link: str) -> ChannelLink:
        """The link that an address on the web names. Raises NotFound, the same whatever is wrong."""
        owner = await self.records.store.get(PLATFORM, OWNERS, link)
        found = None if owner is None else await self.records.channel_links.find(str(owner.body["merchant"]), link)
        if found is None or found.record.kind != kind:
            raise NotFound("there is no such link")
        return found.record

    async def every(self, kind: str) -> AsyncIterator[ChannelLink]:
        """All merchants' links of a kind: for a process's own work, never for an answer to anybody."""
        cursor: str | None = None
        while True:
            page = await self.records.store.query(PLATFORM, OWNERS, {"kind": kind}, limit=AT_ONCE, cursor=cursor)
            for owner in page.items:
                found = await self.records.channel_links.find(str(owner.body["merchant"]), owner.key)
                if found is not None:
                    yield found.record
            cursor = page.cursor
            if cursor is None:
                return

    async def begin(self, bot: Bot, kind: str, *, by: str) -> ChannelLink:
        """The bot's link of a kind, made when there is none: it has an address from now on, and answers nobody yet.

        A slot decides which of two that begin at the same moment it is; killed on the way, the slot's link is made.
        """
        slot, ident = f"{bot.id}.{kind}", self.identifiers.new("link")
        try:
            await self.records.store.add(bot.merchant, SLOTS, slot, {"bot": bot.id, "link": ident})
        except AlreadyExists:
            held = await self.records.store.get(bot.merchant, SLOTS, slot)
            ident = ident if held is None else str(held.body["link"])
        found = await self.records.channel_links.find(bot.merchant, ident)
        if found is not None:
            return found.record
        with suppress(AlreadyExists):
            owner = {"merchant": bot.merchant, "bot": bot.id, "kind": kind}
            await self.records.store.add(PLATFORM, OWNERS, ident, owner)
        made = ChannelLink(ident, bot.merchant, bot.id, kind, self.clock.now(), status="unfinished")
        with suppress(AlreadyExists):
            await self.records.channel_links.add(bot.merchant, ident, made)
            await self.audit.note(bot.merchant, bot.id, by=by, action="channel_linked", detail=f"Linked to {kind}.")
        return await self.records.channel_links.get(bot.merchant, ident)

    async def put(
        self, bot: Bot, kind: str, settings: Mapping[str, str], secrets: Mapping[str, str], *, by: str
    ) -> ChannelLink:
        """Link the bot, or fill the link in anew; a secret that is left out stays, and so does what the vendor told."""
        found = await self.begin(bot, kind, by=by)
        sealed = {name: await self.seal(found, name, value) for name, value in secrets.items()}
        lost = await self.unreadable(found)

        def fill(link: ChannelLink) -> ChannelLink:
            kept = {name: value for name, value in link.sealed.items() if name not in lost}
            return replace(link.mended(), settings={**link.settings, **settings}, sealed={**kept, **sealed})

        return await self.change(found, fill)

    async def unreadable(self, link: ChannelLink) -> set[str]:
        """Names of kept secrets that do not open any more, as after a change of the installation's key."""
        found = set()
        for name, sealed in link.sealed.items():
            try:
                await self.custodian.open(sealed, purpose=purpose(link, name))
            except Unavailable:
                found.add(name)
        return found

    async def seal(self, link: ChannelLink, name: str, value: str) -> str:
        """A secret as it is kept: it opens only for this link and under this name."""
        return await self.custodian.seal(value, purpose=purpose(link, name))

    async def learn(self, link: ChannelLink, secrets: Mapping[str, str], **more: str) -> ChannelLink:
        """Keep what the vendor gave: secrets, which connect the link anew, and settings by name."""
        sealed = {name: await self.seal(link, name, value) for name, value in secrets.items()}

        def learned(current: ChannelLink) -> ChannelLink:
            known = replace(current, settings={**current.settings, **more}, sealed={**current.sealed, **sealed})
            return known.mended() if sealed else known

        return await self.change(link, learned)

    async def refused(self, link: ChannelLink, problem: str) -> ChannelLink:
        """Note that the vendor refuses the link, unless it was filled in anew since `link` was read."""

        def broken(current: ChannelLink) -> ChannelLink:
            same = (current.sealed, current.address) == (link.sealed, link.address)
            return current.broken(problem) if same else current

        return await self.change(link, broken)

    async def take_place(self, link: ChannelLink, address: str) -> ChannelLink:
        """Note which workspace, page or number the link is. Raises Conflict when another bot is linked to it.

        Two bots at one place would both answer every shopper there.
        """
        if link.address == address:
            return link
        key = f"{link.kind}:{address}"
        try:
            await self.records.store.add(PLATFORM, ADDRESSES, key, {"link": link.id, "merchant": link.merchant})
        except AlreadyExists as error:
            held = await self.records.store.get(PLATFORM, ADDRESSES, key)
            if held is not None and held.body["link"] != link.id:
                raise Conflict(
                    "Another assistant is linked to this place already, and both would answer. End that link first.",
                    code="place_taken",
                ) from error
        if link.address:
            await self.records.store.delete(PLATFORM, ADDRESSES, f"{link.kind}:{link.address}")
        return await self.change(link, lambda current: replace(current, address=address))

    async def open(self, link: ChannelLink) -> OpenLink:
        """The link with its secrets readable."""
        secrets = {
            name: await self.custodian.open(sealed, purpose=purpose(link, name)) for name, sealed in link.sealed.items()
        }
        return OpenLink(link.id, link.merchant, link.bot, link.kind, dict(link.settings), secrets, link.address)

    async def change(self, link: ChannelLink, change: Callable[[ChannelLink], ChannelLink]) -> ChannelLink:
        """Change the link's record."""
        return await self.records.channel_links.change(link.merchant, link.id, change)

    async def seen(self, link: ChannelLink, moment: datetime, *, coming: bool) -> None:
        """Note that something came in or went out; at most every so often, as all conversations share this record."""
        before = link.last_in_at if coming else link.last_out_at
        if before is not None and moment - before < SEEN_EVERY:
            return
        name = "last_in_at" if coming else "last_out_at"
        await self.change(link, lambda current: replace(current, **{name: moment}))  # type: ignore[arg-type]

    async def pause(self, bot: Bot, kind: str, *, paused: bool, by: str) -> ChannelLink:
        """Let the channel be silent, or speak again. Raises NotFound, Conflict for a broken link."""
        link = await self.find(bot, kind)

        def set_status(current: ChannelLink) -> ChannelLink:
            if current.status == "broken":
                raise Conflict(f"This link is broken: {current.problem} Connect it again first.", code="link_broken")
            if current.status == "unfinished":
                raise Conflict("This link is not finished: fill in what the vendor gave you.", code="link_unfinished")
            return replace(current, status="paused" if paused else "on")

        changed = await self.change(link, set_status)
        action = "channel_paused" if paused else "channel_resumed"
        await self.audit.note(bot.merchant, bot.id, by=by, action=action, detail=f"{kind}: {changed.status}.")
        return changed

    async def remove(self, bot: Bot, kind: str, *, by: str) -> None:
        """End a link with its secrets; messages that came through it stay in their conversations. Raises NotFound."""
        link = await self.find(bot, kind)
        await forget_link(self.records.store, link)
        where: dict[str, str | int | bool] = {"bot": bot.id, "link": link.id}
        await self.records.inbound.delete_where(link.merchant, where)
        await self.records.outbound.delete_where(link.merchant, where)
        await self.records.team_posts.delete_where(link.merchant, where)
        await self.records.store.delete(link.merchant, SLOTS, f"{bot.id}.{kind}")
        await self.records.channel_links.delete(link.merchant, link.id)
        await self.audit.note(bot.merchant, bot.id, by=by, action="channel_unlinked", detail=f"No longer on {kind}.")


async def forget_link(store: DocumentStore, link: ChannelLink) -> None:
    """Let go of what names a link beyond its merchant."""
    if link.address:
        await store.delete(PLATFORM, ADDRESSES, f"{link.kind}:{link.address}")
    await store.delete(PLATFORM, OWNERS, link.id)


def purpose(link: ChannelLink, name: str) -> str:
    """What a sealed secret is for: sealed for one merchant's link, it opens for no other's."""
    return f"{link.merchant}/{link.id}/{name}"
