"""What a mail server answers, made fit to be shown: short, on one line, without a secret."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field

from clv_xl.delivery.smtp_server import SignIn

_LONGEST = 300
_SCRUBBED = "[hidden]"


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply code, and its text as it may be shown."""

    code: int
    text: str

    def __str__(self) -> str:
        """Return code and text."""
        return f"{self.code} {self.text}".strip()

    @property
    def temporary(self) -> bool:
        """Whether the server may say otherwise later (4xx)."""
        return self.code // 100 == 4  # noqa: PLR2004 - the class of RFC 5321


@dataclass(slots=True)
class Scrubber:
    """Takes the secrets of a sign-in, and everything they were sent as, out of answers."""

    _hidden: list[str] = field(default_factory=list, repr=False)

    def hide(self, sign_in: SignIn) -> None:
        """Hide the secret of a sign-in from now on."""
        secret = sign_in.secret.revealed()
        forms = [secret, xoauth2(sign_in), plain(sign_in)]
        encoded = [encoded_text(form) for form in forms]
        known = {*self._hidden, *forms, *encoded, *(text.rstrip("=") for text in encoded)}
        self._hidden = sorted((text for text in known if text), key=len, reverse=True)

    def answer(self, code: int, text: bytes | str) -> Answer:
        """Return a reply as it may be shown."""
        return Answer(code, self.shown(text))

    def shown(self, text: bytes | str) -> str:
        """Return a text on one line, without secrets, cut off where it is too long."""
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        for secret in self._hidden:
            said = said.replace(secret, _SCRUBBED)
        line = "".join(sign if sign.isprintable() else " " for sign in said)
        words = " ".join(line.split())
        return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def encoded_text(text: str) -> str:
    """Return a text in base64, as a sign-in is sent."""
    return base64.b64encode(text.encode()).decode("ascii")


def plain(sign_in: SignIn) -> str:
    """Return user and password as the mechanism PLAIN has them (RFC 4616)."""
    return f"\0{sign_in.user}\0{sign_in.secret.revealed()}"


def xoauth2(sign_in: SignIn) -> str:
    """Return user and token as the mechanism XOAUTH2 has them."""
    return f"user={sign_in.user}\1auth=Bearer {sign_in.secret.revealed()}\1\1"


def mechanism(sign_in: SignIn, offered: Iterable[str]) -> str | None:
    """Return how to sign in, among what the server offers; None: there is no way."""
    wanted = ("XOAUTH2",) if sign_in.by_token else ("PLAIN", "LOGIN")
    known = {name.upper() for name in offered}
    return next((name for name in wanted if name in known), None)
