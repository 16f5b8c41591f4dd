"""The kinds of source that can be read, in one table."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.knowledge import SourceKind
from engine.knowledge.fetching import Fetcher
from engine.knowledge.fetching.browser import Browser
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers.faq import FaqReader
from engine.knowledge.readers.feed import FeedReader
from engine.knowledge.readers.file import FileReader
from engine.knowledge.readers.text import TextReader
from engine.knowledge.readers.website import WebsiteReader
from engine.knowledge.reading import Reader

__all__ = ["FaqReader", "FeedReader", "FileReader", "TextReader", "WebsiteReader", "readers"]


def readers(
    *,
    fetcher: Fetcher,
    parsing: ParsingProcesses,
    requests_per_second: float,
    most_pages: int,
    browser: Browser | None = None,
) -> Mapping[SourceKind, Reader]:
    """Every reader by its kind. A new kind is one module here and one line below."""
    return {
        "website": WebsiteReader(
            fetcher=fetcher,
            parsing=parsing,
            requests_per_second=requests_per_second,
            most_pages=most_pages,
            browser=browser,
        ),
        "file": FileReader(parsing=parsing),
        "text": TextReader(),
        "faq": FaqReader(),
        "feed": FeedReader(fetcher=fetcher),
    }
