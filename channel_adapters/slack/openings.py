"""Questions that Slack shows in an empty conversation with the assistant.

https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts. Never here: which questions.
"""

from __future__ import annotations

from collections.abc import Sequence

from channel_adapters.slack import limits
from channel_adapters.slack.speech import Speech
from channel_adapters.spans import shortened
from engine.channels.gateway import OpenLink
from engine.domain.channel import Place

__all__ = ["SlackOpenings"]


class SlackOpenings:
    """Offers questions as the bot."""

    def __init__(self, speech: Speech) -> None:
        self.speech = speech

    async def offer(self, link: OpenLink, place: Place, questions: Sequence[str]) -> None:
        """Show the first questions; pressed, they are said by the person. Raises DeliveryFailed."""
        asked = [question for question in dict.fromkeys(map(str.strip, questions)) if question][: limits.PROMPTS]
        prompts = [{"title": shortened(question, limits.PROMPT_TITLE), "message": question} for question in asked]
        body: dict[str, object] = {"channel_id": place["channel"], "prompts": prompts}
        if place.get("thread"):
            body["thread_ts"] = place["thread"]
        if prompts:
            await self.speech.ask(link, "assistant.threads.setSuggestedPrompts", body, seconds=limits.SIGN_SECONDS)
