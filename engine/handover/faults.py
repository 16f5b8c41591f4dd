"""What is wrong with the rules of a hand-over.

Never here: keeping them.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.domain.handover import HandoverRules
from engine.errors import FieldProblem

__all__ = ["LABELS", "faults"]

MOST_KEYWORDS, MOST_ADDRESSES = 50, 5
LABELS = {
    "refusals": "Answers in a row that were not found",
    "idle_hours": "Hours without a word",
    "keywords": "Words",
    "notify": "E-mail addresses",
    "hours.timezone": "Time zone",
    "hours.days": "Hours",
}
"""What people call each field."""
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def faults(rules: HandoverRules) -> list[FieldProblem]:
    """What is wrong with rules, field by field."""
    found = []
    if not 1 <= rules.refusals <= 10:
        found.append(FieldProblem("refusals", "is a number from 1 to 10"))
    if not 0.25 <= rules.idle_hours <= 168:
        found.append(FieldProblem("idle_hours", "lies between a quarter of an hour and a week (168)"))
    if len(rules.keywords) > MOST_KEYWORDS or any(not 2 <= len(word.strip()) <= 60 for word in rules.keywords):
        found.append(FieldProblem("keywords", f"are at most {MOST_KEYWORDS} words of 2 to 60 characters"))
    wrong = [address for address in rules.notify if not ADDRESS.fullmatch(address)]
    if wrong:
        found.append(FieldProblem("notify", f"hold {wrong[0]!r}, which is no e-mail address"))
    elif len(rules.notify) > MOST_ADDRESSES:
        found.append(FieldProblem("notify", f"are at most {MOST_ADDRESSES} e-mail addresses"))
    try:
        ZoneInfo(rules.hours.timezone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        found.append(FieldProblem("hours.timezone", f"{rules.hours.timezone!r} is no time zone; write Europe/Brussels"))
    try:
        rules.hours.ranges()
    except ValueError as error:
        found.append(FieldProblem("hours.days", str(error)))
    return found
