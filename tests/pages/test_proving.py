"""Talk and test: asking, judging, inviting."""

import pytest

from tests.pages.test_making import button, field, texts


def test_an_answer_is_streamed_with_products_and_sources(app, engine, bot):
    at = app("talk")
    at.chat_input[0].set_value("Do you ship to France?").run()
    assert not at.exception
    said = texts(at)
    assert "12\\.90 EUR" in said
    assert "[Shipping](https://shop.example/shipping)" in said
    cards = next(item.body for item in at.get("html") if "sc-cards" in item.body)
    assert "Blue &lt;b&gt;mug&lt;/b&gt;" in cards
    assert "before 15.00 EUR" in cards
    assert engine.asked == [{"text": "Do you ship to France?", "stream": True}]


def test_a_second_question_goes_on_in_the_same_conversation(app, engine, bot):
    at = app("talk")
    at.chat_input[0].set_value("One").run()
    at.chat_input[0].set_value("Two").run()
    assert engine.asked[1]["conversation_id"] == "c1"
    assert [message.name for message in at.chat_message].count("user") == 2


def test_an_example_question_is_one_press_away(app, engine, bot):
    at = app("talk")
    button(at, "Do you ship to France?").click().run()
    assert engine.asked[0]["text"] == "Do you ship to France?"


def test_a_refusal_says_what_to_do(app, bot):
    at = app("talk")
    at.chat_input[0].set_value("unknown").run()
    assert "Nothing was found about this" in texts(at)


@pytest.mark.parametrize(("question", "said"), [("error", "The model is away."), ("refuse me", "model is down")])
def test_a_failed_answer_is_explained(app, bot, question, said):
    at = app("talk")
    at.chat_input[0].set_value(question).run()
    assert not at.exception
    assert said in at.error[0].value


def test_an_answer_is_rated_and_the_rating_can_be_changed(app, engine, bot):
    at = app("talk")
    at.chat_input[0].set_value("One").run()
    assert "0 of 5 rated answers so far" in texts(at)
    button(at, "Helpful").click().run()
    assert not at.exception
    assert "You found this helpful." in texts(at)
    button(at, "Not helpful").click().run()
    assert "You found this not helpful." in texts(at)
    assert engine.rated == [{"turn_id": "t1", "helpful": True}, {"turn_id": "t1", "helpful": False}]


def test_a_question_of_ones_own_is_in_use_at_once(app, engine, bot):
    at = app("test")
    field(at, "What a shopper asks").input("How long may I return things?")
    field(at, "Words or numbers").input("30 days; free")
    button(at, "Add the question").click().run()
    assert not at.exception
    (case,) = engine.cases[bot.id].values()
    assert (case["approved"], case["expects"], case["must_include"]) == (True, "answer", ["30 days", "free"])


def test_what_the_gate_misses_is_said_with_where_to_do_it(app, bot):
    assert "Rate answers yourself on **Talk to it**" in texts(app("test"))
    assert "Rate answers yourself on **Talk to it**" in texts(app("live"))


def test_a_conversation_can_begin_anew(app, bot):
    at = app("talk")
    at.chat_input[0].set_value("One").run()
    button(at, "Begin anew").click().run()
    assert len(at.chat_message) == 1


def test_questions_are_proposed_approved_and_run(app, engine, bot):
    at = app("test")
    button(at, "Propose").click().run()
    assert len(engine.cases[bot.id]) == 2
    button(at, "Use all 2 proposed").click().run()
    assert all(case["approved"] for case in engine.cases[bot.id].values())
    button(at, "Test with 2 questions").click().run()
    assert not at.exception
    assert at.get("progress")[0].text == "Testing · 1 of 2 questions"


def results():
    common = {"outcome": "answered", "total_ms": 40, "first_token_ms": 9}
    return [
        common | {"case": "k1", "question": "Ship?", "answer": "Yes", "passed": True, "reasons": []},
        common | {"case": "k2", "question": "Price?", "answer": "?", "passed": False, "reasons": ["lacks 12.90"]},
    ]


def test_results_show_the_wrong_ones_first(app, engine, bot):
    engine.trials[bot.id] = {"id": "r", "status": "done", "done": 2, "total": 2, "results": results()}
    at = app("test")
    assert "1 of 2 questions answered as they should be" in texts(at)
    assert list(next(frame.value for frame in at.dataframe if "Result" in frame.value)["Result"]) == [
        "✗ wrong",
        "✓ right",
    ]


def test_a_broken_run_says_why(app, engine, bot):
    engine.trials[bot.id] = {"id": "r", "status": "failed", "results": results(), "failure": "The model was away."}
    assert "The model was away." in texts(app("test"))


@pytest.mark.parametrize(
    ("status", "said"),
    [("ready", "not enough proof yet"), ("rejected", "has not passed"), ("passed", "has proved itself")],
)
def test_the_verdict_is_said_in_words(app, engine, bot, status, said):
    engine.versions[bot.id][0]["status"] = status
    at = app("test")
    assert said in texts(at)
    assert any("Right answers: " in item.value for item in at.markdown)


def test_a_passed_version_leads_to_going_live(app, engine, bot):
    engine.versions[bot.id][0]["status"] = "passed"
    at = app("test")
    button(at, "Next: go live").click().run()
    assert at.title[0].value == "Go live"


def test_a_tester_is_invited_shown_the_link_and_revoked(app, engine, bot):
    at = app("test")
    field(at, "E-mail").input("friend@example.com")
    button(at, "Invite").click().run()
    assert any("http://127.0.0.1/try/abc" in code.value for code in at.code)
    assert "1 of 5 places taken" in texts(at)
    assert "1 of 1 rating say the answer helped" in texts(at)
    button(at, "Revoke").click().run()
    assert next(iter(engine.invites[bot.id].values()))["status"] == "revoked"


def test_the_sixth_invite_is_refused_in_words(app, signed_in, bot):
    for number in range(5):
        signed_in.invite(bot.id, f"t{number}@example.com", 1)
    at = app("test")
    field(at, "E-mail").input("friend@example.com")
    button(at, "Invite").click().run()
    assert "Revoke one first" in at.error[0].value
