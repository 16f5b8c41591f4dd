"""A fast stream in steps: nothing is lost or late, the beginning passes at once, and failures are passed on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from engine.errors import ModelUnavailable
from engine.llama.pacing import AT_ONCE, in_steps

WORDS = [f"word{number} " for number in range(200)]


async def spoken(pause: float = 0.0, *, fails: bool = False) -> AsyncIterator[str]:
    for word in WORDS:
        await asyncio.sleep(pause)
        yield word
    if fails:
        raise ModelUnavailable("gone", reason="down")


async def test_a_fast_stream_comes_whole_in_few_pieces():
    pieces = [piece async for piece in in_steps(spoken(0.001), 0.05)]
    assert "".join(pieces) == "".join(WORDS)
    assert pieces[:AT_ONCE] == WORDS[:AT_ONCE], "the beginning passes as it comes"
    assert len(pieces) < len(WORDS) / 2


async def test_a_slow_stream_passes_as_it_comes():
    async def slow() -> AsyncIterator[str]:
        for word in WORDS[: AT_ONCE + 5]:
            await asyncio.sleep(0.02)
            yield word

    assert [piece async for piece in in_steps(slow(), 0.001)] == WORDS[: AT_ONCE + 5]


async def test_what_came_before_a_failure_is_passed_on_first():
    heard = []

    async def hear() -> None:
        async for piece in in_steps(spoken(fails=True), 0.01):
            heard.append(piece)

    with pytest.raises(ModelUnavailable, match="gone"):
        await hear()
    assert "".join(heard) == "".join(WORDS)


async def test_an_empty_stream_ends():
    async def silent() -> AsyncIterator[str]:
        for word in WORDS[:0]:
            yield word

    assert [piece async for piece in in_steps(silent(), 10.0)] == []


async def test_the_end_is_not_waited_for():
    async with asyncio.timeout(2.0):
        assert "".join([piece async for piece in in_steps(spoken(), 30.0)]) == "".join(WORDS)


async def test_reading_ends_where_nobody_takes_any_more():
    left = asyncio.Event()

    async def endless() -> AsyncIterator[str]:
        try:
            while True:
                await asyncio.sleep(0.001)
                yield "more "
        finally:
            left.set()

    async with aclosing(in_steps(endless(), 0.001)) as steps:
        assert await anext(steps) == "more "
    async with asyncio.timeout(2.0):
        await left.wait()
