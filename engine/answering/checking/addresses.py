"""Web addresses, e-mail addresses and telephone numbers in a text, and links in Markdown or HTML.

Never here: which of them may leave; that is `judging`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.checking.values import Claim

__all__ = ["LINK", "addresses_in", "host_of", "normal_address", "without_markup"]

TLD = (
    r"(?:com|org|net|io|cc|co|de|fr|es|it|eu|uk|us|shop|store|info|biz|example|test|app|dev|ai|ly|me|nl|be|at|ch|pl|"
    r"se|no|dk|fi|ie|pt|xyz|online|site|top|ru|cn|tk|ml|page|link|click|live|to|gg|tv|edu|gov|invalid)"
)
EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
URL = re.compile(
    rf"(?:\w+:)?//[^\s<>\"'”’)\]}}]+|\bwww\.[^\s<>\"'”’)\]}}]+"
    rf"|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+{TLD}(?::\d+)?(?![\w-])(?:/[^\s<>\"'”’)\]}}]*)?"
    r"|\b(?:mailto|javascript|data|tel|ftp):[^\s<>\"')\]]+",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+|00|\(?0)?\d[\d()]*(?:[\s./–-]{1,2}\(?\d[\d()]*){2,}(?![\w])|(?<![\w.])\+\d{7,15}\b"
)
CALL = re.compile(
    r"\b(?:call|phone|tel|telephone|ring|hotline|fax|whatsapp|telefon|anrufen|téléphone|teléfono|telefono|number)\b",
    re.IGNORECASE,
)
FEWEST_DIGITS, MOST_DIGITS = 7, 15
IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?")
LINK = re.compile(r"\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*\S+.*$", re.MULTILINE)
TAG = re.compile(
    r"</?(?:a|abbr|audio|b|base|body|br|button|code|div|em|embed|font|form|frame|h[1-6]|head|hr|html|i|iframe|img|input"
    r"|li|link|math|meta|object|ol|p|picture|pre|script|source|span|strong|style|sub|sup|svg|table|t[bdhr]|tbody|thead"
    r"|textarea|title|u|ul|video)\b[^<>]*>|<!--.*?-->",
    re.IGNORECASE,
)
"""HTML as browsers know it; `<your name>` is none."""


def normal_address(url: str) -> str:
    """An address as it is compared: no scheme, no `www.`, no fragment, no closing sign, host in lower case."""
    bare = re.sub(r"^(?:https?:)?//", "", url.strip(), flags=re.IGNORECASE).partition("#")[0].rstrip(".,;:!?*_/")
    host, slash, rest = bare.partition("/")
    return host.lower().removeprefix("www.") + slash + rest


def host_of(url: str) -> str:
    """The host of a normal address."""
    return url.partition("/")[0].partition("?")[0]


def addresses_in(text: str) -> Iterator[Claim]:
    """E-mail addresses, web addresses and telephone numbers, in this order of precedence."""
    for found in EMAIL.finditer(text):
        shown = found[0].rstrip(".")
        yield Claim("email", frozenset({shown.lower()}), "", found.start(), found.start() + len(shown), shown)
    for found in URL.finditer(text):
        shown = found[0].rstrip(".,;:!?*_")
        yield Claim("url", frozenset({normal_address(shown)}), "", found.start(), found.start() + len(shown), shown)
    for found in PHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        said = found[0].startswith(("+", "00", "(")) or CALL.search(text[max(0, found.start() - 40) : found.start()])
        if said and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
            bare = digits.removeprefix("00")
            yield Claim("phone", frozenset({bare}), "", found.start(), found.end(), found[0])


def without_markup(text: str, known: frozenset[str]) -> tuple[str, int]:
    """(text without pictures, tags and links to unknown places, how many such links there were)."""
    foreign = 0

    def plain_link(found: re.Match[str]) -> str:
        nonlocal foreign
        label, target = found[1], found[2]
        if normal_address(target) in known:
            return label if normal_address(label) == normal_address(target) else f"{label} ({target})"
        foreign += 1
        return label

    text, pictures = IMAGE.subn("", text)
    text = LINK.sub(plain_link, text)
    text, references = REFERENCE.subn("", text)
    text, tags = TAG.subn("", text)
    return text, foreign + pictures + references + tags
