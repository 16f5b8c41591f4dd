"""A shop's mailbox, at an independent IMAP server and an SMTP server over loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.mail import ADDRESS, PASSWORD, Provider, mail, provider
from tests.channel_adapters.shops import wait_for
from tests.conftest import RunningServer, free_port, serving_app


@contextmanager
def linked_to(server: RunningServer, box: Provider) -> Iterator[Linked]:
    options = {"channel_private_hosts": (*box.hosts, "127.0.0.1:9"), "channel_collect_seconds": 0.4}
    with platforms_and_server(server, {}, **options) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "email")
        view = made.link(box.settings)
        assert (view["status"], view["problem"]) == ("on", "")
        yield made


@pytest.fixture(scope="module")
def box() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture(scope="module")
def linked(server: RunningServer, box: Provider) -> Iterator[Linked]:
    with linked_to(server, box) as made:
        yield made


numbers = iter(range(1, 10_000))


def question(text: str = "How much is delivery to Germany?", **more: str) -> EmailMessage:
    """A mail of a shopper who has not written before."""
    return mail(text, sender=f"shopper{next(numbers)}@people.example", **more)


def test_a_mail_is_answered_in_its_thread(linked: Linked, box: Provider):
    asked = mail("How much is delivery to Germany?", "Delivery")
    box.put(asked)
    (answer,) = box.answers_to(asked)
    told = answer.message
    assert (answer.sender, answer.to) == (ADDRESS, ["anna@shopper.example"])
    assert told["Subject"] == "Re: Delivery"
    assert told["References"] == asked["Message-ID"]
    assert told["Auto-Submitted"] == "auto-replied"
    assert told["From"].addresses[0].addr_spec == ADDRESS
    assert told["From"].addresses[0].display_name == "Shop assistant"
    assert "6.90" in answer.text
    assert "6.90" in answer.html
    assert answer.text.index("AI assistant") < answer.text.index("6.90"), "first that an AI speaks"
    wait_for(lambda: "\\Seen" in box.flags(asked))


def test_what_lay_there_before_is_left_alone(linked: Linked, box: Provider):
    before, asked = question(), question()
    linked.merchant.http.delete(linked.path()).raise_for_status()
    box.put(before)
    assert linked.link(box.settings)["status"] == "on"
    box.put(asked)
    box.answers_to(asked)
    assert box.flags(before) == set()
    assert not [one for one in box.outside if one.message["In-Reply-To"] == before["Message-ID"]]


@pytest.mark.parametrize("names_all", [True, False])
def test_a_thread_goes_on_as_one_conversation(linked: Linked, box: Provider, names_all: bool):
    first = question()
    box.put(first)
    (answer,) = box.answers_to(first)
    references = {"References": f"{first['Message-ID']} {answer.message['Message-ID']}"} if names_all else {}
    sender = first["From"].addresses[0].addr_spec
    second = mail(
        f"And to France?\n\nOn Mon, 30 Nov 2026 at 10:00, Shop <{ADDRESS}> wrote:\n> Delivery costs 6.90 EUR",
        "Re: A question", sender, **{"In-Reply-To": answer.message["Message-ID"]}, **references,
    )  # fmt: skip
    box.put(second)
    (then,) = box.answers_to(second)
    assert "7.90" in then.text
    assert "AI assistant" not in then.text, "it was said already"
    newest = linked.merchant.http.get(f"/v1/bots/{linked.bot}/conversations").json()["items"][0]
    assert (newest["channel"], newest["turn_count"]) == ("email", 2)


def test_a_mail_that_lies_there_twice_is_answered_once(linked: Linked, box: Provider):
    asked, last = question(), question()
    for _ in range(3):
        box.put(asked)
    box.put(last)
    box.answers_to(last)
    time.sleep(1)
    assert len(box.answers_to(asked)) == 1


def test_what_a_machine_wrote_stays_unread_and_without_an_answer(linked: Linked, box: Provider):
    left = [question(**{"Auto-Submitted": "auto-replied"}), question(**{"List-Id": "<news.shop.example>"}),
            mail("Hi", sender="no-reply@shop.example"), mail("Hi", sender=ADDRESS)]  # fmt: skip
    last = question()
    for one in (*left, last):
        box.put(one)
    box.answers_to(last)
    assert [box.flags(one) for one in left] == [set()] * len(left)
    assert not {one["Message-ID"] for one in left} & {sent.message["In-Reply-To"] for sent in box.outside}


def test_a_machine_that_answers_every_answer_stops_being_answered(linked: Linked, box: Provider):
    for number in range(14):
        box.put(mail("Thanks for your message!", f"Ticket {number}", sender="desk@helpdesk.example"))
    last = question()
    box.put(last)
    box.answers_to(last)
    time.sleep(1)
    assert len(box.sent(lambda one: one.to == ["desk@helpdesk.example"])) == 10


def test_a_mail_that_no_parser_can_read_keeps_no_other_from_its_answer(linked: Linked, box: Provider):
    garbled, last = question(), question()
    box.put(garbled.as_bytes().replace(b"Subject: A question", b"Subject: =?utf-8?b?AAAAA?="))
    box.put(last)
    box.answers_to(last)
    assert box.flags(garbled) == set(), "it is left to people"


def test_a_mail_that_the_server_cannot_hand_out_keeps_no_other_from_its_answer(linked: Linked, box: Provider):
    stuck, last = question(), question()
    box.wire.always_cut_at = b"FETCH %d (INTERNALDATE" % box.next_uid()
    try:
        box.put(stuck)
        box.put(last)
        box.answers_to(last)
    finally:
        box.wire.always_cut_at = b""
    assert box.flags(stuck) == set(), "it is left to people"


def test_an_old_mail_is_not_answered_all_at_once(linked: Linked, box: Provider):
    old, last = question(), question()
    box.put(old, arrived=datetime.now(UTC) - timedelta(days=4))
    box.put(last)
    box.answers_to(last)
    assert box.flags(old) == set()


def test_html_in_any_charset_is_read_and_attachments_are_named(linked: Linked, box: Provider):
    asked = question("x")
    asked.set_content(
        "<p>Wie lange ist die Garantie?<br>How long is the warranty on ceramics?</p><p>Schöne Grüße</p>"
        '<div class="gmail_quote">On Monday you wrote:<blockquote>Do you ship to France?</blockquote></div>',
        subtype="html", charset="iso-8859-15",
    )  # fmt: skip
    asked.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="broken mug.jpg")
    box.put(asked)
    (answer,) = box.answers_to(asked)
    assert "broken mug.jpg" in answer.text
    assert "broken mug.jpg" in answer.html


def test_a_mail_without_any_words_is_asked_for_some(linked: Linked, box: Provider):
    asked = question("\n", subject="")
    asked.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="order.pdf")
    box.put(asked)
    (answer,) = box.answers_to(asked)
    assert "order.pdf" in answer.text
    assert not [one for one in linked.dead() if not one["text"]]


def test_the_answer_goes_where_the_shopper_wants_it(linked: Linked, box: Provider):
    asked = mail("Where is your workshop?", sender=ADDRESS, **{"Reply-To": "form-visitor@people.example"})
    box.put(asked)
    (answer,) = box.answers_to(asked)
    assert answer.to == ["form-visitor@people.example"]
    assert "Ghent" in answer.text


def test_a_server_that_asks_to_wait_gets_the_same_mail_again(linked: Linked, box: Provider):
    asked = question()
    box.smtp_answers += ["451 try again later", "421 busy"]
    box.put(asked)
    assert "6.90" in box.answers_to(asked)[0].text
    assert linked.view()["status"] == "on"


def test_an_answer_that_was_taken_before_the_line_broke_is_sent_under_the_same_name(linked: Linked, box: Provider):
    asked = question()
    box.smtp_troubles.append("cut")
    box.put(asked)
    first, second = box.answers_to(asked, 2)
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.text == second.text


def test_a_mail_that_is_refused_is_shown_with_its_reason(linked: Linked, box: Provider):
    asked = question("Where is your workshop?")
    box.smtp_answers.append("550 no such person here: secret words of the server")
    box.put(asked)
    letter = wait_for(lambda: next((one for one in linked.dead() if one["text"] == "Where is your workshop?"), None))
    assert "refused the mail (code 550)" in letter["failure"]
    assert "secret words" not in letter["failure"]
    linked.merchant.http.post(f"/v1/bots/{linked.bot}/dead_letters/{letter['id']}/replay").raise_for_status()
    assert "Ghent" in box.answers_to(asked)[0].text


def test_a_line_that_breaks_before_a_mail_is_marked_loses_and_doubles_nothing(linked: Linked, box: Provider):
    asked = question()
    box.wire.cut_at = b"STORE"
    box.put(asked)
    box.answers_to(asked)
    wait_for(lambda: "\\Seen" in box.flags(asked))
    time.sleep(1)
    assert len(box.answers_to(asked)) == 1


def test_two_servers_look_one_at_a_time_and_answer_once(linked: Linked, box: Provider):
    settings = linked.server.settings.model_copy(update={"port": free_port()})
    with serving_app(settings, linked.server.site):
        wait_for(lambda: box.wire.open_now == 0)
        box.wire.most_at_once, visits = 0, box.wire.visits
        asked = [question() for _ in range(6)]
        for one in asked:
            box.put(one)
            time.sleep(0.2)
        for one in asked:
            box.answers_to(one)
        time.sleep(1)
    assert box.wire.visits > visits + 2
    assert box.wire.most_at_once == 1
    assert [len(box.answers_to(one)) for one in asked] == [1] * len(asked)


def test_a_paused_mailbox_is_not_read(linked: Linked, box: Provider):
    linked.merchant.http.post(linked.path("/pause")).raise_for_status()
    time.sleep(1)
    visits, asked = box.wire.visits, question()
    box.put(asked)
    time.sleep(1.5)
    assert box.wire.visits == visits
    assert box.flags(asked) == set()
    linked.merchant.http.post(linked.path("/resume")).raise_for_status()
    assert "6.90" in box.answers_to(asked)[0].text


def test_a_person_answers_in_the_same_thread(linked: Linked, box: Provider):
    asked = question()
    box.put(asked)
    (answer,) = box.answers_to(asked)
    http, base = linked.merchant.http, f"/v1/bots/{linked.bot}/conversations"
    found = http.get(base).json()["items"][0]
    http.post(f"{base}/{found['id']}/claim").raise_for_status()
    http.post(f"{base}/{found['id']}/messages", json={"text": "I have put one aside for you.\n<b>Mia</b>"})
    person = box.answers_to(asked, 2)[1]
    assert person.message["Auto-Submitted"] is None
    assert person.message["Message-ID"] != answer.message["Message-ID"]
    assert person.message["From"].addresses[0].display_name == "Kiln & Leaf"
    assert "put one aside" in person.text
    assert "<b>Mia" not in person.html
    http.post(f"{base}/{found['id']}/hand_back").raise_for_status()


def test_the_doctor_writes_to_the_mailbox_and_cleans_up(linked: Linked, box: Provider):
    before = box.count()
    findings = linked.check()
    assert findings.pop("messages")["state"] in {"good", "unsure"}
    assert {name: one["state"] for name, one in findings.items()} == {
        "reading": "good", "room": "skipped", "sending": "good", "round_trip": "good", "clock": "good",
    }  # fmt: skip
    with box.client() as client:
        _, left = client.uid("SEARCH", "UNDELETED", "HEADER", "Subject", "Storeclerk")
    assert left == [b""]
    assert box.count() - before <= 1
    assert linked.view()["status"] == "on"


WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "another password": ({"password": "not-this-one"}, "reading", "wrong_secret"),
    "no such folder": ({"folder": "Sale/Entwürfe"}, "reading", "no_folder"),
    "nobody listens": ({"imap_port": "9"}, "reading", "unreachable"),
    "no STARTTLS there": ({"imap_security": "starttls"}, "reading", "tls_refused"),
    "no TLS there": ({"imap_security": "tls"}, "reading", "tls_refused"),
    "sending: nobody listens": ({"smtp_port": "9"}, "sending", "unreachable"),
    "sending: no STARTTLS there": ({"smtp_security": "starttls"}, "sending", "tls_refused"),
}


@pytest.mark.parametrize("case", list(WRONG))
def test_the_doctor_names_what_is_wrong(linked: Linked, box: Provider, case: str):
    change, name, cause = WRONG[case]
    linked.link(box.settings | change)
    found = linked.check()
    assert (found[name]["state"], found[name]["cause"]) == ("bad", cause), found
    assert found[name]["next_step"]
    assert found["round_trip"]["state"] == "skipped"
    assert PASSWORD not in json.dumps(found)
    view = linked.link(box.settings)
    assert (view["status"], view["problem"]) == ("on", "")


@pytest.mark.parametrize(("answer", "cause"), [("552 full", "over_quota"), ("554 no", "sending_refused"),
                                               ("451 later", "busy")])  # fmt: skip
def test_the_doctor_tells_why_its_mail_was_not_taken(linked: Linked, box: Provider, answer: str, cause: str):
    box.smtp_answers.append(answer)
    found = linked.check()
    assert (found["round_trip"]["state"], found["round_trip"]["cause"]) == ("bad", cause)


def test_a_refused_password_breaks_the_link_in_plain_words(linked: Linked, box: Provider):
    view = linked.link(box.settings | {"password": "not-this-one"})
    assert view["status"] == "broken"
    assert "refused the user name or the password" in view["problem"]
    assert linked.link(box.settings)["status"] == "on"
    box.smtp_password = "changed at the provider's"
    try:
        box.put(question("Do you offer gift wrapping?"))
        wait_for(lambda: linked.view()["status"] == "broken")
    finally:
        box.smtp_password = PASSWORD
    assert linked.link(box.settings)["status"] == "on"
    asked = question()
    box.put(asked)
    box.answers_to(asked)


def test_a_mailbox_that_was_away_with_other_numbers_is_read_again(linked: Linked, box: Provider):
    box.stop_imap()
    told = wait_for(lambda: next((one for one in linked.view()["findings"] if one["name"] == "fetching"), None))
    assert (told["state"], "could not be reached" in told["says"]) == ("bad", True)
    assert linked.view()["status"] == "on", "an outage breaks nothing"
    box.start_imap()
    asked = question()
    box.put(asked)
    assert "6.90" in box.answers_to(asked, seconds=60)[0].text
    wait_for(lambda: not any(one["name"] == "fetching" for one in linked.view()["findings"]))


def test_a_mailbox_that_was_away_when_it_was_linked_is_taken_later_or_left_to_who_has_it(linked: Linked, box: Provider):
    owner = linked.merchant
    other = Linked(linked.server, owner, owner.live_bot(), "email")
    box.stop_imap()
    assert other.link(box.settings)["status"] == "on", "nobody could say no"
    owner.http.delete(linked.path()).raise_for_status()
    linked.link(box.settings)
    box.start_imap()
    views = wait_for(lambda: [v for one in (linked, other) if (v := one.view())["address"]] or None)
    wait_for(lambda: "broken" in {linked.view()["status"], other.view()["status"]})
    states = sorted((one.view()["status"], one.view()["address"] != "") for one in (linked, other))
    assert states == [("broken", False), ("on", True)]
    assert (
        "Another assistant"
        in next(one for one in (linked, other) if one.view()["status"] == "broken").view()["problem"]
    )
    asked = question()
    box.put(asked)
    box.answers_to(asked)
    time.sleep(1)
    assert len(box.answers_to(asked)) == len(views) == 1
    for one in (linked, other):
        owner.http.delete(one.path()).raise_for_status()
    assert linked.link(box.settings)["status"] == "on"


FIELDS: dict[str, tuple[dict[str, str], str]] = {
    "no address": ({"address": "hello"}, "address"),
    "a line break": ({"username": "a\r\nb"}, "username"),
    "a port of something else": ({"imap_host": "imap.example.com", "imap_port": "22"}, "imap_port"),
    "in the open": ({"smtp_host": "smtp.example.com", "smtp_port": "25"}, "smtp_security"),
    "a host with a path": ({"imap_host": "imap.example.com/x"}, "imap_host"),
    "a folder with a break": ({"folder": "IN\nBOX"}, "folder"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(FIELDS))
def test_bad_settings_are_refused_by_field(linked: Linked, box: Provider, case: str):
    change, field = FIELDS[case]
    answer = linked.merchant.http.put(linked.path(), json={"settings": box.settings | change})
    assert answer.status_code == 422, answer.text
    assert [problem["field"] for problem in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "localhost"])
def test_a_mail_server_in_an_inner_network_is_not_spoken_to(linked: Linked, box: Provider, host: str):
    inner = {"imap_host": host, "imap_port": "993", "imap_security": "tls"}
    view = linked.link(box.settings | inner)
    assert view["status"] == "broken"
    assert "inner network" in view["problem"]
    assert linked.link(box.settings)["status"] == "on"


def test_one_mailbox_is_answered_by_one_assistant(linked: Linked, box: Provider):
    other = Linked(linked.server, linked.merchant, linked.merchant.live_bot(), "email")
    answer = linked.merchant.http.put(other.path(), json={"settings": box.settings})
    assert (answer.status_code, answer.json()["code"]) == (409, "place_taken")
    assert linked.view()["status"] == "on"


def test_the_password_is_kept_sealed(linked: Linked, box: Provider):
    view: dict[str, Any] = linked.view()
    assert view["secrets"] == ["password"]
    assert set(view["settings"]) == set(box.settings) - {"password"}
    assert PASSWORD not in json.dumps(view)
    stored = linked.server.settings.data_dir / "records.sqlite"
    assert PASSWORD.encode() not in stored.read_bytes()
