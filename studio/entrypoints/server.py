"""Starts the server: merchant API, exported endpoints, playground and demo shop.

`STORECLERK_` settings say where; see `.env.example`.
"""

from __future__ import annotations

import os
import sys

import uvicorn

__all__ = ["main"]


def main() -> int:
    """Serve until told to stop. Answers the exit code."""
    # One BLAS thread a query: several spinning on busy cores cost three times more. numpy reads this at import.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    from channel_adapters.app import create_server  # noqa: PLC0415 - imports numpy
    from engine.errors import StoreclerkError  # noqa: PLC0415
    from engine.logging import configure_logging  # noqa: PLC0415
    from engine.settings import Settings  # noqa: PLC0415

    settings = Settings()
    configure_logging(settings)
    try:
        app = create_server(settings)
        if settings.playground:
            from studio.playground import mount_playground  # noqa: PLC0415 - imports Gradio

            mount_playground(app)
    except StoreclerkError as error:
        sys.stderr.write(f"Storeclerk cannot start: {error.message}\n")
        return 1
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    uvicorn.Server(config).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
