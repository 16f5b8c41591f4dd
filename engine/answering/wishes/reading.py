"""A shopper's plain words read into a wish.

Each reader takes its phrases out of the folded text and leaves a mark, so that what is left are the words to look for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from engine.answering.wishes import conditions as c
from engine.answering.wishes import phrases as p
from engine.answering.wishes.amounts import read_limits, taken
from engine.answering.wishes.lexicon import EMPTY, LONGEST, Lexicon
from engine.answering.wishes.small_words import EMPTIES, GENERIC
from engine.answering.wishes.wish import Asked, Limits, Wish
from engine.domain.catalogue import SIZES
from engine.domain.product_words import folded

__all__ = ["read_wish"]

WORD = re.compile(r"[^\W_]+(?:[-./&'’][^\W_]+)*[\"″”]?|\|")
LETTER_SIZES = frozenset(SIZES.values()) - {"s", "m", "l"}
NAMED = re.compile(r"^(?:the|a|an|der|die|das|le|la|les|el|los|las|il|lo|between|of)\s+")


@dataclass
class Draft:
    """A wish in the making, and the text that is left."""

    text: str
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    without_options: list[tuple[str, str]] = field(default_factory=list)
    brand: str = ""

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take the first match out of the text."""
        found = pattern.search(self.text)
        if found is not None:
            self.text = taken(self.text, found)
        return found


def read_wish(text: str, lexicon: Lexicon, language: str = "") -> Wish:
    """What a message wishes for. Never raises; a message about something else has `asked == "nothing"`."""
    plain = " ".join(folded(text).replace("’", "'").split())
    draft = Draft(plain)
    rules = p.RULES.search(plain) is not None
    asked = kind_of(plain)
    if asked == "compare":
        names = tuple(
            name for part in p.AND.split(p.COMPARE.sub(" | ", plain)) if (name := NAMED.sub("", part.strip(" ?.!|")))
        )
        return Wish("compare", " ".join(names), names=names[:4], rules=rules, cue=True)
    age = years(draft.take(c.AGE))
    limits, draft.text = read_limits(draft.text)
    dearest, cheapest = draft.take(c.DEAREST), draft.take(c.CHEAPEST)
    cheap = draft.take(c.CHEAP)
    stock = draft.take(c.IN_STOCK)
    if asked == "stock":
        draft.text = re.sub(
            r"\b(?:sold out|out of stock|ausverkauft|epuise|still|noch|at the moment|right now|currently|at present"
            r"|today|momentan|gerade|derzeit|en ce moment|actuellement|ahora|adesso|al momento)\b",
            " ",
            draft.text,
        )
    read_negations(draft, lexicon)
    read_conditions(draft, lexicon)
    cue = take_all(draft, p.CUE)
    if asked == "price":
        take_all(draft, p.PRICE)
    order = "price_descending" if dearest else "price" if cheapest or cheap else "relevance"
    wish = Wish(
        asked=asked,
        words=words_left(draft.text, language if language in EMPTIES else guessed_language(plain)),
        limits=limits or Limits(),
        options=draft.options,
        without=tuple(draft.without),
        without_options=tuple(draft.without_options),
        brand=draft.brand,
        availability="in_stock" if stock is not None and asked != "stock" else None,
        age=age,
        order=order,  # type: ignore[arg-type]
        only_first=bool(dearest or (cheapest and not cheapest["many"])),
        cue=cue,
        rules=rules or (asked == "nothing" and not cue and p.QUESTION.search(plain) is not None),
    )
    if asked == "nothing" and (cue or wish.of_products) and not (wish.rules and not wish.conditions):
        return replace(wish, asked="search")
    return wish


def kind_of(plain: str) -> Asked:
    """What the message asks, by its phrases alone; `nothing` when they do not tell."""
    if p.COMPARE.search(plain):
        return "compare"
    if p.STOCK_QUESTION.search(plain):
        return "stock"
    if p.PRICE.search(plain) and not re.search(r"\b(?:lowest|highest|best) price", plain) and not read_limits(plain)[0]:
        return "price"
    return "nothing"


def years(found: re.Match[str] | None) -> int | None:
    """The age that was found, in whole years."""
    if found is None:
        return None
    if found["m"]:
        return int(found["m"]) // 12
    return next(int(value) for value in found.groups() if value)


def take_all(draft: Draft, pattern: re.Pattern[str]) -> bool:
    """Take every match out; whether there was one."""
    draft.text, count = pattern.subn(" | ", draft.text)
    return count > 0


def read_negations(draft: Draft, lexicon: Lexicon) -> None:
    """`not leather`, `without plastic or metal`: each becomes a condition."""
    place = 0
    while (found := c.NEGATION.search(draft.text, place)) is not None:
        end = found.end()
        first = True
        while (target := negated(draft.text[end:], lexicon)) is not None:
            length, meaning, word = target
            if meaning is not None:
                draft.without_options.append(meaning)
            else:
                draft.without.append(word)
            end, first = end + length, False
            if (
                more := re.match(
                    r"\s*(?:,|or|and|nor|oder|und|ou|et|o|y|e)\s+(?:no |in |not |keine? )?", draft.text[end:]
                )
            ) is None:
                break
            if not lexicon.meanings(next(iter(WORD.findall(draft.text[end + more.end() :])), "")):
                break
            end += more.end()
        if first:
            place = found.end()
        else:
            draft.text = f"{draft.text[: found.start()]} | {draft.text[end:]}"
            place = found.start()


def negated(text: str, lexicon: Lexicon) -> tuple[int, tuple[str, str] | None, str] | None:
    """(length, the option value that it is or None, the word) that a negation is about."""
    words = list(WORD.finditer(text))[:LONGEST]
    for count in range(len(words), 0, -1):
        phrase = text[words[0].start() : words[count - 1].end()]
        if "|" not in phrase and (meanings := lexicon.meanings(phrase)):
            return words[count - 1].end(), meanings[0], phrase
    if words and (word := words[0][0]) not in c.NOT_MEANT and word not in EMPTY and word.isalpha() and len(word) > 2:
        return words[0].end(), None, word
    return None


def read_conditions(draft: Draft, lexicon: Lexicon) -> None:
    """Brands and values of options, longest phrases first."""
    words = list(WORD.finditer(draft.text))
    used: set[int] = set()
    for count in range(min(LONGEST, len(words)), 0, -1):
        for start in range(len(words) - count + 1):
            places = range(start, start + count)
            phrase = draft.text[words[start].start() : words[start + count - 1].end()]
            if used & set(places) or "|" in phrase:
                continue
            before = words[start - 1][0] if start else ""
            after = words[start + count][0] if start + count < len(words) else ""
            if (meaning := meant(phrase, before, after, lexicon)) is not None:
                name, value = meaning
                draft.options[name] = tuple(dict.fromkeys((*draft.options.get(name, ()), value)))
            elif (
                not draft.brand
                and (brand := lexicon.brands.get(" ".join(WORD.findall(phrase)))) is not None
                and len(phrase) > 2
            ):
                draft.brand = brand
            else:
                continue
            used |= set(places)
            if before in c.SIZE_BEFORE or c.BY_BRAND.match(before) or before in lexicon.names:
                used.add(start - 1)
            if after in lexicon.names:
                used.add(start + count)
    for place in sorted(used, reverse=True):
        found = words[place]
        draft.text = f"{draft.text[: found.start()]} | {draft.text[found.end() :]}"


def meant(phrase: str, before: str, after: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """The condition that a phrase states, or None when it may be an ordinary word."""
    first, _, rest = phrase.partition(" ")
    if first in c.SIZE_BEFORE and any(name == "size" for name, _ in lexicon.meanings(rest)):
        return None
    for name, value in lexicon.meanings(phrase):
        named = folded(name) in {before, after}
        if name in {"colour", "material"}:
            return name, value
        if name == "size":
            certain = phrase in LETTER_SIZES and not phrase.isdigit()
            if (
                certain
                or named
                or before in c.SIZE_BEFORE - {"a", "an", "the"}
                or (before in {"a", "an"} and len(phrase) == 1)
            ):
                return name, value
        elif named or (any(map(str.isdigit, phrase)) and any(map(str.isalpha, phrase))):
            return name, value
    return None


def guessed_language(plain: str) -> str:
    """The language whose small words a text has most of; empty for English and when nothing tells."""
    words = plain.split()
    counts = {language: sum(word in small for word in words) for language, small in EMPTIES.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > sum(word in EMPTY for word in words) else ""


def words_left(text: str, language: str) -> str:
    """The words to look for: without what says nothing at either end of a piece."""
    empty = EMPTY | GENERIC | frozenset(EMPTIES.get(language, ()))
    foreign = frozenset(EMPTIES.get(language, ()))
    kept: list[str] = []
    for piece in text.split("|"):
        words = [word for word in WORD.findall(piece) if word not in foreign]
        while words and words[0] in empty:
            words.pop(0)
        while words and words[-1] in empty:
            words.pop()
        kept += words
    return " ".join(kept)
