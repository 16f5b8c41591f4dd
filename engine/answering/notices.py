"""Saying unasked that a machine speaks: at the start, after a lapse, and when it takes over from a person.

Rules: EU AI Act, article 50(1): people are told at the latest at the first interaction that they deal with an AI;
Meta's messaging policy: also after a significant lapse of time, and when a chat moves from a person to a machine. No
merchant's setting takes it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.domain.conversation import Conversation

__all__ = ["DISCLOSURES", "LAPSE", "disclosure", "notice_due"]

LAPSE = timedelta(hours=24)
"""Silence after which a shopper is told again."""

DISCLOSURES: Mapping[str, str] = {
    "en": "You are chatting with {name}, an AI assistant of {shop}, not with a person.",
    "de": "Sie chatten mit {name}, einem KI-Assistenten von {shop}, nicht mit einem Menschen.",
    "fr": "Vous échangez avec {name}, un assistant IA de {shop}, et non avec une personne.",
    "es": "Está hablando con {name}, un asistente de IA de {shop}, no con una persona.",
    "it": "Sta parlando con {name}, un assistente IA di {shop}, non con una persona.",
    "nl": "U chat met {name}, een AI-assistent van {shop}, niet met een mens.",
    "pt": "Está a falar com {name}, um assistente de IA de {shop}, e não com uma pessoa.",
    "pl": "Rozmawiasz z asystentem AI sklepu {shop} ({name}), a nie z człowiekiem.",
    "sv": "Du chattar med {name}, en AI-assistent från {shop}, inte med en människa.",
    "da": "Du chatter med {name}, en AI-assistent fra {shop}, ikke med et menneske.",
}


def notice_due(conversation: Conversation, *, continues: bool, now: datetime) -> bool:
    """Whether the next reply tells that an AI answers.

    That is the first one, the first after `LAPSE` of silence, and the first after a person answered.

    `continues` is true when the caller keeps the conversation itself, and sent what was said before.
    """
    if conversation.turns == 0:
        return not continues
    if conversation.returned:
        return True
    return now - conversation.last_at >= LAPSE


def disclosure(language: str, *, name: str, shop: str) -> str:
    """That an AI assistant answers, in the shopper's language."""
    return DISCLOSURES.get(language, DISCLOSURES["en"]).format(name=name, shop=shop)
