"""Whether the bot may speak in a conversation at this moment.

Never here: taking a conversation over.
"""

from __future__ import annotations

from engine.records import Records

__all__ = ["link_is_on", "person_owns"]


async def person_owns(records: Records, merchant: str, conversation: str) -> bool:
    """Whether a person has taken the conversation over.

    Looked up after something was marked as leaving: whoever takes over waits for what is marked.
    """
    found = await records.conversations.find(merchant, conversation)
    return found is not None and found.record.owner == "person"


async def link_is_on(records: Records, merchant: str, link: str) -> bool:
    """Whether the channel is linked, and neither paused nor broken."""
    found = await records.channel_links.find(merchant, link)
    return found is not None and found.record.status == "on"
