"""A file of marketing spend: what was spent in which period, on which channel, for how many."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Floats
from clv_xl.customers.order_columns import DayColumn
from clv_xl.errors import DataError, listed
from clv_xl.remarks import Remark
from clv_xl.sources.amounts import parse_amounts
from clv_xl.sources.columns import candidates
from clv_xl.sources.dates import DateOrder, parse_dates
from clv_xl.sources.periods_named import last_days, periods_of
from clv_xl.sources.raw_table import RawTable, TableOptions
from clv_xl.sources.rows import is_total
from clv_xl.sources.table_files import read_table
from clv_xl.sources.values import ColumnText, with_ascii_digits
from clv_xl.sources.vocabulary import SPEND_WORDS, HeaderWords

_AS_FOUND = TableOptions()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SpendRead:
    """Marketing spend as it was read: one entry a row of the file.

    Attributes
    ----------
    first_day, last_day
        The period of each row, both days included.
    spend
        Money spent, at least 0.
    new_customers
        Customers acquired, NaN where blank; None where there is no such column.
    segments
        The other columns that hold text, such as the channel, by header.
    currency
        Currency beside the amounts, where one stands there.
    """

    first_day: DayColumn
    last_day: DayColumn
    spend: Floats
    new_customers: Floats | None
    segments: Mapping[str, pd.Series]
    currency: pd.Series | None
    mapping_used: Mapping[str, str]
    notes: tuple[Remark, ...]
    sha256: str
    source: str


def read_spend(
    path: Path | str, options: TableOptions = _AS_FOUND, *, date_order: DateOrder | None = None
) -> SpendRead:
    """Return the spend in a CSV, other delimited text, `.xlsx` or Parquet file.

    Unlike an order log, every row counts: one that cannot be read is an error, not a dropped row.

    Parameters
    ----------
    path
        The file: a period (2024-03, Mar 2024, 2024-Q1, a date), spend, and where known channel
        and new customers.
    options
        What is known about its form.
    date_order
        dmy, mdy or ymd, for dates that can be read in several ways.
    """
    table = read_table(path, options, HeaderWords(SPEND_WORDS, (), ("period", "spend")))
    roles = _roles(table)
    table, notes = _without_totals(table, roles["period"])
    first, last, found = _periods(_column(table, roles["period"]), date_order)
    spend = _money(_column(table, roles["spend"]), "spend")
    acquired = roles.get("new_customers")
    return SpendRead(
        first_day=first,
        last_day=last,
        spend=spend[0],
        new_customers=None if acquired is None else _count(_column(table, acquired)),
        segments=_segments(table, set(roles.values())),
        currency=spend[1],
        mapping_used={role: table.headers[position] for role, position in roles.items()},
        notes=(*table.notes, *notes, *found),
        sha256=table.sha256,
        source=table.source,
    )


def _roles(table: RawTable) -> dict[str, int]:
    roles: dict[str, int] = {}
    for role, tiers in SPEND_WORDS.items():
        found = candidates(table, tiers, list(roles.values()))[1]
        names = listed(table.headers[position] for position in found)
        called = role.replace("_", " ")
        if len(found) > 1:
            raise DataError(
                f"{table.source} has several columns that could be the {called}: {names}: "
                "rename all but one"
            )
        if found:
            roles[role] = found[0]
        elif role != "new_customers":
            raise DataError(
                f"{table.source} has no {called} column; it has {listed(table.named)}: call it "
                f"{called}"
            )
    return roles


def _column(table: RawTable, position: int) -> ColumnText:
    return ColumnText(
        text=table.cells[position].str.strip(),
        header=table.headers[position],
        source=table.source,
        rows=table.rows,
        numbers=table.numbers.get(position),
        date1904=table.date1904,
    )


def _without_totals(table: RawTable, period: int) -> tuple[RawTable, list[Remark]]:
    """Take off the last rows that are totals or notes: they name no period."""
    cells = table.cells[period].str.strip().tolist()
    keep = len(cells)
    while keep > 1 and (not cells[keep - 1] or is_total(cells[keep - 1])):
        keep -= 1
    if keep == len(cells):
        return table, []
    shorter = replace(
        table,
        cells=table.cells.iloc[:keep],
        rows=table.rows[:keep],
        numbers={position: mask[:keep] for position, mask in table.numbers.items()},
    )
    return shorter, [Remark("remark.spend.totals_left_out", rows=len(cells) - keep)]


def _periods(
    column: ColumnText, date_order: DateOrder | None
) -> tuple[DayColumn, DayColumn, list[Remark]]:
    text = with_ascii_digits(column.text)
    first, last = periods_of(text)
    if not np.isnat(first).any():
        return first, last, []
    if not np.isnat(first).all():
        raise DataError(
            f"{column.source}: the period {column.example(np.isnat(first))} in {column.header} is "
            "no month, quarter, week or year like the others"
        )
    read = parse_dates(column, date_order, "period")
    _refuse(column, np.isnat(read.days), "is no period")
    last, kind = last_days(read.days)
    return read.days, last, [*read.notes, Remark(kind, column=column.header)]


def _money(column: ColumnText, role: str) -> tuple[Floats, pd.Series | None]:
    read = parse_amounts(column, role)
    _refuse(column, np.isnan(read.amounts), "is no amount; write 0 where nothing was spent")
    _refuse(column, read.amounts < 0, "is below 0")
    return read.amounts, read.currency


def _count(column: ColumnText) -> Floats:
    read = parse_amounts(column, "new customers")
    _refuse(column, read.unreadable, "is no number")
    with np.errstate(invalid="ignore"):
        _refuse(column, read.amounts < 0, "is below 0")
    return read.amounts


def _refuse(column: ColumnText, rows: Bools, what: str) -> None:
    if rows.any():
        raise DataError(f"{column.source}: {column.header} {column.example(rows)} {what}")


def _segments(table: RawTable, taken: set[int]) -> dict[str, pd.Series]:
    """Return the columns of text that play no other role."""
    found = {}
    for position, header in enumerate(table.headers):
        text = table.cells[position].str.strip()
        worded = bool(pd.to_numeric(text[text != ""], errors="coerce").isna().any())
        if position not in taken and header and worded:
            found[header] = text
    return found


def by_month(read: SpendRead) -> SpendRead:
    """Return the spend with a row a calendar month: longer periods are divided by their days.

    Parameters
    ----------
    read
        Spend as it was read; periods within one month stay as they are.
    """
    months = read.last_day.astype("datetime64[M]") - read.first_day.astype("datetime64[M]")
    count = months.astype(np.int64) + 1
    if (count == 1).all():
        return read
    row = np.repeat(np.arange(len(count)), count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    start = read.first_day.astype("datetime64[M]")[row] + offset
    first = np.maximum(start.astype("datetime64[D]"), read.first_day[row])
    last = np.minimum((start + 1).astype("datetime64[D]") - 1, read.last_day[row])
    days = (last - first).astype(np.int64) + 1
    share = days / ((read.last_day - read.first_day).astype(np.int64) + 1)[row]
    stated = read.new_customers
    note = Remark("remark.spend.divided_by_days")
    return replace(
        read,
        first_day=first,
        last_day=last,
        spend=read.spend[row] * share,
        new_customers=None if stated is None else stated[row] * share,
        segments={header: text.iloc[row] for header, text in read.segments.items()},
        currency=None if read.currency is None else read.currency.iloc[row],
        notes=(*read.notes, note),
    )
