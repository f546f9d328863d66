"""Messages by SMTP: one connection for many, tried again when the server asks for patience.

Refused for now (4xx) is tried again after growing pauses, refused for good (5xx) is not. Whether
a message went out is unknown only when the connection was lost between the first byte of its data
and the answer; it is then not tried again, so that nobody gets it twice. A server has ten minutes
for that answer (RFC 5321, 4.5.3.2): it may look for viruses or hand the message on meanwhile.
"""

import re
import smtplib
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from types import TracebackType
from typing import NoReturn, Self, TypeVar

from clv_xl.delivery.header_text import unfit_sign
from clv_xl.delivery.smtp_answers import Answer, Scrubber
from clv_xl.delivery.smtp_connection import TemporaryFault, connect, silence, timed_out
from clv_xl.delivery.smtp_server import SmtpServer
from clv_xl.delivery.transport import Outcome, Receipt, TransportError

PAUSES = (1.0, 5.0, 20.0, 60.0)
"""Seconds before each further try."""
TIMEOUT = 600.0
"""Seconds that the answer to a whole message may take."""
_TO_BEGIN, _TO_COMMANDS = 30.0, 60.0
"""Seconds that answers may take while a connection is opened, and before a message's data."""
_UNREACHED_TRIES = 3
"""How often a server that is gone in the middle is looked for again."""
_AUTHENTICATION = 530
_FAREWELL = 2.0
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_GO_ON, _CLOSING, _TOO_LARGE = 354, 421, 552
_LOWEST_CODE = 100
_TAKEN = range(200, 300)
_REFUSALS = range(400, 600)

T = TypeVar("T")


class _Refused(Exception):  # noqa: N818 - it becomes a receipt
    """The message in hand is refused for good."""


class Smtp:
    """Sends messages through a server.

    Parameters
    ----------
    server
        Which server, how it is encrypted, who signs in.
    pauses
        Seconds before each further try after a temporary refusal or a lost connection.
    timeout
        Seconds that the server may take to confirm a message; nothing before it takes longer.
    sleep
        Waits for so many seconds.
    waiting
        Is told why, before each pause.
    """

    def __init__(
        self,
        server: SmtpServer,
        *,
        pauses: Sequence[float] = PAUSES,
        timeout: float = TIMEOUT,
        sleep: Callable[[float], object] = time.sleep,
        waiting: Callable[[str], object] = lambda _: None,
    ) -> None:
        """Take the server; the connection is opened on entering."""
        self._server = server
        self._pauses = tuple(pauses)
        self._timeout = timeout
        self._sleep = sleep
        self._waiting = waiting
        self._client: smtplib.SMTP | None = None
        self._scrubber = Scrubber()

    def __enter__(self) -> Self:
        """Open the connection and sign in; where nobody listens, no time is spent on waiting."""
        self._connected(unreached=0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say goodbye, and close."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if client.sock is not None:
                client.sock.settimeout(_FAREWELL)
            client.quit()
        except (smtplib.SMTPException, OSError):
            client.close()

    def send(self, message: EmailMessage, to: str) -> Receipt:
        """Send a message to one address, whoever its headers name.

        Raises
        ------
        TransportError
            If the server is gone, or hangs: this message has not gone out.
        """
        unfit = unfit_sign(to)
        if unfit:
            return Receipt(Outcome.REFUSED, f"the address {to!a} holds {unfit}: remove it")
        sender = message["From"].addresses[0].addr_spec
        try:
            return self._patiently(lambda: self._tried(message, sender, to))
        except _Refused as fault:
            return Receipt(Outcome.REFUSED, str(fault))
        except TemporaryFault as fault:
            if fault.silent:
                raise TransportError(f"{fault}; try again later") from None
            tries = len(self._pauses) + 1
            return Receipt(Outcome.REFUSED, f"{fault} (tried {tries} times)")

    def _patiently(self, step: Callable[[], T], *, unreached: int = _UNREACHED_TRIES) -> T:
        """Return what a step gives, tried again after each pause while the fault is temporary.

        A server that says nothing is tried once more, one that cannot even be reached `unreached`
        times.
        """
        silences = 0
        for number, pause in enumerate(self._pauses):
            try:
                return step()
            except TemporaryFault as fault:
                silences += fault.silent
                if silences > 1 or not (fault.reached or number < unreached):
                    raise
                self._waiting(f"{self._server.host}: try {number + 2}")
                self._sleep(pause)
        return step()

    def _connected(self, *, unreached: int = _UNREACHED_TRIES) -> smtplib.SMTP:
        """Return the connection, opened anew where it was lost."""
        if self._client is not None:
            return self._client
        patience = min(_TO_BEGIN, self._timeout)
        try:
            self._client = self._patiently(
                lambda: connect(self._server, patience, self._scrubber), unreached=unreached
            )
        except TemporaryFault as fault:
            raise TransportError(f"{fault}; try again later, or check the server") from None
        return self._client

    def _tried(self, message: EmailMessage, sender: str, to: str) -> Receipt:
        client = self._connected()
        patience = self._wait(client, _TO_COMMANDS)
        try:
            data = self._prepared(client, message, sender, to)
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            silent = timed_out(fault)
            what = silence(patience) if silent else "closed the connection"
            raise TemporaryFault(
                f"{self._server.host} {what} before the message went out",
                reached=True,
                silent=silent,
            ) from None
        return self._given(client, data)

    def _wait(self, client: smtplib.SMTP, most: float) -> float:
        """Let the next answers take so long, and return how long that is."""
        patience = min(most, self._timeout)
        if client.sock is not None:
            client.sock.settimeout(patience)
        return patience

    def _prepared(self, client: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> bytes:
        """Return the data that the server is ready to take."""
        beyond_ascii = not (sender.isascii() and to.isascii()) or _holds_utf8(message)
        if beyond_ascii:
            self._require_utf8(client, sender, to)
        data = message.as_bytes()
        options = ["SMTPUTF8", "BODY=8BITMIME"] if beyond_ascii else []
        if client.has_extn("size"):
            self._check_size(client.esmtp_features["size"], len(data))
            options.append(f"size={len(data)}")
        answer = self._readable(*client.mail(sender, options))
        if answer.code not in _TAKEN:
            self._sender_refused(sender, answer)
        answer = self._readable(*client.rcpt(to))
        if answer.code not in _TAKEN:
            self._refused(answer)
        answer = self._readable(*client.docmd("DATA"))
        if answer.code != _GO_ON:
            self._refused(answer)
        return data

    def _readable(self, code: int, text: bytes) -> Answer:
        """Return an answer; one that is no answer counts as a lost connection."""
        if code < _LOWEST_CODE:
            raise smtplib.SMTPServerDisconnected
        return self._scrubber.answer(code, text)

    def _given(self, client: smtplib.SMTP, data: bytes) -> Receipt:
        """Give the data away; from the first byte to the answer nobody knows what became of it."""
        patience = self._wait(client, self._timeout)
        try:
            client.send(_as_data(data))
            answer = self._scrubber.answer(*client.getreply())
        except (smtplib.SMTPException, OSError) as fault:
            if timed_out(fault):
                words = f"{self._server.host} {silence(patience)} to the message"
                return self._unknown(words, hung=True)
            return self._unknown("the connection was lost before the server answered")
        if answer.code in _TAKEN:
            return Receipt(Outcome.SENT, str(answer))
        if answer.code not in _REFUSALS:
            return self._unknown(f"the server's answer cannot be read: {answer}")
        return self._refused(answer)

    def _unknown(self, words: str, *, hung: bool = False) -> Receipt:
        self._drop()
        return Receipt(Outcome.UNKNOWN, words, hung)

    def _require_utf8(self, client: smtplib.SMTP, sender: str, to: str) -> None:
        if client.has_extn("smtputf8"):
            return
        words = f"{self._server.host} takes no addresses beyond ASCII (it lacks SMTPUTF8)"
        if not sender.isascii():
            raise TransportError(f"{words}: choose another --from than {sender}")
        raise _Refused(f"{words}: {to} needs another address")

    def _check_size(self, stated: str, size: int) -> None:
        if stated.isdecimal() and 0 < int(stated) < size:
            raise _Refused(
                f"the message has {size:,} bytes, {self._server.host} takes {int(stated):,}"
            )

    def _sender_refused(self, sender: str, answer: Answer) -> NoReturn:
        if answer.temporary or answer.code == _TOO_LARGE:
            self._refused(answer)
        mend = ""
        if answer.code == _AUTHENTICATION:
            user = self._server.user or "USER"
            mend = f"; it wants a sign-in: --smtp smtp://{user}@{self._server.host}:{self._server.port}"
        raise TransportError(f"{self._server.host} refuses mail from {sender}: {answer}{mend}")

    def _refused(self, answer: Answer) -> NoReturn:
        """End this try; the connection stays where the server keeps it open."""
        try:
            closing = answer.code == _CLOSING or self._reset() not in _TAKEN
        except (smtplib.SMTPException, OSError):
            closing = True
        if closing:
            self._drop()
        if answer.temporary:
            raise TemporaryFault(str(answer), reached=True)
        raise _Refused(str(answer))

    def _reset(self) -> int:
        return self._client.rset()[0] if self._client is not None else 0

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _as_data(message: bytes) -> bytes:
    """Return a message as DATA takes it: a dot that begins a line is doubled, a lone one ends."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    return _LEADING_DOT.sub(b"..", whole) + b".\r\n"


def _holds_utf8(message: EmailMessage) -> bool:
    """Return whether the headers are to be written beyond ASCII."""
    return bool(getattr(message.policy, "utf8", False))
