"""Bytes to text: which encoding a text file has, and whether it is text at all."""

import codecs
import re
from collections import Counter

from charset_normalizer import from_bytes

from clv_xl.errors import SourceError
from clv_xl.sources.raw_table import SourceFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets save outside Unicode; guessing among more only guesses worse.
_PAGES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"]
# The pages of Latin script share most bytes: the letters of their languages tell them apart.
_LETTERS = {
    "cp1252": (
        "äöüß", "àâæçéèêëîïôœùûü", "áéíñóúü", "ãõáâàçéêíóôú", "àèéìòù", "åäöé", "æøå", "ëïéèö",
        "áðéíóúýþæö",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž"),
    "cp1254": ("çğıöşü",),
}  # fmt: skip
_WESTERN_IS_LIKELIER = 0.2
_SIGNS = "€£°«»“”„‘’–—…·§©®´\u00a0"
_SAMPLE = 60_000
_BEYOND_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")


def decoded(file: SourceFile, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of `file` and the encoding it has, found unless given.

    Examples
    --------
    >>> decoded(SourceFile(name="a.csv", data="é".encode()))
    ('é', 'utf-8')
    """
    if encoding is not None:
        return _as_told(file, encoding), encoding
    for mark, name in _MARKS:
        if file.data.startswith(mark):
            return _strict(file, name), name
    if b"\x00" in file.data:
        return _without_mark(file)
    try:
        return file.data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        name = _likeliest(file.data)
        return file.data.decode(name, errors="replace"), name


def _as_told(file: SourceFile, encoding: str) -> str:
    try:
        return file.data.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise SourceError(
            f"{encoding} is no known encoding; try utf-8, utf-16 or windows-1252"
        ) from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{file.name} is not written in {encoding}: byte {error.start + 1} does not fit; "
            "leave --encoding out to have it found"
        ) from None


def _strict(file: SourceFile, encoding: str) -> str:
    try:
        return file.data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{file.name} begins as {encoding.upper()} text but is damaged at byte "
            f"{error.start + 1}: export it again"
        ) from None


def _without_mark(file: SourceFile) -> tuple[str, str]:
    """Read UTF-16 that lacks its mark: in western text every second byte is NUL."""
    head = file.data[:4000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most = 0.4 * len(head) / 2
    if len(file.data) % 2 == 0 and min(even, odd) == 0 and max(even, odd) > most:
        encoding = "utf-16-le" if odd else "utf-16-be"
        return _strict(file, encoding), encoding
    position = file.data.index(0) + 1
    raise SourceError(
        f"{file.name} is not a text file: it holds NUL bytes (the first at byte {position}); "
        "save it as CSV (UTF-8) or as .xlsx"
    )


def _likeliest(data: bytes) -> str:
    """Judge the lines that are not plain ASCII; the rest says nothing about the encoding."""
    sample, size = [], 0
    for line in _BEYOND_ASCII.finditer(data):
        sample.append(line.group())
        size += len(line.group())
        if size > _SAMPLE:
            break
    evidence = b"\n".join(sample)[:_SAMPLE]
    best = from_bytes(evidence, cp_isolation=_PAGES).best()
    if best is not None and best.encoding not in _LETTERS:
        return best.encoding
    return max(_LETTERS, key=lambda page: _latin_score(evidence, page))


def _latin_score(evidence: bytes, page: str) -> float:
    """Return how well the letters beyond ASCII fit the languages that `page` is made for."""
    text = evidence.decode(page, errors="replace").lower()
    beyond = Counter(letter for letter in text if letter > "\x7f" and letter not in _SIGNS)
    total = max(beyond.total(), 1)
    fits = [sum(beyond[letter] for letter in language) for language in _LETTERS[page]]
    together = sum(beyond[letter] for letter in set("".join(_LETTERS[page])))
    return (max(fits) + together) / total + (_WESTERN_IS_LIKELIER if page == "cp1252" else 0)
