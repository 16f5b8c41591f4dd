"""Reading mails of every kind and writing answers to them, without any server."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from channel_adapters.email.automatic import why_not_answered
from channel_adapters.email.composing import Envelope, answer_mail, place_of
from channel_adapters.email.reading import read_mail
from channel_adapters.email.rendering import mail_body
from channel_adapters.email.threads import answer_id, root_of
from channel_adapters.email.words import own_words, text_of_html
from engine.domain.conversation import Reply
from tests.channel_adapters.platforms.mail import ADDRESS, mail
from tests.channel_adapters.replies import product, replies

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
ENVELOPE = Envelope("Mia", ADDRESS, "anna@people.example", "<answer.1.2@my-shop.example>", NOW)
REPLY = Reply("c", "t", "We have **two** mugs.", "en", "answered", products=(product(), product(title="Tea & tin")))

QUOTED = {
    "Gmail": "Do you ship to France?\n\nOn Mon, 30 Nov 2026 at 10:00, Shop <a@b.example> wrote:\n> Hello\n> foo",
    "Gmail, wrapped": "Do you ship to France?\n\nOn Mon, 30 Nov 2026 at 10:00, Shop\n<a@b.example> wrote:\n\n> Hello",
    "German": "Do you ship to France?\n\nAm Mo., 30. Nov. 2026 um 10:00 Uhr schrieb Shop <a@b.example>:\n> Hallo",
    "French": "Do you ship to France?\n\nLe lun. 30 nov. 2026 à 10:00, Shop <a@b.example> a écrit :\n> Bonjour",
    "Outlook": "Do you ship to France?\r\n\r\nFrom: Shop <a@b.example>\r\nSent: Monday, November 30, 2026 10:00\r\n"
    "To: Anna\r\nSubject: Re: x\r\n\r\nHello there",
    "Outlook, older": "Do you ship to France?\n\n-----Original Message-----\nFrom: Shop\nSent: Monday\n\nHello",
    "Dutch Outlook": "Do you ship to France?\n\nVan: Shop <a@b.example>\nVerzonden: maandag\nAan: Anna\n"
    "Onderwerp: Re: x\n\nHallo",
    "signature": "Do you ship to France?\n-- \nAnna Doe\n+49 30 1234",
    "a telephone": "Do you ship to France?\n\nSent from my iPhone",
    "greetings": "Do you ship to France?\n\nBest regards\nAnna",
    "German greetings": "Do you ship to France?\n\nMit freundlichen Grüßen\nAnna",
    "below the quote": "> Hello, how may we help?\n> Your shop\n\nDo you ship to France?",
    "below, heading": "On Mon, 30 Nov 2026 at 10:00, Shop <a@b.example> wrote:\n> Hello\n\nDo you ship to France?",
}  # fmt: skip


@pytest.mark.parametrize("program", list(QUOTED))
def test_only_the_newest_words_count(program: str):
    assert own_words(QUOTED[program]) == "Do you ship to France?"


HTML = {
    "Gmail": '<div dir="ltr">Do you ship<br>to France?</div><div class="gmail_quote"><blockquote>Hi</blockquote></div>',
    "Outlook": "<p class=MsoNormal>Do you ship</p><p>to France?</p><div id=divRplyFwdMsg>From: x</div><div>Hi</div>",
    "Thunderbird": "<p>Do you ship<br>to France?</p><div class=moz-cite-prefix>On Monday:</div><blockquote>Hi",
    "scripts": "<html><head><title>no</title><style>p{}</style></head><body><script>1</script>Do you ship<p>to France?",
}  # fmt: skip


@pytest.mark.parametrize("program", list(HTML))
def test_html_becomes_words_without_what_is_quoted(program: str):
    assert own_words(text_of_html(HTML[program])).split() == ["Do", "you", "ship", "to", "France?"]


HOSTILE = ("On " * 9000, "On a <b@c> " * 3000, ">" * 60_000, "\n" * 60_000, " \n" * 30_000, "On x\n" * 9000,
           "Le " * 9000, "From: x\n" * 9000, "-" * 60_000, "\x00" * 9000,
           "<" * 60_000, "On\t" * 9000, "Am \n " * 9000,
           "<div id=appendonsend></div>" + "<p id=divRplyFwdMsg>a</p>" * 30_000,
           "<p><style></style>aaaa" * 30_000)  # fmt: skip


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_no_body_takes_long(place: int):
    began = time.monotonic()
    own_words(HOSTILE[place])
    text_of_html(HOSTILE[place] + "<div>" * 5000)
    assert time.monotonic() - began < 5


def test_parts_within_parts_are_not_looked_at_for_long():
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(400))
    began = time.monotonic()
    with pytest.raises(ValueError, match="nested"):
        read_mail(b"From: anna@people.example\r\n" + levels + b"\r\n" + b"x\r\n" * 300_000)
    assert time.monotonic() - began < 5


AUTOMATIC: dict[str, tuple[dict[str, str], str]] = {
    "out of office": ({"Auto-Submitted": "auto-replied; owner-email=x"}, "auto_submitted"),
    "generated": ({"Auto-Submitted": "auto-generated"}, "auto_submitted"),
    "bounce": ({"Return-Path": "<>"}, "bounce"),
    "list": ({"List-Id": "<news.example>"}, "list"),
    "newsletter": ({"List-Unsubscribe": "<https://x.example>"}, "list"),
    "bulk": ({"Precedence": "Bulk"}, "bulk"),
    "Exchange": ({"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}, "suppressed"),
    "old autoresponder": ({"X-Autoreply": "yes"}, "x-autoreply"),
    "spam": ({"X-Spam-Flag": "YES"}, "spam"),
    "wants no answer": ({"Reply-To": "no-reply@people.example"}, "nobody_reads_there"),
    "to us": ({"Reply-To": ADDRESS.upper()}, "own_mail"),
    "to several": ({"Reply-To": "a@people.example, b@people.example"}, "no_sender"),
}


def reason(headers: dict[str, str], sender: str = "anna@people.example") -> str | None:
    read = read_mail(mail("Hi", sender=sender, **headers).as_bytes())
    return why_not_answered(read.headers, read.sender, ADDRESS)


@pytest.mark.parametrize("kind", list(AUTOMATIC))
def test_machines_are_told_from_people(kind: str):
    headers, why = AUTOMATIC[kind]
    assert reason(headers) == why


@pytest.mark.parametrize("sender", ["noreply@x.example", "no-reply@x.example", "MAILER-DAEMON@x.example",
                                    "postmaster@x.example",
                                    "bounces+12@x.example", "do_not_reply@x.example", "shop-noreply@x.example",
                                    "news-request@x.example"])  # fmt: skip
def test_nobody_reads_at_some_addresses(sender: str):
    assert reason({}, sender) == "nobody_reads_there"


@pytest.mark.parametrize("headers", [{}, {"Auto-Submitted": "no"}, {"X-Auto-Response-Suppress": "None"},
                                     {"Return-Path": "<anna@people.example>"}, {"Importance": "high"}])  # fmt: skip
@pytest.mark.parametrize("sender", ["anna@people.example", "noreen@people.example", "norman.reply@people.example",
                                    "bouncer.jim@people.example"])  # fmt: skip
def test_people_are_answered(headers: dict[str, str], sender: str):
    assert reason(headers, sender) is None


def test_a_delivery_report_is_a_machines():
    report = b"From: a@people.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b--\r\n"
    assert why_not_answered(read_mail(report).headers, "a@people.example", ADDRESS) == "report"


def test_a_mail_without_words_asks_by_its_subject():
    read = read_mail(mail("\n\n", "Do you ship to France?").as_bytes())
    assert read.text == "Do you ship to France?"


def test_a_mail_without_a_name_has_the_same_one_each_time():
    content = b"From: a@people.example\r\nSubject: x\r\n\r\nHello\r\n"
    assert read_mail(content).id == read_mail(content).id != read_mail(content + b"!").id
    assert read_mail(content).references == ()


def test_a_long_mail_is_cut_at_a_word():
    assert 1900 < len(read_mail(mail("mug " * 3000).as_bytes()).text) <= 2000


def test_a_mail_that_ends_in_the_middle_is_read_as_far_as_it_came():
    whole = mail("Do you ship to France?")
    whole.add_attachment(b"x" * 5000, maintype="application", subtype="pdf", filename="order.pdf")
    read = read_mail(whole.as_bytes()[:1500])
    assert (read.text, read.attachments) == ("Do you ship to France?", ("order.pdf",))


def test_our_answers_carry_the_name_of_their_thread():
    root = root_of([], "<first@people.example>")
    ours = answer_id("link_1", "in_1.0", root, "my-shop.example")
    assert root_of([ours], "<second@people.example>") == root
    assert root_of(["<first@people.example>", ours], "<third@people.example>") == root
    assert answer_id("link_1", "in_1.0", root, "my-shop.example") == ours
    assert answer_id("link_1", "in_2.0", root, "my-shop.example") != ours
    assert len(f"In-Reply-To: {ours}") <= 78, "programs tear longer lines"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"From: ", b"Subject: ", b"Content-Type: ", b"References: ", b"\r\n"]))
def test_whatever_lies_in_the_mailbox_is_read_or_left(content: bytes, header: bytes):
    try:
        read = read_mail(header + content)
    except Exception:
        return  # the channel leaves it to people, whatever the parser stumbled over
    place = place_of(read)
    assert not any("\n" in value or "\r" in value for value in place.values())
    for value in (*place.values(), read.id, read.root):
        value.encode()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=300))
def test_no_words_of_others_make_a_header(subject: str, name: str, text: str):
    read = replace(read_mail(mail("Hi").as_bytes()), subject=subject, sender="anna@people.example")
    body = mail_body(Reply("c", "t", text.encode("utf-8", "replace").decode(), "en", "answered"))
    made = answer_mail(replace(ENVELOPE, name=name), place_of(read), body, automatic=True)
    again = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert sorted(again.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
         "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
    )  # fmt: skip
    assert again["From"].addresses[0].addr_spec == ADDRESS
    assert again["To"] == "anna@people.example"


@pytest.mark.parametrize("address", ["a..b@people.example", "name.@people.example", ".name@people.example"])
def test_addresses_that_no_standard_knows_are_answered_too(address: str):
    read = read_mail(mail("Hi", sender=address).as_bytes())
    made = answer_mail(replace(ENVELOPE, to=read.sender), place_of(read), mail_body(REPLY), automatic=True)
    assert message_from_bytes(made.as_bytes())["To"] == address


@pytest.mark.parametrize("subject", ["Re: Mug", "AW: Mug", "RE[2]: AW: Mug", "Mug", "SV: re: Mug"])
def test_a_subject_is_answered_once(subject: str):
    read = replace(read_mail(mail("Hi").as_bytes()), subject=subject)
    assert answer_mail(ENVELOPE, place_of(read), mail_body(REPLY), automatic=True)["Subject"] == "Re: Mug"


def test_long_names_of_mails_are_never_torn():
    references = tuple(f"<{number}.{'x' * 150}@people.example>" for number in range(30))
    first = EmailMessage(policy=SMTP.clone(max_line_length=998))
    first["From"], first["Message-ID"] = "anna@people.example", "<last@people.example>"
    first["References"] = " ".join(references)
    read = read_mail(first.as_bytes())
    content = answer_mail(ENVELOPE, place_of(read), mail_body(REPLY), automatic=True).as_bytes()
    told = message_from_bytes(content)["References"].split()
    assert (told[0], told[-1], len(told)) == (references[0], "<last@people.example>", 20)


def test_an_answer_says_all_of_a_reply_without_a_picture():
    body = mail_body(replace(REPLY, notice="You chat with an AI."), ["Do you ship to France?"])
    for one in REPLY.products:
        assert one.title in body["text"]
        assert one.title.replace("&", "&amp;") in body["html"]
    assert body["text"].startswith("You chat with an AI.")
    assert "Do you ship to France?" in body["text"]
    assert "<img" not in body["html"]


TAGS = {"div", "p", "br", "strong", "code", "a", "ul", "li", "small", "html", "body"}


@settings(max_examples=200, deadline=None)
@given(replies, st.lists(st.text(max_size=200), max_size=4))
def test_the_html_of_any_reply_holds_only_what_we_wrote(reply: Reply, suggestions: list[str]):
    body = mail_body(reply, suggestions)
    tree = html.document_fromstring(f"<div>{body['html']}</div>")
    for element in tree.iter():
        assert element.tag in TAGS
        assert set(element.keys()) <= ({"href", "rel"} if element.tag == "a" else {"style", "dir"})
        if element.tag == "a":
            assert element.get("href", "").startswith("https://")
    place = place_of(read_mail(mail("Hi").as_bytes()))
    made = answer_mail(ENVELOPE, place, {name: text or "-" for name, text in body.items()}, automatic=True)
    assert all(len(line) <= 998 for line in made.as_bytes().split(b"\r\n"))
