"""The set of test questions over HTTP: proposed, decided, filed, and made of conversations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import PAIRS, Merchant, RunningServer

FEED = """id,title,price,availability,description,link
t1,Kiln Teapot,64.00 EUR,in stock,Holds 0.9 litres. Safe in the dishwasher.,https://shop.example/t1
t2,Pebble Cups,32.00 EUR,out of stock,Two small cups.,https://shop.example/t2
t3,Tea Tray,45.00 EUR,in stock,A shallow tray.,https://shop.example/t3
"""


@pytest.fixture(scope="module")
def shop(server: RunningServer) -> tuple[Merchant, str]:
    """A merchant with a trained bot of policies, pairs and three products."""
    owner = server.merchant()
    bot = owner.bot()
    owner.learn(bot)
    owner.http.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
    files = {"files": ("feed.csv", FEED, "text/csv")}
    owner.http.post(f"/v1/bots/{bot}/sources/files", files=files).raise_for_status()
    assert owner.train(bot)["status"] == "ready"
    return owner, bot


def generate(owner: Merchant, bot: str, count: int = 40) -> list[dict[str, Any]]:
    answer = owner.http.post(f"/v1/bots/{bot}/test_cases/generate", json={"count": count}).raise_for_status()
    return list(answer.json()["items"])


def listed(owner: Merchant, bot: str, **query: Any) -> list[dict[str, Any]]:
    answer = owner.http.get(f"/v1/bots/{bot}/test_cases", params={"limit": 200, **query}).raise_for_status()
    return list(answer.json()["items"])


def test_questions_of_a_trained_bot_are_proposed_of_all_kinds_and_never_twice(shop: tuple[Merchant, str]):
    owner, bot = shop
    first = generate(owner, bot)
    kinds = {case["kind"] for case in first}
    assert {"policy", "price", "availability", "out_of_scope", "injection", "follow_up", "misspelt"} <= kinds
    assert all(case["evidence"] and not case["approved"] and case["origin"] == "generated" for case in first)
    asked = {(*case["earlier"], case["question"]) for case in first}
    owner.http.post(f"/v1/bots/{bot}/test_cases/decide", json={"reject": [case["id"] for case in first]})
    again = generate(owner, bot)
    assert again
    assert not asked & {(*case["earlier"], case["question"]) for case in again}


def test_more_than_two_hundred_at_once_are_refused(shop: tuple[Merchant, str]):
    owner, bot = shop
    assert owner.http.post(f"/v1/bots/{bot}/test_cases/generate", json={"count": 201}).status_code == 422


def write(owner: Merchant, bot: str, *questions: str) -> list[str]:
    path = f"/v1/bots/{bot}/test_cases"
    return [owner.http.post(path, json={"question": asked}).raise_for_status().json()["id"] for asked in questions]


def test_many_are_approved_and_rejected_at_once_and_rejected_ones_leave_the_list(merchant: Merchant):
    bot = merchant.bot()
    first, second, third = write(merchant, bot, "One?", "Two?", "Three?")
    answer = merchant.http.post(
        f"/v1/bots/{bot}/test_cases/decide", json={"approve": [first], "reject": [second]}
    ).raise_for_status()
    assert [(case["id"], case["approved"], case["rejected"]) for case in answer.json()["items"]] == [
        (first, True, False),
        (second, False, True),
    ]
    assert [case["id"] for case in listed(merchant, bot)] == [first, third]
    assert [case["id"] for case in listed(merchant, bot, include_rejected=True)] == [first, second, third]
    page = merchant.http.get(f"/v1/bots/{bot}/test_cases", params={"limit": 2}).json()
    assert [case["id"] for case in page["items"]] == [first, third]
    merchant.http.patch(f"/v1/bots/{bot}/test_cases/{second}", json={"approved": True}).raise_for_status()
    assert {case["id"]: case["rejected"] for case in listed(merchant, bot)}[second] is False


def test_a_decision_about_an_unknown_or_doubly_decided_case_changes_nothing(merchant: Merchant):
    bot = merchant.bot()
    [known] = write(merchant, bot, "One?")
    path = f"/v1/bots/{bot}/test_cases/decide"
    assert merchant.http.post(path, json={"approve": [known, "case_none"]}).status_code == 404
    both = merchant.http.post(path, json={"approve": [known], "reject": [known]})
    assert (both.status_code, known in both.json()["detail"]) == (422, True)
    many = merchant.http.post(path, json={"approve": [known] * 300, "reject": ["x"] * 300})
    assert many.status_code == 422
    assert [case["approved"] for case in listed(merchant, bot)] == [False]


def test_nobody_decides_about_anothers_cases(server: RunningServer, merchant: Merchant):
    bot = merchant.bot()
    [case] = write(merchant, bot, "One?")
    stranger = server.merchant()
    other = stranger.bot()
    assert stranger.http.post(f"/v1/bots/{other}/test_cases/decide", json={"approve": [case]}).status_code == 404
    assert stranger.http.get(f"/v1/bots/{bot}/test_cases/export").status_code == 404


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_set_goes_into_another_bot_as_a_file_and_only_once(merchant: Merchant, form: str):
    bot, other = merchant.bot(), merchant.bot()
    body = {"question": "=And in blue; too?", "earlier": ["How much is the mug?"], "must_include": ["a; b", "€19.50"],
            "approved": True, "language": "de"}  # fmt: skip
    merchant.http.post(f"/v1/bots/{bot}/test_cases", json=body).raise_for_status()
    [gone] = write(merchant, bot, "Unwanted?")
    merchant.http.post(f"/v1/bots/{bot}/test_cases/decide", json={"reject": [gone]})
    file = merchant.http.get(f"/v1/bots/{bot}/test_cases/export", params={"format": form}).raise_for_status()
    assert f"test-questions.{form}" in file.headers["content-disposition"]
    for added, known in ((1, 0), (0, 1)):
        files = {"file": (f"set.{form}", file.content)}
        told = merchant.http.post(f"/v1/bots/{other}/test_cases/import", files=files).raise_for_status().json()
        assert told == {"added": added, "known": known, "problems": []}
    [case] = listed(merchant, other)
    assert {name: case[name] for name in body} == body
    assert case["origin"] == "imported"


def test_an_import_names_bad_rows_and_keeps_the_good_ones(merchant: Merchant):
    bot = merchant.bot()
    files = {"file": ("set.csv", "question;expects\nGood?;answer\nBad?;maybe\nGood?;answer\n")}
    told = merchant.http.post(f"/v1/bots/{bot}/test_cases/import", files=files).raise_for_status().json()
    assert (told["added"], told["known"]) == (1, 1)
    assert [(problem["line"], problem["column"]) for problem in told["problems"]] == [(3, "expects")]
    wrong = merchant.http.post(f"/v1/bots/{bot}/test_cases/import", files={"file": ("feed.csv", "price\n1\n")})
    assert (wrong.status_code, "question" in wrong.json()["detail"]) == (422, True)


def made_of(owner: Merchant, bot: str, reply: dict[str, Any], reaction: str) -> Any:
    path = f"/v1/bots/{bot}/conversations/{reply['conversation_id']}/turns/{reply['turn_id']}/case"
    return owner.http.post(path, json={"reaction": reaction})


def test_an_answer_becomes_one_case_however_often_it_is_clicked(shop: tuple[Merchant, str]):
    owner, bot = shop
    reply = owner.ask(bot, "How much does delivery to Germany cost?")
    first = made_of(owner, bot, reply, "right")
    again = made_of(owner, bot, reply, "right")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    case = first.json()
    assert (case["question"], case["earlier"]) == ("How much does delivery to Germany cost?", [])
    assert (case["expects"], case["must_include"], case["approved"]) == ("answer", ["6.90"], False)
    assert (case["origin"], "6.90" in case["evidence"]) == ("conversation", True)


def test_pressing_right_by_mistake_is_mended_by_pressing_wrong_until_the_case_is_approved(shop: tuple[Merchant, str]):
    owner, bot = shop
    reply = owner.ask(bot, "What does delivery to France cost?")
    slip = made_of(owner, bot, reply, "right").json()
    mended = made_of(owner, bot, reply, "wrong").json()
    assert (slip["must_include"], mended["must_include"], mended["expected_source"]) == (["6.90"], [], None)
    assert mended["evidence"].startswith("This answer was wrong")
    path = f"/v1/bots/{bot}/test_cases/{slip['id']}"
    owner.http.patch(path, json={"must_include": ["8.50"]}).raise_for_status()
    assert made_of(owner, bot, reply, "wrong").json()["must_include"] == ["8.50"], "a person's words stay"
    owner.http.patch(path, json={"approved": True}).raise_for_status()
    approved = made_of(owner, bot, reply, "right").json()
    assert (approved["must_include"], approved["approved"]) == (["8.50"], True)


def test_questions_asked_for_in_two_windows_at_once_are_proposed_once(server: RunningServer):
    owner = server.merchant()
    bot = owner.bot()
    owner.learn(bot)
    owner.train(bot)
    with ThreadPoolExecutor(2) as windows:
        both = list(windows.map(lambda _: generate(owner, bot, 10), range(2)))
    kept = listed(owner, bot)
    asked = [(*case["earlier"], case["question"]) for case in kept]
    assert len(asked) == len(set(asked))
    assert {case["id"] for cases in both for case in cases} == {case["id"] for case in kept}


def test_a_file_of_nearly_five_megabytes_is_taken(shop: tuple[Merchant, str]):
    owner, bot = shop
    names, notes = ",".join(f"note {n}" for n in range(40)), ",".join(["x" * 120_000] * 40)
    rows = f"question,{names}\nIs it open?,{notes}\n".encode()
    answer = owner.http.post(f"/v1/bots/{bot}/test_cases/import", files={"file": ("cases.csv", rows)})
    assert answer.status_code == 200, answer.text[:300]
    larger = owner.http.post(
        f"/v1/bots/{bot}/test_cases/import", files={"file": ("cases.csv", b"question\n" + b"x" * 5_100_000)}
    )
    assert (larger.status_code, "import it in parts" in larger.text) == (413, True)


def test_a_case_of_a_follow_up_carries_what_was_said_before(shop: tuple[Merchant, str]):
    owner, bot = shop
    first = owner.ask(bot, "How much does delivery to Germany cost?")
    second = owner.ask(bot, "And to France?", conversation_id=first["conversation_id"])
    case = made_of(owner, bot, second, "wrong").json()
    assert case["earlier"] == ["How much does delivery to Germany cost?"]
    assert (case["expects"], case["must_include"]) == ("answer", [])


def test_a_wrong_refusal_has_to_be_answered_and_a_right_one_refused(shop: tuple[Merchant, str]):
    owner, bot = shop
    refused = owner.ask(bot, "What is the capital of Mongolia?")
    assert refused["outcome"] == "refused"
    assert made_of(owner, bot, refused, "right").json()["expects"] == "refusal"
    other = owner.ask(bot, "Who won the football world cup in 1998?")
    assert made_of(owner, bot, other, "wrong").json()["expects"] == "answer"


def test_a_rejected_case_of_an_answer_comes_back_when_it_is_clicked_again(shop: tuple[Merchant, str]):
    owner, bot = shop
    reply = owner.ask(bot, "How long may I return things?")
    case = made_of(owner, bot, reply, "right").json()["id"]
    owner.http.post(f"/v1/bots/{bot}/test_cases/decide", json={"reject": [case]}).raise_for_status()
    assert made_of(owner, bot, reply, "right").json()["rejected"] is False


def test_an_answer_of_another_conversation_or_merchant_makes_no_case(server: RunningServer, shop: tuple[Merchant, str]):
    owner, bot = shop
    one, other = owner.ask(bot, "How long may I return things?"), owner.ask(bot, "Where is your workshop?")
    assert made_of(owner, bot, one | {"turn_id": other["turn_id"]}, "right").status_code == 404
    stranger = server.merchant()
    assert made_of(stranger, stranger.bot(), one, "right").status_code == 404


def test_a_question_is_written_once(merchant: Merchant):
    bot = merchant.bot()
    path = f"/v1/bots/{bot}/test_cases"
    first = merchant.http.post(path, json={"question": "Do you ship abroad?"})
    assert first.status_code == 201
    again = merchant.http.post(path, json={"question": " do you ship  ABROAD? ", "must_include": ["12.90"]})
    assert (again.status_code, again.json()["code"]) == (409, "question_known")
    assert "is among your test questions already" in again.json()["detail"]
    later = merchant.http.post(path, json={"question": "Do you ship abroad?", "earlier": ["Hello"]})
    assert later.status_code == 201, "after another talk it is another question"
    merchant.http.patch(f"{path}/{first.json()['id']}", json={"rejected": True}).raise_for_status()
    assert merchant.http.post(path, json={"question": "Do you ship abroad?"}).status_code == 201, (
        "a rejected one is free"
    )
