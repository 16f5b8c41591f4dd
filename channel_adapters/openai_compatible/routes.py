"""`POST /v1/chat/completions` and `GET /v1/models`, with a secret key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from channel_adapters.access import Admitted, TheEngine, admit_secret
from channel_adapters.openai_compatible.completions import Completion
from channel_adapters.openai_compatible.envelope import EnvelopeRoute, envelope
from channel_adapters.openai_compatible.messages import CompletionRequest, question_and_history
from channel_adapters.openai_compatible.repeats import Repeats, digest_of, is_repeat
from channel_adapters.rate_limits import RateLimits
from channel_adapters.streaming import while_connected
from engine.answering.answerer import Done, Event, Token
from engine.api.events import SSE_HEADERS, with_keep_alive
from engine.domain.bot import Bot
from engine.domain.conversation import Ask, Reply
from engine.errors import NotFound
from engine.serving import Serving

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["openai"], route_class=EnvelopeRoute)
AI_GENERATED = {"x-ai-generated": "true"}
ENVELOPE = {
    "description": "The error, as OpenAI's clients expect it.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "error": {
                        "type": "object",
                        "description": "What went wrong.",
                        "properties": {
                            "message": {"type": "string", "description": "What is wrong, and the next step."},
                            "type": {"type": "string", "description": "Kind of error."},
                            "param": {"type": ["string", "null"], "description": "The field at fault."},
                            "code": {"type": "string", "description": "Stable name of the error."},
                        },
                    }
                },
            }
        }
    },
}
FAILURES: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 429, 503), ENVELOPE)
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A chat completion, or its chunks. `x_storeclerk` on the message, or on the last delta, is the "
        "whole Reply with its citations and product cards.",
        "content": {"application/json": {}, "text/event-stream": {"schema": {"type": "string"}}},
    }
}


def model_body(bot: Bot) -> dict[str, Any]:
    """A bot as a model."""
    return {"id": bot.id, "object": "model", "created": int(bot.created_at.timestamp()), "owned_by": "storeclerk"}


def unknown_model(name: str) -> NotFound:
    """The error for a model that the key does not open."""
    return NotFound(f"The model {name!r} does not exist, or this key does not open it.", code="model_not_found")


@router.get("/models", responses=FAILURES)
async def list_models(engine: TheEngine, request: Request) -> Any:
    """The one model that the key opens: its bot."""
    admitted = await admit_secret(engine, request)
    return JSONResponse({"object": "list", "data": [model_body(admitted.bot)]})


@router.get("/models/{model}", responses=FAILURES)
async def get_model(model: str, engine: TheEngine, request: Request) -> Any:
    """One model."""
    admitted = await admit_secret(engine, request)
    if model != admitted.bot.id:
        raise unknown_model(model)
    return JSONResponse(model_body(admitted.bot))


@router.post("/chat/completions", responses={**ANSWER, **FAILURES})
async def complete(body: CompletionRequest, engine: TheEngine, request: Request) -> Any:
    """Answer the last question with the live version. Works with OpenAI's clients; the model is the bot's id."""
    admitted = await admit_secret(engine, request)
    if body.model != admitted.bot.id:
        raise unknown_model(body.model)
    question, history = question_and_history(body.messages)
    clock, identifiers = engine.adapters.clock, engine.adapters.identifiers
    repeats = Repeats(engine.records, clock)
    digest = digest_of(request, await request.body())
    known = await repeats.find(admitted.key, digest) if is_repeat(request) else None
    if known is not None:
        events = told_again(known)
    else:
        ask = Ask(question, channel="openai", shopper=body.user or "", history=history)
        events = await answer(engine, admitted, ask, repeats, digest)
    prompt = "\n".join(message.text() for message in body.messages)
    completion = Completion(f"chatcmpl-{identifiers.secret(24)}", int(clock.now().timestamp()), admitted.bot.id, prompt)
    if body.stream:
        include_usage = body.stream_options is not None and body.stream_options.include_usage
        lines = with_keep_alive(completion.stream(events, include_usage=include_usage))
        return StreamingResponse(lines, media_type="text/event-stream", headers=SSE_HEADERS | AI_GENERATED)
    reply = await while_connected(request, last(events))
    if reply is None:
        return Response(status_code=499)
    return JSONResponse(completion.whole(reply), headers=AI_GENERATED)


async def answer(engine: Serving, admitted: Admitted, ask: Ask, repeats: Repeats, digest: str) -> AsyncIterator[Event]:
    """The answer in the making, counted and remembered. Raises Conflict, RateLimited before anything is made."""
    bot = admitted.bot
    version = await engine.answerer.live_version(bot)
    limits = RateLimits(engine.adapters.counter, engine.adapters.clock, engine.settings)
    # The address is the shop's own server, which speaks for many shoppers: it is not limited by itself.
    await limits.admit(bot=bot.id, visitor=f"openai:{ask.shopper}" if ask.shopper else "")

    async def remembered() -> AsyncIterator[Event]:
        async for event in engine.answerer.stream(bot, version, ask):
            if isinstance(event, Done):
                await repeats.keep(admitted.key, digest, event.reply)
            yield event

    return remembered()


async def told_again(reply: Reply) -> AsyncIterator[Event]:
    """An answer that was made before."""
    yield Token(reply.text)
    yield Done(reply)


async def last(events: AsyncIterator[Event]) -> Reply:
    """The whole reply."""
    async for event in events:
        if isinstance(event, Done):
            return event.reply
    raise AssertionError("a stream ends with Done")


@router.api_route("/chat/completions", methods=["GET", "PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False)
@router.api_route("/models", methods=["POST", "PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False)
@router.api_route("/models/{model}", methods=["POST", "PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False)
async def wrong_method(request: Request) -> Any:
    """Other methods: refused in the same form."""
    message = f"{request.method} is not possible here."
    return envelope(405, message, "invalid_request_error", "method_not_allowed", headers={"Allow": "GET, POST"})
