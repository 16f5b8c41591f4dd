"""The closing questionnaire: three questions that a tester answers at the end, and may answer anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from engine.bootstrap import Engine
from engine.domain.trial import Questionnaire
from engine.errors import StoreclerkError
from studio.playground import talking
from studio.playground.access import COOKIE
from studio.playground.rendering import status_html

__all__ = ["ClosingForm", "closing_form", "filled"]

LONGEST_ANSWER = 2000
FIVE = [1, 2, 3, 4, 5]
SHOW = """() => setTimeout(() => {
  const form = document.querySelector('#closing');
  form?.scrollIntoView({block: 'nearest'});
  form?.querySelector('input:checked, input')?.focus();
}, 150)"""
"""To the form with the eyes and the keyboard, once it is drawn."""
THANKS = "Thank you! The shop has your answers. You can change them here for as long as your invitation lasts."
KEPT = "You have answered these questions already. Change what you like and send it again."


@dataclass(frozen=True, slots=True)
class ClosingForm:
    """The parts of the form on the page."""

    finish: gr.Button
    panel: gr.Column
    would_use: gr.Radio
    trusts: gr.Radio
    missing: gr.Textbox
    note: gr.HTML

    @property
    def to_fill(self) -> list[Any]:
        """What `filled` fills, in its order."""
        return [self.finish, self.would_use, self.trusts, self.missing, self.note]


def filled(said: Questionnaire | None) -> list[Any]:
    """The form of a tester who comes back: finish button, both scales, words, note."""
    if said is None:
        return [gr.Button(value="Finish: three last questions"), None, None, "", status_html("")]
    words = [said.would_use, said.trusts, said.missing, status_html(KEPT)]
    return [gr.Button(value="Change your last answers"), *words]


def closing_form(engine: Engine, **quiet: Any) -> ClosingForm:
    """Put the form on the page that is being made; `quiet` are the options of its events."""
    finish = gr.Button("Finish: three last questions", elem_id="finish")
    with gr.Column(visible=False, elem_id="closing") as panel:
        gr.HTML("<h2>Three last questions</h2>")
        would_use = gr.Radio(FIVE, label="Would you use this assistant in this shop? (1: never, 5: gladly)")
        trusts = gr.Radio(FIVE, label="Did you believe its answers? (1: not at all, 5: fully)")
        missing = gr.Textbox(label="What was missing? (optional)", max_length=LONGEST_ANSWER, lines=2, max_lines=6)
        send = gr.Button("Send your answers", variant="primary", elem_id="send_closing")
        note = gr.HTML(status_html(""))
    form = ClosingForm(finish, panel, would_use, trusts, missing, note)

    async def keep(use: int | None, trust: int | None, words: str, request: gr.Request) -> list[Any]:
        """Keep what was said; what was typed stays on the page in any case."""
        try:
            tester = await talking.tester_of(engine, request.cookies.get(COOKIE, ""))
            await talking.finish(engine, tester, use, trust, words)
        except StoreclerkError as error:
            return [gr.skip(), status_html(f"That was not kept: {error.message}")]
        return [gr.Button(value="Change your last answers"), status_html(THANKS)]

    finish.click(lambda: gr.Column(visible=True), None, panel, **quiet).then(None, None, None, js=SHOW)
    send.click(keep, [would_use, trusts, missing], [finish, note], trigger_mode="always_last", **quiet)
    return form
