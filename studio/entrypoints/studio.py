"""Starts the studio: the Streamlit app with our own routes beside it.

Never here: pages. The script that Streamlit runs lives in `studio/script/`.
"""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st
import uvicorn

from engine.settings import Settings
from studio.routes import make_routes
from studio.session import anonymous_api
from studio.tickets import tickets

__all__ = ["create_app", "explain_fault", "main"]

SCRIPT = Path(__file__).resolve().parents[1] / "script" / "journey.py"


def create_app(settings: Settings) -> st.App:
    """The studio as an ASGI application. One process only: uploads and sessions live in it."""
    return st.App(SCRIPT, routes=make_routes(settings, tickets(), anonymous_api), on_script_error=explain_fault)


def explain_fault(error: Exception) -> bool:
    """Log a fault of ours and show people a sentence instead of a traceback. True: Streamlit shows nothing itself."""
    logging.getLogger("studio").error("page.broke", exc_info=error)
    st.error(
        "**Something went wrong in the studio**  \nThis is our fault, not yours; nothing is lost. Reload the page.",
        icon=":material/error:",
    )
    return True


def main() -> None:
    """Serve the studio until it is told to stop."""
    settings = Settings()
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.studio_port,
        log_level=settings.log_level,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
