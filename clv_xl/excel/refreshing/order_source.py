"""Where the orders of a dashboard are: in the workbook, in a file beside it, or elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from clv_xl.errors import SourceError
from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.entered import setting
from clv_xl.excel.seen import TableSeen
from clv_xl.reports.assumptions import Spend
from clv_xl.reports.texts import Texts
from clv_xl.sources.raw_table import RawTable
from clv_xl.sources.report_inputs import spend_of
from clv_xl.sources.source_read import SourceRead, column_mapping
from clv_xl.workbooks.cells import Value

ORDERS = "Orders"
"""The name of an Excel table that a refresh reads where it finds it in the workbook."""
SPEND = "Spend"
_SERIAL_OF_1970 = 25_569


@dataclass(frozen=True, slots=True)
class OrderSource:
    """The orders to read, what to call them, and their table where it is in the workbook."""

    source: Path | RawTable
    name: str
    table: str = ""


def orders_of(book: Book, options: Mapping[str, Any], source: Path | None) -> OrderSource:
    """Return where the orders of a dashboard are.

    Parameters
    ----------
    book
        The workbook.
    options
        How they are to be read.
    source
        The file that the user names. None: the table that the workbook records, an Excel table
        named Orders in it, or the file that it records, in its own folder.
    """
    if source is not None:
        return OrderSource(source, source.name)
    table = _table_within(book)
    if table:
        words = column_mapping(options).words
        return OrderSource(book.raw_table(words, table=table), book.name, table)
    recorded = str(setting(book, "src_file") or "")
    if book.folder is None:
        raise SourceError(
            f"{book.name} lies in no folder that can be read here: save it beside {recorded}, "
            f"from which it was made, or put the orders into a table named {ORDERS}"
        )
    path = book.folder / Path(recorded).name
    if not path.is_file():
        raise SourceError(
            f"{recorded}, from which {book.name} was made, is not beside it: put it there, name "
            f"another file with --source, or put the orders into a table named {ORDERS}"
        )
    return OrderSource(path, path.name)


def _table_within(book: Book) -> str:
    """Return the name of the table of orders in the workbook, empty where there is none."""
    tables = {name.casefold(): name for name in book.tables()}
    recorded = str(setting(book, "src_table") or "") if "src_table" in book.names() else ""
    if recorded and recorded.casefold() not in tables:
        raise SourceError(
            f"{book.name} has no table {recorded} of orders any more: name the table of orders "
            f"{ORDERS}, or name a file with --source"
        )
    return tables.get(recorded.casefold()) or tables.get(ORDERS.casefold(), "")


def spend_beside(
    book: Book, read: SourceRead, options: Mapping[str, Any], texts: Texts
) -> Spend | None:
    """Return the acquisition spend: from its file beside the workbook, else as the workbook has it.

    Parameters
    ----------
    book
        The workbook.
    read
        The orders.
    options
        How they were to be read.
    texts
        The language of the workbook.
    """
    name: Path | None = options["spend"]
    if name is None:
        return None
    path = None if book.folder is None else book.folder / name.name
    if path is not None and path.is_file():
        return spend_of(read, path, options["date_order"])
    table = book.tables().get(SPEND)
    if table is None:
        raise SourceError(f"{name.name} with the spend is not beside {book.name}: put it there")
    return _spend_in(book, table, read, texts, name.name)


def _spend_in(book: Book, table: TableSeen, read: SourceRead, texts: Texts, source: str) -> Spend:
    """Return the spend that a dashboard holds, with what a user has entered there."""
    rows = [[cell.value for cell in row] for row in book.read(table.body)]
    found = dict(zip(table.headers, zip(*rows, strict=True), strict=True))

    def column(key: str) -> tuple[Value, ...] | None:
        return found.get(texts.say(f"column.{key}"))

    months, amounts = column("spend_month"), column("spend_amount")
    if months is None or amounts is None:
        raise SourceError(f"the table {SPEND} in {book.name} lacks its months or amounts")
    segments, stated = column("spend_segment"), column("spend_new_customers")
    days = _numbers(months, source) - _SERIAL_OF_1970
    named = None if segments is None else pd.Series([str(name) for name in segments])
    return Spend(
        months=pd.Series(days.astype(np.int64).astype("datetime64[D]").astype("datetime64[s]")),
        amounts=pd.Series(_numbers(amounts, source)),
        by_segment=None if named is None else _split_by(read, named),
        segments=named,
        new_customers=None if stated is None else pd.Series(_numbers(stated, source, blank=True)),
        source=source,
    )


def _numbers(values: tuple[Value, ...], source: str, *, blank: bool = False) -> Any:  # noqa: ANN401
    numbers = [np.nan if value in {None, ""} and blank else value for value in values]
    if any(not isinstance(number, (int, float)) for number in numbers):
        raise SourceError(f"the table {SPEND}, made from {source}, holds a text for a number")
    return np.array(numbers, dtype=np.float64)


def _split_by(read: SourceRead, named: pd.Series) -> str | None:
    """Return the segment column that has most of the names by which the spend is split."""
    wanted = set(named)
    matching = {
        header: len(wanted & set(map(str, column.labels)))
        for header, column in read.log.segments.items()
    }
    return max(matching, key=lambda header: matching[header]) if matching else None
