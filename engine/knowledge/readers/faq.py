"""Questions with the shop owner's own answers."""

from __future__ import annotations

from engine.domain.knowledge import Source, SourceKind
from engine.knowledge.items import make_document, optional_text, refused, required_text
from engine.knowledge.pages.language import page_language
from engine.knowledge.reading import FormField, ReadBatch, ReadContext

__all__ = ["FaqReader"]

MOST_PAIRS = 2_000
LONGEST_QUESTION = 500
LONGEST_ANSWER = 20_000


class FaqReader:
    """One document per question; its title is the question."""

    kind: SourceKind = "faq"
    label = "Questions and answers"
    form: tuple[FormField, ...] = (
        FormField("title", "Title", "text", help="A name for this list of questions."),
        FormField("pairs", "Questions and answers", "pairs", required=True),
    )

    def check(self, options: dict[str, object]) -> tuple[str, dict[str, object]]:
        """(title, options). Raises InvalidInput naming the pair."""
        raw = options.get("pairs")
        if not isinstance(raw, (list, tuple)) or not raw:
            raise refused("pairs", "needs at least one question with its answer")
        if len(raw) > MOST_PAIRS:
            raise refused("pairs", f"holds more than {MOST_PAIRS:,} questions; split them into several lists")
        pairs = [self.checked_pair(pair, index) for index, pair in enumerate(raw)]
        title = optional_text(options, "title", most=200) or (
            pairs[0]["question"] if len(pairs) == 1 else f"{len(pairs)} questions and answers"
        )
        return title, {"pairs": pairs}

    def checked_pair(self, pair: object, index: int) -> dict[str, str]:
        """One pair, both parts filled."""
        if not isinstance(pair, dict):
            raise refused(f"pairs.{index}", "must have a question and an answer")
        try:
            return {
                "question": required_text(pair, "question", most=LONGEST_QUESTION),
                "answer": required_text(pair, "answer", most=LONGEST_ANSWER),
            }
        except Exception as error:
            raise refused(f"pairs.{index}", f"cannot be used: {error}") from error

    async def read(self, source: Source, cursor: str | None, context: ReadContext) -> ReadBatch:
        """Every pair as a document. A question asked twice keeps its last answer."""
        pairs = source.options["pairs"]
        assert isinstance(pairs, (list, tuple))
        answers = {str(pair["question"]): str(pair["answer"]) for pair in pairs}
        now = context.clock.now()
        documents = tuple(
            make_document(
                source=source.id, item=question, title=question, text=answer, now=now, kind="faq",
                language=page_language(f"{question} {answer}"),
            )
            for question, answer in answers.items()
        )  # fmt: skip
        return ReadBatch(documents=documents, done=len(documents), total=len(documents))
