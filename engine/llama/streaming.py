"""Reads a language model's stream without building the client's objects for each piece of a word.

LlamaIndex and the official client make four objects of every event, which costs more than everything else in an
answer. The request, its retries, its keys and its errors are still theirs; only the events are read here. The wire
format is that of OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat-streaming).
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

import openai
from llama_index.core.base.llms.types import ChatMessage
from llama_index.llms.azure_openai import AzureOpenAI
from llama_index.llms.openai.utils import to_openai_message_dicts
from llama_index.llms.openai_like import OpenAILike

__all__ = ["Piece", "StreamedAzureOpenAI", "StreamedOpenAI"]

DATA = "data:"
DONE = "[DONE]"


@dataclass(frozen=True, slots=True)
class Piece:
    """One event of a stream."""

    text: str
    usage: dict[str, Any] | None = None
    """Token counts, which come with the last event."""


class Streamed:
    """Adds `pieces` to one of LlamaIndex's OpenAI models."""

    async def pieces(self, messages: Sequence[ChatMessage], **options: Any) -> AsyncGenerator[Piece, None]:
        """The model's text as it comes. Raises OpenAIError."""
        client: openai.AsyncOpenAI = self._get_aclient()  # type: ignore[attr-defined]
        sent: Any = to_openai_message_dicts(messages, model=self.model)  # type: ignore[attr-defined]
        wanted = self._get_model_kwargs(stream=True, **options)  # type: ignore[attr-defined]
        async with client.chat.completions.with_streaming_response.create(messages=sent, **wanted) as answer:
            async for line in answer.iter_lines():
                if not line.startswith(DATA):
                    continue
                data = line[len(DATA) :].strip()
                if data == DONE:
                    return
                yield piece_of(data, answer.http_request)


def piece_of(data: str, request: Any) -> Piece:
    """What one event says. Raises APIError for an error, and for what is no event at all."""
    try:
        event = json.loads(data)
    except ValueError as error:
        raise openai.APIError("the stream holds what is no JSON", request, body=None) from error
    if not isinstance(event, dict) or event.get("error"):
        body = event.get("error") if isinstance(event, dict) else None
        told = body.get("message") if isinstance(body, dict) else None
        raise openai.APIError(str(told or "an error occurred while streaming"), request, body=body)
    choices = event.get("choices") or [{}]
    delta = choices[0].get("delta") or {}
    return Piece(delta.get("content") or "", event.get("usage"))


class StreamedOpenAI(Streamed, OpenAILike):  # type: ignore[misc]
    """A model behind an OpenAI-compatible address."""


class StreamedAzureOpenAI(Streamed, AzureOpenAI):  # type: ignore[misc]
    """An Azure OpenAI deployment."""
