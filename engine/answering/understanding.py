"""What a shopper's message means before anything is looked up: language, small talk, follow-ups."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from engine.answering.intents import Intent, intent_of

__all__ = ["LONGEST_MESSAGE", "Understood", "clean_message", "understand"]

LONGEST_MESSAGE = 2000
"""Characters. A longer message is refused in words, not cut: its question may stand at the end."""
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
JOINERS = {"\u200d", "\u200c"}
"""Zero-width joiners that some scripts and emoji need."""

FOLLOW_UP = re.compile(
    r"^(and|what about|how about|also|or|but|then|und|et|y|e|was ist mit|et pour|y para|e per)\b"
    r"|\b(it|its|they|them|their|those|these|that one|this one|the other( one)?|the same|there|he|she)\b",
    re.IGNORECASE,
)
SWAP = re.compile(
    r"(?:and|or|what about|how about|und|et|y|e)\s+"
    r"(?P<word>to|in|for|from|with|of|by|at|on|nach|für|mit|aus|pour|en|à|para|con|per)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
LEANS = re.compile(
    r"^(and|but|or|so|then|also|what about|how about|what if|what else|anything else|yes|no|yeah|yep|nope|ok|okay|sure"
    r"|if so|in that case)\b"
    r"|^(und|aber|oder|ja|nein|was ist mit|et|mais|ou|oui|non|y|pero|o|si|sí|e|ma|sì|en|maar|of|nee)\b"
    r"|\b(it|its|they|them|their|theirs|that|this|those|these|there|one|ones|same|such|he|she|him|her|both|either"
    r"|neither|else|instead|otherwise|another|other|others)\b"
    r"|\b(es|sie|ihn|ihm|das|dies\w*|jene\w*|dort|dazu|davon|dafür|andere\w*|sonst|il|elle|ils|elles|cela|ça|celui|celle"
    r"|autre|ello|ella|ellos|eso|esto|ese|esa|aquel\w*|otr[oa]s?|esso|essa|quello|quella|questo|questa|altr[oaie]"
    r"|het|dat|dit|deze|die|daar|andere)\b",
    re.IGNORECASE,
)
"""Words by which a message points at what was said before."""
SHORT_FOLLOW_UP_WORDS = 9
FRAGMENT_WORDS = 4
"""So short a message is rather the end of a thought than a question of its own."""
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Understood:
    """A message, ready to be answered."""

    text: str
    """The message without invisible characters."""
    question: str
    """Complete in itself: what is looked up."""
    language: str
    """ISO 639-1, or empty when the text is too short to tell."""
    intent: Intent | None = None
    """Set when the message is not to be looked up."""
    rewritten: bool = False
    leans: bool = False
    """Whether it needs what was said before: it points at it, or is only a fragment."""


def clean_message(text: str) -> str:
    """The message in one Unicode form, without control and invisible characters."""
    normal = unicodedata.normalize("NFC", text)
    kept = (
        character
        for character in normal
        if character in "\n\t" or character in JOINERS or unicodedata.category(character) not in INVISIBLE
    )
    return "".join(kept).strip()


def completed(earlier: str, text: str) -> str:
    """A follow-up with what it leaves out: `and to Germany?` takes the place of `to Switzerland`."""
    swap = SWAP.match(text)
    if swap is not None:
        head, found, _ = earlier.lower().rpartition(f" {swap['word'].lower()} ")
        if found:
            return f"{earlier[: len(head)]}{found}{swap['rest']}"
    return f"{earlier.rstrip('?!. ')}: {text}"


def understand(text: str, history: tuple[tuple[str, str], ...], language: str) -> Understood:
    """Read a cleaned message in the light of the conversation; no model is called."""
    intent = intent_of(text)
    if intent is not None:
        return Understood(text, text, language, intent)
    earlier = next((question for question, _ in reversed(history) if intent_of(question) is None), None)
    words = WORD.findall(text)
    leans = bool(history) and (len(words) <= FRAGMENT_WORDS or LEANS.search(text) is not None)
    if earlier and len(words) <= SHORT_FOLLOW_UP_WORDS and FOLLOW_UP.search(text):
        return Understood(text, completed(earlier, text), language, rewritten=True, leans=True)
    return Understood(text, text, language, leans=leans)
