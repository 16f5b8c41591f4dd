"""Whether a reply is right: rules only, no model."""

from __future__ import annotations

import re
import unicodedata

from engine.domain.conversation import Reply
from engine.domain.trial import TestCase

__all__ = ["problems"]

NUMBERLIKE = re.compile(r"[\d.,]+")


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


def problems(case: TestCase, reply: Reply) -> tuple[str, ...]:
    """What is wrong with the reply, in words; empty when it is right."""
    found: list[str] = []
    if case.expects == "refusal":
        if reply.outcome == "answered":
            found.append("It answered although it should have said that it does not know.")
        return tuple(found)
    if reply.outcome != "answered":
        return ("It said that it does not know.",)
    found += [f"The answer lacks {wanted!r}." for wanted in case.must_include if not holds(reply.text, wanted)]
    found += [f"The answer says {banned!r}." for banned in case.must_not_include if holds(reply.text, banned)]
    if case.expected_source is not None:
        cited = {
            value
            for citation in reply.citations
            for value in (citation.source_id, page_of(citation.url), citation.title)
        }
        if page_of(case.expected_source) not in cited:
            found.append(f"The answer does not cite {case.expected_source}.")
    if case.expected_product is not None:
        shown = {value for card in reply.products for value in (card.id, card.title)}
        if case.expected_product not in shown:
            found.append(f"The answer does not show the product {case.expected_product}.")
    return tuple(found)
