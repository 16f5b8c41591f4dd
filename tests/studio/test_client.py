"""The API client: what it sends, what it makes of answers, and how refusals read."""

import httpx
import pytest

from studio.client import Api, ApiError
from studio.events import AnswerFailed, Token, WholeReply, read_events
from studio.knowledge_client import Knowledge


def api(handler, token=None):
    return Api("http://engine.test", token, transport=httpx.MockTransport(handler))


def answering(status=200, **options):
    return lambda request: httpx.Response(status, **options)


def test_every_page_of_a_list_is_read():
    seen = []

    def handler(request):
        seen.append(dict(request.url.params))
        cursor = request.url.params.get("cursor")
        bots = [{"id": "b2", "name": "Two"}] if cursor else [{"id": "b1", "name": "One"}]
        return httpx.Response(200, json={"items": bots, "next_cursor": None if cursor else "next"})

    assert [bot.id for bot in api(handler).bots()] == ["b1", "b2"]
    assert seen == [{"limit": "200"}, {"limit": "200", "cursor": "next"}]


def test_the_token_is_sent_and_posts_carry_a_key_of_their_own():
    seen = []

    def handler(request):
        seen.append(request.headers)
        return httpx.Response(201, json={"id": "b", "name": "New"})

    client = api(handler, lambda: "secret")
    client.create_bot("New")
    client.create_bot("New")
    assert [headers["authorization"] for headers in seen] == ["Bearer secret"] * 2
    assert seen[0]["idempotency-key"] != seen[1]["idempotency-key"]


def test_a_problem_becomes_an_error_with_its_fields():
    body = {"title": "No", "detail": "Look at: url.", "code": "invalid_input",
            "errors": [{"field": "url", "message": "Not an address."}, "odd"]}  # fmt: skip
    with pytest.raises(ApiError) as caught:
        api(answering(422, json=body)).create_bot("b")
    error = caught.value
    assert (error.status, error.code, error.title, error.detail) == (422, "invalid_input", "No", "Look at: url.")
    assert [(problem.field, problem.message) for problem in error.fields] == [("url", "Not an address.")]
    assert not error.is_outage


@pytest.mark.parametrize("options", [{"text": "<html>"}, {"json": ["odd"]}, {"json": {"errors": "odd"}}])
def test_an_error_without_a_problem_is_still_said(options):
    with pytest.raises(ApiError, match="status 502") as caught:
        api(answering(502, **options)).me()
    assert caught.value.is_outage


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.me(),
        lambda client: client.bots(),
        lambda client: client.gate("b", 1),
        lambda client: Knowledge(client, "b").add_files([("a.txt", b"a")]),
        lambda client: Knowledge(client, "b").documents("s", 5),
    ],
)
@pytest.mark.parametrize("options", [{"text": "no json"}, {"json": {"items": [{"odd": 1}], "member": 3}}])
def test_an_answer_that_is_not_as_agreed_is_said(call, options):
    with pytest.raises(ApiError) as caught:
        call(api(answering(200, **options)))
    assert caught.value.code == "bad_answer"


@pytest.mark.parametrize(("failure", "code"), [(httpx.ConnectError, "unreachable"), (httpx.ReadTimeout, "timeout")])
def test_a_lost_connection_is_said_in_words(failure, code):
    def handler(request):
        raise failure("lost")

    client = api(handler)
    for call in (client.me, lambda: client.icon("b"), lambda: list(client.ask("b", 1, "Hello"))):
        with pytest.raises(ApiError) as caught:
            call()
        assert (caught.value.status, caught.value.code) == (0, code)
        assert caught.value.is_outage


def test_what_was_never_tested_has_no_latest_run():
    assert api(answering(404, json={"title": "No"})).latest_trial("b", 1) is None
    with pytest.raises(ApiError):
        api(answering(403, json={"title": "No"})).latest_trial("b", 1)


def test_a_missing_icon_is_none():
    assert api(answering(404)).icon("b") is None


def test_only_what_changed_is_sent():
    seen = []

    def handler(request):
        seen.append(request.content)
        return httpx.Response(200, json={"id": "b", "name": "N"})

    api(handler).change_bot("b", name="N")
    assert seen == [b'{"name":"N"}']


def test_versions_come_newest_first():
    body = {"items": [{"number": 1, "status": "live"}, {"number": 3, "status": "queued"}], "next_cursor": None}
    versions = api(answering(json=body)).versions("b")
    assert [(version.number, version.is_busy, version.can_answer) for version in versions] == [
        (3, True, False),
        (1, False, True),
    ]


def test_a_stream_is_read_event_by_event():
    lines = [
        ": keep alive", "event: token", 'data: {"text": "Yes', 'data: "}', "", "event: token", "data: plain", "",
        "event: products", "data: []", "", "event: token", 'data: {"text": "Yes"}', "",
        "event: reply", 'data: {"text": "Yes"}', "", "data: lost", "", "event: error", 'data: {"title": "Away"}', "",
        "event: error", "data: plain",
    ]  # fmt: skip
    events = list(read_events(lines))
    assert events[0] == Token('{"text": "Yes\n"}')
    assert events[1:3] == [Token("plain"), Token("Yes")]
    assert isinstance(events[3], WholeReply)
    assert events[4:] == [AnswerFailed("Away"), AnswerFailed("plain")]


def test_a_reply_that_is_not_as_agreed_is_said():
    stream = b'event: reply\ndata: {"outcome": "odd"}\n\n'
    with pytest.raises(ApiError) as caught:
        list(api(answering(content=stream)).ask("b", 1, "Hello"))
    assert caught.value.code == "bad_answer"


def test_a_portable_file_comes_with_the_name_that_the_engine_gives_it():
    headers = {"Content-Disposition": 'attachment; filename="tea-v3.storeclerk.zip"'}
    assert api(answering(content=b"PK", headers=headers)).export_bot("b") == ("tea-v3.storeclerk.zip", b"PK")
    with pytest.raises(ApiError, match="Train the assistant first"):
        api(answering(409, json={"detail": "Train the assistant first."})).export_bot("b")
