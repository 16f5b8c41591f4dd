"""Drafts of answers made by rule from rows and passages, and the same with one token changed.

What counts as a token is found here by plain patterns of its own, not by the guard's reading: a blind spot of the
guard must not hide itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.answering.wording import availability_words, money_words, product_sentence
from engine.domain.knowledge import Passage, Product
from engine.ports import CompositionRequest

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
URL = re.compile(r"https?://[^\s)\]>\"]+|\b[\w-]+(?:\.[\w-]+)*\.(?:cc|com|io|org|net)(?:/[^\s)\]>\",]*)?")
MAIL = re.compile(r"[\w.]+@[\w.]+\w")
STOCK = re.compile(r"out of stock at the moment|out of stock|in stock|sold out|available for pre-order")
NAMED = re.compile(
    r"\b(?:January|February|March|April|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday"
    r"|Thursday|Friday|Saturday|Sunday)\b"
)
IN_WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|ten|twelve|thirty|sixty|ninety)(?= (?:business |working )?(?:days?|weeks?"
    r"|months?|years?|hours?|minutes?)\b)"
)
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
MONTHS = ("January", "March", "April", "June", "September", "October", "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORDS = ("two", "three", "four", "six", "seven", "ten", "twelve", "thirty", "sixty", "ninety")


@dataclass(frozen=True, slots=True)
class Draft:
    """A right answer with what it was made of."""

    text: str
    request: CompositionRequest
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A draft with one token changed."""

    draft: Draft
    text: str
    kind: str
    wrong: str
    """The changed token with the words before it: it must not leave."""


def product_drafts(product: Product, request: CompositionRequest, variants: int = 4) -> list[Draft]:
    """Sentences that a composer or a model would make of a row."""
    title, stock = product.title, availability_words(product.availability)
    texts = [product_sentence(product)]
    if product.price is not None and not product.variants:
        texts.append(f"The {title} costs {money_words(product.price)}.")
        texts.append(f"{title} is available for {money_words(product.price)}" + (f" and is {stock}." if stock else "."))
    if product.sku:
        texts.append(f"The SKU of {title} is {product.sku}.")
    if product.url:
        texts.append(f"You can find {title} here: {product.url}")
    for variant in product.variants[:variants]:
        name = ", ".join(variant.options.values())
        words = availability_words(variant.availability)
        if variant.price is not None and name:
            texts.append(f"{title} in {name} costs {money_words(variant.price)}.")
        if words and name:
            texts.append(f"{title} in {name} is {words}.")
        if variant.sku and name:
            texts.append(f"The article number of {title} in {name} is SKU {variant.sku}.")
    return [Draft(text, request, product) for text in texts if text]


def passage_drafts(passage: Passage, request: CompositionRequest) -> list[Draft]:
    """Sentences of a passage that hold something to check, as they stand and introduced."""
    found = []
    for sentence in SENTENCE.split(passage.text):
        text = sentence.strip()
        whole = text and text in passage.text and text[-1:] in ".!" and text[:1].isupper() and "|" not in text
        if (
            whole
            and 4 <= len(text.split()) <= 40
            and text.count('"') % 2 == 0
            and text.count("(") == text.count(")")
            and not re.search(r"[\[\]`*<>#]", text)
            and tokens(text)
        ):
            found += [Draft(text, request), Draft(f"Happy to help! {text} Is there anything else?", request)]
    return found


def tokens(text: str) -> list[tuple[str, re.Match[str]]]:
    """(kind, where) of all that may be changed; the parts of an address only as a whole."""
    found: list[tuple[str, re.Match[str]]] = []
    patterns = (
        ("mail", MAIL),
        ("url", URL),
        ("stock", STOCK),
        ("date", NAMED),
        ("words", IN_WORDS),
        ("number", NUMBER),
    )
    for kind, pattern in patterns:
        for one in pattern.finditer(text):
            if not any(one.start() < other.end() and other.start() < one.end() for _, other in found):
                found.append((kind, one))
    return found


def changed(draft: Draft, chance: random.Random) -> Changed | None:
    """The draft with one token changed; None when it has none."""
    found = tokens(draft.text)
    if not found:
        return None
    kind, where = chance.choice(found)
    other = replacement(kind, where[0], draft, chance)
    if other is None or other.casefold() == where[0].casefold() or still_true(draft, where, other):
        return None
    text = draft.text[: where.start()] + other + draft.text[where.end() :]
    lead = re.search(r"(?:\S+\s+){0,2}\S*$", draft.text[: where.start()])
    wrong = (lead[0] if lead else "") + other
    after = re.match(r"[\w-]*(?:\s\w+)?", draft.text[where.end() :])
    return Changed(draft, text, kind, wrong + (after[0] if after else ""))


def still_true(draft: Draft, where: re.Match[str], other: str) -> bool:
    """Whether the change names another variant of which the sentence holds too."""
    product = draft.product
    if product is None:
        return False
    text = draft.text[: where.start()] + other + draft.text[where.end() :]
    twins = [draft_.text for draft_ in product_drafts(product, draft.request, len(product.variants))]
    price = re.search(r"costs (\S+)\.$", draft.text)
    same = {money_words(v.price) for v in product.variants if v.price}
    inside = where.end() < draft.text.find("costs") or where.end() < draft.text.find(" is ")
    names_variant = any(other in value for v in product.variants for value in v.options.values())
    return text in twins or bool(names_variant and inside and (price is None or len(same) == 1))


def replacement(kind: str, token: str, draft: Draft, chance: random.Random) -> str | None:
    """Another token of the same kind: made up, or taken from elsewhere in the same evidence."""
    match kind:
        case "number":
            return other_number(token, draft, chance)
        case "stock":
            return chance.choice([word for word in ("in stock", "out of stock", "sold out") if differs(word, token)])
        case "date":
            return chance.choice([name for name in (MONTHS if token in MONTHS else DAYS) if name != token])
        case "words":
            return chance.choice([word for word in WORDS if word != token])
        case "url":
            known = [one[0].rstrip(".") for one in URL.finditer(evidence_of(draft)) if page(token) != page(one[0])]
            invented = [token.rstrip("/") + "-2", "https://shop-support.example/help"]
            return chance.choice(invented + known[:3])
        case _:
            return f"x{token}"


def page(url: str) -> str:
    """An address without what does not tell pages apart."""
    return re.sub(r"^https?://|^www\.|[./:,;]+$", "", url.partition("#")[0])


def differs(word: str, token: str) -> bool:
    """Whether two words of stock say something else."""
    return (word == "in stock") != (token == "in stock") if "pre-order" not in token else word != token


def other_number(token: str, draft: Draft, chance: random.Random) -> str:
    """A number that differs: by its digits, by its size, or another one of the evidence."""
    ways = chance.random()
    if ways < 0.4:
        known = [one for one in NUMBER.findall(evidence_of(draft)) if value(one) != value(token)]
        if known:
            return chance.choice(known)
    digits = list(token)
    places = [place for place, sign in enumerate(digits) if sign.isdigit()]
    place = chance.choice(places)
    digits[place] = chance.choice([d for d in "123456789" if d != digits[place]])
    return "".join(digits)


def value(number: str) -> str:
    """A number without its signs and superfluous zeros."""
    return re.sub(r"[.,]0+$", "", number).replace(",", "").replace(".", "")


def evidence_of(draft: Draft) -> str:
    """All words and figures of the draft's evidence."""
    parts = [item.passage.text for item in draft.request.evidence]
    parts += [product_sentence(product) for product in draft.request.products]
    parts += [f"{v.sku} {v.price.amount if v.price else ''}" for p in draft.request.products for v in p.variants]
    return "\n".join(parts)


def pieces(text: str, size: int) -> Sequence[str]:
    """The text as it arrives; whole when the size is 0."""
    return [text] if size == 0 else [text[place : place + size] for place in range(0, len(text), size)]
