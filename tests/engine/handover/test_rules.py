"""When a person is wanted, and when one is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.handover import HandoverRules, OfficeHours
from engine.handover.faults import LABELS, faults
from engine.handover.moods import is_upset

WEEK = OfficeHours("Europe/Brussels", tuple(f"{day} 09:00-17:00" for day in ("monday", "tuesday", "friday")))


@pytest.mark.parametrize(
    ("now", "is_open", "opens"),
    [
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), True, None),  # a Monday, 09:00 in Brussels
        (datetime(2026, 11, 30, 7, 59, tzinfo=UTC), False, "2026-11-30 09:00"),
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), False, "2026-12-01 09:00"),
        (datetime(2026, 12, 4, 17, 0, tzinfo=UTC), False, "2026-12-07 09:00"),
        (datetime(2026, 6, 1, 7, 0, tzinfo=UTC), True, None),  # summer time: 09:00 too
    ],
)
def test_office_hours_are_the_shops_own(now: datetime, is_open: bool, opens: str | None):
    assert WEEK.is_open(now) is is_open
    found = WEEK.opens(now)
    assert (None if found is None else f"{found:%Y-%m-%d %H:%M}") == opens


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_it_is_open_when_it_says_that_it_opens(minutes: int):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = WEEK.opens(now)
    assert WEEK.is_open(now if opens is None else opens)
    assert opens is None or opens > now


def test_without_days_somebody_is_always_there():
    assert OfficeHours().is_open(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"refusals": 0}, "refusals"), ({"refusals": 11}, "refusals"), ({"keywords": ("x",)}, "keywords"),
     ({"notify": ("nobody",)}, "notify"), ({"notify": ("a@b.c",) * 6}, "notify"), ({"idle_hours": 0.1}, "idle_hours"),
     ({"hours": OfficeHours("Mars/Olympus")}, "hours.timezone"), ({"hours": OfficeHours("../etc")}, "hours.timezone"),
     ({"hours": OfficeHours("UTC", ("monday 9-5",))}, "hours.days"),
     ({"hours": OfficeHours("UTC", ("monday 17:00-09:00",))}, "hours.days"),
     ({"hours": OfficeHours("UTC", ("monday 09:00+02:00-17:00",))}, "hours.days"),
     ({"hours": OfficeHours("UTC", ("someday 09:00-17:00",))}, "hours.days")],
)  # fmt: skip
def test_rules_that_cannot_be_used_are_named(changes: dict[str, object], field: str):
    (problem,) = faults(HandoverRules("m", "b", **changes))  # type: ignore[arg-type]
    assert problem.field == field
    assert problem.said(LABELS[field]).startswith(f"{LABELS[field]}: ")


def test_the_address_that_is_none_is_named():
    (problem,) = faults(HandoverRules("m", "b", notify=("ann@shop.example", "ann")))
    assert problem.said(LABELS["notify"]) == "E-mail addresses: hold 'ann', which is no e-mail address."


@pytest.mark.parametrize(
    "text",
    ["This is ridiculous!", "I'm so fed up with this", "worst shop ever, worst service", "WHERE IS MY PARCEL???",
     "Das ist eine Frechheit!", "Mir reicht's jetzt", "C'est inacceptable", "Esto es una vergüenza", "È inaccettabile",
     "Dit is belachelijk", "you stupid bot", "I asked this for the third time"],
)  # fmt: skip
def test_an_upset_shopper_is_noticed(text: str):
    assert is_upset(text)


@pytest.mark.parametrize(
    "text",
    ["Is the mug ridiculously large?", "DHL", "How do I return it?", "ok!!", "Was kostet der Versand?", "WHAT SIZE?",
     "Do you sell angry birds mugs?", "I'm looking for a joke gift", "Is this a scam-proof wallet?", "SKU ABC-DEF-GHI"],
)  # fmt: skip
def test_an_ordinary_shopper_is_not(text: str):
    assert not is_upset(text)
