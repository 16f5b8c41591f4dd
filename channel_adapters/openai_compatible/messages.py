"""What callers send: the last question and a bounded history, taken out of OpenAI's messages.

System messages are accepted and not followed: the shop's own rules cannot be replaced from outside.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from channel_adapters.limits import MOST_HISTORY
from engine.answering.understanding import LONGEST_MESSAGE
from engine.errors import FieldProblem, InvalidInput

__all__ = ["CompletionRequest", "Message", "StreamOptions", "question_and_history"]

Exchange = tuple[str, str]


class ContentPart(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(extra="ignore")

    type: str = Field(description="Only `text` is understood.")
    text: str = Field("", description="The text.")


class Message(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(
        description="Who spoke. Messages that are neither of `user` nor `assistant` are not followed."
    )
    content: str | list[ContentPart] | None = Field(None, description="What was said.")

    def text(self) -> str:
        """What was said, as one text. Raises InvalidInput for pictures and sounds."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        if strange := [part.type for part in self.content if part.type not in {"text", "refusal"}]:
            raise InvalidInput(
                f"Only text can be asked here, not {strange[0]!r}.",
                code="unsupported_content",
                fields=[FieldProblem("messages", strange[0])],
            )
        return "\n".join(part.text for part in self.content)


class StreamOptions(BaseModel):
    """How a stream is sent."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = Field(False, description="Whether a last chunk counts the tokens.")


class CompletionRequest(BaseModel):
    """A request for a chat completion; fields not listed here are ignored."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(description="Id of the bot that the key belongs to.")
    messages: list[Message] = Field(min_length=1, description="The conversation; the last question is answered.")
    stream: bool | None = Field(None, description="Whether the answer comes as server-sent events.")
    stream_options: StreamOptions | None = Field(None, description="How the stream is sent.")
    n: int | None = Field(None, ge=1, le=1, description="There is one answer to a question.")
    user: str | None = Field(None, max_length=200, description="Your own id of the shopper; limits are counted for it.")


def question_and_history(messages: list[Message]) -> tuple[str, tuple[Exchange, ...]]:
    """The question to answer and the (question, answer) pairs before it. Raises InvalidInput."""
    spoken = [message for message in messages if message.role in {"user", "assistant"}]
    if not spoken or spoken[-1].role != "user":
        raise InvalidInput(
            "The last message must be the user's question.",
            code="no_question",
            fields=[FieldProblem("messages", "ends without a user message")],
        )
    history: list[Exchange] = []
    asked = ""
    for message in spoken[:-1]:
        if message.role == "user":
            asked = message.text()
        elif asked:
            history.append((asked[:LONGEST_MESSAGE], message.text()[:LONGEST_MESSAGE]))
            asked = ""
    return spoken[-1].text(), tuple(history[-MOST_HISTORY:])
