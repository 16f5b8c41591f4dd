"""What a shopper's message means before anything is looked up: language, small talk, follow-ups."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

__all__ = ["LONGEST_MESSAGE", "Understood", "clean_message", "understand"]

LONGEST_MESSAGE = 2000
"""Characters. A longer message is refused in words, not cut: its question may stand at the end."""
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
JOINERS = {"\u200d", "\u200c"}
"""Zero-width joiners that some scripts and emoji need."""

GREETINGS = re.compile(
    r"(hi|hello|hey|hiya|good (morning|afternoon|evening|day)|hallo|guten (tag|morgen|abend)|bonjour|salut|hola|"
    r"buenos dias|buenas( tardes| noches)?|ciao|buongiorno|buonasera|ol[aá]|hej|hoi)( there| all| you| zusammen)?",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"(ok(ay)?[,. ]*)?(thanks?( you)?( so much| very much| a lot)?|thx|ty|cheers|great|perfect|danke( sch[oö]n)?|"
    r"merci( beaucoup)?|gracias|muchas gracias|grazie( mille)?|obrigad[oa])( for your help)?",
    re.IGNORECASE,
)
FAREWELL = re.compile(
    r"(bye|goodbye|see you|good night|tsch[uü]ss|au revoir|adi[oó]s|arrivederci)( bye)?", re.IGNORECASE
)
IDENTITY = re.compile(
    r"(are|r) (you|u) (a |an )?(real |actual )?(human|person|bot|robot|ai|machine|chatbot)"
    r"|am i (talking|speaking|chatting) (to|with) (a |an )?(human|real|person|bot|robot|machine|ai)"
    r"|bist du ein (mensch|bot|roboter)|(es-tu|[eê]tes-vous|tu es) (un |une )?(humain|robot|vraie personne)"
    r"|eres (un |una )?(humano|persona|robot|bot)|sei (un |una )?(umano|persona|robot|bot)",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"\b(other|another|previous|last) (customer|shopper|client|buyer|user)('?s)?\b"
    r"|\b(system|initial|hidden) (prompt|instructions?|message)\b"
    r"|\b(print|show|reveal|repeat|ignore) (me )?(all )?(your|the|previous|above) "
    r"(prompt|instructions|rules|api keys?|secret keys?|passwords?|text above)\b",
    re.IGNORECASE,
)
"""Requests for what no shopper may have: other people's data, or how the assistant is set up."""
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
SHORT_FOLLOW_UP_WORDS = 9
WORD = re.compile(r"\w+")

Talk = Literal["greeting", "thanks", "farewell", "identity", "private"]


@dataclass(frozen=True, slots=True)
class Understood:
    """A message, ready to be answered."""

    text: str
    """The message without invisible characters."""
    question: str
    """Complete in itself: what is looked up."""
    language: str
    """ISO 639-1, or empty when the text is too short to tell."""
    talk: Talk | None = None
    """Set when the message needs no knowledge."""
    rewritten: bool = False


def clean_message(text: str) -> str:
    """The message in one Unicode form, without control and invisible characters."""
    normal = unicodedata.normalize("NFC", text)
    kept = (
        character
        for character in normal
        if character in "\n\t" or character in JOINERS or unicodedata.category(character) not in INVISIBLE
    )
    return "".join(kept).strip()


def small_talk(text: str) -> Talk | None:
    """Which kind of message it is, when no knowledge is needed to answer it."""
    bare = text.strip(" !.,?¿¡:;)(👋🙂😊🙏\n\t").strip()
    if GREETINGS.fullmatch(bare):
        return "greeting"
    if THANKS.fullmatch(bare):
        return "thanks"
    if FAREWELL.fullmatch(bare):
        return "farewell"
    if PRIVATE.search(bare):
        return "private"
    if IDENTITY.search(bare) and len(WORD.findall(bare)) <= SHORT_FOLLOW_UP_WORDS + 3:
        return "identity"
    return None


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
    talk = small_talk(text)
    if talk is not None:
        return Understood(text, text, language, talk)
    earlier = next((question for question, _ in reversed(history) if small_talk(question) is None), None)
    words = WORD.findall(text)
    if earlier and len(words) <= SHORT_FOLLOW_UP_WORDS and FOLLOW_UP.search(text):
        return Understood(text, completed(earlier, text), language, rewritten=True)
    return Understood(text, text, language)
