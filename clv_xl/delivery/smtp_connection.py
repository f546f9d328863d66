"""A connection to a mail server: opened, encrypted, its certificate checked, signed in.

It never goes on in the open where encryption was asked for, and smtplib's debug output, which
shows passwords, stays off.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from clv_xl.delivery.smtp_answers import Answer, Scrubber, encoded_text, mechanism, plain, xoauth2
from clv_xl.delivery.smtp_server import (
    PASSWORD_VARIABLE,
    TOKEN_VARIABLE,
    SignIn,
    SmtpServer,
    Tls,
    loopback_address,
)
from clv_xl.delivery.transport import TransportError

SIGNED_IN = (235, 503)
_ASKS = 334
_GREETED_AS = "[127.0.0.1]"
"""What the server is told of this machine: its own name is nobody's business."""


class TemporaryFault(Exception):  # noqa: N818 - no error of the user's: it is tried again
    """It did not work now and may a little later.

    `reached` says whether the server spoke, `silent` whether it did not answer in time.
    """

    def __init__(self, words: str, *, reached: bool, silent: bool = False) -> None:
        """Take what happened in words."""
        super().__init__(words)
        self.reached = reached
        self.silent = silent


def timed_out(fault: BaseException) -> bool:
    """Return whether what smtplib raises is that nothing came in time."""
    return isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError)


def connect(server: SmtpServer, timeout: float, scrubber: Scrubber) -> smtplib.SMTP:
    """Return a connection that is ready for messages.

    Parameters
    ----------
    server
        Which server.
    timeout
        Seconds that each answer of the server may take.
    scrubber
        Learns the secret that is sent.

    Raises
    ------
    TemporaryFault
        If the server cannot be reached, or says that it cannot now.
    TransportError
        If it will not work later either: the certificate, the encryption, the sign-in.
    """
    sign_in = server.sign_in()
    if sign_in is not None:
        scrubber.hide(sign_in)
    with _faults_in_words(server, timeout, scrubber):
        client = _opened(server, timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if sign_in is not None:
                _sign_in(client, server, sign_in, scrubber)
        except BaseException:
            client.close()
            raise
    return client


def silence(timeout: float) -> str:
    """Return what is said of a server that has not answered in time."""
    return f"did not answer within {seconds(timeout)}"


def seconds(timeout: float) -> str:
    """Return a length of time in words."""
    return f"{timeout:g} second{'' if timeout == 1 else 's'}"


def _opened(server: SmtpServer, timeout: float) -> smtplib.SMTP:
    """Return a connection, encrypted where it has to be."""
    port, name = server.port, _GREETED_AS
    if server.tls is Tls.NONE:
        address = loopback_address(server)
        if not address:
            raise TransportError(f"{server.host} is not this machine, and nothing is encrypted")
        return _greeted(server, address, timeout)
    trusted = ssl.create_default_context()
    if server.tls is Tls.TLS:
        return smtplib.SMTP_SSL(server.host, port, name, timeout=timeout, context=trusted)
    client = _greeted(server, server.host, timeout)
    try:
        client.starttls(context=trusted)
    except BaseException:
        client.close()
        raise
    return client


def _greeted(server: SmtpServer, address: str, timeout: float) -> smtplib.SMTP:
    """Return a connection in the open; a server that waits to be spoken to first is encrypted."""
    try:
        return smtplib.SMTP(address, server.port, _GREETED_AS, timeout)
    except smtplib.SMTPServerDisconnected as fault:
        if not timed_out(fault):
            raise
        raise TemporaryFault(
            f"{server.host}:{server.port} took the connection and said nothing within "
            f"{seconds(timeout)} (is this a port for --tls tls, as 465 is?)",
            reached=False,
            silent=True,
        ) from None


@contextmanager
def _faults_in_words(server: SmtpServer, timeout: float, scrubber: Scrubber) -> Iterator[None]:
    """Turn what smtplib raises into a sentence; the causes are cut off: they may hold secrets."""
    where = f"{server.host}:{server.port}"
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        raise TransportError(
            f"the certificate of {where} is not trusted ({fault.verify_message}): add the "
            "authority that issued it to the system's trust, or name its file in SSL_CERT_FILE"
        ) from None
    except ssl.SSLError as fault:
        raise TransportError(
            f"no encrypted connection to {where} ({fault.reason or fault}): check port and --tls"
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise TransportError(
            f"{where} does not offer STARTTLS, and nothing is sent in the open: use --tls tls, or "
            "ask who runs the server"
        ) from None
    except smtplib.SMTPResponseException as fault:
        answer = scrubber.answer(fault.smtp_code, fault.smtp_error)
        if answer.temporary:
            raise TemporaryFault(f"{where} answers {answer}", reached=True) from None
        raise TransportError(f"{where} refuses the connection: {answer}") from None
    except (smtplib.SMTPServerDisconnected, TimeoutError) as fault:
        silent = timed_out(fault)
        words = f"{where} {silence(timeout) if silent else 'closed the connection'}"
        raise TemporaryFault(words, reached=not silent, silent=silent) from None
    except (OSError, UnicodeError) as fault:
        words = f"{where} cannot be reached: {getattr(fault, 'strerror', None) or fault}"
        raise TemporaryFault(words, reached=False) from None


def _sign_in(client: smtplib.SMTP, server: SmtpServer, sign_in: SignIn, scrubber: Scrubber) -> None:
    offered = client.esmtp_features.get("auth", "").split()
    way = mechanism(sign_in, offered)
    if way is None:
        wanted = "XOAUTH2 for a token" if sign_in.by_token else "PLAIN or LOGIN for a password"
        raise TransportError(
            f"{server.host} offers no sign-in with {wanted}; it offers "
            f"{scrubber.shown(' '.join(offered)) or 'none'}"
        )
    answer = scrubber.answer(*_asked(client, way, sign_in))
    if answer.code in SIGNED_IN:
        return
    _refuse(server, sign_in, answer)


def _refuse(server: SmtpServer, sign_in: SignIn, answer: Answer) -> None:
    if answer.temporary:
        raise TemporaryFault(f"{server.host} answers {answer}", reached=True)
    variable = TOKEN_VARIABLE if sign_in.by_token else PASSWORD_VARIABLE
    raise TransportError(
        f"{server.host} refuses the sign-in of {sign_in.user} ({answer}): check the user and "
        f"{variable} or the entry in the keyring"
    )


def _asked(client: smtplib.SMTP, way: str, sign_in: SignIn) -> tuple[int, bytes]:
    """Return the answer to a sign-in; smtplib's own would stumble over a password beyond ASCII."""
    if way == "XOAUTH2":
        code, text = client.docmd("AUTH", f"XOAUTH2 {encoded_text(xoauth2(sign_in))}")
        return client.docmd("") if code == _ASKS else (code, text)  # it explains, then refuses
    if way == "PLAIN":
        return client.docmd("AUTH", f"PLAIN {encoded_text(plain(sign_in))}")
    code, text = client.docmd("AUTH", "LOGIN")
    for part in (sign_in.user, sign_in.secret.revealed()):
        if code != _ASKS:
            break
        code, text = client.docmd(encoded_text(part))
    return code, text
