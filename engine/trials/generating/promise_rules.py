"""Sentences that say what the shop does or does not do, and what a shopper may do or can do about trouble.

Never here: sentences that a figure makes worth asking.
"""
# ruff: noqa: E501 - a pattern reads best in one line

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.trials.generating.figures import figure_in, named_in
from engine.trials.generating.made import FLAGS, NOUN, SOON, YES, Made, Rule, first_clause, named, names_in
from engine.trials.generating.voice import as_shopper, has_vague_words, is_plural, question

__all__ = ["PROMISE_RULES"]

TROUBLE = re.compile(
    r"\b(not|\w+n['’]t|cannot|fail\w*|error|broken|missing|lost|wrong|damaged|late|forg[eo]t\w*|unable|accident\w*|stolen|"
    r"expired|defective|faulty|issues?|problems?|trouble|questions?|delayed|incorrect|incomplete|stuck)\b",
    FLAGS,
)
"""What makes people ask what to do."""


def accepted(told: str) -> Iterator[Made]:
    """We accept Visa, Mastercard and PayPal."""
    found = re.match(
        r"(?:we accept|we take|you can pay (?:with|by|using)|payment is possible (?:with|by)) (?P<names>.+)$",
        told,
        FLAGS,
    )
    for name in names_in(found["names"]) if found else ():
        yield Made(question(f"Can I pay with {name}"), (name,), topic="pay_with", subject=name, least_words=1)


def sent_with(told: str) -> Iterator[Made]:
    """We send with bpost and DHL, and you get a link by e-mail."""
    found = re.match(
        r"we (?:send|ship|deliver)(?: orders| parcels)? (?:with|by|via|through) (?P<names>[^;:]+)", told, FLAGS
    )
    names = (
        [name for name in re.split(r", | and | or ", found["names"].partition(", and ")[0]) if len(name.split()) <= 3]
        if found
        else []
    )
    if names:
        yield Made("Which carrier do you send parcels with?", tuple(names[:2]), least_words=1)


def included(told: str) -> Iterator[Made]:
    """All prices include VAT."""
    found = re.match(
        r"(?:all |our )*(?P<noun>prices) (?:already )?(?P<verb>include|exclude|do not include) (?P<rest>.+)$",
        told,
        FLAGS,
    )
    if found and len(found["rest"].split()) <= 5:
        yield Made(question(f"Do your prices include {as_shopper(found['rest'])}"), (found["verb"],), least_words=1)


def comes_from(told: str) -> Iterator[Made]:
    """Our clay comes from the Westerwald, our glazes are free of lead."""
    found = re.match(
        r"(?P<noun>our [\w' -]{3,30}?) (?P<verb>comes?) from (?P<place>(?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)",
        told,
        FLAGS,
    )
    if found and (place := named_in(found[0], "")):
        yield Made(
            question(
                f"Where {'do' if is_plural(found['noun']) else 'does'} {as_shopper(found['noun'].lower())} come from"
            ),
            (place,),
        )


def our_is(told: str) -> Iterator[Made]:
    """Our glazes are free of lead."""
    clause = re.split(r", (?:our|the|and|but)\b|;", told)[0]
    found = re.match(
        r"(?P<noun>our [\w'’ -]{3,40}?) (?P<be>is|are) (?P<rest>(?:not )?(?:free of|made (?:of|from|in|by)|certified|packed|safe|suitable|available|open|closed)\b[\w' %-]*)$",
        clause,
        FLAGS,
    )
    if found and len(found["rest"].split()) <= 9:
        yield Made(question(f"{found['be']} {as_shopper(found['noun'])} {as_shopper(found['rest'])}"), standing=2)


def declined(told: str) -> Iterator[Made]:
    """We do not deliver outside the European Union, nor to Switzerland and the United Kingdom."""
    found = re.match(r"we (?:do not|don['’]t|cannot|can['’]t|never) (?P<rest>.+)$", told, FLAGS)
    if not found:
        return
    rest, _, nor = found["rest"].partition(", nor ")
    rest = first_clause(rest).partition(" or ")[0]
    ask = "Can you" if re.match(r"we (cannot|can['’]t)", told, FLAGS) else "Do you"
    if 2 <= len(rest.split()) <= 12:
        yield Made(question(f"{ask} {as_shopper(SOON.sub('', rest))}"), must_not_include=YES, standing=2)
    verb = rest.partition(" ")[0]
    if nor.startswith("to ") and verb in {"deliver", "ship", "send"}:
        place = re.split(r" and | or |,", nor)[0]
        yield Made(question(f"Do you {verb} {place}"), (place.removeprefix("to "),), must_not_include=YES)


def can_be(told: str) -> Iterator[Made]:
    """An order can only be cancelled if its status is 'pending'. Opened bags cannot be returned."""
    found = re.match(
        rf"(?P<article>an? )?{NOUN} (?P<may>can only|can|may|cannot|can['’]t|may not|can not) be (?P<rest>\w+(?:ed|wn|en|pt|lt|ent|ought|old|ound|ut)\b.*)$",
        told,
        FLAGS,
    )
    if not found:
        return
    noun = named(found["noun"])
    noun = f"{found['article'].lower()}{noun}" if found["article"] and noun else noun
    rest = re.split(r", | and you |;|:", found["rest"])[0]
    only = re.match(r"(?P<done>[\w ]+?) (?:if|when|while) (?P<so>.+)$", rest, FLAGS)
    if noun and only and found["may"].lower() == "can only":
        quoted = re.search(r"[\"'“‘]([^\"'”’]+)[\"'”’]", only["so"])
        yield Made(
            question(f"When can {noun} be {as_shopper(only['done'])}"), (quoted[1],) if quoted else (), standing=1
        )
    elif noun and found["may"].lower() != "can only" and len(rest.split()) <= 12:
        yield Made(question(f"Can {noun} be {as_shopper(rest)}"), standing=2)


def allowed(told: str) -> Iterator[Made]:
    """You can correct and delete your data at any time."""
    found = re.match(r"you (?P<may>can|may|cannot|can['’]t|may not|can also|can['’]t) (?P<rest>.+)$", told, FLAGS)
    if not found:
        return
    rest = re.sub(
        r"^(?:now|also|only|then|always|either|still) ",
        "",
        re.split(r", (?:which|who|where|and|but|so|as|for)\b|;|:| which | by clicking ", found["rest"])[0],
        flags=FLAGS,
    )
    if 3 <= len(rest.split()) <= 14 and not re.match(
        r"(see|find|learn|read|view|check|refer|follow|think|imagine|simply|just|need|want|notice|experience|no longer|try|have|be|choose|expect)\b",
        rest,
        FLAGS,
    ):
        yield Made(question(f"Can I {as_shopper(rest)}"), standing=3, least_words=3)


def offered(told: str) -> Iterator[Made]:
    """We offer gift wrapping for 3 euros."""
    found = re.match(
        r"we (?:also )?(?P<verb>offer|sell|ship|deliver|accept|refund|support|repair|replace|provide|charge) (?P<rest>.+)$",
        told,
        FLAGS,
    )
    if found and 2 <= len((rest := first_clause(found["rest"])).split()) <= 12:
        fact = figure_in(told)
        yield Made(question(f"Do you {found['verb']} {as_shopper(rest)}"), (fact,) if fact else (), standing=3)


def kept_in_case(told: str) -> Iterator[Made]:
    """If the code does not work, contact our support."""
    found = re.match(r"if (?P<case>[^,:;]{12,90}), (?P<then>.+)$", told, FLAGS)
    if not found or not 4 <= len(found["case"].split()) <= 13 or has_vague_words(found["case"]):
        return
    wish = re.match(r"you (?:want|need|wish|would like|intend|prefer) to (?P<do>.+)$", found["case"], FLAGS)
    if wish:
        yield Made(question(f"How do I {as_shopper(wish['do'])}"), standing=2, least_words=3)
    elif TROUBLE.search(found["case"]):
        yield Made(question(f"What should I do if {as_shopper(found['case'])}"), standing=2, least_words=2)


def made_so(told: str) -> Iterator[Made]:
    """To update the firmware in Arduino IDE 1.8.19, open the board manager."""
    found = re.match(
        r"to (?P<do>(?!ensure|avoid|be|learn|see|do|get|find|make|prevent|help|this|have)\w+ [^,:]{10,80}), (?P<then>.+)$",
        told,
        FLAGS,
    )
    if found and 4 <= len(found["do"].split()) <= 12 and not has_vague_words(found["do"]):
        yield Made(question(f"How do I {as_shopper(found['do'])}"), standing=2, least_words=3)


PROMISE_RULES: tuple[Rule, ...] = (
    accepted,
    sent_with,
    included,
    comes_from,
    our_is,
    declined,
    can_be,
    allowed,
    offered,
    kept_in_case,
    made_so,
)
"""The first that knows a sentence's form speaks."""
