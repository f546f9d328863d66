"""Whose mail it is and which way it goes: from the command line, or from the user's own settings.

A workbook is never asked: one that came by mail could name a server of its sender's.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from clv_xl.delivery.addresses import UnusableAddressError, address
from clv_xl.delivery.header_text import header_text
from clv_xl.delivery.message import Sender
from clv_xl.delivery.microsoft365 import Application, microsoft365_server
from clv_xl.delivery.outlook import OutlookDrafts
from clv_xl.delivery.smtp import TIMEOUT, Smtp
from clv_xl.delivery.smtp_server import Tls, smtp_server
from clv_xl.delivery.transport import Transport
from clv_xl.errors import InvalidArgumentError, SourceError, listed

TENANT = "organizations"
_TEXTS = ("from", "contact", "smtp", "tls", "microsoft365", "tenant")
_KEYS = (*_TEXTS, "timeout", "outlook", "allow_domains")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way out; one of `smtp`, `microsoft365` and `outlook`.

    Parameters
    ----------
    smtp, tls
        ``smtp://[user@]host[:port]``, and its encryption.
    microsoft365, tenant
        Client id of the application registered with Microsoft 365, and its tenant.
    outlook
        Whether drafts are left in Outlook.
    timeout
        Seconds that a server may take to confirm a message.
    """

    smtp: str = ""
    tls: str = Tls.STARTTLS
    microsoft365: str = ""
    tenant: str = TENANT
    outlook: bool = False
    timeout: float = TIMEOUT

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the ways that are named."""
        ways = {"smtp": self.smtp, "microsoft365": self.microsoft365, "outlook": self.outlook}
        return tuple(name for name, said in ways.items() if said)

    def transport(
        self, sender: str, waiting: Callable[[str], object] = lambda _: None
    ) -> Transport:
        """Return the transport; nothing is connected yet.

        Parameters
        ----------
        sender
            Address of the sender, who signs in to Microsoft 365.
        waiting
            Is told what is waited for.
        """
        if self.outlook:
            return OutlookDrafts()
        if self.smtp:
            server = smtp_server(self.smtp, self.tls)
        else:
            server = microsoft365_server(Application(self.microsoft365, self.tenant), sender)
        return Smtp(server, timeout=self.timeout, waiting=waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """What a user has settled once: whose mail it is, which way it goes, and to which domains."""

    sender: Sender
    way: Way
    allow_domains: tuple[str, ...] = ()


def sender_of(said: str, contact: str = "", argument: str = "sender") -> Sender:
    """Return the sender that ``a@b.lv`` or ``Name <a@b.lv>`` means.

    Parameters
    ----------
    said
        The words.
    contact
        Whom a reader may ask; empty: the sender.
    argument
        What an error calls the words.

    Examples
    --------
    >>> sender_of("Reports team <reports@example.org>").name
    'Reports team'
    """
    header_text(argument, said)
    header_text("contact", contact)
    found = getaddresses([said])
    name, email = found[0] if len(found) == 1 else ("", "")
    return Sender(mail_address(email, argument, said), name, contact)


def mail_address(email: str, argument: str, said: str = "") -> str:
    """Return an address as mail servers compare it, or say which argument holds none."""
    try:
        return address(email)
    except UnusableAddressError as fault:
        raise InvalidArgumentError(
            argument, ascii(said or email), f"one address such as reports@example.org: {fault}"
        ) from None


def settings_file() -> Path:
    """Return where the settings of this user are."""
    return user_config_path("clv_xl", appauthor=False) / "mail.toml"


def mail_settings(path: Path) -> MailSettings | None:
    """Return the settings in a file, None where there is none.

    Raises
    ------
    ClvError
        If the file holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as fault:
        raise SourceError(f"{path} cannot be read: {fault}") from None
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SourceError(f"{path} is not valid TOML: {fault}") from None
    _check(said, path)
    way = Way(**{key: said[key] for key in said if key not in {"from", "contact", "allow_domains"}})
    if len(way.chosen) != 1:
        raise SourceError(
            f"{path} must name one of smtp, microsoft365 and outlook, and names "
            f"{listed(way.chosen)}"
        )
    return MailSettings(
        sender=sender_of(said["from"], said.get("contact", ""), f"from in {path.name}"),
        way=way,
        allow_domains=tuple(said.get("allow_domains", ())),
    )


def _check(said: Mapping[str, Any], path: Path) -> None:
    """Refuse what is no setting, or no text where one is wanted."""
    other = sorted(said.keys() - set(_KEYS))
    if other:
        raise SourceError(
            f"{path} holds {listed(other)}, which is no setting: there are {listed(_KEYS)}; a "
            "password belongs into the keyring"
        )
    if "from" not in said:
        raise SourceError(f"{path} must say whose mail it is: from = 'Name <address>'")
    for key, value in said.items():
        right = {
            "outlook": isinstance(value, bool),
            "allow_domains": _are_texts(value),
            "timeout": type(value) in {int, float} and value > 0,
        }
        if not right.get(key, isinstance(value, str)):
            raise SourceError(f"{path}: {key} cannot be {value!r}")


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
