"""Our own numbers of the generic webhook, from the Standard Webhooks specification unless said otherwise."""

from __future__ import annotations

from datetime import timedelta

__all__ = ["BODY_BYTES", "TEXT", "TOLERANCE"]

TOLERANCE = timedelta(minutes=5)
"""Most difference between a request's timestamp and our clock."""
BODY_BYTES = 1_048_576
TEXT = 2_000
"""Longest message that is answered, as everywhere."""
