"""Joins the pieces of a fast stream, so that an answer costs by the time it takes and not by the number of its tokens.

Nobody reads two hundred steps a second, and each step is guarded, framed and sent on its own. The first pieces pass
as they come, so that the first words are seen at once; after them, what comes within a step is joined to one piece.
A model that speaks slower than that loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

__all__ = ["in_steps"]

AT_ONCE = 10
"""Pieces that pass as they come: some words lie between what a model says and what a guard has let out."""


async def in_steps(stream: AsyncIterator[str], seconds: float) -> AsyncGenerator[str]:
    """The text of a stream, after its beginning at most one piece in so many seconds. Raises what the stream raises.

    The stream is read ahead of who takes from this, and left when this is closed.
    """
    came: list[str] = []
    passed = 0
    news = asyncio.Event()

    async def read() -> None:
        async for piece in stream:
            came.append(piece)
            news.set()

    reading = asyncio.create_task(read())
    reading.add_done_callback(lambda _: news.set())
    try:
        while came or not reading.done():
            if not came:
                await news.wait()
                news.clear()
                continue
            text = "".join(came)
            came.clear()
            yield text
            passed += 1
            if passed >= AT_ONCE:
                await asyncio.wait({reading}, timeout=seconds)
        reading.result()
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await reading
