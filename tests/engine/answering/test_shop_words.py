"""What shoppers say in the words of shops."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answering.shop_words import in_shop_words
from tests.conftest import Merchant


@pytest.mark.parametrize(
    ("question", "called"),
    [("where's my stuff??", "track the status of an order"), ("want my money back", "refund"),
     ("my parcel hasn't turned up", "track the status of an order"),
     ("can i send it back", "return an item"), ("need the bill for my boss", "invoice"),
     ("stop sending me those promo mails!!", "unsubscribe from the newsletter"),
     ("the voucher is refused when I pay", "discount code is not valid"),
     ("can I add another item to my order?", "change or cancel an order that was placed"),
     ("ping me when the blue one is there", "notify me when available, back in stock")],
)  # fmt: skip
def test_what_shoppers_say_is_called_as_shops_call_it(question: str, called: str):
    assert called in in_shop_words(question)


@pytest.mark.parametrize(
    "question",
    ["Do you ship to Norway?", "How much is a refund label?", "Is the mug dishwasher safe?", "Where are you?",
     "Which blue goes with the bowl?"],
)  # fmt: skip
def test_what_is_called_so_already_is_left_alone(question: str):
    assert in_shop_words(question) == ""


@given(st.text(st.sampled_from("my order back send where is money swap bill ?'"), max_size=2000))
def test_any_message_is_looked_at_without_delay(question: str):
    began = time.perf_counter()
    in_shop_words(question)
    assert time.perf_counter() - began < 1.0


def test_a_question_of_which_nothing_is_understood_is_not_answered_with_something_else(merchant: Merchant):
    bot = merchant.bot()
    for title, text in {
        "Kiln and Leaf": "Kiln and Leaf makes stoneware and sells loose tea. Everything is fired in Ghent.",
        "Delivery": "Standard delivery to Germany costs 6.90 EUR and takes 2 to 4 working days.",
        "Payment": "We accept Visa, Mastercard and PayPal. We do not accept cash or cheques.",
    }.items():
        merchant.learn(bot, text, title)
    pair = {"question": "How long is the warranty on ceramics?", "answer": "Our ceramics have a warranty of 24 months."}
    merchant.http.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": [pair]}).raise_for_status()
    merchant.train(bot)
    assert merchant.ask(bot, "Verpacken Sie auch Geschenke?")["outcome"] == "refused"


def test_a_page_is_found_that_uses_none_of_the_shoppers_words(merchant: Merchant):
    bot = merchant.bot()
    merchant.learn(bot)
    merchant.learn(bot, "Stay informed\n\nUnsubscribe from the newsletter at the foot of each one.", "Newsletter")
    merchant.train(bot)
    reply = merchant.ask(bot, "stop sending me those promo mails!!")
    assert reply["outcome"] == "answered"
    assert "Unsubscribe" in reply["text"]
