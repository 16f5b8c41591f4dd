"""Answers that appear in Teams while a slow language model makes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.channel_adapters.linked import Linked
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.bot_service import APP, SECRET, TENANT, BotService, refused
from tests.channel_adapters.talks import ASKED, FRANCE, GERMANY, RETURNS, Watched, conversation, slow_shop
from tests.conftest import RunningServer
from tests.engine.llama.model_server import ModelServer

Shop = tuple[Linked, ModelServer]


@pytest.fixture(scope="module")
def service() -> BotService:
    return BotService()


@pytest.fixture(scope="module")
def shop(server: RunningServer, service: BotService) -> Iterator[Shop]:
    settings = {"app_id": APP, "tenant_id": TENANT, "app_password": SECRET}
    with slow_shop(server, "teams", service, settings) as made:
        yield made


@pytest.fixture
def linked(shop: Shop) -> Linked:
    return shop[0]


@pytest.fixture
def model(shop: Shop) -> Iterator[ModelServer]:
    yield shop[1]
    shop[1].go_on.set()


@pytest.fixture(autouse=True)
def no_rule_was_broken(service: BotService) -> Iterator[None]:
    yield
    assert service.broken_rules == []
    service.broken_rules.clear()
    service.replaces = True


def ask(linked: Linked, service: BotService, **more: Any) -> str:
    """Write to the bot; the name of the chat."""
    activity = service.message(ASKED, **more)
    with linked.server.client() as client:
        headers = {"Authorization": f"Bearer {service.signed()}"}
        assert client.post(linked.hook("messages"), json=activity, headers=headers).status_code == 202
    return str(activity["conversation"]["id"])


def watch(service: BotService, chat: str) -> Watched:
    return Watched(lambda: service.screen(chat))


def is_whole(screen: list[str]) -> bool:
    return len(screen) == 1 and RETURNS in screen[0]


def half_said(screen: list[str]) -> bool:
    return bool(screen) and GERMANY.split(".")[0] in screen[0]


def sent_to(service: BotService, chat: str) -> list[tuple[str, dict[str, Any]]]:
    """(method, activity) of all that was sent there, but for the sign of typing."""
    made = [
        (sent.method, sent.json if sent.body else {}) for sent in list(service.sent) if "/conversations/" in sent.path
    ]
    return [
        (method, body)
        for method, body in made
        if not body or (body["conversation"]["id"] == chat and body != {"type": "typing"} and body.get("text"))
    ]


def test_an_answer_grows_in_a_personal_chat_and_its_last_piece_is_a_message(
    linked: Linked, service: BotService, model: ModelServer
):
    chat = ask(linked, service)
    screen = watch(service, chat)
    screen.until(is_whole)
    texts = [one[0] for one in screen.seen if one]
    assert len(texts) >= 3
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert "an AI assistant" in texts[0]
    (*pieces, (_, last)) = sent_to(service, chat)
    assert [piece["type"] for _, piece in pieces] == ["typing"] * len(pieces)
    assert last["entities"] == [
        {"type": "streaminfo", "streamType": "final", "streamId": pieces[-1][1]["entities"][0]["streamId"]}
    ]
    assert "*Sources:*" in last["text"]
    assert FRANCE in last["text"]


@pytest.mark.parametrize(
    "more",
    [{"conversation": {"id": "19:team", "isGroup": True, "conversationType": "channel"}}, {"channelId": "webchat"}],
)
def test_where_teams_has_no_streams_the_answer_comes_whole(
    linked: Linked, service: BotService, model: ModelServer, more: dict[str, Any]
):
    chat = ask(linked, service, **more)
    watch(service, chat).until(is_whole)
    assert [body["type"] for _, body in sent_to(service, chat)] == ["message"]


def test_a_stream_that_is_refused_leaves_the_answer_to_come_whole(
    linked: Linked, service: BotService, model: ModelServer
):
    service.streaming_answers = [refused("Content stream is not allowed")]
    chat = ask(linked, service)
    watch(service, chat).until(is_whole)
    assert [(method, body["type"]) for method, body in sent_to(service, chat)] == [
        ("POST", "typing"), ("POST", "message"),
    ]  # fmt: skip


def test_a_stream_whose_time_is_over_is_replaced_by_the_whole(linked: Linked, service: BotService, model: ModelServer):
    model.go_on.clear()
    chat = ask(linked, service)
    screen = watch(service, chat)
    screen.until(half_said)
    service.end_streams()
    model.go_on.set()
    screen.until(is_whole)
    assert sent_to(service, chat)[-1][0] == "PUT"


def test_a_stream_that_cannot_be_replaced_is_deleted_and_the_answer_sent_anew(
    linked: Linked, service: BotService, model: ModelServer
):
    model.go_on.clear()
    service.replaces = False
    chat = ask(linked, service)
    screen = watch(service, chat)
    screen.until(half_said)
    service.end_streams()
    model.go_on.set()
    screen.until(is_whole)
    assert all(len(one) <= 1 for one in screen.seen), "never both at once"


def test_a_throttled_stream_waits_as_it_is_asked(linked: Linked, service: BotService, model: ModelServer):
    model.go_on.clear()
    chat = ask(linked, service)
    screen = watch(service, chat)
    screen.until(half_said)
    service.streaming_answers = [Answer(429, {"error": {"code": "TooMany", "message": "x"}}, {"Retry-After": "1"})]
    model.go_on.set()
    screen.until(is_whole)


def test_a_person_who_takes_over_ends_the_stream_and_its_text_is_gone(
    linked: Linked, service: BotService, model: ModelServer
):
    model.go_on.clear()
    chat = ask(linked, service)
    watch(service, chat).until(half_said)
    path = f"/v1/bots/{linked.bot}/conversations/{conversation(linked)}"
    linked.merchant.http.post(f"{path}/claim").raise_for_status()
    assert service.screen(chat) == []
    model.go_on.set()
    linked.merchant.http.post(f"{path}/messages", json={"text": "Hello, Ann here"}).raise_for_status()
    watch(service, chat).until(lambda now: now == ["Hello, Ann here"])
