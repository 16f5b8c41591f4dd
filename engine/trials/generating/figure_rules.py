"""Sentences that state a figure: what something costs, how long it takes, how many there are.

Never here: sentences that allow or decline something.
"""
# ruff: noqa: E501 - a pattern reads best in one line

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.trials.generating.figures import DURATION, MONEY, TIME, amount_in, duration_in, figure_in
from engine.trials.generating.made import FLAGS, NOUN, Made, Rule, named
from engine.trials.generating.voice import as_shopper, is_plural, question

__all__ = ["FIGURE_RULES"]


def deadline(told: str) -> Iterator[Made]:
    """You may return what you bought within 30 days of receiving it."""
    found = re.match(
        rf"you (?:may|can|have to|must) (?P<do>[^,;:]+?) (?:within|for up to|up to) (?P<span>{DURATION})\b", told, FLAGS
    )
    if found and (span := duration_in(found["span"])):
        unit = span.split()[-1].removesuffix("s") + "s"
        returns = re.match(r"(return|send back)\b", found["do"], FLAGS)
        yield Made(
            question(f"How many {unit} do I have to {as_shopper(found['do'])}"),
            (span,),
            topic="return_period" if returns else "",
        )


def free_from(told: str) -> Iterator[Made]:
    """Orders over 50 euros ship free."""
    found = re.match(
        rf"(?:all )?orders? (?:of |over |above |from |worth )+(?P<sum>{MONEY})[^.;]*\b(?:ships?|delivered|shipped|delivery|shipping)\b",
        told,
        FLAGS,
    )
    later = re.match(
        rf"{NOUN} (?:is|are) free (?:of charge )?(?:from|over|above|for orders (?:over|above|from)|on orders (?:over|above)) (?P<sum>{MONEY})",
        told,
        FLAGS,
    )
    if found and re.search(r"\bfree\b", told, FLAGS):
        yield Made("From what amount is delivery free?", (amount_in(found["sum"]) or "",), least_words=1)
    elif later and (noun := named(later["noun"])):
        yield Made(
            question(f"From what amount {'are' if is_plural(noun) else 'is'} {noun} free"),
            (amount_in(later["sum"]) or "",),
        )


def cost(told: str) -> Iterator[Made]:
    """Standard delivery to Germany costs 6.90 EUR and takes 2 to 4 working days."""
    found = re.match(rf"{NOUN} costs? (?:only )?{MONEY}", told, FLAGS)
    if not found or not (noun := named(found["noun"])):
        return
    if amount := amount_in(told[found.end("noun") :]):
        yield Made(question(f"How much {'do' if is_plural(noun) else 'does'} {noun} cost"), (amount,))
    if later := re.search(rf"\band (?:is|are) free (?:from|over|above) {MONEY}", told, FLAGS):
        yield Made(
            question(f"From what amount {'are' if is_plural(noun) else 'is'} {noun} free"), (amount_in(later[0]) or "",)
        )
    if later := re.search(rf"\band takes? (?:about )?(?P<span>{DURATION})", told, FLAGS):
        yield Made(question(f"How long does {noun} take"), (later["span"],))


def takes(told: str) -> Iterator[Made]:
    """Delivery to Germany takes 2 to 4 working days."""
    found = re.match(
        rf"{NOUN} (?P<verb>takes?|lasts?) (?:about |around |up to |between )?(?P<span>{DURATION})", told, FLAGS
    )
    if found and (noun := named(found["noun"])):
        verb = found["verb"].lower().removesuffix("s")
        yield Made(question(f"How long {'do' if is_plural(noun) else 'does'} {noun} {verb}"), (found["span"],))


def free(told: str) -> Iterator[Made]:
    """Collecting your order in our shop is free."""
    found = re.match(
        r"(?P<noun>[^,;:]{4,80}?) (?P<be>is|are) (?:always )?(?:free|free of charge)(?: from|$)(?! of)", told, FLAGS
    )
    if found and not told.lower().endswith(" from") and (noun := named(found["noun"])):
        yield Made(
            question(f"Does {noun} cost anything" if found["be"] == "is" else f"Do {noun} cost anything"), ("free",)
        )


def cut_off(told: str) -> Iterator[Made]:
    """Orders placed before 14:00 on a working day leave our workshop the same day."""
    found = re.match(rf"orders? (?:placed |received |made )?(?:before|by|until) (?P<time>{TIME})", told, FLAGS)
    if found and re.search(r"\bsame (?:working |business )?(?:day|afternoon)\b", told, FLAGS):
        yield Made(
            "Until what time do I have to order so that it is sent the same day?", (found["time"],), least_words=1
        )


def warranty(told: str) -> Iterator[Made]:
    """Every piece has the legal warranty of two years."""
    found = re.search(
        rf"(?P<what>(?:legal |manufacturer's |limited )?(?:warranty|guarantee)) of (?P<span>{DURATION})", told, FLAGS
    )
    if found:
        yield Made(question(f"How long is the {found['what']}"), (found["span"],), least_words=1)


def within(told: str) -> Iterator[Made]:
    """We answer within one working day. We refund the purchase price within 14 days."""
    answer = re.search(
        rf"\bwe (?:answer|reply|respond)(?: to)?(?P<what>[\w -]*?) within (?P<span>{DURATION})", told, FLAGS
    )
    if answer and (what := re.search(r"\be-?mails?\b|\bmessages?\b|\benquir\w+|\bquestions?\b", told, FLAGS)):
        yield Made(question(f"How quickly do you answer {what[0].lower().removesuffix('s')}s"), (answer["span"],))
        return
    found = re.match(
        rf"we (?P<verb>send|deliver|ship|refund|process|dispatch|replace|repair) (?P<rest>[\w' -]{{4,50}}?) within (?P<span>{DURATION})",
        told,
        FLAGS,
    )
    if found and not re.match(r"(you|it|them|this) ", found["rest"], FLAGS):
        yield Made(question(f"How quickly do you {found['verb']} {as_shopper(found['rest'])}"), (found["span"],))


def is_figure(told: str) -> Iterator[Made]:
    """The maximum input voltage of the UNO R4 is 24 V."""
    found = re.match(
        r"(?P<noun>(?:the|our|your) [\w'’&/ -]{6,70}?) (?P<be>is|are) (?:about |up to |only )?(?P<rest>[^,;]+)",
        told,
        FLAGS,
    )
    figure = figure_in(found["rest"]) if found else None
    if found and figure and found["rest"].lstrip().startswith(figure[:1]) and (noun := named(found["noun"])):
        yield Made(question(f"What {found['be']} {noun}"), (figure,), least_words=2)


def counted(told: str) -> Iterator[Made]:
    """Our retail store has 50 types of products."""
    found = re.match(
        r"(?P<noun>(?:our|the) [\w' -]{3,50}?) (?P<verb>has|have|offers?|includes?) (?P<count>\d+) (?P<things>[a-z][\w -]{3,40})$",
        told,
        FLAGS,
    )
    if found and (noun := named(found["noun"])):
        does = "do" if is_plural(noun) else "does"
        yield Made(question(f"How many {found['things']} {does} {noun} have"), (found["count"],))


def began(told: str) -> Iterator[Made]:
    """Fernleaf & Kiln began in 2014."""
    found = re.match(
        r"(?P<who>[A-Z][\w&' -]{2,50}?|we) (?:began|was founded|were founded|started|opened|was established) (?:in|on) (?P<year>(?:19|20)\d\d)\b",
        told,
    )
    if found:
        who = "you" if found["who"].lower() == "we" else found["who"]
        yield Made(
            question(f"Since when {'do' if who == 'you' else 'does'} {who} exist"), (found["year"],), least_words=0
        )


FIGURE_RULES: tuple[Rule, ...] = (
    deadline,
    free_from,
    cost,
    takes,
    free,
    cut_off,
    warranty,
    within,
    is_figure,
    counted,
    began,
)
"""The first that knows a sentence's form speaks."""
