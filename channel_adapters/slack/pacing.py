"""About one message a second for each Slack channel, whatever threads of it are answered at once by this process.

Never here: Slack's own word on it; a 429 is obeyed by whoever sends.
"""

from __future__ import annotations

import asyncio

from channel_adapters.slack import limits
from engine.channels.gateway import DeliveryDelayed

__all__ = ["Pacing"]

MANY = 1_000


class Pacing:
    """When each channel may be written to next."""

    def __init__(self) -> None:
        self.free_at: dict[tuple[str, str], float] = {}

    async def turn(self, workspace: str, channel: str) -> None:
        """Return when it is a message's turn. Raises DeliveryDelayed when that is long ahead."""
        name, now = (workspace, channel), asyncio.get_running_loop().time()
        at = max(now, self.free_at.get(name, now))
        if at - now > limits.LONGEST_WAIT:
            raise DeliveryDelayed("Much is being written to this Slack channel just now.", retry_after=at - now)
        if len(self.free_at) > MANY:
            self.free_at = {other: free for other, free in self.free_at.items() if free > now}
        self.free_at[name] = at + limits.PACE.total_seconds()
        await asyncio.sleep(at - now)
