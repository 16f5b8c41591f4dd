"""The events of an answer as it is made, read from a server-sent stream.

Never here: HTTP connections.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studio.records import Reply

__all__ = ["AnswerEvent", "AnswerFailed", "Token", "WholeReply", "read_events"]


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class WholeReply:
    """The finished answer."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class AnswerFailed:
    """The answer could not be finished."""

    message: str


AnswerEvent = Token | WholeReply | AnswerFailed


def read_events(lines: Iterable[str]) -> Iterator[AnswerEvent]:
    """The events of a stream; products and citations come again inside the reply and are left to it."""
    name = "message"
    data: list[str] = []
    for line in lines:
        if not line:
            if data and (event := understand(name, "\n".join(data))) is not None:
                yield event
            name, data = "message", []
        elif line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
    if data and (event := understand(name, "\n".join(data))) is not None:
        yield event


def understand(name: str, data: str) -> AnswerEvent | None:
    """One event, or None for a kind that the studio does not show by itself."""
    if name not in {"token", "reply", "error"}:
        return None
    try:
        body = json.loads(data)
    except ValueError:
        body = data
    if name == "token":
        return Token(str(body.get("text", body.get("token", ""))) if isinstance(body, dict) else str(body))
    if name == "reply":
        return WholeReply(Reply.model_validate(body))
    if isinstance(body, dict):
        return AnswerFailed(str(body.get("detail") or body.get("message") or body.get("title") or "No reason given."))
    return AnswerFailed(str(body))
