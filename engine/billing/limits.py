"""Numbers of payments: Stripe's (docs.stripe.com, 2026) unless said otherwise."""

from __future__ import annotations

from datetime import timedelta

__all__ = [
    "CALL_RETRIES",
    "CALL_SECONDS",
    "CLAIMED_FOR",
    "COMPARED_AGAIN",
    "COMPARED_EVERY",
    "FIRST_PAUSE",
    "LISTED_AT_ONCE",
    "LONGEST_PAUSE",
    "NOTICES_KEPT",
    "SIGNATURE_AGE",
    "TRIED_FOR",
]

SIGNATURE_AGE = timedelta(seconds=300)
"""Age of a signature that is taken, and, our own, time ahead: the SDK takes any that is ahead."""
TRIED_FOR = timedelta(days=3)
"""So long Stripe sends a notice again that nobody acknowledges; so long we look into one."""
NOTICES_KEPT = timedelta(days=9)
"""Our own: longer than any repeat comes."""
CALL_SECONDS, CALL_RETRIES = 10, 1
"""Our own: of one call of the interface."""
CLAIMED_FOR = timedelta(seconds=60)
"""Our own: who looks into a notice has so long; longer than all trials of a call."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
"""Our own: between two looks into a notice."""
COMPARED_EVERY, COMPARED_AGAIN = timedelta(days=1), timedelta(hours=1)
"""Our own: from one comparison to the next, and to the next trial of one that failed."""
LISTED_AT_ONCE = 100
