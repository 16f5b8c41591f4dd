"""What a catalogue calls its things, ready to be found in a shopper's words.

Never here: any word of a particular shop; it all comes from the catalogue's vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.domain.catalogue import ALIASES, SIZES, option_value
from engine.domain.product_words import folded, product_tokens
from engine.domain.words import EMPTY_WORDS
from engine.ports import Vocabulary

__all__ = ["Lexicon"]

PARTED = frozenset({"colour", "material"})
"""Options whose values are wished for by a part: `blue` is a wish for `navy blue` too."""
LONGEST = 5
"""Words of a phrase that is looked up."""
EMPTY = frozenset(EMPTY_WORDS)


def key(text: str) -> str:
    """A phrase as it is looked up."""
    return " ".join(product_tokens(text))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases to what they name."""

    values: dict[str, tuple[tuple[str, str], ...]]
    """Phrase -> (option name, value) that it may be."""
    brands: dict[str, str]
    names: frozenset[str]
    """Names of options, folded."""
    currencies: tuple[str, ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Lexicon:
        """From a catalogue's vocabulary."""
        values: dict[str, dict[tuple[str, str], None]] = {}
        for name, value in ((name, value) for name, values_ in vocabulary.options.items() for value in values_):
            for part in parts(name, value):
                for phrase in phrases(name, part):
                    values.setdefault(phrase, {})[name, part] = None
        brands = {phrase: brand for brand in vocabulary.brands if (phrase := key(brand)) and phrase not in EMPTY}
        names = frozenset(folded(name) for name in vocabulary.options)
        return cls({phrase: tuple(found) for phrase, found in values.items()}, brands, names, vocabulary.currencies)

    def meanings(self, phrase: str) -> tuple[tuple[str, str], ...]:
        """(option name, value) that a phrase may be, colours first."""
        found = self.values.get(key(phrase), ())
        return tuple(sorted(found, key=lambda item: item[0] != "colour"))


def parts(name: str, value: str) -> Iterator[str]:
    """A value, and what of it is a wish of its own."""
    yield value
    if name in PARTED:
        for part in value.replace("/", " ").replace("-", " ").replace(",", " ").split():
            if len(part) >= 3 and part != value and part.isalpha() and part not in EMPTY:
                yield part


def phrases(name: str, value: str) -> Iterator[str]:
    """The ways to say a value."""
    if found := key(value):
        yield found
    for form, meant in (SIZES if name == "size" else ALIASES.get(name, {})).items():
        if meant == option_value(name, value):
            yield key(form)
