"""Words by which people stop an assistant that writes into their messenger, and let it write again.

Messengers ask for it; a chat on a website is closed instead.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from engine.answering.understanding import Understood
from engine.domain.conversation import Conversation

__all__ = ["Opting", "opted", "opting_of"]

Opting = Literal["stop", "start"]

WHOLE: tuple[tuple[Opting, re.Pattern[str]], ...] = (
    (
        "stop",
        re.compile(
            r"(please )?(stop( all| messages| writing( me)?)?|unsubscribe( me)?|opt[ -]?out|stopp|abmelden|abbestellen"
            r"|arr[eê]t(er|ez)?|me d[eé]sabonner|d[eé]sinscrire|baja|darme de baja|parar|disiscrivimi|cancellami"
            r"|uitschrijven|afmelden|pare|sair|wypisz( mnie)?|sluta|avregistrera|afmeld)( please| bitte)?",
            re.IGNORECASE,
        ),
    ),
    (
        "start",
        re.compile(
            r"(please )?(start|unstop|subscribe|opt[ -]?in|anmelden|d[eé]marrer|alta|inizia|aanmelden|come[cç]ar"
            r"|zacznij|b[oö]rja)( again| please| bitte)?",
            re.IGNORECASE,
        ),
    ),
)
"""What the whole message must be: "stop" within a question is a word like any other."""


def opting_of(text: str) -> Opting | None:
    """What the message asks for; None when it is any other."""
    bare = text.strip(" !.\n\t")
    return next((wish for wish, pattern in WHOLE if pattern.fullmatch(bare)), None)


def opted(conversation: Conversation, understood: Understood, opting: Opting | None) -> tuple[Conversation, Understood]:
    """Both after a word that stops the bot or lets it write again; as they are without one."""
    match opting:
        case None:
            return conversation, understood
        case "stop":
            return replace(conversation, opted_out=True), replace(understood, intent="opted_out")
        case "start":
            return replace(conversation, opted_out=False), replace(understood, intent="opted_in")
