"""Questions that a shop's titles and headings ask, or nearly ask: FAQ pairs, "How to ...", "If ...", "Return an item".

Never here: what is made of the sentences below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.answering.stems import stems
from engine.trials.generating.clearness import is_clear
from engine.trials.generating.figures import ASKS_WHETHER, figure_for, figure_in, place_in
from engine.trials.generating.made import YES
from engine.trials.generating.material import Material, Page, Section, Statement
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.topics import topic_of
from engine.trials.generating.voice import as_shopper, has_vague_words, is_plural, lower_first, question

__all__ = ["from_headings"]

FEWEST_WORDS, MOST_WORDS = 3, 22
FEWEST_TELLING = 7
ASKS = re.compile(
    r"(what|how|when|where|who|which|why|can|could|do|does|did|is|are|will|would|should|may|must|was|wie|wo|wann|was|"
    r"welche|kann|comment|quand|où|puis|combien|quel|quelle|cómo|cuándo|dónde|puedo|qué|come|quando|dove|quanto|posso)\b",
    re.IGNORECASE,
)
VERBS = frozenset(
    """
    access activate add adjust apply assemble attach book build burn buy calculate calibrate cancel change charge
    check choose claim clean clear close collect compare configure connect contact contribute control convert copy
    create deactivate debug delete detach detect disable disconnect dispose download edit enable enter exchange
    exclude export extend file find fit fix flash fold follow format get give hang identify import improve increase
    insert install join keep link locate log lower make manage measure modify mount move open order pair pay perform
    place play power prepare prevent print protect purchase receive record recover recycle redeem reduce refer
    register reinstall remove rename renew repair replace report request reschedule reset resolve restart restore
    retrieve return review rotate save schedule search see select sell send set share ship show sign skip solve sort
    start stop store submit subscribe supply swap switch take test track transfer troubleshoot try turn unlock
    unsubscribe update upgrade upload use verify view wash wear whitelist wipe wrap write
    """.split()  # noqa: SIM905 - a list this long is read as text
)
"""A heading that begins with one of these tells how to do something."""
TROUBLE = re.compile(
    r"(does not|doesn['’]t|do not|don['’]t|is not|isn['’]t|are not|aren['’]t|can['’]?t|cannot|can['’]t|did not|didn['’]t"
    r"|won['’]t|am not|haven['’]t|has not|fails?\b|is broken|arrives? broken|is missing|is flashing)",
    re.IGNORECASE,
)
DECLARED = re.compile(r"^(?P<asks>when|where|how|why) (?P<who>you|we) (?P<no>do not )?(?P<rest>\w.+)$", re.IGNORECASE)
TITLE_CASE = re.compile(
    r"^(?:[A-Z][\w-]*|and|or|the|of|for|in|to|&)(?: (?:[A-Z][\w-]*|and|or|the|of|for|in|to|&)){3,}$"
)
"""A heading with capitals all over: inside a question it reads like a name."""
MODAL = re.compile(r"(can|may|must|should|will) ", re.IGNORECASE)
MISFIT = re.compile(
    r"(?P<noun>.+?) (?P<be>is|are) not (?P<rest>compatible|suitable|included|available|covered)\b(?P<with>.*)$", re.I
)
PASSIVE = re.compile(
    r"^(?P<asks>when|where|how|why) (?P<noun>(?:your|our|the) [\w ]+?) (?P<be>is|are) (?P<rest>.+)$", re.I
)
UNFIT = re.compile(r"…|\.\.\.|\?.*\?|[|<>{}]|^error\b|^\W", re.IGNORECASE)
SINGLE_NOUNS = re.compile(
    r"^(?P<verb>\w+) (?P<noun>(?:\w+ )?(?:order|item|payment|parcel|product|account|return|refund|invoice|subscription))$"
)


def from_headings(material: Material) -> Iterator[Proposal]:
    """Cases from what titles and headings ask. A product's page and a list of questions as a title are left out."""
    for page in material.pages:
        if page.product:
            continue
        whole = Section(page.title, first_statements(page), ())
        yield from proposals(material, page, whole, title=True)
        for section in page.sections:
            if section.heading and section.heading != page.title:
                yield from proposals(material, page, section, title=False)


def first_statements(page: Page) -> tuple[Statement, ...]:
    """What stands first on a page."""
    return next((section.statements for section in page.sections if section.statements), ())


def proposals(material: Material, page: Page, section: Section, *, title: bool) -> Iterator[Proposal]:
    """The question of one heading, when it asks one that can be understood by itself."""
    heading = section.heading.rstrip(": ")
    told = [statement.text for statement in section.statements if tells(statement.text)]
    if not told or UNFIT.search(heading):
        return
    asked, standing = asked_by(heading)
    if not asked or not FEWEST_WORDS <= len(asked.split()) <= MOST_WORDS:
        return
    if not title and (TITLE_CASE.search(heading) or not stands_alone(material, asked, heading, page)):
        return
    yield Proposal(
        "policy",
        asked,
        page.evidence("" if title else heading, *(whole_sentences(told) or told)[:2]),
        page.id,
        f"{page.id} {heading}",
        must_include=facts(asked, section),
        must_not_include=YES if declines(asked, section.statements[0].text) else (),
        expected_source=page.place,
        topic=topic_of(asked, material.common),
        standing=standing,
    )


def tells(text: str) -> bool:
    """Whether a line says something: a link's words and `Learn how to ...` only announce it."""
    whole = text[-1:] in ".!:)" and len(text.split()) >= FEWEST_WORDS
    return (whole or len(text.split()) >= FEWEST_TELLING) and not re.match(
        r"(learn|find out|see|read) (how|what|more|about)\b", text, re.I
    )


def declines(asked: str, told: str) -> bool:
    """Whether the shop answers no."""
    return ASKS_WHETHER.match(asked) is not None and told.lower().startswith(("no,", "no."))


def whole_sentences(told: Sequence[str]) -> list[str]:
    """What ends as a sentence does: the rest are often the words of links."""
    return [text for text in told if text[-1:] in ".!:"]


def asked_by(heading: str) -> tuple[str, int]:
    """The question of a heading and how much of it was guessed; empty when it asks none."""
    if re.match(r"how to \w", heading, re.IGNORECASE):
        return question(f"How do I {as_shopper(lower_first(heading[7:]))}"), 0
    if heading.endswith("?"):
        clear = ASKS.match(heading) or len(heading.split()) > FEWEST_WORDS
        return (question(heading), 0) if clear else ("", 0)
    first, _, rest = heading.partition(" ")
    if found := DECLARED.match(heading):
        can = MODAL.match(found["rest"])
        who = "I" if found["who"].lower() == "you" else "you"
        no = "not " if found["no"] else ""
        verb, rest = (can[1], found["rest"][can.end() :]) if can else ("do", found["rest"])
        return question(f"{found['asks']} {verb} {who} {no}{as_shopper(rest)}"), 1
    if found := PASSIVE.match(heading):
        return question(f"{found['asks']} {found['be']} {as_shopper(found['noun'])} {found['rest']}"), 1
    if re.match(r"what to do (if|when) ", heading, re.IGNORECASE):
        return question(f"What should I do {as_shopper(heading[11:])}"), 0
    if first.lower() == "if" and rest and not rest.startswith("you need help"):
        return question(f"What can I do if {as_shopper(rest)}"), 1
    if first.lower() in VERBS and rest and not has_vague_words(rest) and not rest.lower().startswith("sure "):
        return question(f"How do I {as_shopper(with_article(f'{first.lower()} {rest}'))}"), 1
    if found := MISFIT.match(heading):
        return question(f"{found['be']} {as_shopper(lower_first(found['noun']))} {found['rest']}{found['with']}"), 1
    if ASKS.match(heading) and len(heading.split()) > FEWEST_WORDS and ASKS_WHETHER.match(heading):
        return question(heading), 1
    if TROUBLE.search(heading) and "," not in heading and len(heading.split()) <= 16:
        return question(f"What can I do if {lower_first(heading)}"), 1
    return "", 0


def with_article(told: str) -> str:
    """`cancel pending order` as people say it."""
    found = SINGLE_NOUNS.match(told)
    if found is None or is_plural(told) or re.search(r"\b(a|an|the|your|my|our|any)\b", told):
        return told
    article = "an" if found["noun"][0] in "aeiou" else "a"
    return f"{found['verb']} {article} {found['noun']}"


def stands_alone(material: Material, asked: str, heading: str, page: Page) -> bool:
    """Whether a heading's question is clear without its page: a policy speaks of the whole shop, others of less."""
    telling = stems(asked) - material.common
    if len(telling) < 2 or (has_vague_words(asked) and page.kind != "faq"):
        return False
    # What the shop put as a question of its own is meant to be understood.
    own = heading.endswith("?") and bool(telling & stems(page.title))
    return own or is_clear(material, asked, page)


def facts(asked: str, section: Section) -> tuple[str, ...]:
    """The figure or name that the first words below the heading answer it with."""
    told = [
        statement.text for statement in section.statements if statement.text.rstrip(".!").lower() not in {"yes", "no"}
    ]
    if not told:
        return ()
    if ASKS_WHETHER.match(asked):
        # More than one sentence tells more than was asked: none of it need be in a right answer.
        found = (figure_in(told[0]) or place_in(told[0], asked)) if len(told) == 1 else None
    else:
        found = next(filter(None, (figure_for(asked, text) for text in told[:2])), None)
    return (found,) if found else ()
