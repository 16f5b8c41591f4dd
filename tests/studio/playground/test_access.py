"""Who enters the playground, and what those see who do not."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest

from studio.playground.access import COOKIE


def visit(shop, path="/playground/", cookie=None, **options):
    cookies = {COOKIE: cookie} if cookie else None
    with httpx.Client(base_url=shop.base, cookies=cookies) as browser:
        return browser.get(path, **options)


def token_of(invited):
    return invited.path.rsplit("/", 1)[1]


def is_friendly(answer):
    return (
        answer.status_code == 401
        and answer.headers["content-type"].startswith("text/html")
        and "This invitation does not open the playground" in answer.text
    )


def test_link_becomes_a_cookie_that_no_script_reads(fern, invite):
    invited = invite(fern)
    answer = visit(fern, invited.path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/playground/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/playground" in cookie
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert visit(fern, cookie=token_of(invited)).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/playground/", "/playground", "/playground/invite/nonsense", "/playground/invite/a.b.c", "/playground/?view=api"],
)
def test_without_an_invitation_there_is_a_friendly_page(fern, path):
    assert is_friendly(visit(fern, path))


@pytest.mark.parametrize(
    "path",
    ["/playground/config", "/playground/gradio_api/info", "/playground/look.css", "/playground/gradio_api/queue/join"],
)
def test_without_an_invitation_programs_get_nothing(fern, path):
    answer = visit(fern, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "invite_invalid")


def test_a_wrong_secret_opens_nothing(fern, invite):
    token = token_of(invite(fern))
    assert is_friendly(visit(fern, cookie=token[:-1] + ("a" if token[-1] != "a" else "b")))
    assert is_friendly(visit(fern, headers={"Cookie": f"{COOKIE}=[;bad cookie"}))


def test_a_revoked_invitation_closes_an_open_page_at_once(fern, invite):
    invited = invite(fern)
    token = token_of(invited)
    assert visit(fern, "/playground/look.css", token).status_code == 200
    invited.close()
    assert is_friendly(visit(fern, cookie=token))
    assert is_friendly(visit(fern, invited.path))
    assert visit(fern, "/playground/gradio_api/queue/data?session_hash=x", token).status_code == 401


def test_an_expired_invitation_is_closed(playground, fern, invite, monkeypatch):
    invited = invite(fern)

    class Later:
        def now(self):
            return datetime.now(UTC) + timedelta(days=8)

    monkeypatch.setattr(playground.state.engine.invites, "clock", Later())
    assert is_friendly(visit(fern, invited.path))


def test_every_reason_looks_the_same_to_who_guesses(playground, fern, harbour, invite, monkeypatch):
    """Changed by one character, of another shop's assistant, revoked, expired: one answer, byte for byte."""
    mine, theirs, ended = invite(fern), invite(harbour), invite(fern)
    merchant, name, secret = token_of(mine).split(".")
    of_another = ".".join([*token_of(theirs).split(".")[:2], secret])
    changed = [
        token_of(mine)[:-1] + ("a" if secret[-1] != "a" else "b"),
        f"{merchant}.{name[:-1]}{'a' if name[-1] != 'a' else 'b'}.{secret}",
        f"{merchant[:-1]}{'a' if merchant[-1] != 'a' else 'b'}.{name}.{secret}",
    ]
    ended.close()
    answers = [visit(fern, f"/playground/invite/{token}") for token in (*changed, of_another, token_of(ended))]
    late = datetime.now(UTC) + timedelta(days=8)
    monkeypatch.setattr(playground.state.engine.invites, "clock", SimpleNamespace(now=lambda: late))
    answers.append(visit(fern, mine.path))
    assert all(is_friendly(answer) for answer in answers)
    assert len({answer.content for answer in answers}) == 1
    told = [{name: value for name, value in answer.headers.items() if name != "date"} for answer in answers]
    assert all(headers == told[0] for headers in told)
    assert "set-cookie" not in told[0]
    assert (told[0]["referrer-policy"], told[0]["cache-control"]) == ("no-referrer", "no-store")
    assert "ask the" in answers[0].text
    assert "new one" in answers[0].text


def test_the_secret_of_a_link_is_nowhere_but_in_link_and_cookie(fern, invite, caplog, capfd):
    invited = invite(fern)
    secret = token_of(invited).rsplit(".", 1)[1]
    with caplog.at_level("DEBUG"):
        entered = visit(fern, invited.path)
        page = visit(fern, entered.headers["location"], token_of(invited))
    assert secret not in entered.headers["location"]
    assert secret not in page.text
    assert secret not in capfd.readouterr().out + capfd.readouterr().err
    # Our client's own log of the address it was given does not count.
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not [record for record in ours if secret in record.getMessage()]
    assert fern.call("GET", f"/v1/bots/{fern.bot}/invites")["items"][0]["link"] is None


def test_each_tester_gets_the_look_of_the_own_shop(fern, harbour, invite):
    looks = [visit(shop, "/playground/look.css", token_of(invite(shop))).text for shop in (fern, harbour)]
    assert "#7a1f5c" in looks[0]
    assert "#123c7a" in looks[1]
    assert "#7a1f5c" not in looks[1]


def test_page_names_no_other_host_and_may_not_be_framed(fern, invite):
    answer = visit(fern, cookie=token_of(invite(fern)))
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-robots-tag"] == "noindex"


def test_the_rest_of_the_server_is_not_behind_the_gate(fern):
    assert visit(fern, "/healthz").status_code == 200
    assert visit(fern, "/playgrounds").status_code == 404
