"""Which server takes the messages, how the way there is kept private, and who signs in."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from clv_xl.delivery.secrets_store import (
    Secret,
    from_environment,
    from_keyring,
    service_name,
)
from clv_xl.delivery.transport import TransportError
from clv_xl.errors import InvalidArgumentError

PASSWORD_VARIABLE = "CLV_XL_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN_VARIABLE = "CLV_XL_SMTP_TOKEN"  # noqa: S105 - likewise


class Tls(StrEnum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"
    """Begins in the open and must turn encrypted before anything is said."""
    TLS = "tls"
    """Encrypted from the first byte."""
    NONE = "none"
    """Not encrypted: to this machine alone."""


PORTS = {Tls.STARTTLS: 587, Tls.TLS: 465, Tls.NONE: 25}


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a user proves who they are with: a password, or an OAuth 2 token."""

    user: str
    secret: Secret
    by_token: bool = False


def no_sign_in() -> SignIn | None:
    """Return that nobody signs in."""
    return None


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server.

    Parameters
    ----------
    host, port
        Where it listens.
    tls
        How the connection is encrypted.
    user
        Who signs in; empty: nobody.
    sign_in
        Asked for the secret whenever a connection is opened, so that a token that runs out is
        replaced by a fresh one.
    """

    host: str
    port: int
    tls: Tls = Tls.STARTTLS
    user: str = ""
    sign_in: Callable[[], SignIn | None] = field(default=no_sign_in, repr=False, compare=False)


def smtp_server(
    address: str, tls: str = Tls.STARTTLS, token: Callable[[], Secret] | None = None
) -> SmtpServer:
    """Return the server of an address.

    Parameters
    ----------
    address
        ``smtp://[user@]host[:port]``; a password in it is refused.
    tls
        ``starttls``, ``tls`` or ``none``; `none` is taken for this machine alone.
    token
        Gives the OAuth 2 token of the user; None: the password or token is read from the
        environment (``CLV_XL_SMTP_PASSWORD``, ``CLV_XL_SMTP_TOKEN``) or the system's keyring.

    Examples
    --------
    >>> server = smtp_server("smtp://reports@smtp.example.org")
    >>> server.host, server.port, server.user, str(server.tls)
    ('smtp.example.org', 587, 'reports', 'starttls')
    """
    if tls not in set(Tls):
        raise InvalidArgumentError("tls", tls, "starttls, tls or none")
    host, port, user = _parts(address)
    way = Tls(tls)
    server = SmtpServer(host, port or PORTS[way], way, user)
    if way is Tls.NONE and not loopback_address(server):
        raise InvalidArgumentError(
            "tls",
            tls,
            f"starttls or tls for {host}: without encryption mail goes to this machine alone "
            "(127.0.0.1, ::1)",
        )
    if not user:
        return server
    return SmtpServer(host, server.port, way, user, _asking(host, user, token))


def _parts(address: str) -> tuple[str, int | None, str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.password is not None:
        raise InvalidArgumentError(
            "smtp",
            f"smtp://{parts.username}:…@{host}",
            f"without a password: put it into {PASSWORD_VARIABLE} or the system's keyring",
        )
    whole = parts.scheme == "smtp" and host and not parts.path.strip("/")
    if not whole or parts.query or parts.fragment or (port is not None and port < 1):
        shown = address if "@" not in address else f"…@{address.rpartition('@')[2]}"
        raise InvalidArgumentError("smtp", repr(shown), "smtp://[user@]host[:port]")
    return str(host), port, unquote(parts.username or "")


def _asking(
    host: str, user: str, token: Callable[[], Secret] | None
) -> Callable[[], SignIn | None]:
    if token is not None:
        return lambda: SignIn(user, token(), by_token=True)
    return lambda: stored_sign_in(host, user)


def stored_sign_in(host: str, user: str) -> SignIn:
    """Return how a user signs in: a token or password of the environment, else of the keyring.

    Raises
    ------
    TransportError
        If there is neither.
    """
    token = from_environment(TOKEN_VARIABLE)
    if token is not None:
        return SignIn(user, token, by_token=True)
    password = from_environment(PASSWORD_VARIABLE) or from_keyring(service_name(host), user)
    if password is None:
        raise TransportError(
            f"there is no password for {user} at {host}: set {PASSWORD_VARIABLE}, or keep it with "
            f"keyring set {service_name(host)} {user}"
        )
    return SignIn(user, password)


def loopback_address(server: SmtpServer) -> str:
    """Return the numeric address of a server on this machine, empty for any other.

    The connection goes to this very address: a name could lead elsewhere when it is asked again.
    """
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    addresses = [str(entry[4][0]) for entry in found]
    here = all(ipaddress.ip_address(address).is_loopback for address in addresses)
    return addresses[0] if addresses and here else ""
