"""Go live, dashboard, conversations and account."""

import pytest

from studio import session
from studio.reach import HERE_ONLY
from tests.pages.test_making import button, field, texts
from tests.studio import contract


@pytest.fixture
def passed(engine, bot):
    contract.trained(engine, bot.id, "passed")
    return bot


def test_a_proven_version_is_put_live_paused_resumed(app, engine, passed):
    at = app("live")
    button(at, "Put version 1 live").click().run()
    assert engine.bots[passed.id]["live"] == 1
    assert "is live and answers your shoppers" in texts(at)
    button(at, "Pause").click().run()
    assert engine.bots[passed.id]["paused"]
    assert "is paused" in texts(at)
    button(at, "Resume").click().run()
    assert not engine.bots[passed.id]["paused"]


def test_an_unproven_version_says_what_is_missing(app, bot):
    at = app("live")
    assert "cannot go live yet. This is what is missing:" in texts(at)
    assert "**Rated answers:** 0 so far. five ratings are needed" in texts(at)
    button(at, "Prove it first").click().run()
    assert at.title[0].value == "Test"


def test_an_earlier_version_comes_back(app, engine, signed_in, passed):
    signed_in.deploy(passed.id, 1)
    signed_in.train(passed.id)
    contract.trained(engine, passed.id, "passed", 2)
    signed_in.deploy(passed.id, 2)
    at = app("live")
    button(at, "Go back to version 1").click().run()
    assert engine.bots[passed.id]["live"] == 1


def test_the_widgets_line_and_secret_keys_are_made_and_deleted(app, engine, signed_in, passed):
    signed_in.deploy(passed.id, 1)
    at = app("live")
    at.text_area[0].input("https://shop.example/en/\n www.shop.example")
    button(at, "Make the line").click().run()
    line = next(code.value for code in at.code if "widget.js" in code.value)
    assert f'data-bot="{passed.id}"' in line
    assert "pk_secret" in line
    button(at, "Make a secret key").click().run()
    assert sum("sk_secret" in code.value for code in at.code) == 5
    assert any(f"/mcp/{passed.id}/" in code.value for code in at.code)
    assert [key["origins"] for key in engine.keys[passed.id].values()] == [
        ["https://shop.example", "https://www.shop.example"],
        [],
    ]
    button(at, "Delete").click().run()
    assert len(engine.keys[passed.id]) == 1


def test_the_dashboard_of_a_quiet_bot_says_what_to_do(app, bot):
    assert "No shopper has asked anything" in texts(app("dashboard"))


def test_the_dashboard_shows_figures_and_what_is_missing(app, signed_in, passed):
    signed_in.deploy(passed.id, 1)
    at = app("dashboard")
    assert [metric.value for metric in at.metric] == ["40", "84", "67 %", "1.2 s"]
    assert "Do you gift\\-wrap?" in texts(at)
    assert "**90 %** of 10 ratings" in texts(at)


def test_a_conversation_becomes_a_test_question(app, engine, signed_in, bot):
    list(signed_in.ask(bot.id, 1, "Hello"))
    at = app("conversations")
    assert not at.exception
    assert "The shopper found this helpful." in texts(at)
    button(at, "It was right").click().run()
    (case,) = engine.cases[bot.id].values()
    assert case["question"] == "Ship?"
    assert case["expected_source"] == "s1"


def test_own_tests_can_be_hidden(app, signed_in, bot):
    list(signed_in.ask(bot.id, 1, "Hello"))
    at = app("conversations")
    at.toggle[0].set_value(False).run()
    assert "No conversations yet." in texts(at)


def test_the_account_shows_mails(app, signed_in):
    signed_in.request_password_reset("owner@shop.example")
    at = app("account")
    assert "owner@shop\\.example" in texts(at)
    assert any("New password" in item.label for item in at.expander)


def test_signing_out_ends_the_session_at_the_engine(app, engine, bot, cookie):
    at = app("account")
    button(at, "Sign out").click().run()
    assert not at.exception
    assert not engine.sessions
    at = app("home")
    assert at.title[0].value == "Storeclerk"


def test_everything_is_downloaded_as_one_file(app, bot):
    at = app("live")
    assert not at.get("download_button")
    button(at, "Download everything as one file").click().run()
    assert not at.exception
    assert [item.proto.label for item in at.get("download_button")] == ["Save the file (1 MB)"]


def test_what_cannot_be_packed_is_said_in_words(app, engine, bot):
    at = app("live")
    engine.versions[bot.id][0]["status"] = "rejected"
    button(at, "Download everything as one file").click().run()
    assert "there is nothing to take along yet" in texts(at)
    assert not at.get("download_button")


def test_the_shops_own_site_is_proposed_for_the_line(app, signed_in, passed):
    signed_in.deploy(passed.id, 1)
    signed_in.change_shop("Harbour & Sons", "https://www.shop.example/en/?from=mail")
    assert app("live").text_area[0].value == "https://www.shop.example"


def shown(at):
    return " ".join(one.value for one in (*at.subheader, *at.markdown, *at.caption))


def test_the_account_shows_what_is_subscribed(app, engine, signed_in):
    assert "subscription" not in shown(app("account"))
    engine.payments = True
    assert "There is none for this shop. Whoever runs" in shown(app("account"))
    engine.subscription = {"status": "active", "period_end": "2027-01-03T00:00:00Z", "ends": False,
                           "as_of": "2026-11-24T12:00:00Z"}  # fmt: skip
    assert "lasts until 03 Jan 2027, 00:00 UTC; then it goes on." in shown(app("account"))
    assert "As the payments service said on 24 Nov 2026, 12:00 UTC." in shown(app("account"))
    engine.subscription |= {"status": "trialing", "ends": True}
    assert "You are trying it out. This period lasts until 03 Jan 2027, 00:00 UTC; then it ends." in shown(
        app("account")
    )
    engine.subscription |= {"status": "past_due"}
    assert "The last payment failed." in shown(app("account"))
    assert "lasts until" not in shown(app("account"))


def test_the_shop_is_renamed_on_account(app, engine, signed_in):
    at = app("account")
    assert [field(at, label).value for label in ("Name of your shop", "Web address")] == ["Harbour & Sons", ""]
    field(at, "Name of your shop").input("Harbour")
    field(at, "Web address").input("shop.example")
    button(at, "Save").click().run()
    assert not at.exception
    assert (engine.shops, engine.addresses) == (
        {"owner@shop.example": "Harbour"},
        {"owner@shop.example": "shop.example"},
    )
    assert at.sidebar.markdown[0].value == "### Harbour"
    field(at, "Name of your shop").input(" ")
    button(at, "Save").click().run()
    assert at.error[0].value == "Give the shop a name of 1 to 120 characters."


@pytest.mark.parametrize(
    ("present", "first", "second", "said"),
    [
        ("", "long enough", "long enough", "Enter your present password"),
        ("correct horse", "long enough", "other", "not the same"),
        ("wrong", "long enough", "long enough", "The present password is not right."),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(app, engine, signed_in, present, first, second, said):
    at = app("account")
    for label, typed in zip(
        ("Present", "New password, at", "New password once"), (present, first, second), strict=True
    ):
        field(at, label).input(typed)
    button(at, "Change the password").click().run()
    assert said in at.error[0].value
    assert engine.passwords == {"owner@shop.example": "correct horse"}


def test_the_password_is_changed_on_account(app, engine, signed_in):
    at = app("account")
    field(at, "Present").input("correct horse")
    field(at, "New password, at").input(" another horse ")
    field(at, "New password once").input(" another horse ")
    button(at, "Change the password").click().run()
    assert not at.error
    assert engine.passwords == {"owner@shop.example": " another horse "}
    assert field(at, "Present").value == ""


@pytest.mark.parametrize(("public_url", "said"), [("", 2), ("https://assistant.example", 0)])
def test_an_address_of_this_computer_is_said_to_be_one(app, engine, signed_in, passed, monkeypatch, public_url, said):
    signed_in.deploy(passed.id, 1)
    settings = session.settings().model_copy(update={"public_url": public_url})
    monkeypatch.setattr(session, "settings", lambda: settings)
    at = app("live")
    assert texts(at).count(HERE_ONLY) == said
