"""Messages by SMTP, against a real server that requires encryption and a sign-in."""

import logging
import traceback
from email import policy
from email.message import EmailMessage

import pytest
import trustme

from clv_xl.delivery.smtp import Smtp
from clv_xl.delivery.smtp_server import SmtpServer, Tls, smtp_server
from clv_xl.delivery.transport import Outcome, TransportError
from clv_xl.errors import InvalidArgumentError
from tests.delivery.letters import said, short
from tests.delivery.mail_server import (
    TOKEN,
    USER,
    ScriptedServer,
    running,
    script,
)

# aiosmtpd takes a connection that is encrypted from its first byte for an open one.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def quick(server: SmtpServer, timeout: float = 10) -> Smtp:
    return Smtp(server, pauses=(0, 0), timeout=timeout, sleep=lambda _: None)


def here(port: int) -> SmtpServer:
    return smtp_server(f"smtp://127.0.0.1:{port}", "none")


@pytest.mark.usefixtures("trusted", "password")
@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.TLS])
def test_a_message_arrives_encrypted_signed_in_and_byte_for_byte(
    authority: trustme.CA, tls: Tls
) -> None:
    message = short()

    with running(authority, tls) as server, quick(server.server()) as transport:
        receipt = transport.send(message, "ada@example.org")

    (taken,) = server.inbox.messages
    assert (receipt.outcome, receipt.answer) == (Outcome.SENT, "250 2.0.0 queued")
    assert (taken.user, taken.encrypted) == (USER, True)
    assert (taken.sender, taken.to) == ("reports@example.org", "ada@example.org")
    assert taken.content.rstrip(b"\r\n") == message.as_bytes().rstrip(b"\r\n")


@pytest.mark.usefixtures("trusted", "password")
def test_lines_that_begin_with_a_dot_arrive_as_they_are(authority: trustme.CA) -> None:
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"] = "reports@example.org", "ada@example.org"
    message.set_content("first\n.\n..\n.hidden\nlast\n")

    with running(authority) as server, quick(server.server()) as transport:
        transport.send(message, "ada@example.org")

    lines = said(server.inbox.messages[0].read()).splitlines()
    assert lines == ["first", ".", "..", ".hidden", "last"]


@pytest.mark.usefixtures("trusted", "password")
def test_many_messages_go_over_one_connection(authority: trustme.CA) -> None:
    with running(authority) as server, quick(server.server()) as transport:
        for number in range(20):
            assert transport.send(short(), f"p{number}@example.org").outcome is Outcome.SENT

    assert [taken.to for taken in server.inbox.messages] == [
        f"p{number}@example.org" for number in range(20)
    ]
    assert server.inbox.connections == 1


@pytest.mark.usefixtures("trusted", "password")
def test_a_password_beyond_ascii_signs_in_by_login_too(authority: trustme.CA) -> None:
    with running(authority, without=("PLAIN",)) as server, quick(server.server()) as transport:
        assert transport.send(short(), "ada@example.org").outcome is Outcome.SENT


@pytest.mark.usefixtures("trusted")
def test_a_token_signs_in_by_xoauth2(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLV_XL_SMTP_TOKEN", TOKEN)

    with running(authority) as server, quick(server.server()) as transport:
        assert transport.send(short(), "ada@example.org").outcome is Outcome.SENT

    assert server.inbox.messages[0].user == USER


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("variable", ["CLV_XL_SMTP_PASSWORD", "CLV_XL_SMTP_TOKEN"])
def test_a_wrong_secret_stops_everything_and_is_shown_nowhere(
    authority: trustme.CA,
    variable: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG, logger="clv_xl")
    monkeypatch.setenv(variable, "hunter2 is wrong")

    with running(authority) as server:
        transport = quick(server.server())
        with pytest.raises(TransportError, match="refuses the sign-in of reports") as fault:
            transport.__enter__()

    assert variable in str(fault.value)
    everything = "".join(traceback.format_exception(fault.value))
    everything += (
        repr(vars(transport)) + repr(server.server()) + caplog.text + capfd.readouterr().err
    )
    assert "hunter2" not in everything
    assert server.inbox.messages == []


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.TLS])
def test_a_certificate_that_nobody_vouches_for_stops_everything(
    authority: trustme.CA, tls: Tls
) -> None:
    said = r"certificate of .* not trusted.*SSL_CERT_FILE"
    with running(authority, tls) as server, pytest.raises(TransportError, match=said):
        quick(server.server()).__enter__()

    assert server.inbox.messages == []


@pytest.mark.usefixtures("trusted", "password")
def test_a_certificate_of_another_name_stops_everything(authority: trustme.CA) -> None:
    with (
        running(authority, names=("mail.example.org",)) as server,
        pytest.raises(TransportError, match="not valid for 'localhost'"),
    ):
        quick(server.server()).__enter__()


@pytest.mark.usefixtures("trusted", "password")
def test_where_starttls_is_stripped_nothing_is_said_in_the_open() -> None:
    stripped = script(EHLO="250-mail.test\r\n250-SIZE 33554432\r\n250 AUTH PLAIN")
    with (
        ScriptedServer(stripped) as server,
        pytest.raises(TransportError, match="does not offer STARTTLS"),
    ):
        quick(smtp_server(f"smtp://{USER}@localhost:{server.port}")).__enter__()

    assert [line[:4].upper() for line in server.lines] == ["EHLO"]


@pytest.mark.usefixtures("trusted", "password")
def test_a_server_that_refuses_starttls_after_offering_it_hears_nothing_else() -> None:
    offered = script(EHLO="250-mail.test\r\n250 STARTTLS", STAR="502 not now")
    with (
        ScriptedServer(offered) as server,
        pytest.raises(TransportError, match="refuses the connection: 502 not now"),
    ):
        quick(smtp_server(f"smtp://{USER}@localhost:{server.port}")).__enter__()

    assert [line[:4].upper() for line in server.lines] == ["EHLO", "STAR"]


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.7", "::ffff:192.0.2.7"])
def test_in_the_open_mail_goes_to_this_machine_alone(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "clv_xl.delivery.smtp_server.socket.getaddrinfo",
        lambda *_, **__: [(2, 1, 6, "", ("192.0.2.7", 25)), (2, 1, 6, "", ("127.0.0.1", 25))],
    )

    with pytest.raises(
        InvalidArgumentError, match=r"tls must be starttls or tls for .*127\.0\.0\.1"
    ):
        smtp_server(f"smtp://[{host}]:25" if ":" in host else f"smtp://{host}", "none")


def test_a_name_that_leads_elsewhere_later_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer(script()) as server:
        way = smtp_server(f"smtp://localhost:{server.port}", "none")
        monkeypatch.setattr(
            "clv_xl.delivery.smtp_server.socket.getaddrinfo",
            lambda *_, **__: [(2, 1, 6, "", ("192.0.2.7", 25))],
        )
        with pytest.raises(TransportError, match="localhost is not this machine"):
            quick(way).__enter__()
