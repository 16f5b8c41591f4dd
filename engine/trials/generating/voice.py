"""The shop's sentences in a shopper's mouth: "you may return your order" becomes "I may return my order".

Never here: which sentence makes a question.
"""

from __future__ import annotations

import re

__all__ = ["as_shopper", "has_vague_words", "is_plural", "lower_first", "question"]

SWAPS = {
    "your": "my", "yours": "mine", "yourself": "myself",
    "our": "your", "ours": "yours", "us": "you", "we": "you", "ourselves": "yourselves",
    "you've": "I've", "you'll": "I'll", "you'd": "I'd", "you're": "I'm",
    "we've": "you've", "we'll": "you'll", "we'd": "you'd", "we're": "you're",
}  # fmt: skip
GOVERNS = frozenset(
    """
    to for with by from at of on in about send sends sent give gives gave tell tells told show shows let lets help
    helps ask asks bring brings email e-mail call contact refund reimburse allow allows enable enables offer offers
    get gets want wants need needs require requires charge charges pay pays notify inform cost costs save saves
    """.split()  # noqa: SIM905 - a list this long is read as text
)
"""After these words `you` is spoken of, not speaking: it becomes `me`."""
WORD = re.compile(r"[\w'’-]+")
VAGUE = re.compile(
    r"\b(it|its|this|these|that|those|they|them|their|theirs|here|there|he|she|his|her|above|below|following|previous|"
    r"former|latter|such|same|other|one|ones|step|steps|image|picture|screenshot|section|article|page|e\.g|i\.e|etc|"
    r"the (user|customer|agent)s?|users?)\b",
    re.IGNORECASE,
)
"""Words that point out of the sentence: a question with them is not clear by itself."""
PLURAL_WORDS = frozenset("people children men women prices orders returns".split())  # noqa: SIM905 - read as text


def as_shopper(text: str) -> str:
    """The words with shop and shopper exchanged."""
    before = ""

    def swap(found: re.Match[str]) -> str:
        nonlocal before
        word = found[0]
        plain = word.lower().replace("’", "'")
        said = SWAPS.get(plain, word)
        if plain == "you":
            said = "me" if before in GOVERNS else "I"
        elif plain == "are" and before == "you":
            said = "am"
        elif plain == "were" and before == "you":
            said = "was"
        before = plain
        return said

    return WORD.sub(swap, text)


def has_vague_words(text: str) -> bool:
    """Whether the words point at something that is not said."""
    return VAGUE.search(text) is not None


def lower_first(text: str) -> str:
    """The text without the capital of a sentence's beginning; names and abbreviations keep theirs."""
    first, _, rest = text.partition(" ")
    named = any(character.isupper() or character.isdigit() for character in first[1:]) or first == "I"
    return text if named or starts_with_name(text) else f"{text[:1].lower()}{text[1:]}" if rest else text.lower()


def starts_with_name(text: str) -> bool:
    """Whether the first two words are both capitalised, as in a name: `Science Journal does not open`."""
    words = text.split()
    return len(words) > 1 and words[0].istitle() and words[1][:1].isupper() and words[0].lower() not in STARTERS


STARTERS = frozenset("the a an my your our all every each some any if when how what where".split())  # noqa: SIM905


def is_plural(noun: str) -> bool:
    """Whether a noun phrase is plural, by its head as far as an ending tells."""
    head = re.split(r"\s(?:for|of|in|to|with|from|on|at|by|within|without|under|over)\s", noun.strip(), maxsplit=1)[0]
    last = (WORD.findall(head) or [""])[-1].lower()
    return (
        " and " in head or last in PLURAL_WORDS or (last.endswith("s") and not last.endswith(("ss", "us", "is", "os")))
    )


def question(text: str) -> str:
    """The words as a question: a capital first, one mark last, single spaces."""
    words = " ".join(text.split()).rstrip(" .,;:!?")
    return f"{words[:1].upper()}{words[1:]}?"
