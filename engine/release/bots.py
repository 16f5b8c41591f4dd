"""Bots: making, changing and removing them; their icon and theme."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace

from engine.branding import clean_icon, make_theme
from engine.branding.theme import theme_from_seed
from engine.channels.links import forget_link
from engine.domain.bot import Bot, Guardrails, Languages, Persona
from engine.errors import FieldProblem, InvalidInput, NotFound
from engine.ports import PLATFORM, BlobStore, Clock, Identifiers
from engine.records import Listing, Records

__all__ = ["Bots"]

LONGEST_NAME = 80
DEFAULT_SEED = "#2f6f62"
"""The look of a bot without an icon."""
CONTENTS = (
    "sources", "versions", "conversations", "turns", "test_cases", "trials", "invites", "invite_slots", "ratings",
    "api_keys", "chat_repeats", "documents", "corrections", "pins", "case_results", "gate_rules", "baselines",
    "surprises", "confirmations", "channel_links", "channel_slots", "channel_threads", "channel_claims", "inbound",
    "outbound", "team_posts",
    "handover_rules", "person_messages", "suggestion_ends", "questionnaires", "audit", "shadow_runs", "shadow_results",
)  # fmt: skip


class Bots:
    """Use cases around a merchant's bots."""

    def __init__(self, records: Records, blobs: BlobStore, clock: Clock, identifiers: Identifiers) -> None:
        self.records, self.blobs, self.clock, self.identifiers = records, blobs, clock, identifiers

    async def create(self, merchant: str, name: str) -> Bot:
        """A new bot. Raises InvalidInput."""
        theme = await asyncio.to_thread(theme_from_seed, DEFAULT_SEED)
        bot = Bot(self.identifiers.new("bot"), merchant, self.clean_name(name), self.clock.now(), theme=theme)
        await self.records.store.add(PLATFORM, "bot_owners", bot.id, {"merchant": merchant})
        await self.records.bots.add(merchant, bot.id, bot)
        return bot

    @staticmethod
    def clean_name(name: str) -> str:
        """The name as kept. Raises InvalidInput."""
        cleaned = " ".join(name.split())
        if not 1 <= len(cleaned) <= LONGEST_NAME:
            raise InvalidInput(
                f"Give the assistant a name of 1 to {LONGEST_NAME} characters.",
                fields=[FieldProblem("name", f"has {len(cleaned)} characters")],
            )
        return cleaned

    async def get(self, merchant: str, bot_id: str) -> Bot:
        """One bot. Raises NotFound."""
        return await self.records.bots.get(merchant, bot_id)

    async def owner(self, bot_id: str) -> str:
        """The merchant of a bot, for requests that carry no account. Raises NotFound."""
        found = await self.records.store.get(PLATFORM, "bot_owners", bot_id)
        if found is None:
            raise NotFound(f"there is no bot {bot_id!r}")
        return str(found.body["merchant"])

    async def page(self, merchant: str, limit: int, cursor: str | None) -> Listing[Bot]:
        """A merchant's bots, oldest first."""
        return await self.records.bots.page(merchant, {}, limit=limit, cursor=cursor)

    async def change(
        self,
        merchant: str,
        bot_id: str,
        *,
        name: str | None = None,
        persona: Callable[[Persona], Persona] | None = None,
        guardrails: Callable[[Guardrails], Guardrails] | None = None,
        theme_overrides: dict[str, str] | None = None,
        languages: Languages | None = None,
    ) -> Bot:
        """Change the draft. Words take effect with the next version; looks at once. Raises InvalidInput."""
        current = await self.get(merchant, bot_id)
        theme = current.theme
        if theme_overrides is not None:
            seed = DEFAULT_SEED if current.theme is None else current.theme.seed
            theme = await asyncio.to_thread(theme_from_seed, seed, theme_overrides)

        def apply(bot: Bot) -> Bot:
            return replace(
                bot,
                name=bot.name if name is None else self.clean_name(name),
                persona=bot.persona if persona is None else persona(bot.persona),
                guardrails=bot.guardrails if guardrails is None else guardrails(bot.guardrails),
                theme=theme if theme_overrides is not None else bot.theme,
                theme_overrides=bot.theme_overrides if theme_overrides is None else theme_overrides,
                languages=bot.languages if languages is None else languages,
            )

        return await self.records.bots.change(merchant, bot_id, apply)

    async def set_icon(self, merchant: str, bot_id: str, content: bytes) -> Bot:
        """Clean an uploaded icon and make the theme from it. Raises InvalidInput, TooLarge."""
        current = await self.get(merchant, bot_id)
        icon = await asyncio.to_thread(clean_icon, content)
        theme = await asyncio.to_thread(make_theme, icon.png, current.theme_overrides)
        name = hashlib.sha256(icon.png).hexdigest()
        await self.blobs.put(f"{merchant}/{bot_id}/icons/{name}.png", icon.png)
        return await self.records.bots.change(merchant, bot_id, lambda bot: replace(bot, icon=name, theme=theme))

    async def icon(self, bot: Bot) -> bytes | None:
        """The bot's icon as PNG, or None."""
        return None if bot.icon is None else await self.blobs.get(f"{bot.merchant}/{bot.id}/icons/{bot.icon}.png")

    async def delete(self, merchant: str, bot_id: str) -> list[int]:
        """Remove a bot with all it holds; answers the version numbers whose passages are to be dropped."""
        bot = await self.get(merchant, bot_id)
        numbers = await self.empty(merchant, bot_id)
        await self.records.store.delete(PLATFORM, "bot_owners", bot.id)
        await self.records.store.delete(PLATFORM, "scheduled_releases", bot.id)
        await self.records.bots.delete(merchant, bot_id)
        return numbers

    async def empty(self, merchant: str, bot_id: str) -> list[int]:
        """Remove all that a bot holds, whether or not it has a record; answers the numbers of its versions."""
        async for key in self.records.api_keys.all(merchant, {"bot": bot_id}):
            await self.records.store.delete(PLATFORM, "key_owners", key.id)
        async for link in self.records.channel_links.all(merchant, {"bot": bot_id}):
            await forget_link(self.records.store, link)
        numbers = [version.number async for version in self.records.versions.all(merchant, {"bot": bot_id})]
        for collection in CONTENTS:
            await self.records.store.delete_where(merchant, collection, {"bot": bot_id})
        await self.blobs.delete(f"{merchant}/{bot_id}/")
        return numbers
