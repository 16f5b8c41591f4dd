"""Questions that every shop is asked, in other languages than its own: price, stock, delivery, returns, payment.

Never here: machine translation; a question is said only where a person wrote how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.domain.bot import Languages
from engine.trials.generating.material import Material
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.topics import COUNTRIES, PRODUCT_QUESTIONS, SAID

__all__ = ["in_other_languages"]

UNDERSTOOD: dict[Languages, tuple[str, ...]] = {
    "english": ("de", "fr", "es", "it"),
    "many": ("de", "fr", "es", "it", "nl", "pt"),
}
"""Which languages shoppers may write: a bot for English pages reads four more through its glossary."""


def in_other_languages(material: Material, languages: Languages, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """The questions on matters that every shop knows, each in one other language."""
    wanted = [language for language in UNDERSTOOD[languages] if language != material.language]
    turn = 0
    for proposal in proposals:
        said = {language: text for language in wanted if (text := said_in(proposal, language))}
        if not said:
            continue
        language = sorted(said)[turn % len(said)]
        turn += 1
        yield replace(
            proposal, kind="other_language", question=said[language], language=language, topic="", fact=proposal.fact
        )


def said_in(proposal: Proposal, language: str) -> str:
    """The question in a language; empty where there are no words for it."""
    if proposal.topic in PRODUCT_QUESTIONS:
        return PRODUCT_QUESTIONS[proposal.topic][language].format(title=proposal.subject) if proposal.subject else ""
    form = SAID.get(proposal.topic, {}).get(language, "")
    if "{place}" not in form:
        return form
    if proposal.topic == "pay_with":
        return form.format(place=proposal.subject)
    place = COUNTRIES.get(proposal.subject.casefold(), {}).get(language, "")
    return form.format(place=place) if place else ""
