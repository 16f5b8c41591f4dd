"""Shapes of test cases, invites and ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from engine.api.schemas.shared import View
from engine.domain.trial import CaseKind, Invite, TestCase
from engine.trials.invites import Visit

__all__ = [
    "CaseChange",
    "CaseRequest",
    "CaseView",
    "DecideRequest",
    "GenerateRequest",
    "InviteRequest",
    "InviteView",
    "RatingRequest",
    "RatingView",
    "TurnCaseRequest",
]


class CaseRequest(View):
    """A test case."""

    question: str = Field(max_length=5000)
    """What is asked."""
    expects: Literal["answer", "refusal"] = "answer"
    """Whether a right reply answers or refuses."""
    must_include: tuple[str, ...] = Field((), max_length=20)
    """Each must occur in the answer."""
    must_not_include: tuple[str, ...] = Field((), max_length=20)
    """None may occur in the answer."""
    expected_source: str | None = None
    """Id, address or title of a source that must be cited."""
    expected_product: str | None = None
    """Id or title of a product that must be shown."""
    approved: bool = False
    """Only approved cases count."""
    earlier: tuple[str, ...] = Field((), max_length=3)
    """What the shopper says before in the same conversation, in this order."""
    language: str = Field("", pattern="^([a-z]{2})?$")
    """Two-letter code of the language a right answer speaks; empty for any."""
    goal: str = Field("", max_length=500)
    """What the shopper wants in the end: a connected language model plays on after the question until it is reached."""


class CaseChange(View):
    """Parts of a test case to replace."""

    question: str | None = Field(None, max_length=5000)
    """What is asked."""
    expects: Literal["answer", "refusal"] | None = None
    """Whether a right reply answers or refuses."""
    must_include: tuple[str, ...] | None = Field(None, max_length=20)
    """Each must occur in the answer."""
    must_not_include: tuple[str, ...] | None = Field(None, max_length=20)
    """None may occur in the answer."""
    expected_source: str | None = None
    """Id, address or title of a source that must be cited; null for any."""
    expected_product: str | None = None
    """Id or title of a product that must be shown; null for any."""
    approved: bool | None = None
    """Only approved cases count."""
    rejected: bool | None = None
    """A rejected case is left out of lists and tests, and never proposed again."""
    earlier: tuple[str, ...] | None = Field(None, max_length=3)
    """What the shopper says before in the same conversation, in this order."""
    language: str | None = Field(None, pattern="^([a-z]{2})?$")
    """Two-letter code of the language a right answer speaks; empty for any."""
    goal: str | None = Field(None, max_length=500)
    """What the shopper wants in the end; empty for a single question."""


class CaseView(CaseRequest):
    """A test case as kept."""

    id: str
    """Id of the case."""
    kind: CaseKind
    """What it tries; `own` for one that a person wrote or that a shopper asked."""
    rejected: bool
    """A person does not want it: it is kept so that it is not proposed again."""
    origin: Literal["generated", "written", "conversation", "imported"]
    """Where it came from."""
    evidence: str
    """What a generated case was made from, or what a shopper was answered."""
    created_at: datetime | None
    """When it was made."""

    @classmethod
    def of(cls, case: TestCase) -> CaseView:
        """The view of a record."""
        return cls.model_validate({name: getattr(case, name) for name in cls.model_fields})


class GenerateRequest(View):
    """How many cases are wanted."""

    count: int = Field(60, ge=1, le=200)
    """Most cases to propose; fewer when the shop's knowledge holds fewer that are new."""


class DecideRequest(View):
    """Which proposed cases a person wants."""

    approve: tuple[str, ...] = Field((), max_length=500)
    """Ids of cases that count from now on."""
    reject: tuple[str, ...] = Field((), max_length=500)
    """Ids of cases that nobody wants to see again."""


class TurnCaseRequest(View):
    """What a person thinks of an answer that a case is made of."""

    reaction: Literal["right", "wrong"]
    """`right`: it is to be answered like this again. `wrong`: it is not."""


class InviteRequest(View):
    """A person to invite."""

    email: str = Field(max_length=320)
    """Where the link is sent."""
    version: int | None = Field(None, ge=1, le=10**9)
    """Which version to test; the newest trained one when left out."""


class InviteView(View):
    """A person asked to test."""

    id: str
    """Id of the invite."""
    email: str
    """Who was asked."""
    version: int
    """Which version the link opens."""
    status: Literal["open", "expired", "revoked"]
    """Whether the link works."""
    created_at: datetime
    """When it was made."""
    expires_at: datetime
    """When the link ends."""
    opened_at: datetime | None
    """When the link was first opened."""
    ratings: int
    """Answers rated."""
    questions: int
    """Questions asked."""
    finished: bool
    """Whether the closing questions were answered."""
    mailed: bool
    """Whether a mail server took the invitation; if not, send the link yourself."""
    mail_problem: str
    """Why it was not mailed, or empty."""
    link: str | None = None
    """The playground's address, shown only when the invite is made."""

    @classmethod
    def of(cls, invite: Invite, now: datetime, visit: Visit, link: str | None = None) -> InviteView:
        """The view of a record and of what its person did."""
        status: Literal["open", "expired", "revoked"] = "open" if invite.is_open(now) else "expired"
        return cls(
            id=invite.id,
            email=invite.email,
            version=invite.version,
            status="revoked" if invite.revoked else status,
            created_at=invite.created_at,
            expires_at=invite.expires_at,
            opened_at=invite.opened_at,
            ratings=invite.ratings,
            questions=visit.questions,
            finished=visit.finished,
            mailed=invite.mailed,
            mail_problem=invite.mail_problem,
            link=link,
        )


class RatingRequest(View):
    """What a member thinks of an answer."""

    turn_id: str = Field(max_length=100)
    """The answer."""
    helpful: bool
    """Thumbs up or down."""
    stars: int | None = Field(None, ge=1, le=5)
    """One to five, when stars were given."""
    comment: str = Field("", max_length=2000)
    """Why."""


class RatingView(View):
    """What a tester thought of an answer."""

    id: str
    """Id of the rating."""
    tester: str
    """E-mail address of the tester; empty when it is not known here."""
    person: str
    """The same in all ratings of one person, and leads nowhere."""
    brought_in: bool
    """Whether it came in a portable file: what was asked and by whom is not in it, and it proves nothing here."""
    turn_id: str
    """The answer."""
    question: str
    """What was asked; empty when it is not kept."""
    answer: str
    """What was answered; empty when it is not kept."""
    helpful: bool
    """Thumbs up or down."""
    stars: int | None
    """One to five, or null."""
    comment: str
    """Why."""
    at: datetime
    """When."""
