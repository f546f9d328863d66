"""A file of orders, read into typed columns: the way in for every order log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Floats
from clv_xl.customers.orders import OrderColumns, TaxTreatment
from clv_xl.errors import DataError, counted
from clv_xl.remarks import Remark
from clv_xl.sources.amounts import AmountsRead, parse_amounts
from clv_xl.sources.columns import ColumnMapping, RoleColumns, order_roles
from clv_xl.sources.customers_named import customer_ids
from clv_xl.sources.dates import DatesRead, parse_dates
from clv_xl.sources.raw_table import RawTable
from clv_xl.sources.rows import continued, equal_rows, first_lines, footer_rows
from clv_xl.sources.table_files import read_table
from clv_xl.sources.values import ColumnText, ids
from clv_xl.sources.vocabulary import normalised

_NOTHING_SAID = ColumnMapping()
_CONTINUED = ("customer", "date", "currency", "status", "cancelled", "name")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OrdersRead:
    """An order log as it was read.

    Attributes
    ----------
    columns
        The typed columns.
    mapping_used
        By role the header of the column that played it.
    preset
        The program whose export it is, where it was recognised.
    notes
        What was inferred.
    sha256
        Fingerprint of the file.
    rows_read
        Data rows, the dropped ones included; blank rows are none.
    """

    columns: OrderColumns
    mapping_used: Mapping[str, str]
    preset: Remark | None
    notes: tuple[Remark, ...]
    sha256: str
    rows_read: int


def read_orders(
    path: Path | str,
    mapping: ColumnMapping = _NOTHING_SAID,
    *,
    today: date | None = None,
    as_of: date | None = None,
) -> OrdersRead:
    """Return the orders in a CSV, other delimited text, `.xlsx` or Parquet file.

    Parameters
    ----------
    path
        The file.
    mapping
        What the user says of its columns and form; the rest is found.
    today
        The day after which dates are an error; None when the caller knows no clock.
    as_of
        The day up to which orders count: with it, later dates are no error.
    """
    table = read_table(path, mapping.options, mapping.words)
    return orders_in(table, mapping, today=today, as_of=as_of)


def orders_in(
    table: RawTable,
    mapping: ColumnMapping = _NOTHING_SAID,
    *,
    today: date | None = None,
    as_of: date | None = None,
) -> OrdersRead:
    """Return the orders in a table that is read already; the parameters are those above."""
    roles = order_roles(table, mapping)
    log = _Log(table, roles)
    dates = parse_dates(log.column("date"), mapping.date_order)
    amounts = {role: parse_amounts(log.column(role), role) for role in log.money_roles}
    if today is not None and as_of is None:
        _refuse_future(table, dates, today)
    columns = _columns(log, dates, amounts)
    notes = [*table.notes, *roles.notes, *log.notes, *dates.notes]
    for read in amounts.values():
        notes.extend(read.notes)
    return OrdersRead(
        columns=columns,
        mapping_used=_mapping_used(table, roles),
        preset=roles.preset.name if roles.preset else None,
        notes=tuple(notes),
        sha256=table.sha256,
        rows_read=columns.n_rows,
    )


class _Log:
    """The table with its roles: text without footers, with continued lines filled."""

    def __init__(self, table: RawTable, roles: RoleColumns) -> None:
        self.table = table
        self.roles = roles
        self.notes: list[Remark] = []
        at = roles.positions
        needed = {*at.values(), *roles.segments, *roles.keep, *roles.fallbacks}
        self._text = {position: table.cells[position].str.strip() for position in needed}
        self._continue_orders()
        judged = pd.DataFrame(self._text)
        paid = at.get("amount", at.get("unit_price"))
        self.footer = footer_rows(judged, at["date"], at["customer"], paid)
        if self.footer.any():
            for position, text in self._text.items():
                self._text[position] = text.mask(self.footer, "")

    def _continue_orders(self) -> None:
        """Repeat what shops write on the first line of an order only."""
        at = self.roles.positions
        if "order" not in at:
            return
        first = first_lines(self._text[at["order"]])
        filled = 0
        for position in {at[role] for role in _CONTINUED if role in at} | {*self.roles.fallbacks}:
            self._text[position], count = continued(self._text[position], first)
            filled += count if position in {at["customer"], at["date"]} else 0
        if filled:
            self.notes.append(Remark("remark.read.filled_from_first_line", count=filled))

    @property
    def money_roles(self) -> list[str]:
        """The roles that hold numbers."""
        numeric = ("amount", "quantity", "unit_price", "refunded")
        return [role for role in numeric if role in self.roles.positions]

    def column(self, role: str) -> ColumnText:
        """Return the column of a role."""
        return self.at(self.roles.positions[role])

    def at(self, position: int) -> ColumnText:
        """Return a column by its position."""
        return ColumnText(
            text=self._text[position],
            header=self.table.headers[position],
            source=self.table.source,
            rows=self.table.rows,
            numbers=self.table.numbers.get(position),
            date1904=self.table.date1904,
        )

    def text(self, role: str) -> pd.Series | None:
        """Return the text of a role, None where no column plays it."""
        position = self.roles.positions.get(role)
        return None if position is None else self._text[position]

    def texts(self, positions: tuple[int, ...]) -> dict[str, pd.Series]:
        """Return texts by header."""
        return {self.table.headers[position]: self._text[position] for position in positions}


def _columns(log: _Log, dates: DatesRead, amounts: Mapping[str, AmountsRead]) -> OrderColumns:
    table = log.table
    values: dict[str, Floats] = {role: read.amounts for role, read in amounts.items()}
    customers, notes = customer_ids(
        log.column("customer"), [log.at(position) for position in log.roles.fallbacks], log.roles
    )
    log.notes.extend(notes)
    cancelled = log.text("cancelled")
    refunded = values.get("refunded")
    return OrderColumns(
        customer=customers,
        day=dates.days,
        amount=values.get("amount"),
        order_id=ids(log.column("order"), "order") if "order" in log.roles.positions else None,
        name=log.text("name"),
        segments=log.texts(log.roles.segments),
        kept=log.texts(log.roles.keep),
        currency=_currency(log, amounts),
        quantity=values.get("quantity"),
        unit_price=values.get("unit_price"),
        refunded=None if refunded is None else np.abs(refunded),
        status=log.text("status"),
        cancelled=None if cancelled is None else (cancelled != "").to_numpy(dtype=np.bool_),
        dropped=_dropped(log, dates, amounts),
        duplicate=equal_rows(table.cells, dates.days, values.get("amount")) & ~log.footer,
        first_row=int(table.rows[0]),
        rows=table.rows,
        source=table.source,
        tax=_tax(log),
    )


def _tax(log: _Log) -> TaxTreatment:
    """Return what the preset knows of its own amount column; another column is not stated."""
    preset, position = log.roles.preset, log.roles.positions.get("amount")
    if preset is None or position is None:
        return TaxTreatment.NOT_STATED
    known = {normalised(header) for header in preset.roles["amount"]}
    header = normalised(log.table.headers[position])
    return preset.tax if header in known else TaxTreatment.NOT_STATED


def _currency(log: _Log, amounts: Mapping[str, AmountsRead]) -> pd.Series | None:
    """Return the currency column, else the currencies that stand beside the amounts."""
    column = log.text("currency")
    if column is not None:
        return column.str.upper()
    beside = [amounts[role].currency for role in ("amount", "unit_price") if role in amounts]
    return next((marks for marks in beside if marks is not None), None)


def _dropped(log: _Log, dates: DatesRead, amounts: Mapping[str, AmountsRead]) -> dict[str, Bools]:
    """Return the rows that cannot be used, each under the first reason that holds."""
    no_amount = np.zeros_like(log.footer)
    for read in amounts.values():
        no_amount |= read.unreadable
    overlong = log.table.overlong
    reasons = {
        "footer": log.footer,
        "too_many_fields": np.zeros_like(log.footer) if overlong is None else overlong,
        "date_not_readable": dates.unreadable,
        "amount_not_a_number": no_amount,
    }
    free = np.ones_like(log.footer)
    dropped = {}
    for reason, rows in reasons.items():
        if (rows & free).any():
            dropped[reason] = rows & free
        free &= ~rows
    return dropped


def _refuse_future(table: RawTable, dates: DatesRead, today: date) -> None:
    """Refuse dates after tomorrow: somewhere on earth it is tomorrow already."""
    future = dates.days > np.datetime64(today + timedelta(days=1), "D")
    if future.any():
        position = int(np.argmax(future))
        raise DataError(
            f"{table.source} has {counted(int(future.sum()), 'order')} dated after today (first: "
            f"row {table.rows[position]}, {dates.days[position]}); correct them or set --as-of, "
            "which leaves out what comes after it"
        )


def _mapping_used(table: RawTable, roles: RoleColumns) -> dict[str, str]:
    used = {role: table.headers[position] for role, position in roles.positions.items()}
    for role, positions in (("segments", roles.segments), ("kept", roles.keep)):
        if positions:
            used[role] = ", ".join(table.headers[position] for position in positions)
    if roles.fallbacks:
        used["customer_fallback"] = ", ".join(table.headers[at] for at in roles.fallbacks)
    return used
