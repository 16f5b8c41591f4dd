"""Accounts over HTTP."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest

from tests.conftest import PASSWORD, Merchant, RunningServer


def sign_in(server: RunningServer, email: str, password: str = PASSWORD):
    """The answer to a password sign-in."""
    form = {"grant_type": "password", "username": email, "password": password}
    return server.client().post("/v1/token", data=form)


def test_sign_up_gives_merchant_member_and_tokens(merchant: Merchant):
    made = merchant.signed_up
    assert made["token_type"] == "bearer"
    claims = jwt.decode(made["access_token"], options={"verify_signature": False})
    assert made["expires_in"] == claims["exp"] - claims["iat"]
    assert made["member"]["role"] == "owner"
    assert "password_hash" not in made["member"]
    me = merchant.http.get("/v1/me").json()
    assert me["member"]["email"] == merchant.email
    assert me["merchant"]["name"] == "Kiln & Leaf"
    assert me["entitlements"]["open_invites"] == 5


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" shop.example ", "https://shop.example"),
        ("http://www.shop.example/en/", "http://www.shop.example/en/"),
        ("127.0.0.1:9100", "http://127.0.0.1:9100"),
        ("localhost:3000", "http://localhost:3000"),
        ("https://[::1]:8080/", "https://[::1]:8080/"),
        ("töpfe.example", "https://töpfe.example"),
    ],
)
def test_the_shops_address_is_kept_with_its_scheme(merchant: Merchant, typed: str, kept: str):
    answer = merchant.http.patch("/v1/me", json={"shop_address": typed})
    assert (answer.status_code, answer.json()["merchant"]["address"]) == (200, kept)


def test_the_shops_address_comes_with_the_sign_up(server: RunningServer):
    body = {"email": "with@shop.example", "password": PASSWORD, "shop_name": "Shop", "shop_address": "shop.example"}
    made = server.client().post("/v1/signup", json=body).json()
    assert made["merchant"]["address"] == "https://shop.example"


def test_a_shop_is_renamed_and_what_is_left_out_stays(merchant: Merchant):
    merchant.http.patch("/v1/me", json={"shop_address": "shop.example"})
    assert merchant.http.patch("/v1/me", json={"shop_name": " Kiln  Two "}).status_code == 200
    shop = merchant.http.get("/v1/me").json()["merchant"]
    assert (shop["name"], shop["address"]) == ("Kiln Two", "https://shop.example")
    refused = merchant.http.patch("/v1/me", json={"shop_name": "x" * 500})
    assert (refused.status_code, refused.json()["detail"]) == (422, "Give the shop a name of 1 to 120 characters.")


def test_a_new_password_needs_the_present_one_and_ends_every_other_session(server: RunningServer, merchant: Merchant):
    elsewhere = sign_in(server, merchant.email).json()["access_token"]
    body = {"present_password": PASSWORD, "password": "another good password"}
    wrong = merchant.http.put("/v1/me/password", json=body | {"present_password": "a guess"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_credentials")
    assert merchant.http.put("/v1/me/password", json=body | {"password": "short"}).json()["code"] == "weak_password"
    assert sign_in(server, merchant.email).status_code == 200, "nothing has changed yet"
    assert merchant.http.put("/v1/me/password", json=body).status_code == 204
    assert merchant.http.get("/v1/me").status_code == 200, "this session goes on"
    headers = {"Authorization": f"Bearer {elsewhere}"}
    assert server.client().get("/v1/me", headers=headers).status_code == 401
    assert sign_in(server, merchant.email).status_code == 401
    assert sign_in(server, merchant.email, "another good password").status_code == 200
    assert merchant.http.get("/v1/outbox").json()["items"][0]["subject"] == "Your password was changed"


def test_nobody_changes_an_account_without_being_signed_in(server: RunningServer):
    client = server.client()
    assert client.patch("/v1/me", json={"shop_name": "Mine"}).status_code == 401
    assert client.put("/v1/me/password", json={}).status_code == 401


def test_guesses_at_the_present_password_are_slowed(merchant: Merchant):
    body = {"present_password": "a guess", "password": "another good password"}
    answers = [merchant.http.put("/v1/me/password", json=body).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_an_address_is_taken_once_in_any_case(server: RunningServer, merchant: Merchant):
    body = {"email": merchant.email.upper(), "password": PASSWORD, "shop_name": "Other"}
    answer = server.client().post("/v1/signup", json=body)
    assert answer.status_code == 409
    assert answer.json()["code"] == "email_taken"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "x" * 300}, "password"),
        ({"shop_name": "  "}, "shop_name"),
        ({"shop_name": "x" * 121}, "shop_name"),
        ({"shop_address": "not a url"}, "shop_address"),
        ({"shop_address": "ftp://shop.example"}, "shop_address"),
        ({"shop_address": "javascript:alert(1)"}, "shop_address"),
        ({"shop_address": "shop"}, "shop_address"),
        ({"shop_address": "https://me:secret@shop.example"}, "shop_address"),
    ],
)
def test_a_bad_sign_up_names_the_field(server: RunningServer, change: dict[str, str], field: str):
    body = {"email": "new@shop.example", "password": PASSWORD, "shop_name": "Shop"} | change
    answer = server.client().post("/v1/signup", json=body)
    assert answer.status_code == 422
    assert field in {problem["field"] for problem in answer.json()["errors"]}
    assert body["password"] not in answer.text


def test_wrong_password_and_unknown_address_look_the_same(server: RunningServer, merchant: Merchant):
    wrong = sign_in(server, merchant.email, "wrong password")
    unknown = sign_in(server, "nobody@shop.example", "wrong password")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 401


def test_repeated_failures_lock_for_a_moment_even_for_the_right_password(server: RunningServer, merchant: Merchant):
    for _ in range(7):
        answer = sign_in(server, merchant.email, "wrong password")
        if answer.status_code == 429:
            break
        time.sleep(0.01)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert sign_in(server, merchant.email).status_code == 429
    time.sleep(2.2)
    assert sign_in(server, merchant.email).status_code == 200


def test_refresh_tokens_rotate_and_reuse_ends_the_session(server: RunningServer, merchant: Merchant):
    first = merchant.signed_up["refresh_token"]
    client = server.client()

    def refresh(token: str):
        return client.post("/v1/token", data={"grant_type": "refresh_token", "refresh_token": token})

    second = refresh(first).raise_for_status().json()
    assert second["refresh_token"] != first
    assert merchant.http.get("/v1/me").status_code == 200
    stolen = refresh(first)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "token_reused")
    assert refresh(second["refresh_token"]).status_code == 401
    assert merchant.http.get("/v1/me").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "m" * 400])
def test_a_made_up_refresh_token_is_refused(server: RunningServer, token: str):
    form = {"grant_type": "refresh_token", "refresh_token": token}
    assert server.client().post("/v1/token", data=form).status_code == 401


def test_an_unknown_grant_is_named(server: RunningServer):
    answer = server.client().post("/v1/token", data={"grant_type": "magic"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unsupported_grant_type")


def test_a_browser_session_works_until_it_is_closed(server: RunningServer, merchant: Merchant):
    opened = merchant.http.post("/v1/sessions")
    assert opened.status_code == 201
    token = opened.json()["session_token"]
    client = server.client()
    form = {"grant_type": "session", "session_token": token}
    access = client.post("/v1/token", data=form).raise_for_status().json()
    assert access["refresh_token"] is None
    headers = {"Authorization": f"Bearer {access['access_token']}"}
    assert client.get("/v1/me", headers=headers).status_code == 200
    closed = client.request("DELETE", "/v1/sessions/current", json={"session_token": token})
    assert closed.status_code == 204
    assert client.post("/v1/token", data=form).status_code == 401
    assert client.get("/v1/me", headers=headers).status_code == 401
    assert client.request("DELETE", "/v1/sessions/current", json={"session_token": token}).status_code == 204


def test_a_reset_sets_the_password_once_and_ends_every_session(server: RunningServer, merchant: Merchant):
    client = server.client()
    known = client.post("/v1/password_resets", json={"email": merchant.email})
    unknown = client.post("/v1/password_resets", json={"email": "nobody@shop.example"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert (known.status_code, known.json()["delivers"]) == (202, False)
    assert "No mail server is set up here" in known.json()["detail"]
    mail = merchant.http.get("/v1/outbox").json()["items"][0]
    assert mail["to"] == merchant.email
    assert mail["facts"]["token"] not in known.text
    body = {"token": mail["facts"]["token"], "password": "another good password"}
    weak = client.post("/v1/password_resets/confirm", json=body | {"password": "short"})
    assert weak.status_code == 422
    assert client.post("/v1/password_resets/confirm", json=body).status_code == 204
    assert client.post("/v1/password_resets/confirm", json=body).json()["code"] == "reset_token_invalid"
    assert merchant.http.get("/v1/me").status_code == 401
    assert sign_in(server, merchant.email).status_code == 401
    assert sign_in(server, merchant.email, "another good password").status_code == 200


@pytest.mark.parametrize("change", [{"aud": "other"}, {"iss": "other"}, {"exp": 1}, {"tid": "merchant_other"}])
def test_an_altered_token_is_refused(server: RunningServer, merchant: Merchant, change: dict[str, object]):
    token = merchant.signed_up["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = jwt.encode(claims | change, "k" * 32, algorithm="HS256")
    unsigned = jwt.encode(claims | change, None, algorithm="none")
    for bad in (forged, unsigned, token[:-2], "garbage"):
        answer = server.client().get("/v1/me", headers={"Authorization": f"Bearer {bad}"})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_secrets_do_not_reach_the_log(server: RunningServer, capfd: pytest.CaptureFixture[str]):
    fresh = server.merchant()
    sign_in(server, fresh.email, "wrong password")
    written = "".join(capfd.readouterr())
    assert PASSWORD not in written
    assert fresh.signed_up["access_token"] not in written


def test_guesses_at_once_are_all_counted(server: RunningServer, merchant: Merchant):
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: sign_in(server, merchant.email, f"wrong password {n}"), range(24)))
    assert sign_in(server, merchant.email).status_code == 429
