"""Questions about what a product is: facts of its row, and what its description says of it.

Never here: prices and stock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.excerpts import pieces_of
from engine.trials.generating.figures import DURATION, MEASURE, figure_in
from engine.trials.generating.material import Material
from engine.trials.generating.naming import Named, named_products
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.voice import as_shopper, has_vague_words, question

__all__ = ["from_products"]

ASKED: tuple[tuple[str, str], ...] = (
    (r"(net )?weight", "How much {does} {the} weigh?"),
    (r"volume|capacity|content|contents", "How much {does} {the} hold?"),
    (r"materials?|made of|fabric", "What {be} {the} made of?"),
    (r"height", "How high {be} {the}?"),
    (r"length", "How long {be} {the}?"),
    (r"width", "How wide {be} {the}?"),
    (r"diameter", "What is the diameter of {the}?"),
    (r"size|dimensions|measurements", "How big {be} {the}?"),
    (r"origin|country of origin|made in", "Where {does} {the} come from?"),
    (r"ingredients", "What is in {the}?"),
    (r"warranty|guarantee", "How long is the warranty on {the}?"),
    (r"valid|validity", "How long {be} {the} valid?"),
    (r"care|washing|care instructions", "How do I wash {the}?"),
    (r"gender|age|age group", "Who {be} {the} for?"),
    (r".*\b(temperature|time)", "What is the {name} for {the}?"),
)
"""Name of a fact to how people ask for it."""
COUNTED = re.compile(r"[A-Z]?[a-z]+s")
NOT_ASKED = re.compile(
    r"\b(id|sku|gtin|ean|mpn|url|link|image|title|description|brand|price|stock|availability|condition|category|tags?"
    r"|vendor|handle|type|created|updated|published|shipping|tax|status|visibility|position|color|colour|amount)\b|^caffeine$",
    re.IGNORECASE,
)
EMPTY = re.compile(r"^(none|no|yes|n/?a|unknown|true|false|-|—|medium|high|low|0|various)$", re.IGNORECASE)
MOST_VALUE_WORDS = 8
SHORTEST_KEY = 5


def from_products(material: Material) -> Iterator[Proposal]:
    """Cases from the facts and the description of every product that can be named."""
    for named in named_products(material):
        yield from facts(named)
        yield from described(named)


def made(named: Named, asked: str, fact: str, evidence: str, must: tuple[str, ...], standing: int) -> Proposal:
    """A question about a product."""
    product = named.product
    return Proposal(
        "product",
        question(asked),
        f"{product.title}: {evidence}",
        product.id,
        f"{product.id} {fact}",
        must_include=must,
        standing=standing,
    )


def facts(named: Named) -> Iterator[Proposal]:
    """What its row states."""
    words = {"the": named.the, "does": named.does, "be": named.be}
    for name, value in named.product.attributes.items():
        if NOT_ASKED.search(name) or EMPTY.match(value) or len(value.split()) > MOST_VALUE_WORDS:
            continue
        plain = name.replace("_", " ").strip().lower()
        form = next((form for pattern, form in ASKED if re.fullmatch(pattern, plain)), None)
        counted = COUNTED.fullmatch(name) and plain in named.product.description.lower()
        if form is None and counted and re.fullmatch(r"(about )?\d+", value):
            form = "How many {name} {does} {the} have?"
        elif form is None and (figure_in(value) or re.fullmatch(r"[\w-]+ [\w-]+", plain)):
            form = "What is the {name} of {the}?"
        if form is None:
            continue
        must = figure_in(value) or re.sub(r"^(about|approx\.?|ca\.?) ", "", value)
        yield made(named, form.format(name=plain, **words), f"{plain} {must}", f"{name}: {value}", (must,), 0)


def described(named: Named) -> Iterator[Proposal]:
    """What its description says of it in so many words."""
    for piece in pieces_of(named.product.description):
        told = re.split(r";|: ", piece.strip().rstrip(".!"))[0].removeprefix("- ").strip()
        if found := of_sentence(named, told):
            asked, must, standing = found
            yield made(named, asked, f"said {must or told}", piece, must, standing)


def of_sentence(named: Named, told: str) -> tuple[str, tuple[str, ...], int] | None:
    """(question, what an answer holds, how much was guessed) of one sentence, or None."""
    the, does, be = named.the, named.does, named.be
    told = re.sub(
        r"^(it|this \w+) (?=(holds|works|fits|lasts|measures|weighs|contains|comes|takes|can be|is)\b)",
        "",
        told,
        flags=re.I,
    )
    if found := re.match(r"(?:can|may) be (?P<rest>(?:pre-)?\w+ed\b.*)$", told, re.I):
        rest = re.split(r",|;", found["rest"])[0]
        return (
            (f"Can {the} be {rest}", key_of(rest), 2) if len(rest.split()) <= 8 and not has_vague_words(rest) else None
        )
    if found := re.match(rf"lasts? (?:for )?(?:about |up to )?(?P<span>{DURATION})", told, re.I):
        return f"How long {does} {the} last", (found["span"],), 0
    if found := re.match(rf"valid for (?P<span>{DURATION})", told, re.I):
        return f"How long {be} {the} valid", (found["span"],), 0
    if found := re.match(rf"(?:each \w+ )?holds? (?P<size>{MEASURE})", told, re.I):
        return f"How much {does} {the} hold", (found["size"],), 0
    if found := re.match(rf"measures? (?P<size>{MEASURE})", told, re.I):
        return f"How big {be} {the}", (found["size"],), 0
    if found := re.match(r"works? on (?P<rest>[\w, ]+)$", told, re.I):
        kinds = re.split(r", | and ", found["rest"])
        noun = kinds[-1].split()[-1]
        first = kinds[-1] if len(kinds) == 1 else f"{kinds[-1].removesuffix(noun).strip()} {noun}"
        return f"{does} {the} work on {first}", (kinds[-1].split()[0],), 0
    if found := re.match(r"contains (?P<rest>.+)$", told, re.I):
        return contained(named, found["rest"])
    if found := re.match(r"fits (?P<rest>\w[\w ]+?)(?:,|$)", told, re.I):
        fact = figure_in(found["rest"])
        return f"What size of {found['rest'].split()[0]} {does} {the} fit" if fact else "", (fact,) if fact else (), 1
    if found := re.match(
        r"(?P<what>(?:safe|suitable|good|certified|free|naturally free|machine washable|waterproof|dishwasher safe)\b[\w ,-]*)$",
        told,
        re.I,
    ):
        what = re.split(r",", found["what"])[0]
        return (
            (f"{be} {the} {what.lower()}", key_of(what), 1)
            if not has_vague_words(what) and len(what.split()) <= 8
            else None
        )
    if found := re.match(
        r"(?P<what>(?:grown|made|sold|sent|packed|produced|woven|printed)\b (?:without|in|by|with|from) [\w ]{3,40})$",
        told,
        re.I,
    ):
        return f"{be} {the} {lowered(found['what'])}", key_of(found["what"]), 2
    if found := re.match(r"(?:wash|clean|rinse) (?:it |them )?(?P<how>by hand|with [\w ]+ only)", told, re.I):
        return f"How do I clean {the}", (re.sub(r"^with | only$", "", found["how"]),), 1
    return None


def contained(named: Named, rest: str) -> tuple[str, tuple[str, ...], int] | None:
    """`Contains no tea leaves and no caffeine`."""
    parts = re.split(r" and |, ", rest)
    missing = [part.removeprefix("no ") for part in parts if part.startswith("no ")]
    if missing:
        return f"{named.does} {named.the} contain {missing[-1]}", (f"no {missing[-1]}",), 0
    first = parts[0]
    named_first = " ".join(first.split()[:2])
    return (f"{named.does} {named.the} contain {named_first}", key_of(named_first), 2) if " " in first else None


def key_of(words: str) -> tuple[str, ...]:
    """The word that an answer which confirms them repeats: the last that tells something."""
    telling = [word for word in re.findall(r"[\w-]+", words) if len(word) >= SHORTEST_KEY]
    return (telling[-1],) if telling else ()


def lowered(words: str) -> str:
    """A sentence's beginning inside another."""
    return as_shopper(words[0].lower() + words[1:])
