"""Refusals say in sentences what is wrong: people read `detail`, programs its list."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import FieldProblem, spelled_out
from tests.conftest import PASSWORD, Merchant, RunningServer


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("post", "/bots", {"name": "x" * 400}, "Give the assistant a name of 1 to 80 characters."),
        ("post", "/bots", {"name": "x" * 501}, "Name: has more than 500 characters; shorten it."),
        ("post", "/bots", {}, "Name: is missing; fill it in."),
        ("patch", "/bots/{bot}", {"persona": {"greeting": ""}}, "Greeting: is empty; fill it in."),
        ("patch", "/bots/{bot}", {"languages": "all"}, "Languages: Input should be 'english' or 'many'."),
        ("patch", "/me", {"shop_name": " "}, "Give the shop a name of 1 to 120 characters."),
        (
            "post", "/bots/{bot}/keys", {"kind": "publishable", "origins": ["my-shop.example"]},
            "'my-shop.example' is not the address of a shop. Write it like https://www.my-shop.example, without what "
            "comes after the name.",
        ),
        (
            "post", "/bots/{bot}/keys", {"kind": "publishable", "origins": []},
            "Enter at least one address of your shop, such as https://www.my-shop.example: a key for web pages works "
            "there only.",
        ),
        ("post", "/bots/{bot}/sources", {"kind": "website", "url": ""}, "The address is needed; fill it in."),
        (
            "post", "/bots/{bot}/sources", {"kind": "faq", "pairs": [{"question": "Why?", "answer": ""}]},
            "Question 1 cannot be used: The answer is needed; fill it in.",
        ),
        (
            "patch", "/bots/{bot}/gate", {"metrics": {"accuracy": {"threshold": 0.1}}},
            "The gate cannot be set like this. Right answers: has to lie between 70% and 100 %.",
        ),
    ],
)  # fmt: skip
def test_a_refusal_stands_alone(merchant: Merchant, method: str, path: str, body: dict[str, Any], said: str):
    answer = merchant.http.request(method, "/v1" + path.replace("{bot}", merchant.bot()), json=body)
    assert (answer.status_code, answer.json()["detail"]) == (422, said)
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shop_name": "x" * 500}, "Give the shop a name of 1 to 120 characters."),
        (
            {"password": "short"},
            "The password cannot be used: it has fewer than 8 characters; a few words you can remember are best.",
        ),
        ({"email": "nobody"}, "'nobody' is not an e-mail address. An email address must have an @-sign."),
    ],
)  # fmt: skip
def test_a_refused_sign_up_stands_alone(server: RunningServer, change: dict[str, str], said: str):
    body = {"email": "new@shop.example", "password": PASSWORD, "shop_name": "Shop"} | change
    assert server.client().post("/v1/signup", json=body).json()["detail"] == said


def test_a_version_that_may_not_go_live_says_why(merchant: Merchant):
    bot = merchant.bot()
    merchant.learn(bot)
    merchant.train(bot)
    answer = merchant.http.post(f"/v1/bots/{bot}/versions/1/deploy").json()
    assert answer["detail"].startswith(
        "Version 1 has not passed its tests yet, so shoppers do not meet it. Right answers:"
    )
    assert all(problem["message"].rstrip(".") in answer["detail"] for problem in answer["errors"])


@pytest.mark.parametrize(
    ("field", "label", "said"),
    [
        ("idle_hours", "", "Idle hours: is too long."),
        ("hours.days", "", "Days: is too long."),
        ("pairs.3", "", "Pairs: is too long."),
        ("token", "Bot token", "Bot token: is too long."),
        ("", "", "is too long."),
    ],
)
def test_a_problem_is_said_with_what_people_call_the_field(field: str, label: str, said: str):
    assert FieldProblem(field, "is too long").said(label) == said
    assert FieldProblem(field, "is too long.").said(label) == said


def test_all_problems_are_spelled_out():
    problems = [FieldProblem("a", "is missing"), FieldProblem("b", "Is it a number?")]
    assert spelled_out("No.", problems, {"b": "Bees"}) == "No. A: is missing. Bees: Is it a number?"
