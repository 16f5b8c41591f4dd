"""The playground's page in Gradio: header, conversation, rating, closing questions. What they do stands in `events`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from engine.answering.understanding import LONGEST_MESSAGE
from engine.bootstrap import Engine
from studio.playground import waiting
from studio.playground.asking import Asking
from studio.playground.closing import closing_form
from studio.playground.events import EXAMPLES, SHOW_CHOSEN, Events
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
    """Where a tester asks, once the page is filled: its conversation begins then."""
    return gr.Textbox(
        label="Your question",
        placeholder="Ask what you would ask in the shop",
        max_length=LONGEST_MESSAGE,
        submit_btn="Ask",
        elem_id="question",
        interactive=False,
    )


@dataclass(frozen=True, slots=True)
class RatingForm:
    """The parts with which an answer is rated."""

    panel: gr.Column
    good: gr.Button
    bad: gr.Button
    stars: gr.Radio
    words: gr.Textbox


def rating_form() -> RatingForm:
    """Put the form on the page that is being made; it stays in place while it is hidden, with what was chosen in it."""
    with gr.Column(visible="hidden", elem_id="rating") as panel:
        with gr.Row(elem_id="thumbs"):
            good = gr.Button("👍 Helpful", elem_id="good")
            bad = gr.Button("👎 Not helpful", elem_id="bad")
        stars = gr.Radio(STARS, label="How good is this answer?", elem_id="stars")
        words = gr.Textbox(visible=False, max_length=2000, elem_id="comment", submit_btn="Send")
    return RatingForm(panel, good, bad, stars, words)


def rating_events(does: Events, form: RatingForm, chat: gr.Chatbot, talk: gr.State, noted: gr.HTML) -> gr.State:
    """What happens when a tester rates; answers which answer that belongs to.

    Each press counts, also while an earlier one is under way, and none writes what the tester chooses or types.
    """
    choice, yes, no, chosen = gr.State(Choice()), gr.State(True), gr.State(False), gr.JSON(visible=False)
    said, told = [form.stars, form.words], [noted, form.words]
    form.good.click(does.thumb, [talk, choice, yes], told, trigger_mode="multiple", **QUIET)
    form.bad.click(does.thumb, [talk, choice, no], told, trigger_mode="multiple", **QUIET)
    form.stars.input(does.stars, [talk, choice, form.stars], told, trigger_mode="always_last", **QUIET)
    form.words.submit(does.comment, [talk, choice, form.words], noted, trigger_mode="always_last", **QUIET)
    liked = chat.like(does.liked, [talk, choice, *said], [choice, chosen, *told], trigger_mode="multiple", **QUIET)
    liked.then(None, [chosen, *said], said, js=SHOW_CHOSEN)
    return choice


def asking_events(
    asks: Asking, box: gr.Textbox, examples: list[gr.Button], look: gr.Radio, upcoming: gr.HTML, fills: list[Any]
) -> Any:
    """What happens when a tester asks or chooses a look: one event, which is answered.

    `fills` is what it fills, conversation and talk first.
    """
    queue = gr.JSON([], visible=False, elem_id="waiting")
    progress = gr.JSON(waiting.BEGINNING, visible=False, elem_id="progress")
    box.submit(None, [box, queue, progress], [box, queue], js=waiting.SEND_TYPED)
    for button in examples:
        button.click(None, [button, queue, progress], queue, js=waiting.SEND_EXAMPLE)
    # Before the next: what hangs on one change is done in this order, and asking takes its time.
    gr.on([queue.change, progress.change], None, [queue, progress], upcoming, js=waiting.SHOW)
    asking = gr.on(
        [queue.change, look.input],
        asks.ask,
        [queue, progress, *fills[:2], look],
        [progress, *fills],
        trigger_mode="always_last",
        **QUIET,
    )
    asking.then(None, [box, queue, progress], [box, progress], js=waiting.GIVE_BACK)
    asking.failure(None, [box, queue, progress], [box, progress], js=waiting.GIVE_ALL_BACK)
    return asking


def make_page(engine: Engine) -> gr.Blocks:
    """The page; every tester gets the same one and fills it by their own invite."""
    does = Events(engine)
    blocks: gr.Blocks
    with gr.Blocks(title="Try the shop assistant", analytics_enabled=False, fill_width=True) as blocks:
        talk, header = gr.State(Talk()), gr.HTML()
        look = gr.Radio(
            list(LOOKS.items()), value="website", label="Show answers as they look on", elem_id="look", scale=0
        )
        chat = chatbot()
        form = rating_form()
        noted = gr.HTML(status_html(""), elem_id="noted")
        upcoming = gr.HTML(elem_id="upcoming")
        box = question_box()
        with gr.Column(elem_id="examples") as suggestions:
            examples = [gr.Button("", size="md", visible=False) for _ in range(EXAMPLES)]
        closing = closing_form(engine, **QUIET)

        fills = [chat, talk, form.panel, form.stars, form.words, noted, suggestions]
        asking = asking_events(Asking(engine), box, examples, look, upcoming, fills)
        choice = rating_events(does, form, chat, talk, noted)
        fresh = [choice, *fills]
        blocks.load(does.begin, None, [header, *examples, *fresh, box, *closing.to_fill], **QUIET)
        # Two events, or Gradio would begin anew first and stop the answer after that.
        chat.clear(None, cancels=[asking])
        chat.clear(does.restart, None, fresh, **QUIET)
    return blocks
