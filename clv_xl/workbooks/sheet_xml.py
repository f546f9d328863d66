"""The XML text of a sheet: cell references, escaped texts, rows, and ranges that grow.

Rows are rendered a chunk at a time from one template per chunk, so that a table of a million rows
costs no more memory than a few thousand of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Bools
from clv_xl.errors import InvalidArgumentError

# What XML 1.0 cannot hold, and the carriage return, which XML readers turn into a line feed.
_CONTROLS = r"\x01-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
_CONTROL = re.compile(rf"[\0{_CONTROLS}]")
# A text that looks like an escape, or will once the control character after it is one: its first
# underline is escaped, so that it is read as written.
_LOOKS_ESCAPED = re.compile(rf"_(?=x[0-9A-Fa-f]{{4}}[_\0{_CONTROLS}])")
# Texts joined by NUL that the short way of `string_items` would damage.
_NEEDS_CARE = re.compile(rf"[{_CONTROLS}]|_x[0-9A-Fa-f]{{4}}_|(?:^|\0)\s|\s(?:\0|$)")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cells:
    """The cells of one column: numbers, or numbers of shared strings, one a row."""

    letters: str
    style: str
    numbers: NDArray[np.int64] | NDArray[np.float64]
    blank: Bools | None = None
    shared: bool = False

    def rendered(self, start: int, stop: int) -> tuple[str, list[Any]]:
        """Return the cell's template (two slots: row, content) and the contents of some rows."""
        style = f' s="{self.style}"' if self.style else ""
        kind = ' t="s"' if self.shared else ""
        contents: list[Any] = self.numbers[start:stop].tolist()
        if self.blank is None or not (blank := self.blank[start:stop]).any():
            return f'<c r="{self.letters}%s"{style}{kind}><v>%s</v></c>', contents
        tails = [
            "/>" if empty else f"{kind}><v>{content}</v></c>"
            for content, empty in zip(contents, blank.tolist(), strict=True)
        ]
        return f'<c r="{self.letters}%s"{style}%s', tails


def rows_xml(first_row: int, start: int, stop: int, cells: Sequence[Cells], attributes: str) -> str:
    """Return the rows `start` to `stop` of a table whose first row is the sheet's `first_row`.

    Examples
    --------
    >>> price = Cells(letters="B", style="3", numbers=np.array([9.5, 20.0]))
    >>> rows_xml(2, 0, 1, [price], "")
    '<row r="2"><c r="B2" s="3"><v>9.5</v></c></row>'
    """
    rows = [str(first_row + offset) for offset in range(start, stop)]
    rendered = [column.rendered(start, stop) for column in cells]
    escaped = attributes.replace("%", "%%")
    template = f'<row r="%s"{escaped}>{"".join(text for text, _ in rendered)}</row>'
    slots = chain.from_iterable((rows, contents) for _, contents in rendered)
    return "".join(map(template.__mod__, zip(rows, *slots, strict=True)))


def string_items(texts: Sequence[str]) -> str:
    """Return texts as items of the shared strings.

    Examples
    --------
    >>> string_items(["A & B", " x", "_x0041_"])
    '<si><t>A &amp; B</t></si><si><t xml:space="preserve"> x</t></si><si><t>_x005F_x0041_</t></si>'
    """
    if not texts:
        return ""
    joined = "\0".join(texts)
    if joined.count("\0") >= len(texts) or _NEEDS_CARE.search(joined):
        return "".join(map(_string_item, texts))
    return f"<si><t>{_marked_up(joined)}</t></si>".replace("\0", "</t></si><si><t>")


def _string_item(text: str) -> str:
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<si><t{space}>{cell_text(text)}</t></si>"


def cell_text(text: str) -> str:
    """Return a text as the XML of a cell writes it.

    Examples
    --------
    >>> cell_text("A & B, _x0041_")
    'A &amp; B, _x005F_x0041_'
    """
    plain = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", _marked_up(plain))


def _marked_up(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def column_letters(position: int) -> str:
    """Return the letters of the column at `position`, the first being 1.

    Examples
    --------
    >>> column_letters(1), column_letters(28), column_letters(16_384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


@cache
def column_position(letters: str) -> int:
    """Return the position of a column, the first being 1.

    Examples
    --------
    >>> column_position("AB")
    28
    """
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - 64
    return position


@dataclass(frozen=True, slots=True)
class TableRange:
    """Where a table lies on its sheet, header row included."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int

    @classmethod
    def parsed(cls, reference: str) -> "TableRange":
        """Return the range that a reference such as ``A1:C2`` names."""
        parts = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", reference)
        if parts is None:
            raise InvalidArgumentError("the table's range", reference, "like A1:C2")
        left, top, right, bottom = parts.groups()
        return cls(column_position(left), int(top), column_position(right), int(bottom))

    @property
    def letters(self) -> list[str]:
        """The letters of every column."""
        return [column_letters(c) for c in range(self.first_column, self.last_column + 1)]

    def reference(self, last_row: int, absolute: str = "") -> str:
        """Return the reference of the table once it ends at `last_row`."""
        left, right = column_letters(self.first_column), column_letters(self.last_column)
        first = f"{absolute}{left}{absolute}{self.first_row}"
        return f"{first}:{absolute}{right}{absolute}{last_row}"


@dataclass(frozen=True, slots=True)
class SheetParts:
    """A sheet's XML, cut where the rows of the big table go."""

    before: str
    after: str
    attributes: str
    styles: list[str]

    @classmethod
    def cut(cls, xml: str, table: TableRange, last_row: int) -> "SheetParts":
        """Cut a sheet at the table's one data row, and widen its dimension to `last_row`."""
        row = re.search(
            rf'<row r="{table.last_row}"(?P<attributes>[^>]*?)(?:/>|>(?P<cells>.*?)</row>)',
            xml,
            re.DOTALL,
        )
        if row is None or "<row " in xml[row.end() :]:
            expected = f"written as the sheet's last row ({table.last_row})"
            raise InvalidArgumentError("the table's one data row", "another layout", expected)
        cells = row["cells"] or ""
        found = dict(re.findall(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?', cells))
        before = re.sub(
            r'(<dimension ref="[A-Z]+\d+:[A-Z]+)\d+"', rf'\g<1>{last_row}"', xml[: row.start()]
        )
        attributes = re.sub(r' spans="[^"]*"', "", row["attributes"])
        styles = [found.get(letters, "") for letters in table.letters]
        return cls(before, xml[row.end() :], attributes, styles)
