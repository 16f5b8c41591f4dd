"""The engine's REST API as typed calls: the only way from the studio to the engine's data.

Never here: Streamlit, or a decision about what to show.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from engine.domain.bot import Guardrails, Languages, Persona
from studio import records as r
from studio.events import AnswerEvent, read_events

__all__ = ["Api", "ApiError", "ProblemField"]

RecordT = TypeVar("RecordT", bound=r.Record)
LIST_LIMIT = 200
LARGE_SECONDS = 600.0
"""Longest wait for a portable file to be written, or taken in."""


@dataclass(frozen=True, slots=True)
class ProblemField:
    """One part of the input the engine could not use."""

    field: str
    message: str


class ApiError(Exception):
    """The engine's refusal, or that it could not be reached (`status` 0), in words for a shop owner."""

    def __init__(self, status: int, code: str, title: str, detail: str, fields: Sequence[ProblemField] = ()) -> None:
        super().__init__(detail or title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.fields = tuple(fields)

    @property
    def is_outage(self) -> bool:
        """Whether trying again later may help without changing anything."""
        return self.status == 0 or self.status >= 500


class Api:
    """A synchronous client. `token` is called before each request that needs one."""

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str] | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 30.0,
    ) -> None:
        self.base_url = base_url
        self.token = token
        self.http = httpx.Client(base_url=base_url, transport=transport, timeout=httpx.Timeout(timeout, connect=3.0))

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    # How a call is made

    def headers(self, method: str) -> dict[str, str]:
        """Authorization when there is a token, and a key that makes a repeated POST harmless."""
        headers = {"Authorization": f"Bearer {self.token()}"} if self.token else {}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        return headers

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The parsed answer, or None when there is none. Raises ApiError."""
        try:
            response = self.http.request(method, path, headers=self.headers(method), **options)
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        if not response.is_success:
            raise problem(response)
        if response.status_code == 204 or not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            raise misunderstood() from None

    def one(self, kind: type[RecordT], method: str, path: str, **options: Any) -> RecordT:
        """The answer as a record."""
        try:
            return kind.model_validate(self.call(method, path, **options))
        except ValidationError as error:
            raise misunderstood() from error

    def many(self, kind: type[RecordT], path: str, **params: Any) -> list[RecordT]:
        """Every item of a list, over all of its pages."""
        found: list[RecordT] = []
        cursor: str | None = None
        while True:
            query = {"limit": LIST_LIMIT, **params, **({"cursor": cursor} if cursor else {})}
            page = self.call("GET", path, params=query)
            try:
                found += [kind.model_validate(item) for item in page["items"]]
            except (ValidationError, KeyError, TypeError) as error:
                raise misunderstood() from error
            cursor = page.get("next_cursor")
            if not cursor:
                return found

    def part(
        self, kind: type[RecordT], path: str, limit: int, cursor: str | None = None, **params: Any
    ) -> r.Page[RecordT]:
        """One page of a list, for what may be too long to read whole."""
        query = {"limit": limit, **params, **({"cursor": cursor} if cursor else {})}
        shape: type[r.Page[RecordT]] = r.Page[kind]  # type: ignore[valid-type]
        return self.one(shape, "GET", path, params=query)

    def content(self, path: str) -> bytes:
        """The answer as it is, such as a file to download."""
        try:
            response = self.http.get(path, headers=self.headers("GET"))
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        if not response.is_success:
            raise problem(response)
        return response.content

    # Accounts

    def sign_up(self, email: str, password: str, shop_name: str, shop_address: str = "") -> r.AccessToken:
        """A new merchant with its first member."""
        body = {"email": email, "password": password, "shop_name": shop_name, "shop_address": shop_address}
        return self.one(r.AccessToken, "POST", "/v1/signup", json=body)

    def sign_in(self, email: str, password: str) -> r.AccessToken:
        """An access token for a member's password."""
        form = {"grant_type": "password", "username": email, "password": password}
        return self.one(r.AccessToken, "POST", "/v1/token", data=form)

    def token_for_session(self, session_token: str) -> r.AccessToken:
        """An access token for what the session cookie holds."""
        form = {"grant_type": "session", "session_token": session_token}
        return self.one(r.AccessToken, "POST", "/v1/token", data=form)

    def start_session(self) -> r.SessionToken:
        """A session for the signed-in member, to be kept in a cookie."""
        return self.one(r.SessionToken, "POST", "/v1/sessions")

    def end_session(self, session_token: str) -> None:
        """Make a session token worthless."""
        self.call("DELETE", "/v1/sessions/current", json={"session_token": session_token})

    def request_password_reset(self, email: str) -> r.ResetAsked:
        """Send a mail with a reset link, if the address is known; what becomes of it."""
        return self.one(r.ResetAsked, "POST", "/v1/password_resets", json={"email": email})

    def confirm_password_reset(self, token: str, password: str) -> None:
        """Set a new password with the token of a reset mail."""
        self.call("POST", "/v1/password_resets/confirm", json={"token": token, "password": password})

    def me(self) -> r.Me:
        """Who is signed in."""
        return self.one(r.Me, "GET", "/v1/me")

    def change_shop(self, name: str, address: str) -> None:
        """Give the shop another name or web address."""
        self.call("PATCH", "/v1/me", json={"shop_name": name, "shop_address": address})

    def change_password(self, present: str, password: str) -> None:
        """Set a new password in place of the present one."""
        self.call("PUT", "/v1/me/password", json={"present_password": present, "password": password})

    def billing(self) -> r.Billing:
        """What the shop has subscribed to."""
        return self.one(r.Billing, "GET", "/v1/billing")

    def outbox(self) -> list[r.Mail]:
        """Mails this installation wrote, newest first where the engine says so."""
        return self.many(r.Mail, "/v1/outbox")

    # Bots

    def bots(self) -> list[r.Bot]:
        """All bots of the shop."""
        return self.many(r.Bot, "/v1/bots")

    def create_bot(self, name: str) -> r.Bot:
        """A new, empty bot."""
        return self.one(r.Bot, "POST", "/v1/bots", json={"name": name})

    def create_demo(self) -> r.Bot:
        """The demo shop's bot, with its training already queued."""
        return self.one(r.Bot, "POST", "/v1/demo")

    def bot(self, bot: str) -> r.Bot:
        """One bot."""
        return self.one(r.Bot, "GET", f"/v1/bots/{bot}")

    def change_bot(
        self,
        bot: str,
        *,
        name: str | None = None,
        persona: Persona | None = None,
        guardrails: Guardrails | None = None,
        theme_overrides: Mapping[str, str] | None = None,
        languages: Languages | None = None,
    ) -> r.Bot:
        """The bot with the given parts replaced."""
        body: dict[str, Any] = {}
        if name is not None:
            body["name"] = name
        if persona is not None:
            body["persona"] = asdict(persona)
        if guardrails is not None:
            body["guardrails"] = asdict(guardrails)
        if theme_overrides is not None:
            body["theme_overrides"] = dict(theme_overrides)
        if languages is not None:
            body["languages"] = languages
        return self.one(r.Bot, "PATCH", f"/v1/bots/{bot}", json=body)

    def delete_bot(self, bot: str) -> None:
        """Remove a bot with all it knows."""
        self.call("DELETE", f"/v1/bots/{bot}")

    def export_bot(self, bot: str) -> tuple[str, bytes]:
        """(file name, content) of the portable file of what shoppers meet, or else of the newest version."""
        try:
            path = f"/v1/bots/{bot}/export"
            response = self.http.get(path, headers=self.headers("GET"), timeout=LARGE_SECONDS)
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        if not response.is_success:
            raise problem(response)
        told = response.headers.get("content-disposition", "")
        return told.partition('filename="')[2].rstrip('"') or "assistant.zip", response.content

    def import_bot(self, name: str, content: bytes) -> r.Bot:
        """The bot that a portable file holds; it is not live."""
        files = {"file": (name, content)}
        return self.one(r.Bot, "POST", "/v1/bots/import", files=files, timeout=LARGE_SECONDS)

    def put_icon(self, bot: str, name: str, content: bytes) -> r.Icon:
        """Upload an icon; the answer holds the look made from it."""
        return self.one(r.Icon, "PUT", f"/v1/bots/{bot}/icon", files={"file": (name, content)})

    def icon(self, bot: str) -> bytes | None:
        """The cleaned icon as PNG, or None when there is none."""
        try:
            response = self.http.get(f"/v1/bots/{bot}/icon.png")
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        return response.content if response.is_success else None

    # Versions

    def versions(self, bot: str) -> list[r.Version]:
        """Every version, newest first."""
        found = self.many(r.Version, f"/v1/bots/{bot}/versions")
        return sorted(found, key=lambda version: -version.number)

    def train(self, bot: str) -> r.Version:
        """A new version, queued for training."""
        return self.one(r.Version, "POST", f"/v1/bots/{bot}/versions")

    def version(self, bot: str, number: int) -> r.Version:
        """One version with its progress."""
        return self.one(r.Version, "GET", f"/v1/bots/{bot}/versions/{number}")

    def cancel(self, bot: str, number: int) -> None:
        """Stop a training."""
        self.call("POST", f"/v1/bots/{bot}/versions/{number}/cancel")

    def ask(self, bot: str, number: int, text: str, conversation: str | None = None) -> Iterator[AnswerEvent]:
        """The answer of one version as it is made: tokens, products, citations, then the whole reply."""
        body: dict[str, Any] = {"text": text, "stream": True}
        if conversation:
            body["conversation_id"] = conversation
        headers = self.headers("GET") | {"Accept": "text/event-stream"}  # no key: asking twice does no harm
        path = f"/v1/bots/{bot}/versions/{number}/ask"
        try:
            with self.http.stream("POST", path, json=body, headers=headers) as response:
                if not response.is_success:
                    response.read()
                    raise problem(response)
                yield from read_events(response.iter_lines())
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        except ValidationError as error:
            raise misunderstood() from error

    # Tests and the gate

    def test_cases(self, bot: str) -> list[r.TestCase]:
        """The bot's test cases."""
        return self.many(r.TestCase, f"/v1/bots/{bot}/test_cases")

    def add_test_case(self, bot: str, fields: Mapping[str, Any]) -> r.TestCase:
        """A new test case."""
        return self.one(r.TestCase, "POST", f"/v1/bots/{bot}/test_cases", json=dict(fields))

    def change_test_case(self, bot: str, case: str, fields: Mapping[str, Any]) -> r.TestCase:
        """The test case with the given fields replaced."""
        return self.one(r.TestCase, "PATCH", f"/v1/bots/{bot}/test_cases/{case}", json=dict(fields))

    def delete_test_case(self, bot: str, case: str) -> None:
        """Forget a test case."""
        self.call("DELETE", f"/v1/bots/{bot}/test_cases/{case}")

    def generate_test_cases(self, bot: str) -> None:
        """Propose test cases from what the bot knows; a person approves them."""
        self.call("POST", f"/v1/bots/{bot}/test_cases/generate", timeout=180.0)

    def start_trial(self, bot: str, number: int) -> r.TrialRun:
        """Run the approved cases against a version."""
        return self.one(r.TrialRun, "POST", f"/v1/bots/{bot}/versions/{number}/trials")

    def latest_trial(self, bot: str, number: int) -> r.TrialRun | None:
        """The newest run of a version, or None when it was never tested."""
        return self.found(r.TrialRun, f"/v1/bots/{bot}/versions/{number}/trials/latest")

    def gate(self, bot: str, number: int) -> r.GateReport:
        """The verdict on a version with its metrics."""
        answer = self.call("GET", f"/v1/bots/{bot}/versions/{number}/gate")
        try:
            return GateAnswer.model_validate(answer).report()
        except ValidationError as error:
            raise misunderstood() from error

    def ratings(self, bot: str, number: int) -> list[r.Rating]:
        """What testers thought of a version's answers."""
        return self.many(r.Rating, f"/v1/bots/{bot}/versions/{number}/ratings")

    def rate(self, bot: str, number: int, turn: str, helpful: bool) -> None:
        """Note whether a version's answer helped; a second opinion of the same answer replaces the first."""
        self.call("POST", f"/v1/bots/{bot}/versions/{number}/ratings", json={"turn_id": turn, "helpful": helpful})

    def invites(self, bot: str) -> list[r.Invite]:
        """Who was asked to test."""
        return self.many(r.Invite, f"/v1/bots/{bot}/invites")

    def invite(self, bot: str, email: str, version: int) -> r.Invite:
        """Ask a person to test; the answer holds the link."""
        return self.one(r.Invite, "POST", f"/v1/bots/{bot}/invites", json={"email": email, "version": version})

    def revoke_invite(self, bot: str, invite: str) -> None:
        """Close a tester's link."""
        self.call("DELETE", f"/v1/bots/{bot}/invites/{invite}")

    # Release

    def deploy(self, bot: str, number: int) -> None:
        """Let shoppers talk to this version. Raises ApiError `gate_not_passed`."""
        self.call("POST", f"/v1/bots/{bot}/versions/{number}/deploy")

    def rollback(self, bot: str) -> None:
        """Return to the version that was live before."""
        self.call("POST", f"/v1/bots/{bot}/rollback")

    def pause(self, bot: str) -> None:
        """Stop answering shoppers for now."""
        self.call("POST", f"/v1/bots/{bot}/pause")

    def resume(self, bot: str) -> None:
        """Answer shoppers again."""
        self.call("POST", f"/v1/bots/{bot}/resume")

    def keys(self, bot: str) -> list[r.ApiKey]:
        """Keys of the exported endpoints, without their secrets."""
        return self.many(r.ApiKey, f"/v1/bots/{bot}/keys")

    def create_key(self, bot: str, kind: str, origins: Sequence[str] = ()) -> r.ApiKey:
        """A new key; the answer holds it once."""
        body: dict[str, Any] = {"kind": kind, **({"origins": list(origins)} if origins else {})}
        return self.one(r.ApiKey, "POST", f"/v1/bots/{bot}/keys", json=body)

    def delete_key(self, bot: str, key: str) -> None:
        """Make a key worthless."""
        self.call("DELETE", f"/v1/bots/{bot}/keys/{key}")

    # What shoppers do

    def conversations(self, bot: str, *, test: bool = False) -> list[r.Conversation]:
        """Shoppers' conversations, or those of the studio, testers and trials."""
        return self.many(r.Conversation, f"/v1/bots/{bot}/conversations", test=str(test).lower())

    def conversation(self, bot: str, conversation: str) -> r.Conversation:
        """One conversation with its turns."""
        return self.one(r.Conversation, "GET", f"/v1/bots/{bot}/conversations/{quote(conversation, safe='')}")

    def insights(self, bot: str, since: str, until: str, interval: str) -> r.Insights:
        """The dashboard's figures between two times (RFC 3339)."""
        query = {"from": since, "to": until, "interval": interval}
        return self.one(r.Insights, "GET", f"/v1/bots/{bot}/insights", params=query)

    def found(self, kind: type[RecordT], path: str) -> RecordT | None:
        """The record at `path`, or None when there is none."""
        try:
            return self.one(kind, "GET", path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise


class GateAnswer(r.Record):
    """The gate's answer on the wire."""

    verdict: Any
    metrics: tuple[r.Metric, ...] = ()
    fingerprint: str = ""

    def report(self) -> r.GateReport:
        """The same as the domain record."""
        return r.GateReport(self.verdict, self.metrics, self.fingerprint)


def problem(response: httpx.Response) -> ApiError:
    """The engine's refusal, read from problem+json; anything else becomes a plain sentence."""
    try:
        body = response.json()
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    errors = body.get("errors") if isinstance(body.get("errors"), list) else []
    fields = [
        ProblemField(str(item.get("field", item.get("name", ""))), str(item.get("message", item.get("detail", ""))))
        for item in errors or []
        if isinstance(item, dict)
    ]
    title = str(body.get("title") or f"The server answered with status {response.status_code}")
    detail = str(body.get("detail") or "")
    return ApiError(response.status_code, str(body.get("code") or "error"), title, detail, fields)


def unreachable(error: httpx.HTTPError) -> ApiError:
    """That the engine gave no answer."""
    if isinstance(error, httpx.TimeoutException):
        return ApiError(0, "timeout", "The server is taking too long", "It may be busy. Try again in a moment.")
    detail = "It may still be starting, or it has stopped. Try again in a moment."
    return ApiError(0, "unreachable", "The server cannot be reached", detail)


def misunderstood() -> ApiError:
    """That the engine's answer does not look as agreed."""
    detail = "The studio and the server may be of different releases. Restart both."
    return ApiError(502, "bad_answer", "The server's answer could not be understood", detail)
