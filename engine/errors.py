"""The engine's error tree. Each error says what is wrong, names the thing, and gives the next step.

    StoreclerkError
    ├── InvalidInput          422  what was sent cannot be used; `fields` names the parts
    ├── NotFound              404  no such thing, or not yours: the two look the same on purpose
    ├── Conflict              409  it clashes with what is already there
    │   ├── AlreadyExists          a create-only add met an existing key
    │   ├── StaleWrite             someone else saved first; read again and repeat
    │   ├── InviteLimit            as many invites are open as a bot may have
    │   └── GateNotPassed          the version has not proved itself; `metrics` names why
    ├── NotAuthenticated      401  no, or no valid, credentials
    ├── NotAllowed            403  known, but not permitted
    ├── RateLimited           429  too many; `retry_after` seconds
    ├── TooLarge              413  over a stated limit
    └── Unavailable           503  something this needs is down or full
        ├── MailNotSent            the mail did not leave; the message says why
        └── ModelUnavailable       the language model failed; `reason` says how

`engine/api/problems.py` maps them to HTTP answers in one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "AlreadyExists",
    "Conflict",
    "FieldProblem",
    "GateNotPassed",
    "InvalidInput",
    "InviteLimit",
    "MailNotSent",
    "ModelUnavailable",
    "NotAllowed",
    "NotAuthenticated",
    "NotFound",
    "RateLimited",
    "StaleWrite",
    "StoreclerkError",
    "TooLarge",
    "Unavailable",
    "spelled_out",
]

ModelFailure = Literal["down", "slow", "over_quota", "filtered", "refused_key", "bad_answer"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One part of the input that cannot be used."""

    field: str
    message: str

    def said(self, label: str = "") -> str:
        """It as a sentence that stands alone: `Idle hours: lies between ...`; `label` is what people call the field."""
        parts = [part for part in self.field.split(".") if part and not part.isdigit()]
        name = label or (parts[-1].replace("_", " ").strip() if parts else "")
        message = self.message if self.message.endswith((".", "!", "?")) else f"{self.message}."
        return f"{name[:1].upper()}{name[1:]}: {message}" if name else message


def spelled_out(opening: str, problems: Sequence[FieldProblem], labels: Mapping[str, str] | None = None) -> str:
    """What is wrong as a whole, then part by part: an error's message is to say all by itself."""
    return " ".join((opening, *(problem.said((labels or {}).get(problem.field, "")) for problem in problems)))


class StoreclerkError(Exception):
    """Something the engine can explain. `code` is stable; the message is for people."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(StoreclerkError):
    """What was sent cannot be used."""

    code = "invalid_input"

    def __init__(self, message: str, *, code: str | None = None, fields: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message, code=code)
        self.fields = tuple(fields)


class NotFound(StoreclerkError):
    """There is no such thing for this merchant."""

    code = "not_found"


class Conflict(StoreclerkError):
    """The request clashes with what is already there."""

    code = "conflict"


class AlreadyExists(Conflict):
    """A create-only add met an existing key."""

    code = "already_exists"


class StaleWrite(Conflict):
    """Someone else saved first: read again and repeat."""

    code = "stale_write"


class InviteLimit(Conflict):
    """As many invites are open as a bot may have at once."""

    code = "invite_limit"


class GateNotPassed(Conflict):
    """The version has not proved itself yet."""

    code = "gate_not_passed"

    def __init__(self, message: str, *, fields: Sequence[FieldProblem]) -> None:
        super().__init__(message)
        self.fields = tuple(fields)


class NotAuthenticated(StoreclerkError):
    """No, or no valid, credentials."""

    code = "not_authenticated"


class NotAllowed(StoreclerkError):
    """Known, but not permitted."""

    code = "not_allowed"


class RateLimited(StoreclerkError):
    """Too many requests; try again after `retry_after` seconds."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class TooLarge(StoreclerkError):
    """Over a stated limit."""

    code = "too_large"


class Unavailable(StoreclerkError):
    """Something this needs is down, full or not ready."""

    code = "unavailable"


class MailNotSent(Unavailable):
    """A mail did not leave this installation."""

    code = "mail_not_sent"


class ModelUnavailable(Unavailable):
    """The connected language model could not answer."""

    code = "model_unavailable"

    def __init__(self, message: str, *, reason: ModelFailure) -> None:
        super().__init__(message)
        self.reason = reason
