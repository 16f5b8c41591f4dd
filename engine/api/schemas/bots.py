"""Shapes of bots and their look."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from engine.api.schemas.shared import View
from engine.domain.bot import Bot, Guardrails, Languages, Persona, ScheduledRelease, Theme

__all__ = ["BotChange", "BotName", "BotView", "GuardrailsChange", "IconView", "PersonaChange"]


class BotName(View):
    """A new bot."""

    name: str = Field(max_length=500)
    """Name of the shop or the assistant, shown to shoppers."""


class PersonaChange(View):
    """Parts of the persona to replace."""

    assistant_name: str | None = Field(None, min_length=1, max_length=60)
    """Name the assistant gives."""
    greeting: str | None = Field(None, min_length=1, max_length=500)
    """First words of every conversation."""
    tone: Literal["friendly", "formal", "concise"] | None = None
    """How it speaks."""
    instructions: str | None = Field(None, max_length=4000)
    """Guidance for a language model."""
    example_questions: tuple[str, ...] | None = Field(None, max_length=8)
    """Questions offered to shoppers."""


class GuardrailsChange(View):
    """Parts of the guardrails to replace."""

    refusal_text: str | None = Field(None, min_length=1, max_length=500)
    """What it says when it does not know."""
    contact_text: str | None = Field(None, max_length=500)
    """Where a person can be reached."""
    fall_back_to_extractive: bool | None = None
    """Whether the extractive composer steps in for a failing language model."""
    refusal_threshold: float | None = Field(None, ge=0, le=1)
    """Confidence below which it refuses; null for the measured default."""


class BotChange(View):
    """Parts of a bot's draft to replace."""

    name: str | None = Field(None, max_length=500)
    """Name shown to shoppers."""
    persona: PersonaChange | None = None
    """How it presents itself; takes effect with the next version."""
    guardrails: GuardrailsChange | None = None
    """What it does at the edges of its knowledge; takes effect with the next version."""
    theme_overrides: dict[str, str] | None = None
    """Palette field to `#rrggbb`; takes effect at once, as far as contrast allows."""
    languages: Languages | None = None
    """What its pages and shoppers speak; takes effect with the next version."""


class BotView(View):
    """A shop assistant."""

    id: str
    """Id of the bot."""
    name: str
    """Name shown to shoppers."""
    created_at: datetime
    """When it was made."""
    persona: Persona
    """How it presents itself: the draft."""
    guardrails: Guardrails
    """What it does at the edges of its knowledge: the draft."""
    theme: Theme | None
    """Its look."""
    theme_overrides: dict[str, str]
    """Colours the merchant wished."""
    icon_url: str | None
    """Address of the icon, or null."""
    live: int | None
    """Number of the version shoppers meet, or null."""
    previous: int | None
    """Number of the version that a rollback returns to, or null."""
    paused: bool
    """Whether it is paused for shoppers."""
    languages: Languages
    """What its pages and shoppers speak: the draft."""
    scheduled: ScheduledRelease | None
    """What is to go live by itself, or null."""
    schedule_note: str
    """Why a version did not go live at its time, or empty."""

    @classmethod
    def of(cls, bot: Bot) -> BotView:
        """The view of a record."""
        url = None if bot.icon is None else f"/v1/bots/{bot.id}/icon.png?v={bot.icon[:12]}"
        return cls(
            id=bot.id,
            name=bot.name,
            created_at=bot.created_at,
            persona=bot.persona,
            guardrails=bot.guardrails,
            theme=bot.theme,
            theme_overrides=bot.theme_overrides,
            icon_url=url,
            live=bot.live,
            previous=bot.previous,
            paused=bot.paused,
            languages=bot.languages,
            scheduled=bot.scheduled,
            schedule_note=bot.schedule_note,
        )


class IconView(View):
    """An icon and the look made from it."""

    icon_url: str
    """Address of the cleaned icon."""
    theme: Theme
    """Light and dark palettes that meet WCAG 2.2 AA."""
