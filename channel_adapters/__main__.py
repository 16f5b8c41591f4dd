"""`python -m channel_adapters BUNDLE`: serves one portable file as chat endpoints until it is told to stop.

Everything is written to a temporary folder that goes when it ends: shoppers' conversations with it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["main"]

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
LARGEST_KEY_FILE = 10_000


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m channel_adapters", description="Serve one portable file as chat endpoints, by itself."
    )
    made.add_argument("bundle", type=Path, help="the file that was downloaded in the studio; it is only read")
    made.add_argument("--host", help="address to listen on; STORECLERK_HOST when left out")
    made.add_argument("--port", type=int, help="port to listen on; STORECLERK_PORT when left out")
    made.add_argument(
        "--key-file", type=Path, help="file with the keys that open it, one a line; made and shown once when left out"
    )
    made.add_argument(
        "--origin", action="append", default=[], help="web address that may use a publishable key; may be repeated"
    )
    return made


def given_keys(key_file: Path | None, setting: str) -> tuple[str, ...]:
    """The keys of the file, or else of the setting. Raises InvalidInput naming the file."""
    from engine.errors import InvalidInput  # noqa: PLC0415 - after the threads were counted

    if key_file is None:
        return tuple(setting.split())
    try:
        with key_file.open(encoding="ascii") as file:
            keys = tuple(file.read(LARGEST_KEY_FILE).split())
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"The key file {str(key_file)!r} cannot be read.") from error
    if not keys:
        raise InvalidInput(f"The key file {str(key_file)!r} is empty; write one key a line.")
    return keys


class Stop:
    """What a signal means: before serving an end at once, while serving uvicorn's own business.

    Uvicorn raises the signal again when it has ended: by then the folder is to be removed, not the process killed.
    """

    def __init__(self) -> None:
        self.serving = False
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, self.end)

    def end(self, *_: object) -> None:
        """Called for every signal that nobody else takes."""
        if not self.serving:
            raise KeyboardInterrupt


async def serve(options: argparse.Namespace, folder: Path, stop: Stop) -> None:
    """Bring the bundle into the folder and serve it. Raises StoreclerkError when it cannot be used."""
    import uvicorn  # noqa: PLC0415 - as above

    from channel_adapters.alone import MERCHANT, create_counter, give_keys  # noqa: PLC0415
    from engine.errors import InvalidInput  # noqa: PLC0415
    from engine.families import embedded  # noqa: PLC0415
    from engine.logging import configure_logging  # noqa: PLC0415
    from engine.serving import assemble_counter  # noqa: PLC0415
    from engine.settings import Settings  # noqa: PLC0415

    given = {name: value for name in ("host", "port") if (value := getattr(options, name)) is not None}
    settings = Settings(data_dir=folder, run_jobs=False, playground=False, **given)
    configure_logging(settings)
    keys = given_keys(options.key_file, settings.bundle_keys.get_secret_value())
    if not options.bundle.is_file():
        raise InvalidInput(f"There is no file {str(options.bundle)!r}.")
    engine = assemble_counter(settings, embedded(settings))
    try:
        bot = await engine.take(MERCHANT, options.bundle)
        made = await give_keys(engine, bot, keys, tuple(options.origin))
        tell(settings.server_address, bot.id, bot.name, made)
        config = uvicorn.Config(
            create_counter(engine, bot),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
            server_header=False,
        )
        stop.serving = True
        await uvicorn.Server(config).serve()
    finally:
        await engine.close()


def tell(address: str, bot: str, name: str, made: tuple[str, ...]) -> None:
    """Say where it is served, and the keys that were made: this once."""
    lines = [f"{name!r} is served at {address} as model {bot!r}. Conversations are kept until it stops."]
    for key in made:
        kind = "secret key, for servers" if key.startswith("sk_") else "publishable key, for pages of your shop"
        lines.append(f"{kind}, shown only now: {key}")
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop. Answers the exit code."""
    options = parser().parse_args(arguments)
    # One BLAS thread a query: several spinning on busy cores cost three times more. numpy reads this at import.
    for variable in THREADS:
        os.environ.setdefault(variable, "1")
    from engine.errors import StoreclerkError  # noqa: PLC0415

    try:
        with tempfile.TemporaryDirectory(prefix="storeclerk-", ignore_cleanup_errors=True) as folder:
            asyncio.run(serve(options, Path(folder), Stop()))
    except StoreclerkError as error:
        sys.stderr.write(f"Storeclerk cannot serve this: {error.message}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
