"""Text in Slack's own marks, in which nothing of a shop or a shopper means anything.

Never here: blocks.
"""

from __future__ import annotations

from typing import Any

from channel_adapters.links import web_address
from channel_adapters.spans import settled, shortened, spans

__all__ = ["Block", "escaped", "fitting", "link", "markdown", "mrkdwn", "written"]

Block = dict[str, Any]
SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]~"} | {"<": "‹", ">": "›"})
"""For `markdown_text`. Angle brackets are replaced by others: whether an escaped `<!channel>` calls nobody there is
not documented, and the text stands only until the whole answer takes its place."""


def escaped(text: str) -> str:
    """Text that cannot begin a link, a mention or a broadcast: Slack reads nothing but these three signs so."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(words: str, address: str, *, on_this_machine: bool) -> str:
    """A link, or the words alone when the address may not be followed."""
    safe = web_address(address, on_this_machine=on_this_machine)
    label = escaped(" ".join(words.split())).replace("|", "¦")
    return label if safe is None or not label else f"<{escaped(safe)}|{label}>"


def written(text: str, *, on_this_machine: bool) -> str:
    """An answer's Markdown in Slack's own marks."""
    made = []
    for span in spans(text):
        if span.address:
            made.append(link(span.text, span.address, on_this_machine=on_this_machine))
        elif span.code:
            made.append(f"```\n{escaped(span.text)}\n```" if span.code == "block" else f"`{escaped(span.text)}`")
        else:
            made.append(f"*{escaped(span.text)}*" if span.bold and span.text else escaped(span.text))
    return "".join(made)


def markdown(notice: str, text: str) -> str:
    """A notice and a text in the making in the Markdown of streams: plain words, bold ones, and no links."""
    made = []
    for span in spans(settled(text.lstrip())):
        words = span.text.translate(SIGNS)
        made.append(f"**{words}**" if span.bold and words.strip() else words)
    before = f"_{notice.strip().translate(SIGNS)}_\n\n" if notice.strip() else ""
    return before + "".join(made) if made else ""


def mrkdwn(text: str) -> Block:
    """A text object in which only what we wrote is read: `verbatim` keeps Slack from linking names and addresses."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def fitting(text: str, longest: int) -> Block:
    """A text object of at most so many characters, escapes counted."""
    short = shortened(text, longest)
    while len(escaped(short)) > longest:
        short = shortened(short, len(short) - 1)
    return mrkdwn(escaped(short))
