"""Mail servers for tests: a real one on this machine, and one that answers as a script says."""

import base64
import re
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from clv_xl.delivery.smtp_server import SmtpServer, Tls, smtp_server

USER, PASSWORD, TOKEN = "reports", "pässwörd with spaces", "ey.token-of-the-user"
Answers = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Taken:
    """A message that the server took."""

    sender: str
    to: str
    content: bytes
    user: str
    encrypted: bool

    def read(self) -> EmailMessage:
        """Return it as a mail program reads it."""
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass  # not with slots: aiosmtpd asks for every attribute, and Python 3.11.2 fails there
class Inbox:
    """What the server took, how often it was connected to, and how it answers next."""

    messages: list[Taken] = field(default_factory=list)
    connections: int = 0
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Answers to MAIL, RCPT and DATA, used up one by one before the server takes the message."""
    before_data_is_answered: Callable[[], None] | None = None

    def next_answer(self, command: str) -> str | None:
        """Return the next scripted answer to a command."""
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else None

    async def handle_MAIL(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        answer = self.next_answer("MAIL")
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 - likewise
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        answer = self.next_answer("RCPT") or self.next_answer(f"RCPT {address}")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802 - likewise
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.next_answer("DATA")
        if answer is not None:
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        user = getattr(session.auth_data, "login", b"").decode()
        assert server.transport is not None
        encrypted = server.transport.get_extra_info("ssl_object") is not None
        taken = Taken(envelope.mail_from or "", envelope.rcpt_tos[0], content, user, encrypted)
        self.messages.append(taken)
        return "250 2.0.0 queued"


class TokenSmtp(SMTP):
    """A server that also takes XOAUTH2, in lines as long as RFC 4954 lets them be."""

    line_length_limit = 12_288

    async def auth_XOAUTH2(self, _: object, words: list[str]) -> AuthResult:  # noqa: N802
        """Take the token, or explain as Microsoft and Google do, and refuse."""
        said = base64.b64decode(words[1]).decode()
        signed_in = re.fullmatch("user=(.+?)\1auth=Bearer (.+?)\1\1", said)
        assert signed_in
        if signed_in[2] == TOKEN or signed_in[2].startswith("access-"):
            return AuthResult(success=True, auth_data=LoginPassword(signed_in[1].encode(), b""))
        await self.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        assert await self._reader.readline() == b"\r\n"
        return AuthResult(success=False, handled=False)


class _Controller(Controller):
    """Listens on a port that the system chooses."""

    def __init__(self, inbox: Inbox, tls: Tls, context: ssl.SSLContext, **options: Any) -> None:  # noqa: ANN401
        self._inbox, self._options, self._tls = inbox, options, tls
        self._context = context
        super().__init__(
            inbox, hostname="127.0.0.1", ssl_context=context if tls is Tls.TLS else None
        )

    def factory(self) -> SMTP:
        self._inbox.connections += 1
        starttls = self._tls is Tls.STARTTLS
        server = TokenSmtp(
            self._inbox,
            tls_context=self._context if starttls else None,
            require_starttls=starttls,
            enable_SMTPUTF8=self._options.get("smtputf8", True),
            data_size_limit=self._options.get("size", 33_554_432),
            hostname="mail.test",
            **self._auth(),
        )
        server.command_size_limits["AUTH"] = server.line_length_limit
        return server

    def _auth(self) -> dict[str, Any]:
        if self._tls is Tls.NONE:
            return {}
        excluded = self._options.get("without", ())
        return {
            "authenticator": _authenticator,
            "auth_required": True,
            "auth_require_tls": self._tls is Tls.STARTTLS,
            "auth_exclude_mechanism": excluded,
        }

    def _create_server(self) -> Coroutine[Any, Any, Any]:
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listening, ssl=self.ssl_context)


def _authenticator(*arguments: object) -> AuthResult:
    given = arguments[-1]
    right = isinstance(given, LoginPassword) and (
        (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    )
    return AuthResult(success=right, handled=False, auth_data=given)


@dataclass(slots=True)
class Running:
    """A running server: where it is, and what it took."""

    inbox: Inbox
    port: int
    tls: Tls

    def server(self, user: str = USER, host: str = "localhost") -> SmtpServer:
        """Return the server as the transport knows it."""
        before = f"{user}@" if user and self.tls is not Tls.NONE else ""
        return smtp_server(f"smtp://{before}{host}:{self.port}", self.tls)


@contextmanager
def running(authority: trustme.CA, tls: Tls = Tls.STARTTLS, **options: Any) -> Iterator[Running]:  # noqa: ANN401
    """Run a real SMTP server that requires encryption and a sign-in."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    names = options.pop("names", ("localhost", "127.0.0.1"))
    authority.issue_cert(*names).configure_cert(context)
    inbox = Inbox()
    controller = _Controller(inbox, tls, context, **options)
    controller.start()
    inbox.connections = 0  # the controller looks whether it answers
    try:
        yield Running(inbox, controller.port, tls)
    finally:
        controller.stop()


def trust(authority: trustme.CA, folder: Path) -> str:
    """Write the authority's certificate, and return the name of the file."""
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


HANG, CLOSE = "hang", "close"
EHLO = "250-mail.test\r\n250 SIZE 33554432"
Script = Callable[[str, int], str]
"""Gives the answer to a line of the client, and which connection it is: or HANG, or CLOSE."""


class ScriptedServer:
    """Says what a script says, in the open, on this machine."""

    def __init__(
        self, script: Script, greeting: str = "220 mail.test ESMTP", drop_after: int = 0
    ) -> None:
        self.lines: list[str] = []
        self.connections = 0
        self._clients: list[socket.socket] = []
        self._script, self._greeting, self._drop_after = script, greeting, drop_after
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def hang_up(self) -> None:
        """Close every connection and take no other."""
        self._ended.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        for client in self._clients:
            client.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        talks: list[threading.Thread] = []
        while not self._ended.is_set():
            try:
                client, _ = self._socket.accept()
            except OSError:
                break
            self.connections += 1
            self._clients.append(client)
            talks.append(threading.Thread(target=self._answer, args=(client, self.connections)))
            talks[-1].start()
        for talk in talks:
            talk.join(5)

    def _answer(self, client: socket.socket, nth: int) -> None:
        with suppress(OSError), client, client.makefile("rwb") as file:
            self._talk(file, nth)

    def _talk(self, file: Any, nth: int) -> None:  # noqa: ANN401 - a socket's file
        if not self._say(file, self._greeting):
            return
        in_data, lines_of_data = False, 0
        while line := file.readline():
            said = line.decode("utf-8", "replace").rstrip("\r\n")
            self.lines.append(said)
            if in_data and said != ".":
                lines_of_data += 1
                if lines_of_data == self._drop_after:
                    return
                continue
            answer = self._script("." if in_data else said, nth)
            in_data = answer.startswith("354")
            if not self._say(file, answer):
                return

    def _say(self, file: Any, answer: str) -> bool:  # noqa: ANN401 - a socket's file
        if answer == HANG:
            self._ended.wait(20)
            return False
        if answer == CLOSE:
            return False
        file.write(answer.encode() + b"\r\n")
        file.flush()
        return True


def script(**answers: str) -> Script:
    """Return a script of a polite server, but for the answers given by command."""
    polite = {"EHLO": EHLO, "MAIL": "250 OK", "RCPT": "250 OK", "DATA": "354 go on"}
    polite |= {"END": "250 queued", "RSET": "250 OK", "QUIT": "221 bye"} | answers
    polite["HELO"] = polite["EHLO"]

    def answer(line: str, _: int) -> str:
        return polite["END" if line == "." else line[:4].upper()]

    return answer
