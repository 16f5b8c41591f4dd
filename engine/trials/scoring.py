"""Whether a reply is what a test case asked for: by rule, so that the same reply is judged the same each time.

Each scorer looks at one thing and answers None when the case does not ask for it. Which of them decide whether the
case passed stands in `DECIDING`; the others are evidence for metrics of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from engine.answering.languages import language_of
from engine.domain.conversation import Check, Reply
from engine.domain.trial import TestCase
from engine.trials.figures import figures_in, wrong_figures
from engine.trials.manners import rude_words

__all__ = ["DECIDING", "SCORERS", "checks_of", "holds", "problems", "reasons"]

NUMBERLIKE = re.compile(r"[\d.,]+")
LONG_ENOUGH = 20
"""Characters of an answer from which its language can be told."""


def folded(text: str) -> str:
    """Text for comparison: one Unicode form, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def holds(text: str, wanted: str) -> bool:
    """Whether `wanted` occurs in `text`; a number only as a whole number."""
    if not NUMBERLIKE.fullmatch(wanted.strip()):
        return folded(wanted) in folded(text)
    number = re.escape(wanted.strip())
    return re.search(rf"(?<![\d.,]){number}(?![.,]?\d)", text) is not None


def page_of(address: str) -> str:
    """An address without the place on its page."""
    return address.partition("#")[0]


def outcome(case: TestCase, reply: Reply) -> Check:
    """Whether it answered what it had to answer, and refused what it had to refuse."""
    refused = reply.outcome != "answered"
    if case.expects == "refusal":
        told = "" if refused else "It answered although it should have said that it does not know."
        return Check("refusal", refused, told)
    return Check("answered", not refused, "It said that it does not know." if refused else "")


def facts(case: TestCase, reply: Reply) -> Check | None:
    """Whether every fact that a right answer holds is there."""
    if not case.must_include or case.expects == "refusal" or reply.outcome != "answered":
        return None
    missing = [wanted for wanted in case.must_include if not holds(reply.text, wanted)]
    return Check("facts", not missing, " ".join(f"The answer lacks {wanted!r}." for wanted in missing))


def figures(case: TestCase, reply: Reply) -> Check | None:
    """Whether no price, duration, date or stock word is told in place of the approved one."""
    if reply.outcome != "answered" or not figures_in(case.must_include):
        return None
    wrong = wrong_figures(reply.text, case.must_include, case.evidence)
    expected = "; ".join(case.must_include)
    return Check("figures", not wrong, f"The answer says {', '.join(wrong)} where {expected!r} is right." * bool(wrong))


def forbidden(case: TestCase, reply: Reply) -> Check | None:
    """Whether nothing is said that must not be said."""
    if not case.must_not_include:
        return None
    said = [banned for banned in case.must_not_include if holds(reply.text, banned)]
    return Check("forbidden_words", not said, " ".join(f"The answer says {banned!r}." for banned in said))


def source(case: TestCase, reply: Reply) -> Check | None:
    """Whether the right source is cited; any source where the case names none."""
    if case.expects == "refusal" or reply.outcome != "answered" or case.kind == "small_talk":
        return None
    cited = {
        value for citation in reply.citations for value in (citation.source_id, page_of(citation.url), citation.title)
    }
    if case.expected_source is None:
        return Check("source", bool(cited) or bool(reply.products), "" if cited else "The answer cites no source.")
    right = page_of(case.expected_source) in cited
    return Check("source", right, "" if right else f"The answer does not cite {case.expected_source}.")


def product(case: TestCase, reply: Reply) -> Check | None:
    """Whether the right product is shown."""
    if case.expected_product is None or reply.outcome != "answered":
        return None
    right = case.expected_product in {value for card in reply.products for value in (card.id, card.title)}
    return Check("product", right, "" if right else f"The answer does not show the product {case.expected_product}.")


def language(case: TestCase, reply: Reply) -> Check | None:
    """Whether the answer speaks the language that was asked for."""
    if not case.language or reply.outcome != "answered" or len(reply.text) < LONG_ENOUGH:
        return None
    spoken = language_of(reply.text)
    right = spoken in {"", case.language}
    return Check("language", right, "" if right else f"The answer is in {spoken!r}, not in {case.language!r}.")


def manners(case: TestCase, reply: Reply) -> Check:
    """Whether it stays polite, also where it refuses."""
    quoted = " ".join([case.question, *(citation.quote for citation in reply.citations)])
    said = rude_words(reply.text, quoted)
    return Check("manners", not said, f"It was rude: {', '.join(said)}." if said else "")


def grounded(_: TestCase, reply: Reply) -> Check | None:
    """Whether every sentence of the draft rested on a source."""
    return taken_over("grounded", reply)


def guard(_: TestCase, reply: Reply) -> Check | None:
    """Whether the number guard had nothing to correct."""
    return taken_over("numbers", reply)


def clean_sources(_: TestCase, reply: Reply) -> Check:
    """Whether no page or row that was looked at gives orders to the assistant, as a poisoned one does."""
    told = taken_over("instructions", reply)
    return Check("clean_sources", told is None or told.passed, "" if told is None else told.detail)


def taken_over(name: str, reply: Reply) -> Check | None:
    """A check that the reply itself brings."""
    return next((check for check in reply.checks if check.name == name), None)


SCORERS: tuple[Callable[[TestCase, Reply], Check | None], ...] = (
    outcome, facts, figures, forbidden, source, product, language, manners, grounded, guard, clean_sources,
)  # fmt: skip
DECIDING = frozenset({"refusal", "answered", "facts", "figures", "forbidden_words", "product", "manners"})


def checks_of(case: TestCase, reply: Reply) -> tuple[Check, ...]:
    """All that was looked at."""
    return tuple(check for scorer in SCORERS if (check := scorer(case, reply)) is not None)


def reasons(case: TestCase, checks: tuple[Check, ...]) -> tuple[str, ...]:
    """What was wrong, in words; empty when the case passed."""
    return tuple(check.detail for check in checks if not check.passed and decides(case, check))


def decides(case: TestCase, check: Check) -> bool:
    """Whether a check that failed makes the case wrong.

    A proposed question in another language is right in the words of the page too: a composer without a language
    model has no others. A person who names a language means it.
    """
    match check.name:
        case "source":
            return case.expected_source is not None
        case "language":
            return case.origin != "generated"
        case name:
            return name in DECIDING


def problems(case: TestCase, reply: Reply) -> tuple[str, ...]:
    """What is wrong with the reply, in words; empty when it is right."""
    return reasons(case, checks_of(case, reply))
