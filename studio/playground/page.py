"""The playground's page in Gradio: header, conversation, rating, closing questions. What they do stands in `events`."""

from __future__ import annotations

from typing import Any

import gradio as gr

from engine.answering.understanding import LONGEST_MESSAGE
from engine.bootstrap import Engine
from studio.playground.closing import closing_form
from studio.playground.events import EXAMPLES, Events
from studio.playground.looks import LOOKS
from studio.playground.rendering import status_html
from studio.playground.talking import Choice, Talk

__all__ = ["make_page"]

AT_ONCE = 50
"""Answers in the making at the same time; Gradio's own default is one for all testers together."""
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": AT_ONCE}
STARS = [(f"{stars} ★", stars) for stars in range(1, 6)]


def chatbot() -> gr.Chatbot:
    """Where the conversation is shown."""
    return gr.Chatbot(
        elem_id="chat",
        show_label=False,
        height=460,
        buttons=[],
        latex_delimiters=[],
        allow_tags=False,
        layout="bubble",
        feedback_options=("Like", "Dislike"),
    )


def question_box() -> gr.Textbox:
    """Where a tester asks."""
    return gr.Textbox(
        label="Your question",
        placeholder="Ask what you would ask in the shop",
        max_length=LONGEST_MESSAGE,
        submit_btn="Ask",
        elem_id="question",
    )


def make_page(engine: Engine) -> gr.Blocks:
    """The page; every tester gets the same one and fills it by their own invite."""
    does = Events(engine)
    blocks: gr.Blocks
    with gr.Blocks(title="Try the shop assistant", analytics_enabled=False, fill_width=True) as blocks:
        talk, choice, yes, no = gr.State(Talk()), gr.State(Choice()), gr.State(True), gr.State(False)
        header = gr.HTML()
        look = gr.Radio(
            list(LOOKS.items()), value="website", label="Show answers as they look on", elem_id="look", scale=0
        )
        chat = chatbot()
        with gr.Column(visible=False, elem_id="rating") as panel:
            with gr.Row(elem_id="thumbs"):
                good = gr.Button("👍 Helpful", elem_id="good")
                bad = gr.Button("👎 Not helpful", elem_id="bad")
            stars = gr.Radio(STARS, label="How good is this answer?", elem_id="stars")
            words = gr.Textbox(visible=False, max_length=2000, elem_id="comment", submit_btn="Send")
        noted = gr.HTML(status_html(""), elem_id="noted")
        text = question_box()
        with gr.Column(elem_id="examples") as suggestions:
            examples = [gr.Button("", size="md", visible=False) for _ in range(EXAMPLES)]
        closing = closing_form(engine, **QUIET)

        fresh = [talk, choice, chat, panel, stars, words, noted, suggestions]
        blocks.load(does.begin, None, [header, *examples, *fresh, *closing.to_fill], **QUIET)
        chat.clear(does.restart, None, fresh, **QUIET)
        asked = [text, chat, talk, panel, stars, words, noted, suggestions]
        text.submit(does.ask, [text, chat, talk, look], asked, **QUIET)
        for button in examples:
            button.click(does.ask, [button, chat, talk, look], asked, **QUIET)
        look.input(does.redraw, [chat, talk, look], chat, **QUIET)
        rated = [choice, stars, noted, words]
        good.click(does.thumb, [talk, choice, yes], rated, **QUIET)
        bad.click(does.thumb, [talk, choice, no], rated, **QUIET)
        stars.input(does.stars, [talk, choice, stars], rated, **QUIET)
        chat.like(does.liked, [talk, choice], rated, **QUIET)
        words.submit(does.comment, [talk, choice, words], noted, **QUIET)
    return blocks
