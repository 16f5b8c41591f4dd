"""How the playground's page asks: the questions that wait, one after the other, and the answers as they grow.

Never here: where things stand on the page, and rating.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import structlog

from engine.answering.answerer import Done, Token
from engine.bootstrap import Engine
from engine.domain.conversation import Reply
from engine.errors import StoreclerkError
from studio.playground import talking
from studio.playground.access import COOKIE
from studio.playground.looks import Look, drawn, look_named
from studio.playground.rendering import plain, status_html
from studio.playground.talking import Talk, Tester
from studio.playground.waiting import Progress, Question, due

__all__ = ["Asking"]

log = structlog.get_logger("storeclerk.playground")
FAULT = "The answer stopped because of a fault. Please ask again."
Messages = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Filling:
    """What asking fills on the page; what is not said stays as it is."""

    messages: Messages
    talk: Talk | None = None
    """Told at an answer's end only: a conversation that begins anew meanwhile is not to be undone by the old one."""
    progress: Any = field(default_factory=gr.skip)
    rating: Any = field(default_factory=gr.skip)
    stars: Any = field(default_factory=gr.skip)
    words: Any = field(default_factory=gr.skip)
    note: Any = field(default_factory=gr.skip)
    examples: Any = field(default_factory=gr.skip)

    @property
    def parts(self) -> list[Any]:
        """Progress, messages, talk, rating, stars, comment box, note, examples."""
        kept = [self.progress, self.messages, self.talk or gr.skip()]
        return [*kept, self.rating, self.stars, self.words, self.note, self.examples]


def message(reply: Reply, look: Look, tester: Tester) -> dict[str, Any]:
    """An answer among the messages."""
    return {"role": "assistant", "content": drawn(reply, look, tester.version.persona.example_questions)}


def redrawn(shown: Messages, talk: Talk, look: Look, tester: Tester) -> Messages:
    """The shown answers as they look in a channel."""
    messages = list(shown)
    for answer in talk.answers:
        if answer.place < len(messages):
            messages[answer.place] = message(answer.reply, look, tester)
    return messages


class Asking:
    """The one event that writes the conversation while it goes on: a page never runs it twice at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def ask(
        self, waiting: Any, progress: Any, shown: Messages, talk: Talk, chosen: str, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        """Draw what is shown in the chosen look, then answer what waits. Fills the parts of `Filling`."""
        try:
            tester = await talking.tester_of(self.engine, request.cookies.get(COOKIE, ""))
        except StoreclerkError as error:
            yield self.failed(shown, talk, due(waiting, progress), error.message).parts
            return
        look, address = look_named(chosen), request.client.host if request.client is not None else "unknown"
        talk = talk.belonging_to(tester)
        messages = redrawn(shown, talk, look, tester)
        yield Filling(messages).parts
        left = due(waiting, progress)
        while left:
            try:
                async for filling in self.answer(left[0], messages, talk, look, tester, address):
                    yield filling.parts
            except StoreclerkError as error:
                yield self.failed(messages, talk, left, error.message).parts
                return
            except Exception as error:
                log.exception("playground.broke", error=type(error).__name__)
                yield self.failed(messages, talk, left, FAULT).parts
                return
            messages, talk = filling.messages, filling.talk or talk
            left = left[1:]

    async def answer(
        self, question: Question, shown: Messages, talk: Talk, look: Look, tester: Tester, address: str
    ) -> AsyncIterator[Filling]:
        """Show a question at once, then its answer as it grows, and offer to rate it at the end."""
        asked: Messages = [*shown, {"role": "user", "content": plain(question.text)}]
        yield Filling(
            [*asked, {"role": "assistant", "content": "…"}],
            progress=Progress(question.number).sent,
            rating=gr.Column(visible="hidden"),
            note=status_html(""),
            examples=gr.Column(visible=False),
        )
        written = ""
        async for event in talking.ask(self.engine, tester, talk, question.text, address):
            if isinstance(event, Token):
                written += event.text
                yield Filling([*asked, {"role": "assistant", "content": plain(written)}])
            elif isinstance(event, Done):
                yield Filling(
                    [*asked, message(event.reply, look, tester)],
                    talk.answered(len(asked), question.text, event.reply),
                    rating=gr.Column(visible=True),
                    # Not before: when the question fails, the stars and words of the answer before it still stand.
                    stars=None,
                    words=gr.Textbox(value="", visible=False),
                )

    @staticmethod
    def failed(shown: Messages, talk: Talk, left: list[Question], words: str) -> Filling:
        """After a question that got no answer the earlier ones may be rated again; `left` goes back into the box."""
        return Filling(
            shown,
            progress=Progress(left[0].number - 1, halted=True).sent if left else gr.skip(),
            rating=gr.Column(visible=True if talk.answers else "hidden"),
            note=status_html(words),
        )
