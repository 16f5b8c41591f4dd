"""Card numbers are taken out of a shopper's message before a model, the records or a person sees it."""

from __future__ import annotations

import re

__all__ = ["CARD_WARNING", "without_card_numbers"]

CARD = re.compile(r"(?<![\d])\d(?:[ \u00a0-]?\d){12,18}(?![\d])")
"""13 to 19 digits, also in groups."""
CARD_WARNING = {
    "en": "Please never send card numbers in this chat: I have removed the one in your message.",
    "de": "Bitte senden Sie nie Kartennummern in diesem Chat: Ich habe die Nummer aus Ihrer Nachricht entfernt.",
    "fr": "N'envoyez jamais de numéro de carte dans ce chat : je l'ai retiré de votre message.",
    "es": "No envíe nunca números de tarjeta en este chat: lo he eliminado de su mensaje.",
    "it": "Non inviate mai numeri di carta in questa chat: l'ho rimosso dal messaggio.",
}


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of payment cards (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def without_card_numbers(text: str) -> tuple[str, int]:
    """(the text with `[card]` in the place of each card number, how many there were)."""
    count = 0

    def hide(found: re.Match[str]) -> str:
        nonlocal count
        digits = re.sub(r"\D", "", found[0])
        if not passes_luhn(digits) or len(set(digits)) == 1:
            return found[0]
        count += 1
        return "[card]"

    return CARD.sub(hide, text), count
