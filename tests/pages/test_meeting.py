"""Channels and inbox: linking, the doctor, what got no answer; taking over, answering, handing back."""

import pytest

from tests.pages.test_making import button, field, texts
from tests.studio import channel_contract, contract


def area(at, label):
    return next(item for item in at.text_area if item.label.startswith(label))


@pytest.fixture
def live(engine, signed_in, bot):
    """A bot that shoppers meet."""
    contract.trained(engine, bot.id, "passed")
    signed_in.deploy(bot.id, 1)
    return bot


def begun(app):
    """The page of a link that was begun."""
    at = app("channels")
    button(at, "Begin with Team <chat>").click().run()
    assert not at.exception
    return at


@pytest.fixture
def linked(app, engine, live):
    at = begun(app)
    field(at, "Room").input("help")
    field(at, "Token").input("tok_9")
    button(at, "Link it").click().run()
    assert not at.exception
    return live


def test_a_bot_that_is_not_live_is_sent_to_go_live_first(app, bot):
    at = app("channels")
    assert "Go live first" in at.info[0].value
    assert not [item for item in at.text_input if item.label == "Room"]


def test_a_channel_is_linked_with_the_fields_it_asks_for(app, engine, live):
    at = app("channels")
    said = texts(at)
    assert "Where teams talk." in said
    assert "An answer that takes longer appears while it is made." in said
    assert "Shoppers can be answered for 24 hours" in said
    assert "honest bots" in at.info[0].value
    button(at, "Begin with Team <chat>").click().run()
    assert "Not finished" in at.info[0].value
    assert "https://x.example/hooks/1" in [block.value for block in at.code], "what to paste is there before the form"
    field(at, "Room").input("help")
    field(at, "Token").input("tok_9")
    button(at, "Link it").click().run()
    assert engine.links["chat"]["given"] == {"room": "help", "token": "tok_9", "look": "cards"}
    assert "Linked in T1" in at.success[0].value


def test_a_secret_that_no_vendor_gives_is_made_on_wish(app, live):
    at = begun(app)
    button(at, "Make a token").click().run()
    first = made(at)
    assert len(first) > 40
    assert "Copy it" in texts(at)
    button(at, "Make a token").click().run()
    assert made(at) != first
    assert field(at, "Token").value == "", "it is not filled in unseen"


def made(at):
    """The secret that the page made."""
    return next(block.value for block in at.code if block.value.startswith("tok_"))


def test_what_cannot_be_used_is_said_and_nothing_is_lost(app, engine, live):
    at = begun(app)
    field(at, "Room").input("bad")
    field(at, "Token").input("tok_9")
    button(at, "Link it").click().run()
    assert "is no room there" in at.error[0].value
    assert field(at, "Room").value == "bad"
    assert engine.links["chat"]["status"] == "unfinished"


def test_a_kept_secret_is_never_shown_and_stays(app, engine, linked):
    at = app("channels")
    token = field(at, "Token")
    assert (token.value, token.placeholder) == ("", "kept; type a new one to replace it")
    button(at, "Save").click().run()
    assert "token" not in engine.links["chat"]["given"]


def test_steps_show_what_to_paste(app, linked):
    at = app("channels")
    assert "**1. Make the app**" in texts(at)
    assert "https://x.example/hooks/1" in [block.value for block in at.code]


def test_the_doctor_says_what_to_mend(app, engine, linked):
    at = app("channels")
    assert "It has not looked yet." in texts(at)
    button(at, "Look now").click().run()
    said = texts(at)
    assert "The token has ended" in said
    assert "Make a new one" in said
    assert "1 thing to mend" in said
    assert "The token has ended" in at.error[0].value


def test_a_channel_is_paused_resumed_and_ended(app, engine, linked):
    at = app("channels")
    button(at, "Pause this channel").click().run()
    assert engine.links["chat"]["status"] == "paused"
    button(at, "Answer again").click().run()
    assert engine.links["chat"]["status"] == "on"
    assert button(at, "End it").disabled
    next(box for box in at.checkbox if box.label == "I want to end it").check().run()
    button(at, "End it").click().run()
    assert engine.links == {}


def test_what_got_no_answer_is_tried_again(app, engine, linked):
    engine.letters["d1"] = {"id": "d1", "kind": "chat", "conversation_id": "c", "text": "Hello <b>", "at": None,
                            "failure": "The token has ended."}  # fmt: skip
    at = app("channels")
    assert "Not answered (1)" in [heading.value for heading in at.subheader]
    assert "Hello \\<b\\>" in texts(at)
    button(at, "Try again").click().run()
    assert engine.replayed == ["d1"]
    assert not at.subheader


def test_an_empty_inbox_says_so_and_how_to_switch_it_on(app, engine, bot):
    at = app("inbox")
    assert "Nobody waits" in at.success[0].value
    assert "No person answers yet" in at.info[0].value
    next(item for item in at.toggle if "People of my shop" in item.label).set_value(True)
    area(at, "Hours (one day").input("monday 09:00-17:00\n\ntuesday 09:00-17:00")
    area(at, "at these words").input("complaint\n")
    button(at, "Save").click().run()
    assert not at.exception
    assert engine.handover["on"] is True
    assert engine.handover["hours"]["days"] == ["monday 09:00-17:00", "tuesday 09:00-17:00"]
    assert engine.handover["keywords"] == ["complaint"]


def test_rules_that_cannot_be_used_are_said(app, engine, bot):
    at = app("inbox")
    area(at, "E-mail addresses").input("nobody")
    button(at, "Save").click().run()
    assert "at most 5 e-mail addresses" in at.error[0].value


def test_people_who_cannot_be_mailed_are_said_to_be(app, engine, bot):
    engine.handover |= {"on": True, "notify": ["ann@shop.example"], "mails": False}
    assert "no mail server is set up" in app("inbox").warning[0].value
    engine.handover["mails"] = True
    assert not app("inbox").warning


def test_what_could_not_be_told_in_slack_is_said_and_the_channel_is_kept(app, engine, bot):
    engine.handover |= {"on": True, "slack_channel": "C0123ABCD", "slack_problem": "The app is <b>not</b> there."}
    at = app("inbox")
    assert "could not be told in Slack: The app is \\<b\\>not" in at.warning[0].value
    field = next(item for item in at.text_input if item.label == "Slack channel")
    assert field.value == "C0123ABCD"
    field.set_value(" C9OTHER99 ")
    button(at, "Save").click().run()
    assert engine.handover["slack_channel"] == "C9OTHER99"


def test_a_conversation_is_taken_over_answered_and_handed_back(app, engine, bot):
    engine.talks["c1"] = channel_contract.waiting("c1")
    at = app("inbox")
    said = texts(at)
    assert "1 waiting, 0 with a person" in said
    assert "The shopper seems upset" in said
    assert not at.chat_input, "nobody speaks before taking over"
    button(at, "Take over").click().run()
    assert engine.talks["c1"]["owner"] == "person"
    at.chat_input[0].set_value("Hello, I am Ann <b>").run()
    assert not at.exception
    assert engine.said[0]["text"] == "Hello, I am Ann <b>"
    assert "Hello, I am Ann \\<b\\>" in texts(at)
    assert "delivered" in texts(at)
    button(at, "Hand back to the bot").click().run()
    assert engine.talks["c1"]["owner"] == "bot"
    assert "Nobody waits" in at.success[0].value


def test_another_persons_conversation_is_only_read(app, engine, bot):
    engine.talks["c1"] = channel_contract.waiting("c1", owner="person", member="ann@shop.example")
    at = app("inbox")
    assert "ann@shop.example has taken" in texts(at)
    assert not at.chat_input
    assert not [item for item in at.button if "Take over" in item.label]
