"""Text with delimiters: CSV, TSV, semicolons, pipes, and columns set apart by white space."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from io import StringIO

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools
from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.remarks import Remark
from clv_xl.sources.delimited_body import read_body
from clv_xl.sources.raw_table import (
    RawTable,
    SourceFile,
    TableOptions,
    refuse_too_wide,
    without_blank_rows,
)
from clv_xl.sources.text_encoding import decoded
from clv_xl.sources.vocabulary import HeaderWords

WHITESPACE = r"\s+"
_MARKS = (",", ";", "\t", "|")
_NEARLY_ALL = 0.9
SEMICOLON = Remark("remark.delimiter.semicolon")
_NAMES = {
    ";": SEMICOLON,
    "\t": Remark("remark.delimiter.tab"),
    "|": Remark("remark.delimiter.pipe"),
    WHITESPACE: Remark("remark.delimiter.white_space"),
}
_SPELLINGS = {"tab": "\t", r"\t": "\t", "space": WHITESPACE, " ": WHITESPACE,
              "whitespace": WHITESPACE, "comma": ",", "semicolon": ";", "pipe": "|"}  # fmt: skip
_HEAD_LETTERS = 1_000_000
_HEAD_RECORDS = 60
_HEADER_WITHIN = 20
_DECLARED = re.compile(r'^"?sep=(.)"?\r?\n?', re.IGNORECASE)
_FIELD = re.compile(r'"[^"]*"|\S+')


@dataclass(frozen=True, slots=True)
class _Head:
    """The first records of a text, and the letter at which each of them ends."""

    records: list[list[str]]
    ends: list[int]


def read_delimited(file: SourceFile, options: TableOptions, words: HeaderWords) -> RawTable:
    """Return the table that a text file holds, every cell as text."""
    text, encoding = decoded(file, options.encoding)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    body, told = _without_declaration(text, options)
    delimiter = told or found_delimiter(body[:_HEAD_LETTERS], words)
    head = _head(body[:_HEAD_LETTERS], delimiter)
    at = -1 if options.no_header else _header_at(file, head, words)
    header = tuple(cell.strip() for cell in head.records[at]) if at >= 0 else ()
    width = max(map(len, head.records)) if at < 0 else len(header)
    refuse_too_wide(file.name, width)
    cells = read_body(file.name, body[head.ends[at] if at >= 0 else 0 :], delimiter, width)
    filled = without_blank_rows(cells)
    if not filled.any():
        raise DataError(f"{file.name} has a header but no rows below it")
    skipped_above = len(text[: len(text) - len(body)].splitlines())
    rows = np.arange(len(cells), dtype=np.int64) + at + 2 + skipped_above
    table, overlong = _fitted(cells.loc[filled], width, exact=at >= 0)
    return RawTable(
        source=file.name,
        headers=header or tuple(str(number + 1) for number in range(table.shape[1])),
        cells=table.reset_index(drop=True),
        rows=rows[filled],
        has_header=at >= 0,
        sha256=file.sha256,
        overlong=overlong,
        notes=_notes(encoding, delimiter, options, preamble=_filled_above(head, at)),
    )


def _without_declaration(text: str, options: TableOptions) -> tuple[str, str | None]:
    """Take off the line `sep=;` that tells a spreadsheet the delimiter."""
    declared = _DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    if options.delimiter is not None:
        return body, _spelled(options.delimiter)
    return body, declared.group(1) if declared else None


def _spelled(delimiter: str) -> str:
    found = _SPELLINGS.get(delimiter.lower(), delimiter)
    if found != WHITESPACE and len(found) != 1:
        raise InvalidArgumentError(
            "delimiter", repr(delimiter), "one character, or the word tab or space"
        )
    return found


def found_delimiter(head: str, words: HeaderWords) -> str:
    r"""Return what separates the fields of `head`.

    The delimiter that makes the most column names readable wins, then the one that cuts most
    lines into the same number of fields, then the one that makes more fields. White space is not
    tried where another one cuts nearly all lines alike: it would cut "Order date" in two, and the
    time off a date.

    Examples
    --------
    >>> found_delimiter("a;b;c\n1;2;3,5\n", HeaderWords({}))
    ';'
    """
    scores = {delimiter: _score(head, delimiter, words) for delimiter in _MARKS}
    if not any(
        share >= _NEARLY_ALL and (roles or mark != ",")  # a comma may be a decimal mark
        for mark, (roles, share, _) in scores.items()
    ):
        scores[WHITESPACE] = _score(head, WHITESPACE, words)
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best][2] > 1 else ","


def _score(head: str, delimiter: str, words: HeaderWords) -> tuple[int, float, int]:
    records = [record for record in _head(head, delimiter).records if record]
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return 0, 0.0, 0
    width, lines = widths.most_common(1)[0]
    roles = max(len(words.roles(record)) for record in records[:_HEADER_WITHIN])
    return roles if roles > 1 else 0, round(lines / len(records), 2), width


def _head(text: str, delimiter: str) -> _Head:
    """Cut the first records; a quoted field may run over several lines."""
    lines = list(StringIO(text, newline=""))
    ends = np.cumsum([len(line) for line in lines]).tolist()
    if delimiter == WHITESPACE:
        cut = [
            [field.strip('"') for field in _FIELD.findall(line)] for line in lines[:_HEAD_RECORDS]
        ]
        return _Head(cut, ends[: len(cut)])
    records: list[list[str]] = []
    record_ends: list[int] = []
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for record in reader:
            records.append(record)
            record_ends.append(ends[reader.line_num - 1])
            if len(records) == _HEAD_RECORDS:
                break
    except csv.Error:  # a field longer than any header; the body's reader judges it
        pass
    return _Head(records, record_ends)


def _header_at(file: SourceFile, head: _Head, words: HeaderWords) -> int:
    at = words.header_position(head.records[:_HEADER_WITHIN])
    if at is None:
        raise DataError(f"{file.name} holds no table: its first lines are blank")
    return at


def _filled_above(head: _Head, at: int) -> int:
    return sum(1 for record in head.records[: max(at, 0)] if any(cell.strip() for cell in record))


def _fitted(cells: pd.DataFrame, width: int, *, exact: bool) -> tuple[pd.DataFrame, Bools | None]:
    """Cut the table to its header, and mark the rows that hold more than that."""
    overlong = np.zeros(len(cells), dtype=np.bool_)
    widest = width
    for label in range(width, cells.shape[1]):
        surplus = cells[label].str.strip().ne("").to_numpy(dtype=np.bool_)
        widest = label + 1 if surplus.any() else widest
        overlong |= surplus
    if not exact:
        return cells.iloc[:, :widest], None
    return cells.iloc[:, :width], overlong if overlong.any() else None


def _notes(
    encoding: str, delimiter: str, options: TableOptions, *, preamble: int
) -> tuple[Remark, ...]:
    notes = []
    if options.encoding is None and not encoding.startswith("utf-8"):
        found = encoding.replace("cp125", "windows-125")
        notes.append(Remark("remark.read.encoding", encoding=found))
    if options.delimiter is None and delimiter != ",":
        name = _NAMES.get(delimiter, delimiter)
        notes.append(Remark("remark.read.delimiter", delimiter=name))
    if preamble:
        notes.append(Remark("remark.read.lines_skipped", count=preamble))
    return tuple(notes)
