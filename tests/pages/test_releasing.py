"""Before and after going live: what changes, which answers differ, a date, and whether it stays good."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_making import button, texts
from tests.studio import contract, release_contract


@pytest.fixture
def two(engine, signed_in, bot):
    """A bot whose first version is live and whose second has proved itself."""
    contract.trained(engine, bot.id, "passed")
    signed_in.deploy(bot.id, 1)
    signed_in.train(bot.id)
    contract.trained(engine, bot.id, "passed", 2)
    return bot


def look_at(at: AppTest, view: str) -> AppTest:
    """Choose one of the ways of looking at the candidate."""
    control = next(item for item in at.button_group if view in item.options)
    return control.set_value(view).run()


def test_what_changes_is_shown_before_and_after(app, engine, two):
    engine.changes = release_contract.CHANGES
    said = texts(app("live"))
    assert "2 wordings or settings, 1 page or file, 201 changes of products" in said
    assert "~~Hello~~ there\\!" in said
    assert "**Welcome** there\\!" in said
    assert "**Greeting**" in said
    assert "~~yes~~" in said
    assert "The first 1 of 201." in said


def test_a_price_is_shown_before_and_now(app, engine, two):
    engine.changes = release_contract.CHANGES
    (table,) = [frame.value for frame in app("live").dataframe if "Before" in frame.value]
    assert table.to_dict("records") == [{"What": "price", "Product": "Blue mug", "Before": "€12.90", "Now": "€13.90"}]


def test_no_change_is_said(app, two):
    assert "Nothing but the number: version 2 says and knows the same as version 1." in texts(app("live"))


def test_the_test_questions_in_use_are_offered_for_both_versions(app, engine, two):
    for number in range(7):
        engine.cases[two.id][f"k{number}"] = {
            "id": f"k{number}", "question": f"What does mug {number} cost?", "expects": "answer",
            "approved": number > 0,
        }  # fmt: skip
    at = look_at(app("live"), "Same questions")
    assert at.text_area[0].value.splitlines() == [f"What does mug {number} cost?" for number in range(1, 6)]


def test_answers_of_both_versions_stand_side_by_side_the_differing_first(app, engine, two):
    at = look_at(app("live"), "Same questions")
    at.text_area[0].input("Do you ship?\n\n What does it cost? ")
    button(at, "Ask both versions").click().run()
    assert not at.exception
    assert engine.compared == [{"against": 1, "questions": ["Do you ship?", "What does it cost?"]}]
    said = texts(at)
    assert "**1 of 2 answers differ.**" in said
    assert "Differs\\: other words, other figures" in said
    assert "~~€12\\.90\\.~~" in said
    assert "**€13\\.90\\.**" in said
    assert said.index("What does it cost?") < said.index("Do you ship?")


def test_too_many_questions_are_refused_in_words(app, engine, two):
    at = look_at(app("live"), "Same questions")
    at.text_area[0].input("\n".join(f"Question {number}?" for number in range(21)))
    button(at, "Ask both versions").click().run()
    assert "Write 1 to 20 questions" in at.warning[0].value
    assert not engine.compared


def test_a_comparison_the_engine_refuses_is_explained(app, two):
    at = look_at(app("live"), "Same questions")
    at.text_area[0].input("no question")
    button(at, "Ask both versions").click().run()
    assert "cannot answer" in at.error[0].value


def test_real_questions_are_answered_again_and_can_be_stopped(app, engine, two):
    at = look_at(app("live"), "Real questions")
    button(at, "Answer their questions").click().run()
    assert "Choose a longer one" in at.error[0].value
    look_at(at, "Last 7 days")
    button(at, "Answer their questions").click().run()
    assert not at.exception
    assert at.get("progress")[0].text == "Answering again · 1 of 3 questions"
    button(at, "Stop it").click().run()
    assert engine.shadows[two.id]["status"] == "cancelled"
    assert "Stopped after 1 of 3 questions." in texts(at)


def test_the_answers_worth_a_look_come_first(app, engine, two):
    engine.shadows[two.id] = release_contract.shadow("done", release_contract.RESULTS)
    at = look_at(app("live"), "Real questions")
    assert [(metric.label, metric.value) for metric in at.metric] == [
        ("The same", "1"), ("Newly answered", "0"), ("No longer answered", "1"), ("Other figures", "1"),
    ]  # fmt: skip
    (table,) = [frame.value for frame in at.dataframe if "Result" in frame.value]
    assert list(table["Result"]) == ["no longer answered", "other figures: €13.90", "the same"]
    said = texts(at)
    assert said.index("Gift wrap?") < said.index("Price?")
    assert "The shopper said of the answer then\\: it helped\\." in said


def test_what_many_shoppers_asked_is_shown_once(app, engine, two):
    refused = {"told_outcome": "refused", "outcome": "refused", "wrong_figures": []}
    results = [release_contract.RESULT | refused] * 3
    engine.shadows[two.id] = release_contract.shadow("done", results, same=0)
    said = texts(look_at(app("live"), "Real questions"))
    assert "3 answers differ." in said
    assert said.count("**Price?**") == 1
    assert "Refused then and now, in other words" in said


def test_a_run_that_broke_says_why(app, engine, two):
    engine.shadows[two.id] = release_contract.shadow("failed", failure="The model was away.")
    assert "The model was away." in texts(look_at(app("live"), "Real questions"))


def test_a_version_is_set_to_go_live_at_a_time_and_taken_back(app, engine, two):
    at = look_at(app("live"), "Later, by itself")
    assert at.time_input[0].label == "Time (UTC)"
    day = at.date_input[0].value
    button(at, "Let version 2 go live then").click().run()
    assert not at.exception
    assert engine.bots[two.id]["scheduled"]["at"] == f"{day.isoformat()}T09:00:00+00:00"
    assert f"Version 2 goes live by itself on {day:%A, %d %b %Y}, 09:00 (UTC)" in texts(at)
    button(at, "Do not go live by itself").click().run()
    assert engine.bots[two.id]["scheduled"] is None
    assert "goes live by itself on" not in texts(at)


def test_a_release_that_was_refused_at_its_time_is_explained(app, engine, two):
    engine.bots[two.id]["schedule_note"] = "Version 2 did not go live at its time. 3 more ratings"
    said = texts(app("live"))
    assert "3 more ratings" in said
    assert "Nothing was changed for your shoppers." in said


def test_the_newest_version_is_offered_and_an_earlier_one_can_be_chosen(app, engine, signed_in, two):
    signed_in.train(two.id)
    contract.trained(engine, two.id, "ready", 3)
    at = app("live")
    choice = next(item for item in at.selectbox if item.label == "Version to put live next")
    assert choice.value == 3
    choice.set_value(2).run()
    button(at, "Put version 2 live").click().run()
    assert engine.bots[two.id]["live"] == 2


def test_when_the_newest_is_live_an_earlier_one_is_only_offered(app, engine, signed_in, two):
    signed_in.deploy(two.id, 2)
    at = app("live")
    assert not [item for item in at.button if item.label.startswith("Put version")]
    next(item for item in at.selectbox if item.label.startswith("Put an earlier")).set_value(1).run()
    button(at, "Put version 1 live").click().run()
    assert engine.bots[two.id]["live"] == 1


def test_the_first_version_can_only_be_put_live_now_or_later(app, engine, bot):
    contract.trained(engine, bot.id, "passed")
    (control,) = app("live").button_group
    assert control.options == ["Later, by itself"]


def test_what_got_worse_is_said_first_with_where_to_look(app, engine, two):
    engine.drift = release_contract.WORSE
    at = app("dashboard")
    assert not at.exception
    assert at.warning[0].value.startswith("**Something got worse since version 1 went live**")
    assert "40% in the last week" in at.warning[0].value
    assert [link.label for link in at.get("page_link")][:2] == ["Read the conversations", "Test it again"]
    assert "Sentences with a source: 40 %" in texts(at)


def test_a_steady_bot_is_said_to_be_steady(app, engine, two):
    engine.drift = release_contract.STEADY
    at = app("dashboard")
    assert not at.warning
    assert "As good as when it went live, measured on the newest 40 real questions." in texts(at)


def test_too_few_questions_are_one_quiet_sentence(app, two):
    at = app("dashboard")
    assert not at.warning
    assert "Too few shoppers' questions yet" in texts(at)
    assert "Sentences with a source" not in texts(at)
