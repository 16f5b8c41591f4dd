"""What a person writes on WhatsApp more than a day after the shopper: in an approved template, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from channel_adapters.meta.templates import TEMPLATE_TEXT
from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.graph import Graph, signed, whatsapp_message
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.test_meta import SETTINGS
from tests.conftest import RunningServer

NAMED = {"template_name": "answer_of_a_person", "template_language": "en_US"}


BODY = {"type": "BODY", "text": TEMPLATE_TEXT}

BUTTON = {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See it", "url": "https://shop.example/{{1}}"}]}


def template(**more: Any) -> dict[str, Any]:
    """A template as the Graph API lists it."""
    return {
        "name": "answer_of_a_person", "language": "en_US", "status": "APPROVED", "category": "UTILITY", "id": "1",
        "components": [BODY],
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph()


@pytest.fixture(scope="module")
def linked(server: RunningServer, graph: Graph) -> Iterator[Linked]:
    with platforms_and_server(server, {"whatsapp": graph}) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "whatsapp")
        owner.http.patch(f"/v1/bots/{made.bot}/handover", json={"on": True}).raise_for_status()
        made.link(SETTINGS["whatsapp"])
        yield made


@pytest.fixture
def named(linked: Linked, graph: Graph) -> Iterator[None]:
    """The link names the template, and Meta has it."""
    graph.templates, graph.broken_rules = [template()], []
    linked.link(SETTINGS["whatsapp"] | NAMED)
    yield
    linked.link(SETTINGS["whatsapp"] | dict.fromkeys(NAMED, ""))


def wrote_long_ago(linked: Linked, person: str) -> str:
    """The conversation of somebody whose message came in 25 hours late."""
    body = whatsapp_message("Is the kiln open to visitors in May?", person)
    message = body["entry"][0]["changes"][0]["value"]["messages"][0]
    message["timestamp"] = str(int(message["timestamp"]) - 25 * 3600)
    content, headers = signed(body)
    known = {one["id"] for one in conversations(linked)}
    with linked.server.client() as client:
        assert client.post(linked.hook("events"), content=content, headers=headers).status_code == 200
    return str(wait_for(lambda: next((one["id"] for one in conversations(linked) if one["id"] not in known), None)))


def conversations(linked: Linked) -> list[dict[str, Any]]:
    return list(linked.merchant.http.get(f"/v1/bots/{linked.bot}/conversations").raise_for_status().json()["items"])


def answered(linked: Linked, conversation: str, text: str) -> None:
    """A person of the shop takes over and answers."""
    path = f"/v1/bots/{linked.bot}/conversations/{conversation}"
    linked.merchant.http.post(f"{path}/claim").raise_for_status()
    linked.merchant.http.post(f"{path}/messages", json={"text": text}).raise_for_status()


def delivery(linked: Linked, conversation: str) -> tuple[str, str]:
    """(how it went, why) of the person's message, once that is known."""

    def ended() -> dict[str, Any] | None:
        path = f"/v1/bots/{linked.bot}/conversations/{conversation}/messages"
        said = linked.merchant.http.get(path).raise_for_status().json()["items"]
        return next((one for one in said if one["delivery"] in {"sent", "dead"}), None)

    found = wait_for(ended)
    return str(found["delivery"]), str(found["failure"])


@pytest.mark.usefixtures("named")
def test_a_persons_words_are_sent_in_the_template(linked: Linked, graph: Graph) -> None:
    talk = wrote_long_ago(linked, "491601")
    answered(linked, talk, "Yes,\n\nfrom\tthe 3rd of May.     Do come!")
    assert delivery(linked, talk) == ("sent", "")
    sent = next(one.json for one in graph.sent if one.method == "POST" and b'"template"' in one.body)
    assert sent["to"] == "491601"
    assert sent["template"] == {
        "name": "answer_of_a_person", "language": {"code": "en_US"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Yes, from the 3rd of May. Do come!"}]},
        ],
    }  # fmt: skip
    assert graph.broken_rules == []


@pytest.mark.usefixtures("named")
def test_what_is_too_long_for_it_is_not_sent_and_said(linked: Linked, graph: Graph) -> None:
    talk = wrote_long_ago(linked, "491602")
    answered(linked, talk, "Yes. " * 200)
    assert delivery(linked, talk)[0] == "dead"
    assert "at most 800 characters" in delivery(linked, talk)[1]
    assert graph.texts_to("491602") == []


def test_without_a_template_it_is_not_sent_and_said(linked: Linked, graph: Graph) -> None:
    talk = wrote_long_ago(linked, "491603")
    answered(linked, talk, "Yes, from the 3rd of May.")
    assert delivery(linked, talk)[0] == "dead"
    assert "name one under Settings" in delivery(linked, talk)[1]
    assert graph.texts_to("491603") == []


@pytest.mark.usefixtures("named")
def test_the_bots_own_answer_is_never_sent_in_it(linked: Linked, graph: Graph) -> None:
    wrote_long_ago(linked, "491604")
    wait_for(lambda: next((one for one in linked.dead() if "24 hours" in one["failure"]), None))
    assert graph.texts_to("491604") == []


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("templates", "state", "words"),
    [
        ([template()], "good", "is approved"),
        ([], "bad", "no template answer_of_a_person in en_US"),
        ([template(language="de")], "bad", "no template answer_of_a_person in en_US"),
        ([template(status="REJECTED")], "bad", "rejected, not approved"),
        ([template(components=[{"type": "BODY", "text": "Hello! We have news."}])], "bad", "other variables"),
        ([template(components=[{"type": "BODY", "text": "Dear {{1}}, {{2}} Bye."}])], "bad", "other variables"),
        ([template(components=None)], "bad", "other variables"),
        (
            [template(components=[{"type": "HEADER", "format": "TEXT", "text": "{{1}}"}, BODY])],
            "bad",
            "other variables",
        ),
        ([template(components=[{"type": "HEADER", "format": "IMAGE"}, BODY])], "bad", "a picture"),
        ([template(components=[BODY, BUTTON])], "bad", "other variables"),
        ([template(components=[{"type": "BODY", "text": "x" * 225 + "{{1}}."}])], "bad", "may have 224 characters"),
        ([template(components=[BODY, {"type": "FOOTER", "text": "Fern & Kiln"}])], "good", "is approved"),
    ],
)
def test_the_doctor_looks_at_the_template(
    linked: Linked, graph: Graph, templates: list[dict[str, Any]], state: str, words: str
) -> None:
    graph.templates = templates
    found = linked.check()["template"]
    assert found["state"] == state
    assert words in found["says"]


def test_without_one_the_doctor_says_nothing_of_it(linked: Linked) -> None:
    assert "template" not in linked.check()
