"""Mail through a real mail server on this machine."""

import asyncio
import ssl
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from engine.adapters.connected.smtp import SmtpMailer
from engine.errors import InvalidInput, MailNotSent
from engine.families import mail_server
from engine.ports import Mail
from engine.settings import Settings
from tests.certificates import make_certificate
from tests.conftest import free_port
from tests.contracts.people import MailerContract

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAME, PASSWORD = "clerk", "a mail password"
# aiosmtpd warns of what a test may do: sign-in is offered on this machine only.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


class Letters:
    """What the server received."""

    def __init__(self):
        self.received, self.refused = [], ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if self.refused and self.refused in address:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received.append(
            (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default), session.ssl is not None)
        )
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine, and the contexts of both sides."""
    path = make_certificate(tmp_path_factory.mktemp("tls") / "both.pem")
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


def served(letters, **options):
    class Own(Controller):
        def factory(self):
            return SMTP(self.handler, hostname="localhost", **options)

    controller = Own(letters, hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller


@pytest.fixture
def letters():
    return Letters()


@pytest.fixture
def plain(letters):
    controller = served(letters)
    yield controller.port
    controller.stop()


@pytest.fixture
def secured(letters, certificate):
    def check(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (NAME.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right)

    controller = served(letters, tls_context=certificate[0], require_starttls=True, authenticator=check)
    yield controller.port
    controller.stop()


def mailer(port, security="none", host="127.0.0.1", name="", password="", context=None):
    return SmtpMailer(host, port, "Kiln & Leaf <hello@shop.example>", name, password, security, 3.0, context)


def mail(to="tess@friend.example", subject="Try the assistant of Fernleaf"):
    return Mail(to, subject, "Héllo\n\nhttp://shop.example/playground/invite/x.y.z\n", NOW, {"link": "x"})


class TestSmtpMailer(MailerContract):
    @pytest.fixture
    def mailer(self, plain):
        return mailer(plain)

    @pytest.fixture
    def arrived(self, letters):
        async def count():
            return len(letters.received)

        return count


async def test_the_letter_holds_what_was_written(plain, letters):
    await mailer(plain).send("m", mail())
    (to, letter, _) = letters.received[0]
    assert to == ["tess@friend.example"]
    assert (letter["from"], letter["to"]) == ("Kiln & Leaf <hello@shop.example>", "tess@friend.example")
    assert letter["subject"] == "Try the assistant of Fernleaf"
    assert letter["auto-submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == mail().text


async def test_a_shop_name_cannot_add_recipients(plain, letters):
    await mailer(plain).send("m", mail(subject="Try\r\nBcc: all@victim.example\r\n\r\nthe rest"))
    (to, letter, _) = letters.received[0]
    assert to == ["tess@friend.example"]
    assert letter["bcc"] is None
    assert letter["subject"] == "Try Bcc: all@victim.example the rest"


async def test_starttls_and_sign_in(secured, letters, certificate):
    await mailer(secured, "starttls", "localhost", NAME, PASSWORD, certificate[1]).send("m", mail())
    assert letters.received[0][2] is True


async def test_a_wrong_password_is_named_and_not_told(secured, letters, certificate):
    with pytest.raises(MailNotSent, match="refused the sign-in") as raised:
        await mailer(secured, "starttls", "localhost", NAME, "wrong-secret", certificate[1]).send("m", mail())
    assert "wrong-secret" not in raised.value.message
    assert letters.received == []


async def test_nothing_is_sent_over_a_way_less_secured_than_asked(plain, secured, letters):
    with pytest.raises(MailNotSent, match="could not be secured"):
        await mailer(plain, "starttls").send("m", mail())
    with pytest.raises(MailNotSent, match="could not be secured"):
        # The certificate is nobody's whom this machine trusts.
        await mailer(secured, "starttls", "localhost").send("m", mail())
    assert letters.received == []


async def test_refusals_and_a_silent_machine_are_told_in_words(plain, letters):
    letters.refused = "tess@"
    with pytest.raises(MailNotSent, match="does not deliver to this address"):
        await mailer(plain).send("m", mail())
    with pytest.raises(MailNotSent, match="could not be reached"):
        await mailer(free_port()).send("m", mail())


async def test_many_mails_at_once_all_arrive(plain, letters):
    await asyncio.gather(*(mailer(plain).send("m", mail(f"t{number}@friend.example")) for number in range(10)))
    assert len({to[0] for to, _, _ in letters.received}) == 10


def settings(**given):
    return Settings(_env_file=None, **given)


def test_mail_server_is_chosen_by_its_host():
    assert mail_server(settings()) is None
    chosen = mail_server(settings(smtp_host="mail.example", smtp_from="a@shop.example"))
    assert isinstance(chosen, SmtpMailer)
    assert (chosen.port, chosen.security, chosen.delivers) == (587, "starttls", True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "SMTP_FROM"),
        ({"smtp_from": "nobody"}, "not an e-mail address"),
        ({"smtp_from": "a@b.example", "smtp_username": "x", "smtp_security": "none"}, "in the clear"),
    ],
)
def test_half_a_mail_server_is_refused_at_the_start(given, words):
    with pytest.raises(InvalidInput, match=words):
        mail_server(settings(smtp_host="mail.example", **given))
