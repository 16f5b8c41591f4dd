"""Questions made from lists: "You can pay with:" and its items, and ways to reach the shop.

Never here: sentences that stand by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.trials.generating.figures import duration_in
from engine.trials.generating.made import names_in
from engine.trials.generating.material import Material, Page, Section
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.voice import as_shopper, has_vague_words, lower_first, question

__all__ = ["from_lists"]

PAY = re.compile(r"(you can pay|we accept|payment methods?|pay with|ways to pay)[^.]*:$", re.IGNORECASE)
PHONE = re.compile(
    r"(?:phone|tel|telephone|call|hotline)\b[^+\d]{0,20}(?P<number>\+?\d[\d ()/.-]{6,}\d)", re.IGNORECASE
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
ADDRESS = re.compile(
    r"^(?:shop|store|address|showroom|visit us(?: at)?|workshop)\s*:\s*(?P<street>[^,;]*\d+[^,;]*)", re.IGNORECASE
)
LABELLED = re.compile(r"^(?P<what>[A-Z][\w' ]{3,40}): (?P<told>[^:]{3,80})$")
CONTACT_TITLES = re.compile(r"\b(contact|reach us|customer service|imprint|get in touch)\b", re.IGNORECASE)


def from_lists(material: Material) -> Iterator[Proposal]:
    """Cases from lists on pages that are not a product's own."""
    for page in material.pages:
        if page.product:
            continue
        for section in page.sections:
            yield from means_of_payment(page, section)
            yield from spans_by_label(page, section)
            if CONTACT_TITLES.search(f"{page.title} {section.heading}"):
                yield from ways_to_reach(page, section)


def made(
    page: Page, section: Section, text: str, asked: str, fact: str, topic: str = "", subject: str = ""
) -> Proposal:
    """A question whose answer is one thing in a list."""
    return Proposal(
        "policy",
        asked,
        page.evidence(section.heading, text),
        page.id,
        f"{page.id} {fact}",
        must_include=(fact,),
        expected_source=page.place,
        topic=topic,
        subject=subject,
        standing=1,
    )


def means_of_payment(page: Page, section: Section) -> Iterator[Proposal]:
    """Every name in a list of means of payment."""
    listing = False
    for statement in section.statements:
        if statement.listed and listing:
            for name in names_in(statement.text):
                yield made(page, section, f"{statement.text}", f"Can I pay with {name}?", name, "pay_with", name)
        else:
            listing = PAY.search(statement.text) is not None


def spans_by_label(page: Page, section: Section) -> Iterator[Proposal]:
    """`Your orders and invoices: 7 years` under a heading that asks how long."""
    heading = re.match(
        r"what we (?P<verb>\w+), and how long$|how long we (?P<other>\w+)", section.heading, re.IGNORECASE
    )
    for statement in section.statements if heading else ():
        label = LABELLED.match(statement.text.rstrip("."))
        span = duration_in(label["told"]) if label else None
        if heading and label and span and not has_vague_words(label["what"]):
            what = as_shopper(lower_first(label["what"])).replace("messages to you", "my messages")
            verb = heading["verb"] or heading["other"]
            yield made(page, section, statement.text, question(f"How long do you {verb} {what}"), span)


def ways_to_reach(page: Page, section: Section) -> Iterator[Proposal]:
    """Phone, e-mail and street of the shop."""
    for statement in section.statements:
        text = statement.text
        if phone := PHONE.search(text):
            number = phone["number"].strip()
            yield made(page, section, text, "What is your phone number?", number, "phone")
        elif street := ADDRESS.match(text):
            yield made(page, section, text, "What is the address of your shop?", street["street"].strip())
        elif re.match(r"e-?mail\b", text, re.IGNORECASE) and (mail := EMAIL.search(text)):
            yield made(page, section, text, "What is your e-mail address?", mail[0])
            span = re.search(r"we (?:answer|reply|respond)[\w ]*? within ", text, re.IGNORECASE)
            if span and (soon := duration_in(text[span.end() :])):
                yield made(page, section, text, "How quickly do you answer e-mails?", soon)
