"""What the playground's page does when its tester opens it, asks and rates. What that means stands in `talking`.

Never here: where things stand on the page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
import structlog

from engine.answering.answerer import Token
from engine.bootstrap import Engine
from engine.domain.conversation import Reply
from engine.errors import StoreclerkError
from studio.playground import closing, talking
from studio.playground.access import COOKIE
from studio.playground.looks import Look, drawn, look_named
from studio.playground.opinions import Opinion
from studio.playground.rendering import header_html, plain, status_html
from studio.playground.talking import Choice, Talk, Tester

__all__ = ["EXAMPLES", "Events"]

log = structlog.get_logger("storeclerk.playground")
EXAMPLES = 4
FAULT = "The answer stopped because of a fault. Please ask again."
SHOWN_QUESTION = 60
"""Characters of a question by which a tester knows it again."""
Messages = list[dict[str, Any]]


def counted(ratings: int) -> str:
    """How many ratings, in words."""
    return "1 answer rated" if ratings == 1 else f"{ratings} answers rated"


def opinion_words(opinion: Opinion) -> str:
    """An opinion as its tester reads it back."""
    thumb = {True: "helpful", False: "not helpful", None: ""}[opinion.thumb]
    stars = "" if opinion.stars is None else "1 star" if opinion.stars == 1 else f"{opinion.stars} stars"
    return ", ".join(words for words in (thumb, stars) if words)


class Events:
    """The page's events, over one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def tester(self, request: gr.Request) -> Tester:
        """Who is here, from the cookie. Raises NotAuthenticated."""
        return await talking.tester_of(self.engine, request.cookies.get(COOKIE, ""))

    async def begin(self, request: gr.Request) -> list[Any]:
        """Fill a freshly opened page for its tester: header, examples, conversation, closing questions."""
        tester = await self.tester(request)
        persona = tester.version.persona
        questions = persona.example_questions[:EXAMPLES]
        buttons = [
            gr.Button(value=questions[place] if place < len(questions) else "", visible=place < len(questions))
            for place in range(EXAMPLES)
        ]
        header = header_html(tester.bot, tester.version, tester.invite)
        said = await talking.closing(self.engine, tester)
        return [header, *buttons, *self.fresh(tester), *closing.filled(said)]

    @staticmethod
    def fresh(tester: Tester) -> list[Any]:
        """A conversation that begins: talk, choice, messages, rating, stars, comment box, note, examples."""
        greeting = {"role": "assistant", "content": plain(tester.version.persona.greeting)}
        return [
            Talk(invite=tester.invite.id),
            Choice(),
            [greeting],
            gr.Column(visible=False),
            None,
            gr.Textbox(value="", visible=False),
            status_html(""),
            gr.Column(visible=True),
        ]

    async def restart(self, request: gr.Request) -> list[Any]:
        """Begin anew when the tester clears the conversation."""
        return self.fresh(await self.tester(request))

    async def redraw(self, shown: Messages, talk: Talk, chosen: str, request: gr.Request) -> Messages:
        """The shown answers as they would look in another channel."""
        tester = await self.tester(request)
        messages = list(shown)
        for answer in talk.belonging_to(tester).answers:
            if answer.place < len(messages):
                messages[answer.place] = self.message(answer.reply, look_named(chosen), tester)
        return messages

    @staticmethod
    def message(reply: Reply, look: Look, tester: Tester) -> dict[str, Any]:
        """An answer among the messages."""
        return {"role": "assistant", "content": drawn(reply, look, tester.version.persona.example_questions)}

    async def ask(
        self, text: str, shown: Messages, talk: Talk, chosen: str, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        """Show the question at once, then the answer as it grows.

        Fills: box, messages, talk, rating, stars, comment box, note, examples.
        """
        if not text.strip():
            yield [gr.skip()] * 8
            return
        question: dict[str, Any] = {"role": "user", "content": plain(text)}
        answer: dict[str, Any] = {"role": "assistant", "content": "…"}
        messages = [*shown, question, answer]
        hidden = [gr.Column(visible=False), None, gr.Textbox(value="", visible=False)]
        yield ["", messages, talk, *hidden, status_html(""), gr.Column(visible=False)]
        rest = [gr.skip()] * 5
        try:
            tester = await self.tester(request)
            talk = talk.belonging_to(tester)
            address = request.client.host if request.client is not None else "unknown"
            written = ""
            async for event in talking.ask(self.engine, tester, talk, text, address):
                if isinstance(event, Token):
                    written += event.text
                    yield ["", [*messages[:-1], answer | {"content": plain(written)}], talk, *rest]
                else:
                    talk = talk.answered(len(messages) - 1, text, event.reply)
                    done = [*messages[:-1], self.message(event.reply, look_named(chosen), tester)]
                    yield ["", done, talk, gr.Column(visible=True), *rest[1:]]
        except StoreclerkError as error:
            yield [text, shown, talk, *self.failed(talk, error.message)]
        except Exception as error:
            log.exception("playground.broke", error=type(error).__name__)
            yield [text, shown, talk, *self.failed(talk, FAULT)]

    @staticmethod
    def failed(talk: Talk, words: str) -> list[Any]:
        """After a question that got no answer the earlier ones may be rated again."""
        panel = gr.Column(visible=bool(talk.answers))
        return [panel, gr.skip(), gr.skip(), status_html(words), gr.skip()]

    async def rate(self, talk: Talk, choice: Choice, said: Opinion, request: gr.Request) -> list[Any]:
        """Keep a thumb or stars: choice, stars, confirmation, comment box."""
        answer = choice.answer(talk)
        if answer is None:
            note = status_html("Ask something first, then rate the answer.")
            return [choice, None, note, gr.skip()]
        try:
            tester = await self.tester(request)
            whole, count = await talking.rate(self.engine, tester, answer.reply.turn_id, said)
        except StoreclerkError as error:
            return [choice, gr.skip(), status_html(f"That was not kept: {error.message}"), gr.skip()]
        good = "What was good about it? (optional)"
        label = good if whole.helpful else "What was wrong or missing? (optional)"
        about = answer.question[:SHOWN_QUESTION].strip()
        words = f"Thank you! You rated “{about}”: {opinion_words(whole)}. {counted(count)} by you so far."
        return [choice, whole.stars, status_html(words), gr.Textbox(label=label, value=whole.comment, visible=True)]

    async def thumb(self, talk: Talk, choice: Choice, helpful: bool, request: gr.Request) -> list[Any]:
        """A thumb below the conversation."""
        return await self.rate(talk, choice, Opinion(thumb=helpful), request)

    async def stars(self, talk: Talk, choice: Choice, stars: int | None, request: gr.Request) -> list[Any]:
        """Stars below the conversation."""
        return await self.rate(talk, choice, Opinion(stars=stars), request)

    async def liked(self, talk: Talk, choice: Choice, data: gr.LikeData, request: gr.Request) -> list[Any]:
        """The thumb of an answer itself, which chooses that answer for stars and words too."""
        place = data.index if isinstance(data.index, int) else data.index[0]
        answer = talk.answer_at(place)
        if answer is None:
            return [choice, gr.skip(), status_html("This is only the greeting; rate the answers."), gr.skip()]
        choice = Choice(answer.reply.turn_id, len(talk.answers))
        return await self.rate(talk, choice, Opinion(thumb=data.liked is True), request)

    async def comment(self, talk: Talk, choice: Choice, words: str, request: gr.Request) -> str:
        """Words for the chosen answer: confirmation."""
        answer = choice.answer(talk)
        if answer is None or not words.strip():
            return status_html("Write what you think of the answer, then send it.")
        try:
            tester = await self.tester(request)
            await talking.rate(self.engine, tester, answer.reply.turn_id, Opinion(comment=words))
        except StoreclerkError as error:
            return status_html(f"That was not kept: {error.message}")
        return status_html("Thank you! Your comment was added to your rating.")
