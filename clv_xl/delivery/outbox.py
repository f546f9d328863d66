"""The outbox: each message is a file that any mail program opens. Nothing leaves the machine."""

import hashlib
import os
import unicodedata
from collections.abc import Mapping
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from clv_xl.delivery.transport import DELIVERY_HEADER, Outcome, Receipt, TransportError
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
    reports
        By address what tells its report from others, for the names of the files.
    """

    def __init__(self, folder: Path, period: str, reports: Mapping[str, str] | None = None) -> None:
        """Take the folder, the period and the reports."""
        self._folder = folder
        self._period = period
        self._reports = reports or {}

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
        """Write a message: over our own older one of the same delivery, beside any other file."""
        data = message.as_bytes()
        name = file_name(self._period, to, self._reports.get(to, ""))
        path = self._place(name, data, str(message[DELIVERY_HEADER] or ""))
        replaced = path.exists() and not _holds(path, data)
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
        return Receipt(Outcome.SENT, str(path), replaced=replaced)

    def _place(self, name: str, data: bytes, mark: str) -> Path:
        """Return where the message goes: where it or its forerunner lies, or nothing lies yet."""
        for number in count(1):
            path = self._folder / (f"{name}.eml" if number == 1 else f"{name} ({number}).eml")
            if not path.exists() or _holds(path, data) or (mark and _mark_of(path) == mark):
                return path
        raise AssertionError


def _mark_of(path: Path) -> str:
    """Return the mark of a message in a file; empty where it is no message of ours."""
    try:
        with path.open("rb") as file:
            return str(BytesHeaderParser().parse(file)[DELIVERY_HEADER] or "")
    except OSError:
        return ""


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def file_name(period: str, address: str, report: str = "") -> str:
    """Return a file's name without its ending, safe on every system.

    Where signs had to be replaced, a few letters of a hash tell two such names apart.

    Examples
    --------
    >>> file_name("2026-03", "ada@example.org", "Shop A")
    '2026-03 ada@example.org Shop A'
    >>> file_name("2026-03", "ada@example.org")
    '2026-03 ada@example.org'
    >>> file_name("2026-03", "../Ada@example.org")
    '2026-03 ada@example.org f69ce145'
    """
    written = " ".join(text for text in (period, address, report) if text)
    to = "".join(_safe(sign) for sign in unicodedata.normalize("NFC", address).casefold())
    label = "".join(_safe(sign, also=" ") for sign in unicodedata.normalize("NFC", report))
    parts = ["".join(_safe(sign) for sign in period), to.lstrip("._- ") or "_", label.strip()]
    name = " ".join(part for part in parts if part)
    short = name.encode()[:_LONGEST].decode(errors="ignore").rstrip(". ")
    if short == written:
        return short
    return f"{short} {hashlib.sha256(written.encode()).hexdigest()[:8]}"


def _safe(sign: str, also: str = "") -> str:
    return sign if sign.isalnum() or sign in "@._-+" or (sign and sign == also) else "_"
