"""What kind of value a question asks for (a price, a weight, a duration ...), and whether a text states one.

A passage about the right thing that states no value of the kind that is asked for does not answer the question:
that tells a near miss from an answer where likeness cannot. Rules of language only; nothing about any shop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from engine.answering.stems import stems

__all__ = ["KINDS", "STRICT", "expected_kinds", "lacks", "states", "valued"]

NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
    "|hundred|half an?|a|an|ein(?:e[mnr]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|zehn|deux|trois|dos|tres|due|tre"
)
NUMBER = rf"(?:\d[\d.,]*|\b(?:{NUMBER_WORDS})\b)"
SPAN_OF_TIME = (
    r"seconds?|secs?|minutes?|mins?|hours?|hrs?|(?:business |working )?days?|weeks?|fortnights?|months?|years?|nights?"
    r"|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|jours?|heures?|semaines?|mois|ans?|années?"
    r"|d[ií]as?|horas?|semanas?|meses|años?|giorni|ore|settimane|mesi|anni"
)

KINDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "money": r"[€£$¥]\s?\d|\d\s?(?:[€£$¥]|(?:eur|euros?|usd|dollars?|gbp|pounds?|chf|francs?|cents?|pence|p)\b)"
        r"|\b(?:eur|usd|gbp|chf)\s?\d|\bfree of charge\b|\b(?:is|are|sent|comes?|deliver\w*|shipp\w*|returns?) (?:\w+ )?free\b"
        r"|\bfree (?:deliver\w*|shipping|returns?|postage)\b|\bcosts? nothing\b|\bkostenlos|\bgratuit|\bgratis\b",
        "percent": r"\d\s?(?:%|per ?cent)|\bhalf\b",
        "duration": rf"{NUMBER}[\s-]*(?:to |[–-] ?)?(?:\d+[\s-]*)?(?:\(\w+\) )?(?:{SPAN_OF_TIME})\b"
        r"|\b(?:at once|immediately|same day|next (?:\w+ )?day|overnight|forever|no (?:notice|limit)|lifetime|instantly)\b"
        rf"|\b(?:per|each|every|a) (?:{SPAN_OF_TIME})\b",
        "clock": r"\b\d{1,2}(?:[:.]\d{2})? ?(?:[ap]\.?m\b|o'clock|uhr|h\b)|\b\d{1,2}:\d{2}\b|\bnoon\b|\bmidnight\b|\b24/7\b",
        "length": rf"{NUMBER}[\s-]?(?:mm|cm|m|km|metres?|meters?|centimet\w+|millimet\w+|inch(?:es)?|in|ft|feet|foot|miles?|yards?"
        r"|[\"″])(?:\b|$)|\d\s?[x×]\s?\d",
        "weight": r"\d\s?(?:mg|g|kg|grams?|grammes?|kilos?|kilograms?|lbs?|pounds?|oz|ounces?|tons?|tonnes?)\b",
        "volume": r"\d\s?(?:ml|cl|l|lit(?:re|er)s?|gallons?|fl\.? ?oz|cups?)\b",
        "temperature": r"\d\s?(?:°|degrees?|celsius|fahrenheit)",
        "electric": r"\d\s?(?:m|k|µ|u)?(?:v|volts?|a|amps?|amperes?|w|watts?|ah|hz|ohms?)\b",
        "storage": r"\d\s?(?:[kmgt]i?b|bytes?|megabytes?|gigabytes?|terabytes?)\b",
        "phone": r"\+\d[\d ()/-]{6,}\d|\b0\d[\d ()/-]{6,}\d|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b",
        "email": r"[\w.+-]+@[\w-]+\.\w+",
        "link": r"https?://|www\.|\b[\w-]+\.(?:com|org|net|cc|io|eu|co|de|fr|it|es|uk|example)\b",
        "frequency": r"\b(?:once|twice|daily|weekly|monthly|yearly|annually|every|each|times?|per)\b",
        "count": NUMBER.replace(r"|a|an|ein(?:e[mnr]?)?", "")
        + r"|\b(?:no|none|single|unlimited|any number|both|pair)\b",
        "time": rf"\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:once|after|until|before|when|as soon as|at once)\b"
        rf"|{NUMBER} (?:{SPAN_OF_TIME})",
    }.items()
}
"""Kind of value to what it looks like."""

COST = r"cost|costs|price|priced|fee|fees|charge|charged|expensive|postage|rate"
ASKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\bin (?:kilo)?grams?\b|\bin kg\b|how heavy|\bweigh|\bweight\b|wie schwer|\bgewicht\b|quanto pesa|cuánto pesa", "weight"),
        (r"\bin (?:centi|kilo|milli)?met(?:re|er)s?\b|\bin (?:cm|mm|inches|miles|feet)\b|how (?:tall|wide|deep|high|far|thick|big)\b"
         r"|\b(?:height|width|length|diameter|range|depth|thickness|size) (?:of|in|is)\b(?=.*\b(?:cable|cord|strap|box|cm|mm|met|inch|desk|table|sofa|heel))"
         r"|(?:long|length).*\b(?:cable|cord|strap|rope|leash|lead)\b|wie (?:lang|breit|hoch|tief) ist|quanto può essere lung", "length"),
        (r"\bhow hot\b|\btemperature\b|\bwie heiß|\bdegrees\b", "temperature"),
        (r"\bphone number\b|\btelephone\b|\btelefonnummer|\bnumber to (?:call|ring)\b|número de teléfono|numéro de téléphone", "phone"),
        (r"\b(?:what|which)(?:'s| is| e-?mail| mail)\b.*\be?-?mail(?: address)?\b|\be-?mail address (?:of|for|do)\b", "email"),
        (r"\b(?:what|which) (?:is the )?(?:link|web ?site|url|web address)\b", "link"),
        (r"\b(?:how much|how many|what) (?:\w+ )?(?:memory|ram|storage|disk|flash)\b|\bhow many (?:gb|mb)\b|\bor \d+ gb\b", "storage"),
        (r"\b(?:what|which|how (?:much|many)|max(?:imum)?|min(?:imum)?|rated) (?:is the |\w+ )?(?:voltage|volts|amps|current|watts|wattage|milliamps|power)\b", "electric"),
        (r"\bhow many (?:ml|lit(?:re|er)s)\b|\bhow much (?:does|do) .* hold\b|\bcapacity\b", "volume"),
        (r"\bwhat time\b(?! of (?:the )?(?:day|year))|\b(?:your|the|what) opening (?:hours|times)\b|\buntil what time\b|\bhow late\b|\bum wie viel uhr|\bcut-?off\b", "clock"),
        (r"\bhow (?:often|many times|frequently)\b|\bwie oft\b|\bcombien de fois\b", "frequency"),
        (r"\bwhat percentage\b|\bhow many percent\b|\bwhat discount\b|\bhow much (?:off|discount|cheaper)\b|\binterest rate\b", "percent"),
        (r"\bhow many (?:business |working )?(?:days|weeks|months|years|hours|minutes|seconds|nights)\b"
         r"|\bin (?:minutes|hours|days|weeks|months|years)\b"
         r"|\bhow (?:long|fast|soon|quick(?:ly)?)\b(?!.*\b(?:cable|cord|strap|rope)\b)|\bhow (?:much|many) (?:more )?time\b|\bhow old\b"
         r"|\bwie (?:lange|viele (?:tagen?|wochen|monaten?|jahren?))\b|\bnach wie vielen\b|\bcombien de (?:temps|jours|mois)\b"
         r"|\bcu[aá]nto tiempo\b|\bcu[aá]ntos (?:d[ií]as|meses|años)\b|\bquanto tempo\b|\bquanti (?:giorni|mesi|anni)\b", "duration"),
        (rf"\bhow much (?:is|are|does|do|for|to|will|would|did|extra|did)\b|\bhow much\b.*\b(?:{COST})\b|\bwhat (?:does|do|did|will|would)\b.*\bcost\b"
         rf"|\b(?:what|which) (?:\w+ )?(?:{COST})\b|\b(?:price|cost|fee|charge|postage|surcharge) (?:of|for|per|on|to)\b|\bwhat (?:do|would) (?:you|i|we) (?:charge|pay)\b"
         r"|\bwas kostet|\bwie ?viel kostet|\bcombien co[uû]te|\bcu[aá]nto (?:cuesta|vale)|\bquanto costa", "money"),
        (r"\bhow many\b|\bwie ?viele?\b|\bcombien d[e']|\bcu[aá]nt[oa]s\b|\bquant[ie]\b|\bnumber of\b|\bminimum (?:order|quantity|number)\b"
         r"|\bmax(?:imum)? (?:number|of)\b", "count"),
        (r"^(?:so |and |ok |hi )?when\b|\bwhen (?:is|are|do|does|will|can|did)\b|^wann\b|^quand\b|^cu[aá]ndo\b|^quando\b", "time"),
    )
)  # fmt: skip
"""What a question says to what it asks for, the more telling first."""

COUNTED = re.compile(r"\b(?:how many|minimum|number of)\s+(\w{3,})(?:\s+(\w{3,}))?", re.IGNORECASE)
"""What is counted: `how many questions`, `how many switching cycles`."""

STRICT = frozenset(
    "money percent duration clock length weight volume temperature electric storage phone email".split()  # noqa: SIM905
)
"""Kinds without which a text is no answer at all; the others are too loose to say so."""


def expected_kinds(question: str) -> tuple[str, ...]:
    """The kinds of value that would answer the question, most telling first; empty when it asks for none."""
    found = tuple(dict.fromkeys(kind for pattern, kind in ASKS if pattern.search(question)))
    if "duration" in found:
        # `how many days` asks for a duration, not for a count of anything.
        found = tuple(
            kind for kind in found if kind not in {"count", "money"} or re.search(rf"\b(?:{COST})\b", question)
        )
    if {"weight", "length", "volume", "temperature"} & set(found):
        found = tuple(kind for kind in found if kind not in {"money", "count", "duration"})
    return found[:2]


def states(text: str, kind: str) -> bool:
    """Whether the text holds a value of the kind."""
    return KINDS[kind].search(text) is not None


OFFERED = re.compile(
    r"^(?:hi|hello|hey)?\W*do (?:you|they)(?: guys)?(?: also)? (?:sell|stock|carry|have|offer)(?: any| a| an| the| some)?"
    r" (?P<what>[^?.,;]{3,80})",
    re.IGNORECASE,
)
"""Asking whether the shop has something; what has nothing of its name cannot tell."""


YES_OR_NO = re.compile(
    r"^(?:\W|(?:and|so|but|ok|hi|hello)\b)*(?:is|are|am|was|do|does|did|can|could|will|would|has|have|must|may|should|shall)\b"
    r"(?!.*\b(?:how|what|which|when|or)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A question to which yes or no is an answer: `is VAT in the price for Norway` needs no price."""


def lacks(question: str, texts: Sequence[str]) -> bool:
    """Whether the question asks for a kind of value that none of the texts states, so that they cannot answer it."""
    if YES_OR_NO.match(question):
        return False
    strict = [kind for kind in expected_kinds(question) if kind in STRICT]
    return bool(strict) and not any(states(text, kind) for kind in strict for text in texts)


def is_not_offered(question: str, texts: Sequence[str]) -> bool:
    """Whether the question asks if the shop has something of which no text says a word."""
    found = OFFERED.match(question)
    wanted = frozenset[str]() if found is None else stems(found["what"])
    return bool(wanted) and not any(wanted & stems(text) for text in texts)


def valued(question: str, texts: Sequence[str], covers: Callable[[str], float]) -> float:
    """How well a text that states the kind of value asked for speaks of what is asked, 0 to 1.

    `covers` tells which share of the question a text speaks of. 1 when no kind of value is asked for.
    """
    kinds = expected_kinds(question)
    if not kinds:
        return 1.0
    noun = COUNTED.search(question)
    return max((covers(text) for text in texts if states_it(text, kinds[0], noun)), default=0.0)


def states_it(text: str, kind: str, noun: re.Match[str] | None) -> bool:
    """Whether the text states a value of the kind; for a count of something, of that thing."""
    if kind != "count" or noun is None:
        return states(text, kind)
    words = "|".join(re.escape(word[: max(3, len(word) - 2)]) for word in noun.groups() if word)
    return re.search(rf"{NUMBER}\W+(?:\w+\W+){{0,2}}(?:{words})", text, re.IGNORECASE) is not None
