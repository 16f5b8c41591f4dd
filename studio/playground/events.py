"""What the playground's page does when its tester opens it and rates. What that means stands in `talking`.

Never here: where things stand on the page; asking, which `asking` does. A page's events overlap, so no event here
writes what a tester chooses or types, but for the answer to a choice of theirs.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from engine.bootstrap import Engine
from engine.errors import StoreclerkError
from studio.playground import closing, talking
from studio.playground.access import COOKIE
from studio.playground.opinions import Opinion
from studio.playground.rendering import header_html, plain, status_html
from studio.playground.talking import Answer, Choice, Talk, Tester

__all__ = ["EXAMPLES", "SHOW_CHOSEN", "Events"]

EXAMPLES = 4
SHOWN_QUESTION = 60
"""Characters of a question by which a tester knows it again."""
SHOW_CHOSEN = """(chosen, ...current) => chosen ? current.map(
  (value, place) => (value ?? '') === (chosen.was[place] ?? '') ? chosen.now[place] : value
) : undefined"""
"""Stars and words of a chosen answer, but for what the tester chose or typed while they were on their way."""


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
        """Fill a freshly opened page for its tester: header, examples, conversation, box, closing questions."""
        tester = await self.tester(request)
        persona = tester.version.persona
        questions = persona.example_questions[:EXAMPLES]
        buttons = [
            gr.Button(value=questions[place] if place < len(questions) else "", visible=place < len(questions))
            for place in range(EXAMPLES)
        ]
        header = header_html(tester.bot, tester.version, tester.invite)
        said = await talking.closing(self.engine, tester)
        box = gr.Textbox(interactive=True)
        return [header, *buttons, *self.fresh(tester), box, *closing.filled(said)]

    @staticmethod
    def fresh(tester: Tester) -> list[Any]:
        """A conversation that begins: choice, messages, talk, rating, stars, comment box, note, examples."""
        greeting = {"role": "assistant", "content": plain(tester.version.persona.greeting)}
        return [
            Choice(),
            [greeting],
            Talk(invite=tester.invite.id),
            gr.Column(visible="hidden"),
            None,
            gr.Textbox(value="", visible=False),
            status_html(""),
            gr.Column(visible=True),
        ]

    async def restart(self, request: gr.Request) -> list[Any]:
        """Begin anew when the tester clears the conversation."""
        return self.fresh(await self.tester(request))

    async def rate(self, answer: Answer | None, said: Opinion, request: gr.Request) -> tuple[Opinion | None, list[Any]]:
        """Keep a thumb or stars: the whole opinion if it was kept; confirmation and comment box."""
        if answer is None:
            return None, [status_html("Ask something first, then rate the answer."), gr.skip()]
        try:
            tester = await self.tester(request)
            whole, count = await talking.rate(self.engine, tester, answer.reply.turn_id, said)
        except StoreclerkError as error:
            return None, [status_html(f"That was not kept: {error.message}"), gr.skip()]
        good = "What was good about it? (optional)"
        label = good if whole.helpful else "What was wrong or missing? (optional)"
        about = answer.question[:SHOWN_QUESTION].strip()
        words = f"Thank you! You rated “{about}”: {opinion_words(whole)}. {counted(count)} by you so far."
        return whole, [status_html(words), gr.Textbox(label=label, visible=True)]

    async def thumb(self, talk: Talk, choice: Choice, helpful: bool, request: gr.Request) -> list[Any]:
        """A thumb below the conversation: confirmation, comment box."""
        return (await self.rate(choice.answer(talk), Opinion(thumb=helpful), request))[1]

    async def stars(self, talk: Talk, choice: Choice, stars: int | None, request: gr.Request) -> list[Any]:
        """Stars below the conversation: confirmation, comment box."""
        return (await self.rate(choice.answer(talk), Opinion(stars=stars), request))[1]

    async def liked(
        self, talk: Talk, choice: Choice, stars: int | None, words: str, data: gr.LikeData, request: gr.Request
    ) -> list[Any]:
        """The thumb of an answer itself, which chooses that answer for stars and words too.

        Fills: choice, what `SHOW_CHOSEN` is to show, confirmation, comment box.
        """
        place = data.index if isinstance(data.index, int) else data.index[0]
        answer = talk.answer_at(place)
        if answer is None:
            note = status_html("This is only the greeting; rate the answers.")
            return [gr.skip(), None, note, gr.skip()]
        whole, filled = await self.rate(answer, Opinion(thumb=data.liked is True), request)
        if whole is None:
            return [gr.skip(), None, *filled]
        shown = None
        if answer is not choice.answer(talk):
            shown = {"was": [stars, words], "now": [whole.stars, whole.comment]}
        return [Choice(answer.reply.turn_id, len(talk.answers)), shown, *filled]

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
