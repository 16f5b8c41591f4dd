"""What a shopper wrote, out of the marks that Slack puts around mentions, channels and addresses.

Never here: writing such marks.
"""

from __future__ import annotations

import re

__all__ = ["words_of"]

MARK = re.compile(r"<([^<>\n]*)>")
BLANKS = re.compile(r"[^\S\n]+")
SCHEMES = ("mailto:", "tel:")


def words_of(text: str, bot: str) -> str:
    """The words, without the mention that called the bot. Everybody else's mention keeps its name where one is told."""

    def plain(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return " " if target[1:] == bot or not label else f"@{label}"
        if target.startswith("#"):
            return f"#{label}" if label else " "
        if target.startswith("!"):
            return label or " "
        scheme = next((scheme for scheme in SCHEMES if target.startswith(scheme)), "")
        return label or target.removeprefix(scheme)

    text = MARK.sub(plain, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    lines = [BLANKS.sub(" ", line).strip() for line in text.splitlines()]
    # Half a character, as broken JSON may hold it, could not be kept.
    return "\n".join(lines).strip().encode("utf-8", "replace").decode()
