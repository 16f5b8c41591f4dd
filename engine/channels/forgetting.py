"""Forgetting a shopper of a channel: all that was kept of their conversations there.

Never here: who may ask for it.
"""

from __future__ import annotations

from engine.channels.team_posts import threads_of
from engine.domain.channel import ChannelLink
from engine.records import Records

__all__ = ["Forgetting"]


class Forgetting:
    """Removes conversations for good."""

    def __init__(self, records: Records) -> None:
        self.records = records

    async def shopper(self, link: ChannelLink, shopper: str) -> int:
        """Remove all conversations that a person had over a link; answers how many there were.

        The thread goes last: killed on the way, it is found again when somebody asks again.
        """
        threads = self.records.channel_threads.all(link.merchant, {"bot": link.bot})
        found = [thread.id async for thread in threads if thread.link == link.id and thread.shopper == shopper]
        for conversation in found:
            where: dict[str, str | int | bool] = {"conversation": conversation}
            for post in await self.records.team_posts.list(link.merchant, where):
                for thread in threads_of(post.id):
                    await self.records.outbound.delete_where(link.merchant, {"conversation": thread})
                    await self.records.store.delete(link.merchant, "channel_threads", thread)
            await self.records.team_posts.delete_where(link.merchant, where)
            await self.records.outbound.delete_where(link.merchant, where)
            await self.records.person_messages.delete_where(link.merchant, where)
            await self.records.turns.delete_where(link.merchant, where)
            await self.records.inbound.delete_where(link.merchant, where)
            await self.records.store.delete(link.merchant, "conversations", conversation)
            await self.records.store.delete(link.merchant, "channel_threads", conversation)
        return len(found)
