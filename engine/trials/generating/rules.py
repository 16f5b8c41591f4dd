"""Forms of sentences and the question each answers.

Never here: which page a sentence stands on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.trials.generating.figures import DURATION, MONEY, TIME, amount_in, duration_in, figure_in, named_in
from engine.trials.generating.voice import as_shopper, has_vague_words, is_plural, lower_first, question

__all__ = ["RULES", "Made"]

FLAGS = re.IGNORECASE
NOUN = r"(?P<noun>[A-Za-z][\w'’&/ -]{2,60}?)"
"""A noun phrase in front of a verb."""
UNCLEAR_NOUN = re.compile(
    r"^(an? |you\b|we\b|i\b|if\b|when\b|to\b|but\b|and\b|or\b|all\b|both\b|what\b|which\b|who\b|so\b|then\b|also\b|please\b|for\b|in\b|on\b|at\b|from\b|with\b|by\b|after\b|before\b|each\b|every\b)",
    FLAGS,
)
LATER = re.compile(r"\s*(?:[,;:]| – | - | because | since | so that | which | who | unless | but )\s*.*$", FLAGS)
"""Where a clause ends and the next begins."""
SOON = re.compile(r"\s+(at the moment|currently|at this time|yet|right now|for now)$", FLAGS)


TROUBLE = re.compile(
    r"\b(not|\w+n['’]t|cannot|fail\w*|error|broken|missing|lost|wrong|damaged|late|forg[eo]t\w*|unable|accident\w*|stolen|"
    r"expired|defective|faulty|issues?|problems?|trouble|questions?|delayed|incorrect|incomplete|stuck)\b",
    FLAGS,
)
"""What makes people ask what to do."""


@dataclass(frozen=True, slots=True)
class Made:
    """A question that a sentence answers, and what of it an answer must hold."""

    question: str
    must_include: tuple[str, ...] = ()
    topic: str = ""
    subject: str = ""
    standing: int = 1
    least_words: int = 2
    """Telling words without which the question could mean anything."""


Rule = Callable[[str], Iterator[Made]]


def named(noun: str) -> str:
    """A noun phrase as it stands inside a question; empty when it does not tell what is meant."""
    noun = noun.strip()
    if UNCLEAR_NOUN.match(noun) or has_vague_words(noun) or len(noun.split()) > 9:
        return ""
    return as_shopper(lower_first(noun))


def first_clause(text: str) -> str:
    """The words up to where another clause begins."""
    return SOON.sub("", LATER.sub("", text)).strip()


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


def accepted(told: str) -> Iterator[Made]:
    """We accept Visa, Mastercard and PayPal."""
    found = re.match(
        r"(?:we accept|we take|you can pay (?:with|by|using)|payment is possible (?:with|by)) (?P<names>.+)$",
        told,
        FLAGS,
    )
    for name in names_in(found["names"]) if found else ():
        yield Made(question(f"Can I pay with {name}"), (name,), topic="pay_with", subject=name, least_words=1)


def names_in(text: str) -> list[str]:
    """The names of a list in a sentence."""
    parts = [part.strip() for part in re.split(r",\s*(?:and |or )?| and | or ", text.rstrip(". "))]
    named = [part for part in parts if re.fullmatch(r"(?:[a-z][A-Z]|[A-Z])[\w.+-]*(?: [A-Z][\w.+-]*)*", part)]
    return named if len(named) == len(parts) else []


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


def declined(told: str) -> Iterator[Made]:
    """We do not deliver outside the European Union, nor to Switzerland and the United Kingdom."""
    found = re.match(r"we (?:do not|don['’]t|cannot|can['’]t|never) (?P<rest>.+)$", told, FLAGS)
    if not found:
        return
    rest, _, nor = found["rest"].partition(", nor ")
    rest = first_clause(rest).partition(" or ")[0]
    ask = "Can you" if re.match(r"we (cannot|can['’]t)", told, FLAGS) else "Do you"
    if 2 <= len(rest.split()) <= 12:
        yield Made(question(f"{ask} {as_shopper(SOON.sub('', rest))}"), standing=2)
    verb = rest.partition(" ")[0]
    if nor.startswith("to ") and verb in {"deliver", "ship", "send"}:
        place = re.split(r" and | or |,", nor)[0]
        yield Made(question(f"Do you {verb} {place}"), (place.removeprefix("to "),), standing=1)


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


def included(told: str) -> Iterator[Made]:
    """All prices include VAT."""
    found = re.match(
        r"(?:all |our )*(?P<noun>prices) (?:already )?(?P<verb>include|exclude|do not include) (?P<rest>.+)$",
        told,
        FLAGS,
    )
    if found and len(found["rest"].split()) <= 5:
        yield Made(question(f"Do your prices include {as_shopper(found['rest'])}"), (found["verb"],), least_words=1)


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


RULES: tuple[Rule, ...] = (
    deadline, free_from, cost, takes, free, cut_off, accepted, sent_with, included, warranty, within, is_figure, counted, began,
    comes_from, our_is, declined, can_be, allowed, offered, kept_in_case, made_so,
)  # fmt: skip
"""The first that knows a sentence's form speaks."""
