"""Every page in the situations a merchant can meet it in."""

import pytest

from engine.settings import Settings
from studio import session
from studio.navigation import PAGES
from tests.studio import contract

SLUGS = [row.slug for row in PAGES]
NEEDING_A_BOT = [row.slug for row in PAGES if row.needs_bot]


@pytest.mark.parametrize("slug", SLUGS)
def test_signed_out_visitors_get_the_sign_in_form(app, engine, cookie, slug):
    at = app(slug)
    assert not at.exception
    assert at.title[0].value == "Storeclerk"
    assert [tab.label for tab in at.tabs] == ["Sign in", "Create account", "Forgot password"]


@pytest.mark.parametrize("slug", SLUGS)
def test_an_ended_session_leads_to_the_sign_in_form(app, engine, cookie, slug):
    cookie.append("ended")
    at = app(slug)
    assert not at.exception
    assert at.title[0].value == "Storeclerk"


@pytest.mark.parametrize("slug", NEEDING_A_BOT)
def test_without_a_bot_the_demo_shop_is_offered(app, signed_in, slug):
    at = app(slug)
    assert not at.exception
    assert [button.label for button in at.button] == ["Try the demo shop", "Create a bot for my shop"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_drawn_for_a_trained_bot(app, bot, slug):
    at = app(slug)
    assert not at.exception
    assert not at.error
    row = next(row for row in PAGES if row.slug == slug)
    assert at.title[0].value == row.title
    assert any(row.lead == text.value for text in at.markdown)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_drawn_for_an_untouched_bot(app, signed_in, slug):
    signed_in.create_bot("New")
    at = app(slug)
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_drawn_for_a_live_bot(app, engine, bot, signed_in, slug):
    contract.trained(engine, bot.id, "passed")
    signed_in.deploy(bot.id, 1)
    at = app(slug)
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("slug", SLUGS)
def test_a_failing_engine_is_explained_with_a_way_to_try_again(app, engine, bot, slug):
    engine.failing = True
    at = app(slug)
    assert not at.exception
    assert "fault" in at.error[0].value
    assert [button.label for button in at.button] == ["Try again"]
    engine.failing = False
    at.button[0].click().run()
    assert not at.error


@pytest.mark.parametrize("slug", SLUGS)
def test_an_absent_engine_is_explained(app, bot, slug, monkeypatch):
    monkeypatch.setattr(session, "settings", lambda: Settings(port=1, _env_file=None))
    at = app(slug)
    assert not at.exception
    assert "cannot be reached" in at.error[0].value


@pytest.mark.parametrize("slug", SLUGS)
def test_every_script_begins_with_its_gate(slug):
    row = next(row for row in PAGES if row.slug == slug)
    text = row.script.read_text()
    assert f'with page("{slug}") as context:' in text
    assert len(text.splitlines()) <= 120
