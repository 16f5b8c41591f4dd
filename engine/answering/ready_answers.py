"""What is said to messages that need no looking up: small talk, who is asked, what no shop assistant may do.

Never here: which kind of message it is; see `intents`.
"""

from __future__ import annotations

from engine.answering.identity import AskedWho, identity, who_is_asked
from engine.answering.phrases import phrase
from engine.answering.understanding import LONGEST_MESSAGE, Understood
from engine.answering.wording import contact
from engine.domain.bot import Bot, BotVersion, Persona
from engine.domain.conversation import Outcome

__all__ = ["ready_answer"]


def ready_answer(
    bot: Bot, version: BotVersion, text: str, understood: Understood, language: str
) -> tuple[str, Outcome] | None:
    """What is said to messages that need no looking up, and the outcome."""
    persona = version.persona
    if not any(sign.isalnum() for sign in text):
        return phrase("empty", language), "refused"
    if len(text) > LONGEST_MESSAGE:
        return phrase("too_long", language).format(limit=f"{LONGEST_MESSAGE:,}"), "refused"
    if (asked := who_is_asked(text)) is not None:
        return identity(asked, name=persona.assistant_name, shop=bot.name), "answered"
    match understood.intent:
        case "greeting":
            unset = persona.greeting == Persona().greeting
            return phrase("greeting", language) if unset else persona.greeting, "answered"
        case "thanks" | "farewell" | "opted_out" | "opted_in" as told:
            return phrase(told, language), "answered"
        case "identity":
            asked = AskedWho(language, "either")
            return identity(asked, name=persona.assistant_name, shop=bot.name), "answered"
        case "private":
            return phrase("private", language), "refused"
        case "order":
            return f"{phrase('order', language)} {contact(version.guardrails, language)}", "refused"
        case "person":
            return f"{phrase('person', language)} {contact(version.guardrails, language)}", "refused"
        case "command" | "task":
            return phrase("beyond", language).format(shop=bot.name), "refused"
        case None:
            return None
