"""The name of an attachment: what it is, of whom and when; safe on every system."""

import re
import unicodedata
from dataclasses import dataclass

ENDING = ".xlsx"
LONGEST_NAME = 120
LONGEST_BYTES = 200
"""Bytes of the name in UTF-8; file systems end at 255, and programs put something before it."""
_NO_NAME = "report"
_SEPARATORS = re.compile(r'[<>:"/\\|?*\s]+')
_DOTS = re.compile(r"\.{2,}")
_OUTSIDE = " .-~$"
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)

_BETWEEN, _CUT_MARK = " - ", "…"


@dataclass(frozen=True, slots=True)
class _Room:
    """How long a text may be, in letters and in bytes of UTF-8."""

    letters: int
    bytes: int

    def holds(self, text: str) -> bool:
        return len(text) <= self.letters and len(text.encode()) <= self.bytes

    def without(self, text: str) -> "_Room":
        return _Room(self.letters - len(text), self.bytes - len(text.encode()))


_ROOM = _Room(LONGEST_NAME - len(ENDING), LONGEST_BYTES - len(ENDING))
_HALF = _Room(_ROOM.letters // 2, _ROOM.bytes // 2)


def file_name(*parts: str) -> str:
    r"""Return a file name made of some texts, without anything that leads out of a folder.

    Where all of it is too long, the last text, which says when, stays, and those before it are cut
    at a word.

    Letters of every script stay. Path separators, control and formatting characters (such as those
    that turn the reading direction) go, names that Windows keeps for devices get a line before
    them.

    Examples
    --------
    >>> file_name("CLV report", "Café ../x", "2024-Q1")
    'CLV report - Café ---x - 2024-Q1.xlsx'
    >>> file_name("CON"), file_name("\u202ecod.exe. "), file_name("/")
    ('_CON.xlsx', 'cod.exe.xlsx', 'report.xlsx')
    """
    cleaned = [part for part in map(_cleaned, parts) if part]
    end = f"{_BETWEEN}{_cut(cleaned.pop(), _HALF)}" if len(cleaned) > 1 else ""
    start = _cut(_BETWEEN.join(cleaned), _ROOM.without(end))
    stem = f"{start}{end}".rstrip(_OUTSIDE) or _NO_NAME
    if stem.partition(".")[0].strip().casefold() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}{ENDING}"


def _cleaned(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    spaced = _SEPARATORS.sub(_in_place, composed)
    kept = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C")
    return _DOTS.sub("--", kept).strip(_OUTSIDE)


def _in_place(found: re.Match[str]) -> str:
    return " " if found[0].isspace() else "-"


def _cut(text: str, room: _Room) -> str:
    """Return as much of a text as fits, cut at a word where one ends in its second half."""
    if room.holds(text):
        return text
    most = room.without(_CUT_MARK)
    cut = text[: most.letters].encode()[: most.bytes].decode("utf-8", "ignore")
    word = cut.rpartition(" ")[0]
    return f"{(word if len(word) * 2 > len(cut) else cut).rstrip(_OUTSIDE)}{_CUT_MARK}"
