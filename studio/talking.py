"""A conversation with a trained version: streamed answers, where they come from, and the products they name.

Never here: answering.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from engine.domain.conversation import Citation, ProductCard
from engine.domain.money import Money
from studio.client import Api, ApiError
from studio.events import AnswerFailed, Token, WholeReply
from studio.records import Reply
from studio.style import plain
from studio.words import ago

__all__ = ["AVAILABILITY", "Talk", "is_web", "price_words", "product_markup", "show_reply", "stream_answer"]

AVAILABILITY = {
    "in_stock": "In stock",
    "out_of_stock": "Out of stock",
    "preorder": "Can be pre-ordered",
    "unknown": "",
}
CHECKS = {
    "cited": "The answer cites your sources",
    "grounded": "Every sentence rests on your sources",
    "numbers": "Every number stands in your sources",
    "safe": "Nothing unsafe was said",
    "instructions": "Your pages hold no instructions to the assistant",
    "card_number": "The message held no card number",
    "model": "The language model answered",
    "recorded": "The answer was kept",
}
MAX_KEPT = 100
SAID_AT_ONCE = "storeclerk"
"""Stands for the model where an answer needed none: empty messages, attempts at misuse, private matters."""


@dataclass
class Talk:
    """What was said with one version in this browser tab."""

    version: int
    conversation: str | None = None
    turns: list[tuple[str, Reply]] = field(default_factory=list)
    rated: dict[str, bool] = field(default_factory=dict)
    """Turn id to whether its answer helped."""

    def add(self, question: str, reply: Reply) -> None:
        """Remember a turn, and go on in the same conversation."""
        self.turns = [*self.turns, (question, reply)][-MAX_KEPT:]
        self.conversation = reply.conversation_id or self.conversation


@dataclass
class Answer:
    """An answer on its way: pieces to show now, the whole at the end."""

    api: Api
    bot: str
    version: int
    question: str
    conversation: str | None
    reply: Reply | None = None
    failure: str = ""

    def pieces(self) -> Iterator[str]:
        """Text as it arrives."""
        try:
            for event in self.api.ask(self.bot, self.version, self.question, self.conversation):
                if isinstance(event, Token):
                    yield plain(event.text)
                elif isinstance(event, WholeReply):
                    self.reply = event.reply
                elif isinstance(event, AnswerFailed):
                    self.failure = event.message
        except ApiError as error:
            if error.status == 401:
                raise
            self.failure = f"{error.title}. {error.detail}"


def stream_answer(api: Api, bot: str, talk: Talk, question: str) -> Reply | None:
    """Ask, show the answer while it is made, and remember it; None when it failed."""
    answer = Answer(api, bot, talk.version, question, talk.conversation)
    place = st.empty()
    with place.container(), st.spinner("Looking it up…"):
        st.write_stream(answer.pieces())
    if answer.reply is None:
        place.empty()
        st.error(answer.failure or "The answer broke off. Ask again.", icon=":material/error:")
        return None
    place.empty()
    with place.container():
        show_reply(answer.reply)
    talk.add(question, answer.reply)
    return answer.reply


def show_reply(reply: Reply) -> None:
    """The answer, its products, where it comes from, and how it was checked."""
    st.markdown(plain(reply.text))
    if reply.outcome == "refused":
        st.caption(refusal_words(reply))
    if reply.products:
        st.html(f'<div class="sc-cards">{"".join(product_markup(product) for product in reply.products)}</div>')
    if reply.citations:
        names = " · ".join(
            f"[{plain(cited.title)}]({cited.url})" if is_web(cited.url) else plain(cited.title)
            for cited in unique(reply)
        )
        st.markdown(f"From: {names}")
    with st.expander("How this was answered"):
        for cited in reply.citations:
            st.markdown(f"> {plain(cited.quote)}")
            page = f", page {cited.page}" if cited.page else ""
            st.caption(f"{plain(cited.title)}{page}, read {ago(cited.as_of)}")
        for check in reply.checks:
            sign = ":material/check: passed" if check.passed else ":material/close: not passed"
            label = CHECKS.get(check.name, check.name.replace("_", " ").capitalize())
            st.markdown(f"{sign} — {plain(label)}" + (f": {plain(check.detail)}" if check.detail else ""))
        total = reply.timings_ms.get("total")
        st.caption(
            (f"{total / 1000:.1f} seconds" if total else "") + (f" · {plain(reply.model)}" if reply.model else "")
        )


def refusal_words(reply: Reply) -> str:
    """Why nothing was answered, and what to do where something can be done."""
    if reply.model == SAID_AT_ONCE:
        return "Nothing was looked up: the bot answers such messages with words of its own."
    return "Nothing was found about this. Add it under “What your bot knows” if shoppers ask it."


def unique(reply: Reply) -> list[Citation]:
    """Each cited page once."""
    return list({(cited.title, cited.url): cited for cited in reply.citations}.values())


def is_web(url: str) -> bool:
    """Whether an address may stand behind a link."""
    return url.startswith(("http://", "https://")) and not any(sign in url for sign in "() \n<>")


def product_markup(product: ProductCard) -> str:
    """A product as a card; everything from the shop is escaped."""
    picture = f'<img src="{escape(product.image_url)}" alt="" loading="lazy">' if is_web(product.image_url) else ""
    title = escape(product.title)
    name = (
        f'<a href="{escape(product.url)}" target="_blank" rel="noopener">{title}</a>' if is_web(product.url) else title
    )
    price = f'<p class="price">{escape(price_words(product.price))}</p>' if product.price else ""
    was = f"<p>before {escape(price_words(product.was_price))}</p>" if product.was_price else ""
    facts = (product.variant, AVAILABILITY[product.availability], f"as of {ago(product.as_of)}")
    extras = "".join(f"<p>{escape(text)}</p>" for text in facts if text)
    return f'<div class="sc-card">{picture}<p>{name}</p>{price}{was}{extras}</div>'


def price_words(price: Money) -> str:
    """An amount with its currency."""
    return str(price)
