"""The playground's page in Gradio: header, conversation, examples, rating. What it does stands in `talking`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import escape
from typing import Any

import gradio as gr
import structlog

from engine.answering.answerer import Token
from engine.answering.understanding import LONGEST_MESSAGE
from engine.bootstrap import Engine
from engine.errors import StoreclerkError
from studio.playground import talking
from studio.playground.access import COOKIE
from studio.playground.rendering import header_html, plain, reply_markdown
from studio.playground.talking import Talk, Tester

__all__ = ["make_page"]

log = structlog.get_logger("storeclerk.playground")
EXAMPLES = 4
AT_ONCE = 50
"""Answers in the making at the same time; Gradio's own default is one for all testers together."""
FAULT = "The answer stopped because of a fault. Please ask again."
Messages = list[dict[str, Any]]


def confirmation(words: str) -> str:
    """A line that screen readers speak."""
    return f'<p class="shop-confirmation" role="status">{escape(words)}</p>'


def counted(ratings: int) -> str:
    """How many ratings, in words."""
    return "1 rating" if ratings == 1 else f"{ratings} ratings"


class Page:
    """The page's events, over one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def tester(self, request: gr.Request) -> Tester:
        """Who is here, from the cookie. Raises NotAuthenticated."""
        return await talking.tester_of(self.engine, request.cookies.get(COOKIE, ""))

    async def begin(self, request: gr.Request) -> list[Any]:
        """Fill a freshly opened page for its tester."""
        tester = await self.tester(request)
        persona = tester.version.persona
        questions = persona.example_questions[:EXAMPLES]
        buttons = [
            gr.Button(value=questions[place] if place < len(questions) else "", visible=place < len(questions))
            for place in range(EXAMPLES)
        ]
        header = header_html(tester.bot, tester.version, tester.invite)
        return [header, *buttons, *self.fresh(tester)]

    @staticmethod
    def fresh(tester: Tester) -> list[Any]:
        """A conversation that begins: talk, messages, rating, note, examples, comment box."""
        greeting = {"role": "assistant", "content": plain(tester.version.persona.greeting)}
        hidden = gr.Row(visible=False)
        return [
            Talk(invite=tester.invite.id),
            [greeting],
            hidden,
            confirmation(""),
            gr.Column(visible=True),
            gr.Textbox(visible=False),
        ]

    async def restart(self, request: gr.Request) -> list[Any]:
        """Begin anew when the tester clears the conversation."""
        return self.fresh(await self.tester(request))

    async def ask(self, text: str, shown: Messages, talk: Talk, request: gr.Request) -> AsyncIterator[list[Any]]:
        """Show the question at once, then the answer as it grows: box, messages, talk, rating, note, examples."""
        if not text.strip():
            yield [gr.skip()] * 6
            return
        question: dict[str, Any] = {"role": "user", "content": plain(text)}
        answer: dict[str, Any] = {"role": "assistant", "content": "…"}
        messages = [*shown, question, answer]
        yield ["", messages, talk, gr.Row(visible=False), confirmation(""), gr.Column(visible=False)]
        try:
            tester = await self.tester(request)
            talk = talk.belonging_to(tester)
            address = request.client.host if request.client is not None else "unknown"
            written = ""
            async for event in talking.ask(self.engine, tester, talk, text, address):
                if isinstance(event, Token):
                    written += event.text
                    yield [
                        "",
                        [*messages[:-1], answer | {"content": plain(written)}],
                        talk,
                        gr.skip(),
                        gr.skip(),
                        gr.skip(),
                    ]
                else:
                    reply = event.reply
                    talk = talk.answered(len(messages) - 1, reply.conversation_id, reply.turn_id)
                    done = [*messages[:-1], answer | {"content": reply_markdown(reply)}]
                    yield ["", done, talk, gr.Row(visible=True), gr.skip(), gr.skip()]
        except StoreclerkError as error:
            yield [text, shown, talk, gr.skip(), confirmation(error.message), gr.skip()]
        except Exception as error:
            log.exception("playground.broke", error=type(error).__name__)
            yield [text, shown, talk, gr.skip(), confirmation(FAULT), gr.skip()]

    async def rate(self, talk: Talk, turn: str | None, helpful: bool, request: gr.Request) -> list[Any]:
        """Keep a thumb: talk, confirmation, comment box."""
        if turn is None:
            return [talk, confirmation("Ask something first, then rate the answer."), gr.skip()]
        try:
            tester = await self.tester(request)
            count = await talking.rate(self.engine, tester, turn, helpful=helpful, comment="")
        except StoreclerkError as error:
            return [talk, confirmation(f"That was not kept: {error.message}"), gr.skip()]
        talk = Talk(talk.invite, talk.conversation, talk.turns, turn, helpful)
        judged = "helpful" if helpful else "not helpful"
        words = f"Thank you! You found this answer {judged}; {counted(count)} from you so far."
        label = "What was good about it? (optional)" if helpful else "What was wrong or missing? (optional)"
        return [talk, confirmation(words), gr.Textbox(label=label, value="", visible=True)]

    async def rate_last(self, talk: Talk, helpful: bool, request: gr.Request) -> list[Any]:
        """Rate the newest answer."""
        return await self.rate(talk, talk.last_turn, helpful, request)

    async def liked(self, talk: Talk, data: gr.LikeData, request: gr.Request) -> list[Any]:
        """Rate the answer whose own thumb was pressed."""
        place = data.index if isinstance(data.index, int) else data.index[0]
        return await self.rate(talk, talk.turn_at(place), data.liked is True, request)

    async def comment(self, talk: Talk, words: str, request: gr.Request) -> list[Any]:
        """Add words to the last rating: confirmation, comment box."""
        if not talk.rated or not words.strip():
            return [confirmation("Choose Helpful or Not helpful first, then write why."), gr.skip()]
        try:
            tester = await self.tester(request)
            await talking.rate(self.engine, tester, talk.rated, helpful=talk.helpful, comment=words)
        except StoreclerkError as error:
            return [confirmation(f"That was not kept: {error.message}"), gr.skip()]
        return [confirmation("Thank you! Your comment was added to your rating."), ""]


def make_page(engine: Engine) -> gr.Blocks:
    """The page; every tester gets the same one and fills it by their own invite."""
    page = Page(engine)
    blocks: gr.Blocks
    with gr.Blocks(title="Try the shop assistant", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(Talk())
        header = gr.HTML()
        chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            height=460,
            buttons=[],
            latex_delimiters=[],
            allow_tags=False,
            layout="bubble",
            feedback_options=("Like", "Dislike"),
        )
        with gr.Row(visible=False, elem_id="rating") as panel:
            good = gr.Button("👍 Helpful", elem_id="good")
            bad = gr.Button("👎 Not helpful", elem_id="bad")
        confirmed = gr.HTML(confirmation(""))
        words = gr.Textbox(visible=False, max_length=2000, elem_id="comment", submit_btn="Send")
        text = gr.Textbox(
            label="Your question",
            placeholder="Ask what you would ask in the shop",
            max_length=LONGEST_MESSAGE,
            submit_btn="Ask",
            elem_id="question",
        )
        with gr.Column(elem_id="examples") as suggestions:
            examples = [gr.Button("", size="md", visible=False) for _ in range(EXAMPLES)]
        all_fresh = [talk, chat, panel, confirmed, suggestions, words]
        shown = [text, chat, talk, panel, confirmed, suggestions]
        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": AT_ONCE,
        }
        blocks.load(page.begin, None, [header, *examples, *all_fresh], **quiet)
        chat.clear(page.restart, None, all_fresh, **quiet)
        text.submit(page.ask, [text, chat, talk], shown, **quiet)
        for button in examples:
            button.click(page.ask, [button, chat, talk], shown, **quiet)
        rated = [talk, confirmed, words]
        yes, no = gr.State(True), gr.State(False)
        good.click(page.rate_last, [talk, yes], rated, **quiet)
        bad.click(page.rate_last, [talk, no], rated, **quiet)
        chat.like(page.liked, [talk], rated, **quiet)
        words.submit(page.comment, [talk, words], [confirmed, words], **quiet)
    return blocks
