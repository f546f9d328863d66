"""The outbox: each message is a file that any mail program opens. Nothing leaves the machine."""

import hashlib
import os
import unicodedata
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from clv_xl.delivery.transport import Outcome, Receipt, TransportError
from clv_xl.errors import SourceError
from clv_xl.workbooks.safe_file import replacing

_LONGEST = 150
"""Bytes: a name may have 255 on most systems, and a hash, a number and the ending follow."""
_PRIVATE = 0o700


class Outbox:
    """Writes messages into a folder, a file each, whole or not at all.

    Parameters
    ----------
    folder
        Where to; it is made where it is missing, for its owner alone.
    period
        The period of the report, for the names of the files.
    """

    def __init__(self, folder: Path, period: str) -> None:
        """Take the folder and the period."""
        self._folder = folder
        self._period = period

    def __enter__(self) -> Self:
        """Make the folder."""
        try:
            self._folder.mkdir(mode=_PRIVATE, exist_ok=True)
        except FileNotFoundError:
            raise TransportError(
                f"there is no folder {self._folder.parent} to make the outbox in"
            ) from None
        except OSError as fault:
            raise TransportError(
                f"the outbox {self._folder} cannot be made: {fault.strerror}"
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the folder as it is."""

    def send(self, message: EmailMessage, to: str) -> Receipt:
        """Write a message; another one of this name that differs stays beside it."""
        data = message.as_bytes()
        path = self._free(file_name(self._period, to), data)
        try:
            with replacing(path) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except SourceError as fault:
            raise TransportError(str(fault)) from None
        except OSError as fault:
            raise TransportError(
                f"{path} cannot be written: {fault.strerror}; nothing of it is left"
            ) from None
        return Receipt(Outcome.SENT, str(path))

    def _free(self, name: str, data: bytes) -> Path:
        """Return where the message goes: where it lies already, or where nothing lies yet."""
        for number in count(1):
            path = self._folder / (f"{name}.eml" if number == 1 else f"{name} ({number}).eml")
            if not path.exists() or _holds(path, data):
                return path
        raise AssertionError


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def file_name(period: str, address: str) -> str:
    """Return a file's name without its ending, safe on every system.

    Where signs had to be replaced, a few letters of a hash tell two such addresses apart.

    Examples
    --------
    >>> file_name("2026-03", "ada@example.org")
    '2026-03 ada@example.org'
    >>> file_name("2026-03", "../Ada@example.org")
    '2026-03 ada@example.org f69ce145'
    """
    written = f"{period} {address}"
    safe = "".join(_safe(sign) for sign in unicodedata.normalize("NFC", address).casefold())
    name = f"{''.join(_safe(sign) for sign in period)} {safe.lstrip('._- ') or '_'}"
    short = name.encode()[:_LONGEST].decode(errors="ignore").rstrip(". ")
    if short == written:
        return short
    return f"{short} {hashlib.sha256(written.encode()).hexdigest()[:8]}"


def _safe(sign: str) -> str:
    return sign if sign.isalnum() or sign in "@._-+" else "_"
