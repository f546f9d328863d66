"""The name of an attachment: what it is, of whom and when; safe on every system."""

import re
import unicodedata

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


def file_name(*parts: str) -> str:
    r"""Return a file name made of some texts, without anything that leads out of a folder.

    Letters of every script stay. Path separators, control and formatting characters (such as those
    that turn the reading direction) go, names that Windows keeps for devices get a line before
    them, and what is too long is cut.

    Examples
    --------
    >>> file_name("CLV report", "Café ../x", "2024-Q1")
    'CLV report - Café ---x - 2024-Q1.xlsx'
    >>> file_name("CON"), file_name("\u202ecod.exe. "), file_name("/")
    ('_CON.xlsx', 'cod.exe.xlsx', 'report.xlsx')
    """
    cleaned = [_cleaned(part) for part in parts]
    stem = _cut(" - ".join(part for part in cleaned if part)).rstrip(_OUTSIDE) or _NO_NAME
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


def _cut(stem: str) -> str:
    """Return as much of a name as fits, without half a letter at its end."""
    cut = stem[: LONGEST_NAME - len(ENDING)]
    return cut.encode()[: LONGEST_BYTES - len(ENDING)].decode("utf-8", "ignore")
