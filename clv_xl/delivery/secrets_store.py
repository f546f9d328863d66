"""Passwords and tokens: from the environment or the system's keyring, and shown nowhere.

A secret is wrapped as soon as it is read. Its text has to be asked for by name, so that it cannot
slip into a log, an error or a ``repr``.
"""

import os
from dataclasses import dataclass
from types import ModuleType

from clv_xl.delivery.transport import TransportError

SERVICE = "clv_xl"
"""What the entries of the keyring begin with."""
_HIDDEN = "Secret(hidden)"
_END = "."
_PART = 1_000
"""Characters an entry: the credential store of Windows takes 1,280."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that is never shown.

    Examples
    --------
    >>> password = Secret("correct horse")
    >>> print(password, repr(password), f"{password}")
    Secret(hidden) Secret(hidden) Secret(hidden)
    >>> password.revealed() == "correct horse"
    True
    """

    _text: str

    def __repr__(self) -> str:
        """Hide the text."""
        return _HIDDEN

    def __str__(self) -> str:
        """Hide the text."""
        return _HIDDEN

    def __reduce__(self) -> str:
        """Refuse to be written into a file."""
        raise TypeError("a secret is not written anywhere")

    def revealed(self) -> str:
        """Return the text, for the one who hands it to the server."""
        return self._text


def from_environment(name: str) -> Secret | None:
    """Return a secret from an environment variable, None where it is unset or empty."""
    text = os.environ.get(name, "")
    return Secret(text) if text else None


def service_name(host: str) -> str:
    """Return the name under which the keyring holds the passwords of a server.

    Examples
    --------
    >>> service_name("smtp.example.org")
    'clv_xl:smtp.example.org'
    """
    return f"{SERVICE}:{host}"


def from_keyring(service: str, user: str) -> Secret | None:
    """Return a secret from the system's keyring, None where there is none, or no keyring."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        text = keyring.get_password(service, user)
    except keyring.errors.KeyringError:
        return None
    return Secret(text) if text else None


def keep_in_keyring(service: str, user: str, secret: Secret) -> None:
    """Keep a secret in the system's keyring, in parts where it is long.

    Raises
    ------
    TransportError
        If there is no keyring, or it refuses.
    """
    keyring = _keyring()
    if keyring is None:
        raise TransportError(
            "the sign-in cannot be kept: install the keyring with pip install 'clv-xl[mail]'"
        )
    text = secret.revealed()
    parts = [f"+{text[start : start + _PART]}" for start in range(0, len(text), _PART)]
    try:
        for number, part in enumerate([*parts, _END]):  # the last parts of a longer one may follow
            keyring.set_password(service, f"{user}#{number}", part)
    except keyring.errors.KeyringError:
        raise TransportError(
            "the sign-in cannot be kept: this system has no keyring that is open; unlock or "
            "install one"
        ) from None


def kept_in_keyring(service: str, user: str) -> Secret | None:
    """Return what `keep_in_keyring` kept, None where there is nothing."""
    parts: list[str] = []
    while (part := from_keyring(service, f"{user}#{len(parts)}")) is not None:
        if part.revealed() == _END:
            break
        parts.append(part.revealed().removeprefix("+"))
    return Secret("".join(parts)) if parts else None


def _keyring() -> ModuleType | None:
    try:
        import keyring  # noqa: PLC0415 - an extra, and slow to import
        import keyring.errors  # noqa: PLC0415 - likewise
    except ImportError:
        return None
    return keyring
