"""Which mails a machine wrote, or nobody may answer: answering those begins a loop, or writes to thousands.

After RFC 3834 and what mail programs do. Never here: how often somebody is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["why_not_answered"]

Headers = Mapping[str, tuple[str, ...]]
NOBODY = re.compile(
    r"(mailer[-_.]?daemon|postmaster|(no|non|not|do[-_.]?not|dont|ne[-_.]?pas)[-_.]?(reply|respond|repondre)|noreply.*"
    r"|.*[-_.+]no[-_.]?reply|bounces?([-_.+=].*)?|nicht[-_.]?antworten|keine[-_.]?antwort|listserv|majordomo"
    r"|.*-request|.*[-_.+]bounces?)@.*",
    re.IGNORECASE | re.DOTALL,
)
BULK = {"bulk", "junk", "list", "auto_reply"}
REPORTS = ("multipart/report", "message/delivery-status", "message/disposition-notification")
SET_BY_MACHINES = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply",
                   "x-failed-recipients", "x-campaign-id")  # fmt: skip


def first(headers: Headers, name: str) -> str:
    """A header's first value, in lower case."""
    return str(headers.get(name, ("",))[0]).strip().lower()


def why_not_answered(headers: Headers, sender: str, own: str) -> str | None:
    """Why nobody answers this mail, as a word for the log; None when it is somebody's.

    `headers` by lower-case name; `sender` is who an answer would go to, `own` the shop's address.
    """
    if not sender:
        return "no_sender"
    if sender.lower() == own.lower():
        return "own_mail"
    if NOBODY.fullmatch(sender):
        return "nobody_reads_there"
    return automatic(headers) or unwanted(headers)


def automatic(headers: Headers) -> str | None:
    """Whether a machine wrote it."""
    if first(headers, "auto-submitted").split(";")[0].strip() not in {"", "no"}:
        return "auto_submitted"
    if "return-path" in headers and first(headers, "return-path") in {"<>", ""}:
        return "bounce"
    if first(headers, "content-type").startswith(REPORTS):
        return "report"
    if first(headers, "x-auto-response-suppress") not in {"", "none"}:
        return "suppressed"
    return next((name for name in SET_BY_MACHINES if name in headers), None)


def unwanted(headers: Headers) -> str | None:
    """Whether it went to many, or is taken for spam."""
    if any(name.startswith("list-") for name in headers):
        return "list"
    if first(headers, "precedence") in BULK:
        return "bulk"
    if first(headers, "x-spam-flag") == "yes" or first(headers, "x-spam-status").startswith("yes"):
        return "spam"
    return None
