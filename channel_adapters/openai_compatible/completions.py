"""A reply in OpenAI's forms: one completion, or its chunks as server-sent events."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import structlog

from channel_adapters.openai_compatible.envelope import error_body
from engine.answering.answerer import Done, Event, Token
from engine.api.events import reply_body
from engine.domain.conversation import Reply
from engine.errors import StoreclerkError

__all__ = ["Completion"]

log = structlog.get_logger("storeclerk.openai")
PIECE = re.compile(r"\w+|[^\w\s]")
Body = dict[str, Any]


def pieces(text: str) -> int:
    """Words and signs: what is counted as tokens, as answers need not come from a model that has any."""
    return len(PIECE.findall(text))


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer on its way out: all its parts carry the same id and time."""

    id: str
    created: int
    model: str
    prompt: str
    """All that was sent, for counting."""

    def usage(self, answer: str) -> Body:
        """How much was read and written."""
        read, written = pieces(self.prompt), pieces(answer)
        return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}

    def whole(self, reply: Reply) -> Body:
        """The answer at once."""
        message = {
            "role": "assistant",
            "content": reply.text,
            "refusal": None,
            "x_storeclerk": reply_body(reply),
        }
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": self.usage(reply.text),
        }

    def chunk(self, delta: Body, finish_reason: str | None = None) -> str:
        """One piece of the answer on the wire."""
        return self.line([{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}])

    def line(self, choices: list[Body], **more: Any) -> str:
        """One chunk on the wire."""
        body = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": self.model}
        return data(body | {"choices": choices} | more)

    async def stream(self, events: AsyncIterator[Event], *, include_usage: bool) -> AsyncIterator[str]:
        """The answer as it is made. A client takes a silent end for a whole answer: a late failure is always told."""
        yield self.chunk({"role": "assistant", "content": ""})
        try:
            async for event in events:
                if isinstance(event, Token):
                    yield self.chunk({"content": event.text})
                elif isinstance(event, Done):
                    yield self.chunk({"x_storeclerk": reply_body(event.reply)}, "stop")
                    if include_usage:
                        yield self.line([], usage=self.usage(event.reply.text))
                    yield "data: [DONE]\n\n"
        except StoreclerkError as error:
            yield data(error_body(error.message, "server_error", error.code))
        except Exception as error:
            log.exception("completion.broke", error=type(error).__name__)
            yield data(error_body("The answer stopped because of a fault. Please ask again.", "server_error", "fault"))


def data(body: Body) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
