"""Numbers of mail, each with its source. [RFC]: the standard says so. [own]: ours, with the reason beside it."""

from __future__ import annotations

from datetime import timedelta

__all__ = [
    "ATTACHMENT_NAMES",
    "CLOCK_SLACK",
    "CONNECT_SECONDS",
    "IMAP_PORTS",
    "LINE",
    "LITERAL_BYTES",
    "LONGEST_BODY",
    "LONGEST_SUBJECT",
    "LONGEST_TEXT",
    "MAILS_AT_ONCE",
    "MAIL_BYTES",
    "MOST_ADDRESSES",
    "MOST_AN_HOUR",
    "NESTED",
    "NOTED_SECONDS",
    "OLDEST",
    "PRODUCTS",
    "REFERENCES",
    "ROUND_TRIP_SECONDS",
    "SIGN_OFF_SECONDS",
    "SMTP_PORTS",
    "SOURCES",
    "STEP_SECONDS",
    "TALK_SECONDS",
    "THREADS",
    "TRIES",
]

IMAP_PORTS = frozenset({143, 993})
"""[RFC] 9051 and 8314. Other ports of public hosts are not spoken to: a form must not become a port scanner."""
SMTP_PORTS = frozenset({25, 465, 587, 2525})
"""[RFC] 5321, 8314 and 6409; 2525 is what providers offer where 587 is blocked."""
CONNECT_SECONDS = 8.0
TALK_SECONDS = 12.0
"""[own] Longest wait for one answer of a server; a whole delivery is cut off after 25 s by the sender."""
STEP_SECONDS = 30.0
"""[own] Longest time for one step of a visit, such as signing in: a server that sends a byte now and then ends no wait
for an answer, and must not keep a thread all the same."""
SIGN_OFF_SECONDS = 3.0
"""[own] After that a server is hung up on: what it took, it took."""
MOST_ADDRESSES = 4
"""[own] Network addresses of one server that are tried."""
THREADS = 8
"""[own] Servers spoken to at the same time: one that hangs takes none of the threads that others work in."""
MAIL_BYTES = 1_000_000
"""[own] Only the beginning of a mail is fetched; text comes before attachments."""
LITERAL_BYTES = 2 * MAIL_BYTES
"""[own] More than that in one piece was not asked for, and is not taken into memory."""
NESTED = 40
"""[own] Boundaries that one mail may name: parsers look at each line once for every level of parts within parts."""
MAILS_AT_ONCE = 20
"""[own] After so many it is noted how far the mailbox was read."""
NOTED_SECONDS = 10.0
"""[own] And after so long: a look that is cut off must not begin where the last one did."""
TRIES = 3
"""[own] Looks in which a mail that the server cannot hand out is asked for, before it is left to people."""
OLDEST = timedelta(days=3)
"""[own] A mail that lay there longer was dealt with otherwise, or an answer would come as a surprise."""
CLOCK_SLACK = timedelta(minutes=10)
"""[own] Most that a mail server's clock is trusted to be off where a mail's time is compared with ours."""
MOST_AN_HOUR = 10
"""[own] Answers to one address: two machines that answer each other stop there (RFC 3834, 2)."""
LONGEST_BODY = 4_000
"""[own] Characters of a body that are looked at for quotes; the search for them is quadratic."""
LONGEST_TEXT = 2_000
"""As everywhere: longer messages are not answered. Of a mail the beginning is."""
LONGEST_SUBJECT = 200
REFERENCES = 20
"""[own] Earlier mails that are named; RFC 5322 lets long lists be cut, the first has to stay."""
LINE = 998
"""[RFC] 5322, 2.1.1: characters of a line."""
SOURCES = 3
PRODUCTS = 10
"""[own] Products of one answer, as lines."""
ATTACHMENT_NAMES = 5
ROUND_TRIP_SECONDS = 20.0
"""[own] How long the doctor waits for its own mail; most servers need two."""
