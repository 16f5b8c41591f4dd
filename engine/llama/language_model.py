"""`ChatModel` on LlamaIndex's language models: any OpenAI-compatible address, or Azure OpenAI."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing

import httpx
import openai
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.llms.openai.utils import ALL_AVAILABLE_MODELS as KNOWN_MODELS

from engine.answering.markup import plain_line
from engine.answering.prompts import NO_ANSWER, PROMPT_VERSION, history_within, system_prompt, user_prompt
from engine.errors import ModelUnavailable
from engine.llama.pacing import in_steps
from engine.llama.streaming import StreamedAzureOpenAI, StreamedOpenAI
from engine.ports import CompositionLimits, CompositionRequest, Finish, Quote, TextDelta

__all__ = ["LlamaChatModel", "azure_openai", "openai_compatible"]

ASSUMED_MODEL = "gpt-4o"
"""LlamaIndex asks which model a deployment holds, for its context size; a deployment's name does not tell."""
MARKER = re.compile(r"\s?\[(\d{1,2})\]")
MARKERS = re.compile(r"(?:\s?\[\d{1,2}\])+")
PARTIAL_MARKER = re.compile(r"\s?\[\d{0,2}$|\s$")
WORD = re.compile(r"\w{3,}")
TOKENS_A_WORD = 2
STEP = 0.025
"""Seconds between two pieces of an answer at the least."""


def openai_compatible(name: str, url: str, key: str, timeout: float) -> LlamaChatModel:
    """A model behind an OpenAI-compatible address."""
    http = httpx.AsyncClient(timeout=timeout)
    model = StreamedOpenAI(
        model=name,
        api_base=url,
        api_key=key or "none",
        is_chat_model=True,
        temperature=0.1,
        max_retries=1,
        timeout=timeout,
        async_http_client=http,
    )
    return LlamaChatModel(model, name, http, timeout)


def azure_openai(deployment: str, endpoint: str, key: str, api_version: str, timeout: float) -> LlamaChatModel:
    """An Azure OpenAI deployment."""
    http = httpx.AsyncClient(timeout=timeout)
    model = StreamedAzureOpenAI(
        engine=deployment,
        model=deployment if deployment in KNOWN_MODELS else ASSUMED_MODEL,
        azure_endpoint=endpoint,
        api_key=key,
        api_version=api_version,
        temperature=0.1,
        max_retries=1,
        timeout=timeout,
        async_http_client=http,
    )
    return LlamaChatModel(model, deployment, http, timeout)


def unavailable(error: Exception, name: str) -> ModelUnavailable:
    """The vendor's error in our words."""
    if isinstance(error, (openai.APITimeoutError, httpx.TimeoutException, TimeoutError)):
        return ModelUnavailable(f"{name!r} did not answer in time", reason="slow")
    if isinstance(error, openai.RateLimitError):
        return ModelUnavailable(f"{name!r} is over its quota", reason="over_quota")
    if isinstance(error, (openai.AuthenticationError, openai.PermissionDeniedError)):
        return ModelUnavailable(f"{name!r} refused the key; check it in the settings", reason="refused_key")
    if isinstance(error, openai.BadRequestError):
        filtered = "content_filter" in str(error.code) or "content_filter" in str(error.body)
        reason = "filtered" if filtered else "bad_answer"
        return ModelUnavailable(f"{name!r} refused the question", reason=reason)  # type: ignore[arg-type]
    return ModelUnavailable(f"{name!r} cannot be reached", reason="down")


class LlamaChatModel:
    """Answers with a language model that was given the evidence."""

    def __init__(
        self, model: StreamedOpenAI | StreamedAzureOpenAI, name: str, http: httpx.AsyncClient, timeout: float
    ) -> None:
        self.model, self.model_name, self.http, self.timeout = model, name, http, timeout

    async def close(self) -> None:
        """Close the connections to the model's server."""
        await self.http.aclose()

    @property
    def name(self) -> str:
        """The model's name and the version of its prompt."""
        return f"{self.model_name}/prompt-{PROMPT_VERSION}"

    @property
    def least_confidence(self) -> float:
        """The model itself says when passages hold no answer; only hopeless evidence is kept from it."""
        return 0.05

    @property
    def judges(self) -> bool:
        """It reads all its evidence, and says when that holds no answer."""
        return True

    async def stream(self, request: CompositionRequest, limits: CompositionLimits) -> AsyncIterator[TextDelta | Finish]:
        """Text as the model makes it, its markers as passages beside it, then the quotes they stand for."""
        used: list[int] = []
        held, said, raw = "", "", ""
        usage: dict[str, int] = {}
        made = self.pieces(self.messages(request, limits), limits, usage)
        async with aclosing(in_steps(made, STEP)) as steps:
            async for piece in steps:
                raw += piece
                held += piece
                # The sign for "no answer" must not be shown, so the beginning is held until it cannot be that sign.
                if not said and NO_ANSWER.startswith(held.strip()[: len(NO_ANSWER)]):
                    continue
                free, held = released(held)
                for text, numbers in parts(free):
                    used += numbers
                    said += text
                    yield TextDelta(text, named(request, numbers))
        if raw.strip().startswith(NO_ANSWER) or not raw.strip():
            yield Finish("no_answer", (), usage.get("prompt", 0), usage.get("completion", 0))
            return
        for text, numbers in parts(held):
            used += numbers
            said += text
            yield TextDelta(text, named(request, numbers))
        quotes = tuple(quotes_of(request, used, said))
        yield Finish("stop", quotes, usage.get("prompt", 0), usage.get("completion", 0))

    def messages(self, request: CompositionRequest, limits: CompositionLimits) -> list[ChatMessage]:
        """The fixed rules, the last turns, and the question with its evidence."""
        messages = [ChatMessage(role=MessageRole.SYSTEM, content=system_prompt(request, limits))]
        for question, answer in history_within(request.history, limits.history_tokens):
            messages.append(ChatMessage(role=MessageRole.USER, content=question))
            messages.append(ChatMessage(role=MessageRole.ASSISTANT, content=answer))
        return [*messages, ChatMessage(role=MessageRole.USER, content=user_prompt(request, limits))]

    async def write(self, instruction: str, text: str, most_tokens: int) -> str:
        """What the model writes about a text. Raises ModelUnavailable."""
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=instruction),
            ChatMessage(role=MessageRole.USER, content=text),
        ]
        limits = CompositionLimits(timeout_seconds=self.timeout)
        return "".join([piece async for piece in self.pieces(messages, limits, {}, most_tokens)])

    async def pieces(
        self,
        messages: Sequence[ChatMessage],
        limits: CompositionLimits,
        usage: dict[str, int],
        most_tokens: int | None = None,
    ) -> AsyncIterator[str]:
        """The model's text, piece by piece. Raises ModelUnavailable."""
        stream = self.model.pieces(
            messages,
            max_tokens=most_tokens or limits.max_words * TOKENS_A_WORD + 40,
            stream_options={"include_usage": True},
        )
        try:
            while True:
                # Each wait has its own deadline: one around the whole would also count the time a slow shopper takes.
                async with asyncio.timeout(limits.timeout_seconds):
                    piece = await anext(stream, None)
                if piece is None:
                    return
                if piece.usage is not None:
                    usage["prompt"] = piece.usage.get("prompt_tokens", 0)
                    usage["completion"] = piece.usage.get("completion_tokens", 0)
                if piece.text:
                    yield piece.text
        except (openai.OpenAIError, httpx.HTTPError, TimeoutError) as error:
            raise unavailable(error, self.model_name) from error
        finally:
            await stream.aclose()


def released(held: str) -> tuple[str, str]:
    """(text that may leave, text that may be the beginning of a marker)."""
    partial = PARTIAL_MARKER.search(held)
    return (held[: partial.start()], held[partial.start() :]) if partial else (held, "")


def parts(text: str) -> Iterator[tuple[str, list[int]]]:
    """The text without its markers, each piece with the numbers of the markers behind it."""
    place = 0
    for found in MARKERS.finditer(text):
        yield text[place : found.start()], [int(number) for number in MARKER.findall(found[0])]
        place = found.end()
    if place < len(text):
        yield text[place:], []


def named(request: CompositionRequest, numbers: Sequence[int]) -> tuple[str, ...]:
    """Ids of the passages that markers stand for; a number that no passage has stands for none."""
    return tuple(request.evidence[n - 1].passage.id for n in numbers if 1 <= n <= len(request.evidence))


def quotes_of(request: CompositionRequest, used: Sequence[int], answer: str) -> list[Quote]:
    """A literal line of each passage that the model named; of the best one, if it shares words, when it named none."""
    known = [number for number in dict.fromkeys(used) if 1 <= number <= len(request.evidence)]
    said = set(WORD.findall(answer.lower()))
    quotes = []
    for number in known or [1]:
        passage = request.evidence[number - 1].passage
        lines = [plain_line(line) for line in passage.text.splitlines() if line.strip()]
        line = max(lines, key=lambda text: len(said & set(WORD.findall(text.lower()))), default=passage.text)
        if not known and not said & set(WORD.findall(line.lower())):
            continue
        quotes.append(Quote(passage.id, line))
    return quotes
