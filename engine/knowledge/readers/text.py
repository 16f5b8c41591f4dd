"""Text that the shop owner typed or pasted."""

from __future__ import annotations

from engine.domain.knowledge import Source, SourceKind
from engine.knowledge.items import make_document, optional_text, required_text
from engine.knowledge.pages.language import page_language
from engine.knowledge.reading import FormField, ReadBatch, ReadContext

__all__ = ["TextReader"]

LONGEST_TITLE = 200
LONGEST_TEXT = 500_000


class TextReader:
    """One document per text."""

    kind: SourceKind = "text"
    label = "Text"
    form: tuple[FormField, ...] = (
        FormField("title", "Title", "text", help="What this text is about, such as Gift wrapping."),
        FormField(
            "text", "Text", "long_text", help="What your assistant should know, in your own words.", required=True
        ),
    )

    def check(self, options: dict[str, object]) -> tuple[str, dict[str, object]]:
        """(title, options). Raises InvalidInput."""
        text = required_text(options, "text", most=LONGEST_TEXT)
        title = optional_text(options, "title", most=LONGEST_TITLE) or text.lstrip("# ").split("\n")[0][:80]
        return title, {"title": title, "text": text}

    async def read(self, source: Source, cursor: str | None, context: ReadContext) -> ReadBatch:
        """The text as it stands."""
        title, text = str(source.options["title"]), str(source.options["text"])
        document = make_document(
            source=source.id, item="text", title=title, text=text, now=context.clock.now(), language=page_language(text)
        )
        return ReadBatch(documents=(document,), done=1, total=1)
