"""Files that the shop owner uploaded."""

from __future__ import annotations

from engine.domain.knowledge import Source, SourceKind
from engine.knowledge.failures import Unreadable, item_failure
from engine.knowledge.items import make_document, required_text
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.reading import FormField, ReadBatch, ReadContext, is_upload

__all__ = ["FileReader"]


class FileReader:
    """One document per file, read in a process of its own."""

    kind: SourceKind = "file"
    label = "File"
    form: tuple[FormField, ...] = ()
    """Files come in by upload, not by a form."""

    def __init__(self, *, parsing: ParsingProcesses) -> None:
        self.parsing = parsing

    def check(self, options: dict[str, object]) -> tuple[str, dict[str, object]]:
        """(title, options): the blob that holds the file, and the name it had. Raises InvalidInput."""
        blob = required_text(options, "blob", most=500)
        filename = required_text(options, "filename", most=255).replace("\\", "/").rpartition("/")[2]
        return filename, {"blob": blob, "filename": filename}

    async def read(self, source: Source, cursor: str | None, context: ReadContext) -> ReadBatch:
        """The file's text and what should be known about it, or the one failure that says why not."""
        filename = str(source.options["filename"])
        try:
            blob = source.options["blob"]
            # A name is a claim: only what was uploaded for this bot is read.
            content = await context.blobs.get(str(blob)) if is_upload(source.merchant, source.bot, blob) else None
            if content is None:
                raise Unreadable("missing")
            parsed = await self.parsing.file(content, filename)
        except Unreadable as error:
            return ReadBatch(failures=(item_failure(filename, error.code, error.detail),), done=1, total=1)
        document = make_document(
            source=source.id, item=filename, title=parsed["title"], text=parsed["text"], now=context.clock.now(),
            language=parsed["language"], page_starts=parsed["page_starts"], anchors=parsed["anchors"],
        )  # fmt: skip
        notes = tuple(item_failure(filename, code) for code in parsed["notes"])
        return ReadBatch(documents=(document,), failures=notes, done=1, total=1)
