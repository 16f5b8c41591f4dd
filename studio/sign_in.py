"""Signing in: the forms of streamlit-authenticator, joined to the engine's accounts. The only module that knows it.

Never here: passwords, hashes or cookies of its own. Of the library only the forms are used: its credential
store, its policy and its JavaScript cookie are replaced, because a cookie made there outlives a sign-out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.utilities import ForgotError, LoginError, RegisterError

from studio import session
from studio.actions import sentence
from studio.client import Api, ApiError
from studio.records import ResetAsked
from studio.tickets import tickets

__all__ = ["LIBRARY_VERSION", "Accounts", "Forms", "sign_in_page", "sign_out"]

LIBRARY_VERSION = "0.4.2"
"""The release whose forms this module was written against; a test fails when it moves."""

COOKIE_EXPIRY_DAYS = 0
"""The library itself reads nought as: set no cookie."""

LIBRARY_STATE = ("authentication_status", "name", "username", "email", "roles", "logout")
"""What the library keeps in st.session_state; none of it decides anything here."""

SIGN_IN_FIELDS = {"Form name": "Sign in", "Username": "E-mail", "Password": "Password", "Login": "Sign in"}
SIGN_UP_FIELDS = {
    "Form name": "Create your account",
    "First name": "Name of your shop",
    "Last name": "Web address of your shop (optional)",
    "Email": "E-mail",
    "Password": "Password, at least 8 characters",
    "Repeat password": "Password once more",
    "Register": "Create account",
}
FORGOT_FIELDS = {"Form name": "Set a new password", "Username": "E-mail", "Submit": "Send me a link"}

HAND_OVER = """
export default function (component) {
  const { data, parentElement } = component;
  const say = (text) => { parentElement.querySelector("p").textContent = text; };
  fetch("/session", {
    method: data.method,
    headers: { "Content-Type": "application/json" },
    credentials: "same-origin",
    body: data.method === "POST" ? JSON.stringify({ ticket: data.ticket }) : undefined,
  })
    .then((answer) => {
      if (answer.ok) { window.location.reload(); }
      else { say("That did not work. Reload the page and try again."); }
    })
    .catch(() => say("The studio cannot be reached. Reload the page and try again."));
}
"""

NAME_FIELDS = """
export default function (component) {
  const purposes = { "E-mail": "email", "Name of your shop": "organization",
      "Web address of your shop (optional)": "url" };
  const mark = () => {
    for (const input of document.querySelectorAll("input[aria-label]")) {
      const label = input.getAttribute("aria-label");
      const password = label === "Password" ? "current-password" : "new-password";
      const purpose = input.type === "password" ? password : purposes[label];
      if (purpose) { input.setAttribute("autocomplete", purpose); }
    }
  };
  mark();
  const timer = setInterval(mark, 500);
  return () => clearInterval(timer);
}
"""


class NoCookies:
    """Stands where the library would read and write a cookie from JavaScript."""

    cookie_expiry_days = COOKIE_EXPIRY_DAYS

    def get_cookie(self) -> None:
        """No one is ever signed in by the library's cookie."""

    def set_cookie(self) -> None:
        """The session's cookie is set by our own route."""

    def delete_cookie(self) -> None:
        """There is none."""


class Accounts:
    """Stands where the library would look into its own credentials: the engine decides."""

    def __init__(self, engine: Api, signed_in: Callable[[str], None]) -> None:
        self.engine = engine
        self.signed_in = signed_in

    def login(self, username: str = "", password: str = "", *_: Any, **__: Any) -> bool:
        """Ask the engine. The password is passed on exactly as typed."""
        if not username.strip() or not password:
            raise LoginError("Enter your e-mail and your password.")
        try:
            token = self.engine.sign_in(username.strip(), password)
        except ApiError as error:
            raise LoginError(sign_in_refusal(error)) from error
        self.signed_in(token.access_token)
        return True

    def register_user(
        self,
        new_first_name: str,
        new_last_name: str,
        new_email: str,
        new_username: str,
        new_password: str,
        new_password_repeat: str,
        *_: Any,
        **__: Any,
    ) -> tuple[str, str, str]:
        """Open an account at the engine. Any name in any script is welcome; the engine judges the password."""
        if not new_first_name.strip():
            raise RegisterError("Enter the name of your shop.")
        if not new_email.strip():
            raise RegisterError("Enter your e-mail.")
        if new_password != new_password_repeat:
            raise RegisterError("The two passwords are not the same.")
        try:
            token = self.engine.sign_up(new_email.strip(), new_password, new_first_name.strip(), new_last_name.strip())
        except ApiError as error:
            raise RegisterError(sentence(error)) from error
        self.signed_in(token.access_token)
        return new_email, new_username, new_first_name

    def forgot_password(self, username: str, *_: Any, **__: Any) -> tuple[str, str, ResetAsked]:
        """Have the engine send a link. The answer is the same whether or not the address is known.

        Its last part, a new password made by the library itself, is here what became of the wish.
        """
        if not username.strip():
            raise ForgotError("Enter your e-mail.")
        try:
            asked = self.engine.request_password_reset(username.strip())
        except ApiError as error:
            raise ForgotError(sentence(error)) from error
        return username, username, asked


class Forms(stauth.Authenticate):  # type: ignore[misc]  # the library has no types
    """The library's forms with the engine behind them. Its own constructor would set up a cookie: it is not run."""

    def __init__(self, accounts: Accounts) -> None:
        self.attrs: dict[str, Any] = {
            "login_sleep_time": 0,
            "password_instructions": "At least 8 characters. A few words in a row are easy to remember.",
        }
        self.api_key = self.path = None
        self.secret_key = ""
        self.cookie_controller = NoCookies()
        self.authentication_controller = accounts


def sign_in_refusal(error: ApiError) -> str:
    """Why signing in failed, without saying whether the address is known."""
    if error.status in {400, 401, 422}:
        return "The e-mail or the password is not right. Check both, or set a new password."
    if error.status == 429:
        return error.detail or "Too many attempts. Wait a few minutes and try again."
    return sentence(error)


def sign_in_page() -> None:
    """The whole page for someone who is signed out: one form at a time, the next step first."""
    for name in LIBRARY_STATE:
        st.session_state.setdefault(name, None)
    if "ticket" in st.session_state:
        hand_over("POST", st.session_state.pop("ticket"))
        return
    st.title("Storeclerk")
    st.markdown("Make a shop assistant that knows your shop, prove it, and put it to work. No programming.")
    with st.container(key="sign_in_forms"):
        signing_in, signing_up, forgotten = st.tabs(["Sign in", "Create account", "Forgot password"])
    forms = Forms(Accounts(session.anonymous_api(), begin_session))
    mark_fields = st.components.v2.component("field_purposes", js=NAME_FIELDS)
    mark_fields(height=1)
    with signing_in:
        attempt(lambda: forms.login(fields=SIGN_IN_FIELDS, key="sign_in"))
    with signing_up:
        attempt(
            lambda: forms.register_user(
                fields=SIGN_UP_FIELDS, captcha=False, merge_username_email=True, password_hint=False, key="sign_up"
            )
        )
    with forgotten:
        sent = attempt(lambda: forms.forgot_password(fields=FORGOT_FIELDS, key="forgot"))
        if sent and sent[0]:
            show_asked(sent[2])
        st.markdown("Already have the link or its code? [Enter it](/reset)")
    if "ticket" in st.session_state:
        st.rerun()


def show_asked(asked: ResetAsked) -> None:
    """Whether a mail is on its way, and else who has the link. Never the link: whoever asks may be anybody."""
    if asked.delivers:
        st.success(asked.detail, icon=":material/mail:")
    else:
        st.warning(asked.detail, icon=":material/mail_off:")


def attempt(form: Callable[[], Any]) -> Any:
    """Draw a form and act on it; a refusal is shown beside it."""
    try:
        return form()
    except (LoginError, RegisterError, ForgotError) as error:
        st.error(str(error))
        return None


def begin_session(token: str) -> None:
    """Get a session for an access token, and prepare its hand-over to the browser. Raises ApiError."""
    session.keep_token(token, 300)
    started = session.api().start_session()
    st.session_state["ticket"] = tickets().issue(started.session_token)


def sign_out() -> None:
    """End the session at the engine, and have the browser drop its cookie."""
    cookie = session.session_cookie()
    if cookie:
        session.anonymous_api().end_session(cookie)
    for name in list(st.session_state.keys()):
        del st.session_state[name]
    hand_over("DELETE", "")
    st.stop()


def hand_over(method: str, ticket: str) -> None:
    """Let the browser call our session route; nothing secret stands in an address or in the page."""
    component = st.components.v2.component("session_hand_over", html="<p role='status'>One moment…</p>", js=HAND_OVER)
    component(key=f"hand_over_{method}", data={"method": method, "ticket": ticket})
