"""A table whose cells somebody else has read: from a workbook that is open in its own program."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from clv_xl.errors import DataError
from clv_xl.sources.raw_table import (
    RawTable,
    cell_text,
    columns_of,
    refuse_too_wide,
    without_blank_rows,
)
from clv_xl.sources.vocabulary import HeaderWords

_HEADER_WITHIN = 20


def open_table(
    records: Sequence[Sequence[Any]],
    source: str,
    words: HeaderWords,
    *,
    first_row: int = 1,
    has_header: bool | None = None,
) -> RawTable:
    """Return records of cells as a table.

    Parameters
    ----------
    records
        The rows, the header among them: numbers, texts, dates, None for a blank cell.
    source
        What messages call the table.
    words
        What tells the header row from the rows above it.
    first_row
        The sheet's row in which the records begin.
    has_header
        Whether the first record is the header; None: it may stand some rows below.
    """
    at = _header_position(records, words) if has_header is None else int(has_header) - 1
    header = [cell_text(cell).strip() for cell in records[at]] if at >= 0 else []
    while header and not header[-1]:
        header.pop()
    body = records[at + 1 :]
    width = len(header) or max(map(len, body), default=0)
    refuse_too_wide(source, width)
    cells, numbers = columns_of(body, width)
    filled = without_blank_rows(cells)
    if not filled.any():
        raise DataError(f"{source} has a header but no rows below it")
    rows = np.arange(len(body), dtype=np.int64) + first_row + at + 1
    table = RawTable(
        source=source,
        headers=tuple(header) or tuple(str(number + 1) for number in range(width)),
        cells=cells.loc[filled].reset_index(drop=True),
        rows=rows[filled],
        has_header=at >= 0,
        sha256="",
        numbers={position: mask[filled] for position, mask in numbers.items()},
    )
    return fingerprinted(table)


def _header_position(records: Sequence[Sequence[Any]], words: HeaderWords) -> int:
    head = [[cell_text(cell).strip() for cell in record] for record in records[:_HEADER_WITHIN]]
    at = words.header_position(head)
    return -1 if at is None else at


def fingerprinted(table: RawTable) -> RawTable:
    """Return a table whose fingerprint is that of its cells alone, not of the file around them."""
    digest = hashlib.sha256("\x1f".join(table.headers).encode("utf-8", "surrogatepass"))
    for position in table.cells.columns:
        texts = "\x1f".join(table.cells[position].tolist())
        digest.update(b"\x1e" + texts.encode("utf-8", "surrogatepass"))
    return replace(table, sha256=digest.hexdigest())
