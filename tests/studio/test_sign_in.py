"""Signing in: the library's forms, the engine's decision, the hand-over to a cookie, and what ends it."""

import inspect
from importlib.metadata import version

import pytest
import streamlit_authenticator as stauth
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit_authenticator.utilities import ForgotError, LoginError, RegisterError

from engine.settings import Settings
from studio import session, sign_in
from studio.client import ApiError
from studio.routes import make_routes
from studio.session import COOKIE
from studio.tickets import LIFE_SECONDS, Tickets, tickets


def button(at, label, place=0):
    return [item for item in at.button if item.label == label][place]


def field(at, label, place=0):
    return [item for item in at.text_input if item.label == label][place]


def test_the_library_is_the_one_this_was_written_against():
    assert version("streamlit-authenticator") == sign_in.LIBRARY_VERSION


def test_the_library_still_works_through_what_we_replace():
    assert issubclass(sign_in.Forms, stauth.Authenticate)
    login = inspect.getsource(stauth.Authenticate.login)
    assert "self.authentication_controller.login(username, password" in login
    assert "self.cookie_controller.get_cookie()" in login
    assert "login_sleep_time" in login
    register = inspect.getsource(stauth.Authenticate.register_user)
    assert "self.authentication_controller.register_user(new_first_name, new_last_name," in register
    forgot = inspect.getsource(stauth.Authenticate.forgot_password)
    assert "self.authentication_controller.forgot_password(username" in forgot


def test_the_library_never_sets_a_cookie_nor_holds_credentials():
    forms = sign_in.Forms(sign_in.Accounts(None, None))
    assert forms.cookie_controller.cookie_expiry_days == 0
    assert forms.cookie_controller.get_cookie() is None
    assert forms.cookie_controller.set_cookie() is None
    assert forms.cookie_controller.delete_cookie() is None
    assert not hasattr(forms.authentication_controller, "authentication_model")


def test_signing_up_issues_a_ticket_for_a_session_at_the_engine(app, engine, cookie):
    at = app()
    field(at, "Name of your shop").input("李")
    field(at, "Web address of your shop (optional)").input("https://li.example")
    field(at, "E-mail", 1).input("li@shop.example")
    field(at, "Password, at least 8 characters").input(" spaces stay ")
    field(at, "Password once more").input(" spaces stay ")
    button(at, "Create account").click().run()
    assert not at.exception
    assert engine.passwords == {"li@shop.example": " spaces stay "}
    assert engine.shops == {"li@shop.example": "李"}
    assert list(engine.sessions.values()) == ["li@shop.example"]
    assert engine.addresses == {"li@shop.example": "https://li.example"}
    assert len(at.get("bidi_component")) == 1


def test_signing_in_works_and_shows_nothing_of_the_token(app, engine, signed_in, cookie):
    cookie.append("")
    at = app()
    field(at, "E-mail").input("owner@shop.example")
    field(at, "Password").input("correct horse")
    button(at, "Sign in").click().run()
    assert not at.exception
    assert len(engine.sessions) == 2
    tree = str(at)
    assert not any(token in tree for token in engine.sessions if token.startswith("st"))


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("owner@shop.example", "wrong", "is not right"),
        ("nobody@shop.example", "wrong", "is not right"),
        ("owner@shop.example", "locked", "Try again in 30 seconds"),
        ("", "", "Enter your e-mail"),
    ],
)
def test_a_refused_sign_in_says_why_without_telling_who_exists(app, signed_in, cookie, email, password, said):
    cookie.append("")
    at = app()
    field(at, "E-mail").input(email)
    field(at, "Password").input(password)
    button(at, "Sign in").click().run()
    assert said in at.error[0].value


@pytest.mark.parametrize(
    ("shop", "email", "one", "two", "said"),
    [
        ("Shop", "a@b.example", "long enough", "long enough", "not a web address"),
        ("", "a@b.example", "long enough", "long enough", "name of your shop"),
        ("Shop", "", "long enough", "long enough", "Enter your e-mail"),
        ("Shop", "a@b.example", "long enough", "other", "not the same"),
        ("Shop", "a@b.example", "short", "short", "The password cannot be used: it has fewer than 8 characters"),
        ("Shop", "owner@shop.example", "long enough", "long enough", "has an account already"),
    ],
)
def test_a_refused_sign_up_says_why(signed_in, shop, email, one, two, said):
    accounts = sign_in.Accounts(session.anonymous_api(), lambda token: None)
    with pytest.raises(RegisterError, match=said):
        accounts.register_user(shop, "not a url" if "web address" in said else "", email, email, one, two)


def test_an_absent_engine_is_explained_at_sign_in(monkeypatch):
    monkeypatch.setattr(session, "settings", lambda: Settings(port=1, _env_file=None))
    accounts = sign_in.Accounts(session.anonymous_api(), lambda token: None)
    with pytest.raises(LoginError, match="may still be starting"):
        accounts.login("a@b.example", "password")
    with pytest.raises(ForgotError, match="may still be starting"):
        accounts.forgot_password("a@b.example")


@pytest.mark.parametrize("mailed", [True, False])
def test_a_reset_link_is_asked_for_and_what_becomes_of_it_said(app, engine, signed_in, cookie, mailed):
    engine.mailed = mailed
    cookie.append("")
    at = app()
    button(at, "Send me a link").click().run()
    assert at.error[0].value == "Enter your e-mail."
    field(at, "E-mail", 2).input("owner@shop.example")
    button(at, "Send me a link").click().run()
    assert [item.value for item in at.success] == (["It is on its way."] if mailed else [])
    assert [item.value for item in at.warning] == ([] if mailed else ["No mail server here."])
    assert engine.mails[0]["to"] == "owner@shop.example"


def test_a_waiting_ticket_is_handed_over_before_anything_else(app, engine, cookie):
    at = app(ticket="one-time")
    assert not at.title
    assert len(at.get("bidi_component")) == 1


# The routes


@pytest.fixture
def browser(engine):
    routes = make_routes(Settings(_env_file=None), tickets(), session.anonymous_api)
    with TestClient(Starlette(routes=list(routes)), headers={"sec-fetch-site": "same-origin"}) as client:
        yield client


def test_a_ticket_becomes_a_cookie_that_scripts_cannot_read(browser):
    answer = browser.post("/session", json={"ticket": tickets().issue("the session")})
    assert answer.json() == {"signed_in": True}
    header = answer.headers["set-cookie"].lower()
    assert header.startswith(f'{COOKIE}="the session"')
    assert "httponly" in header
    assert "samesite=lax" in header
    assert "; secure" not in header


def test_behind_tls_the_cookie_is_secure(engine):
    routes = make_routes(Settings(cookie_secure=True, _env_file=None), tickets(), session.anonymous_api)
    with TestClient(Starlette(routes=list(routes))) as client:
        answer = client.post("/session", json={"ticket": tickets().issue("s")})
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_a_ticket_works_once(browser):
    ticket = tickets().issue("the session")
    assert browser.post("/session", json={"ticket": ticket}).status_code == 200
    again = browser.post("/session", json={"ticket": ticket})
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


def test_a_ticket_ends_after_a_minute():
    now = [0.0]
    kept = Tickets(clock=lambda: now[0])
    one = kept.issue("s")
    now[0] = LIFE_SECONDS + 1
    kept.issue("t")
    assert kept.redeem(one) is None
    assert len(kept.waiting) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"content": b"ticket=x"},
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"json": ["x"]},
        {"json": {"ticket": "x" * 20_000}},
        {"json": {}},
    ],
)
def test_odd_bodies_sign_nobody_in(browser, options):
    assert browser.post("/session", **options).status_code == 401


@pytest.mark.parametrize("method", ["post", "delete"])
@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])
def test_other_sites_may_not_touch_the_session(browser, method, headers):
    assert getattr(browser, method)("/session", headers=headers).status_code == 403
    assert browser.post("/reset", headers=headers, json={}).status_code == 403


@pytest.mark.parametrize(("origin", "status"), [("http://testserver", 401), ("http://evil.example", 403)])
def test_old_browsers_are_judged_by_origin(engine, origin, status):
    routes = make_routes(Settings(_env_file=None), tickets(), session.anonymous_api)
    with TestClient(Starlette(routes=list(routes))) as client:
        assert client.post("/session", json={}, headers={"origin": origin}).status_code == status


def test_a_stolen_cookie_is_dead_after_signing_out(browser, signed_in, cookie):
    stolen = cookie[-1]
    assert session.anonymous_api().token_for_session(stolen).access_token
    browser.cookies.set(COOKIE, stolen)
    answer = browser.delete("/session")
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    with pytest.raises(ApiError) as caught:
        session.anonymous_api().token_for_session(stolen)
    assert caught.value.status == 401


def test_a_stolen_cookie_is_dead_after_a_new_password(browser, signed_in, cookie):
    stolen = cookie[-1]
    session.anonymous_api().request_password_reset("owner@shop.example")
    assert browser.post("/reset", json={"token": "code", "password": "another horse"}).json() == {"done": True}
    with pytest.raises(ApiError):
        session.anonymous_api().token_for_session(stolen)
    assert session.anonymous_api().sign_in("owner@shop.example", "another horse")


def test_signing_out_without_the_engine_still_drops_the_cookie(monkeypatch):
    monkeypatch.setattr(session, "settings", lambda: Settings(port=1, _env_file=None))
    routes = make_routes(Settings(_env_file=None), tickets(), session.anonymous_api)
    with TestClient(Starlette(routes=list(routes))) as client:
        client.cookies.set(COOKIE, "x")
        assert client.delete("/session").json() == {"signed_in": False}
        assert client.post("/reset", json={}).status_code == 503


def test_the_reset_page_keeps_to_itself(browser):
    answer = browser.get("/reset")
    assert "Code from the mail" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_used_code_says_so(browser):
    answer = browser.post("/reset", json={"token": "old", "password": "another horse"})
    assert answer.status_code == 422
    assert "ask for a new one" in answer.json()["detail"]
