"""Shapes of conversations."""

from __future__ import annotations

from datetime import datetime

from engine.api.schemas.shared import View
from engine.domain.conversation import Conversation, Feedback, Outcome, Reply, Turn

__all__ = ["ConversationView", "TurnView"]


class TurnView(View):
    """One question and its reply."""

    id: str
    """Id of the turn."""
    question: str
    """What was asked."""
    reply: Reply
    """What was answered."""
    version: int
    """The version that answered."""
    at: datetime
    """When."""
    feedback: Feedback | None
    """What the shopper thought of it."""

    @classmethod
    def of(cls, turn: Turn) -> TurnView:
        """The view of a record."""
        return cls.model_validate({name: getattr(turn, name) for name in cls.model_fields})


class ConversationView(View):
    """A series of turns with one shopper."""

    id: str
    """Id of the conversation."""
    channel: str
    """Where it takes place."""
    started_at: datetime
    """When it began."""
    last_at: datetime
    """When the last turn was."""
    turn_count: int
    """How many turns."""
    first_question: str
    """What it began with."""
    last_outcome: Outcome
    """How the last turn ended."""
    test: bool
    """Whether it belongs to tests."""
    turns: list[TurnView] | None = None
    """All turns, where one conversation is asked for."""

    @classmethod
    def of(cls, conversation: Conversation, turns: list[Turn] | None = None) -> ConversationView:
        """The view of a record."""
        return cls(
            id=conversation.id,
            channel=conversation.channel,
            started_at=conversation.started_at,
            last_at=conversation.last_at,
            turn_count=conversation.turns,
            first_question=conversation.first_question,
            last_outcome=conversation.last_outcome,
            test=conversation.test,
            turns=None if turns is None else [TurnView.of(turn) for turn in turns],
        )
