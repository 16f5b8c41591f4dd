"""The few styles Streamlit's theme cannot express, and small pieces of markup with everything escaped.

Never here: colours of a merchant's bot. Colours come from Streamlit's own variables, so light and dark both work.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from studio.journey import Journey

__all__ = ["inject_style", "journey_markup", "name_toasts", "plain", "show_journey"]

STYLE = """
<style>
ol.sc-journey { display: flex; gap: .35rem; list-style: none; margin: 0 0 .25rem !important; padding: 0 !important; }
.sc-journey li { flex: 1 1 0; min-width: 0; margin: 0 !important; padding: 0 !important;
  font-size: .8rem; line-height: 1.3; }
.sc-journey .bar { display: block; height: .4rem; border-radius: .2rem; margin-bottom: .35rem;
  background: color-mix(in srgb, currentColor 22%, transparent); }
.sc-journey .done .bar, .sc-journey .now .bar { background: light-dark(#11645a, #6fcabb); }
.sc-journey .now .bar { background: repeating-linear-gradient(90deg, light-dark(#11645a, #6fcabb) 0 .5rem,
  transparent .5rem .8rem); }
.sc-journey .now .name { font-weight: 700; }
.sc-journey .name { display: block; overflow-wrap: anywhere; }
.sc-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.st-key-sign_in_forms [data-testid="stFormSubmitButton"] button { background: light-dark(#11645a, #6fcabb);
  border-color: transparent; }
.st-key-sign_in_forms [data-testid="stFormSubmitButton"] button *, button[kind^="primary"]:enabled * {
  color: light-dark(#ffffff, #06211d); }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: inherit !important; opacity: .92; }
[data-testid="stMarkdownContainer"] blockquote, [data-testid="stMarkdownContainer"] blockquote p {
  color: inherit !important; opacity: 1 !important; }
[data-testid="stCode"] .token { color: inherit !important; }
.sc-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; margin: .5rem 0; }
.sc-card { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .75rem; padding: .75rem;
  overflow-wrap: anywhere; }
.sc-card img { width: 100%; height: 7rem; object-fit: contain; border-radius: .5rem; }
.sc-card a { color: inherit; }
.sc-card p { margin: .15rem 0; }
.sc-card ul { margin: .25rem 0 0 !important; padding-left: 1rem !important; max-height: 10rem; overflow-y: auto; }
.sc-card summary { cursor: pointer; }
.sc-card .price { font-weight: 700; }
ul.sc-list { list-style: none; margin: 0 !important; padding: 0 !important; max-height: 26rem; overflow-y: auto; }
.sc-list li { margin: 0 !important; padding: .45rem .25rem !important; overflow-wrap: anywhere; line-height: 1.4;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.sc-list p { margin: .1rem 0 0; opacity: .92; }
.sc-list a { color: inherit; }
@media (max-width: 640px) {
  .sc-journey .name { display: none; }
  .sc-journey .now .name { display: block; white-space: nowrap; overflow: visible; }
  .sc-journey .now { flex-grow: 3; }
}
@media (prefers-reduced-motion: reduce) {
  * { animation-duration: .01ms !important; transition-duration: .01ms !important; } }
</style>
"""

NAME_TOASTS = """
export default function () {
  const name = () => {
    for (const toast of document.querySelectorAll("[data-testid=stToast]:not([aria-label])")) {
      toast.removeAttribute("aria-labelledby");
      toast.setAttribute("aria-label", "Message");
    }
  };
  const watch = new MutationObserver(name);
  watch.observe(document.body, { childList: true, subtree: true });
  name();
  return () => watch.disconnect();
}
"""

STATE_WORDS = {"done": "done", "now": "next", "later": "not yet"}
MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>()#+-.!|$~:"})


def inject_style() -> None:
    """Our styles, once for the page."""
    st.html(STYLE)


def name_toasts() -> None:
    """Give passing messages a name for screen readers: Streamlit leaves them nameless."""
    st.components.v2.component("toast_names", js=NAME_TOASTS)(height=1)


def show_journey(journey: Journey) -> None:
    """How far the bot has come, always at the top of a page."""
    st.html(journey_markup(journey))


def journey_markup(journey: Journey) -> str:
    """The steps as a list that also reads well without colours."""
    items = "".join(
        f'<li class="{step.state}"{" aria-current=step" if step.state == "now" else ""}><span class="bar"></span>'
        f'<span class="name">{escape(step.row.title)}</span>'
        f'<span class="sc-hidden">: {STATE_WORDS[step.state]}</span></li>'
        for step in journey.steps
    )
    return f'<ol class="sc-journey" aria-label="Your way to a live bot">{items}</ol>'


def plain(text: str) -> str:
    """Text that Markdown leaves as it is: shops write prices in dollars and names with stars."""
    return text.translate(MARKDOWN).replace("\n", "  \n")
