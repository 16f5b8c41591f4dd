"""A shopper's own words in the body of a mail: without what is quoted, and without signatures.

Never here: headers.
"""

from __future__ import annotations

import re

from lxml import etree, html
from mailparser_reply import EmailReplyParser

from channel_adapters.email.limits import LONGEST_BODY
from engine.knowledge.pages.lines import BLOCKS

__all__ = ["own_words", "text_of_html"]

LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "da", "sv", "pl", "cs", "ja", "ko", "zh"]
QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
ORIGINAL = re.compile(
    r"^[ \t]*-{2,}[ \t]*(original message|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|messaggio originale|oorspronkelijk bericht|forwarded message)[ \t]*-{2,}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
SIGNED = re.compile(r"^--[ \t]*$", re.MULTILINE)
UNSEEN = {"blockquote", "style", "script", "head", "title"}
QUOTES = {"gmail_quote", "moz-cite-prefix", "moz-signature"}
"""Classes that Gmail and Thunderbird give to what they quote, and to signatures."""
REPLY_HEADS = {"divRplyFwdMsg", "appendonsend"}
"""Ids by which Outlook marks where what is quoted begins: all that follows there belongs to it."""


def is_quoted(element: etree._Element) -> bool:
    """Whether an element holds what mail programs quote or sign with, or nothing to read."""
    return (
        element.tag in UNSEEN
        or not QUOTES.isdisjoint((element.get("class") or "").split())
        or element.get("data-smartmail") == "gmail_signature"
        or element.get("id") in REPLY_HEADS
    )


def text_of_html(content: str) -> str:
    """The words of an HTML body, without what mail programs mark as quoted. Empty for what cannot be read."""
    try:
        tree = html.document_fromstring(content.replace("\x00", "").encode("utf-8", "replace"), html_parser())
    except (etree.LxmlError, ValueError):
        return ""
    # In one walk: strangers write this, and whatever looks back or ahead for each element takes hours.
    pieces: list[str] = []
    ended: set[etree._Element] = set()
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag, around = element.tag if isinstance(element.tag, str) else "", element.getparent()
        if tag in BLOCKS or (tag == "br" and event == "start"):
            pieces.append("\n")
        if event == "end":
            words = "" if around in ended else element.tail
        elif around in ended or (tag and is_quoted(element)):
            walk.skip_subtree()
            words = ""
            if element.get("id") in REPLY_HEADS and around is not None:
                ended.add(around)
        else:
            words = element.text if tag else ""
        pieces.append(re.sub(r"\s+", " ", words or ""))
    return "".join(pieces)


def html_parser() -> html.HTMLParser:
    """One that follows nothing and reads UTF-8, whatever the document claims."""
    return html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def own_words(body: str) -> str:
    """The newest words of a body; empty when there are none."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\u00a0", " ")
    text = SIGNED.split(ORIGINAL.split(QUOTED.sub("", text))[0])[0]
    # Runs of blanks and of empty lines would cost the search for quotes minutes.
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r"[ \t]+", " ", text))).strip()
    replies = EmailReplyParser(languages=LANGUAGES).read(text[:LONGEST_BODY]).replies
    # Who answers below what they quote leaves nothing above it.
    return next((words for reply in replies if (words := str(reply.body).strip())), "")
