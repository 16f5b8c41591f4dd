"""Starts a worker: trains versions and runs tests, and serves nothing.

For installations whose server has `STORECLERK_RUN_JOBS=false`.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from engine.bootstrap import running
from engine.errors import StoreclerkError
from engine.logging import configure_logging
from engine.settings import Settings

__all__ = ["main"]


async def work(settings: Settings) -> None:
    """Run jobs until told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings.model_copy(update={"run_jobs": True})):
        print("The worker is running. Ctrl-C stops it.", flush=True)
        await stop.wait()


def main() -> int:
    """Work until told to stop. Answers the exit code."""
    settings = Settings()
    configure_logging(settings)
    try:
        asyncio.run(work(settings))
    except StoreclerkError as error:
        sys.stderr.write(f"The worker cannot start: {error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
