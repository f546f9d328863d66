"""Rows as lines of orders: blanks that repeat the order, and which lines make one order."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.coded_text import CodedText
from clv_xl.customers.exclusions import filled
from clv_xl.customers.order_columns import OrderColumns
from clv_xl.customers.row_ledger import RowLedger
from clv_xl.errors import DataError
from clv_xl.remarks import Remark

NO_DAY = int(np.iinfo(np.int64).min)
"""NaT as a whole number."""
HALF_A_CENT = 0.005
LARGEST_AMOUNT = 1e15
"""From here on a spreadsheet no longer keeps whole units."""
SMALLEST_AMOUNT = 1e-9
"""Anything smaller is what a calculation left over, no price in any money."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Rows as lines of an order; `row` is the position in the source, codes are -1 where blank."""

    row: Ints
    customer: Ints
    day: Ints
    amount: Floats
    order_id: Ints | None

    def only(self, wanted: Bools) -> "Lines":
        """Return the marked lines."""
        if wanted.all():
            return self
        order_id = None if self.order_id is None else self.order_id[wanted]
        return Lines(
            self.row[wanted], self.customer[wanted], self.day[wanted], self.amount[wanted], order_id
        )


@dataclass(slots=True, eq=False)
class Orders:
    """Orders in the order of their first line; `alive` is False where nothing of one is left."""

    customer: Ints
    day: Ints
    amount: Floats
    order_id: Ints | None
    lines: Lines
    of_line: Ints
    alive: Bools

    def drop(self, gone: Bools, ledger: RowLedger, reason: str) -> None:
        """Drop orders with all their lines."""
        gone = gone & self.alive
        if gone.any():
            self.alive &= ~gone
            ledger.drop_at(self.lines.row[gone[self.of_line]], reason)

    @property
    def lines_left(self) -> int:
        """Number of lines of the orders that are left."""
        if self.alive.all():
            return len(self.of_line)
        return int(np.count_nonzero(self.alive[self.of_line]))

    @property
    def several(self) -> bool:
        """Whether any order has more than one line."""
        return len(self.customer) < len(self.of_line)


def read_lines(
    columns: OrderColumns, customers: CodedText, order_ids: CodedText | None, amount: Floats
) -> Lines:
    """Return every row as a line; blanks of a continuation line come from its order."""
    day = columns.day.astype("datetime64[D]", copy=False).view(np.int64)
    customer = customers.codes
    if order_ids is not None:
        customer = filled(customer, order_ids)
        day = filled(day, order_ids, blank=NO_DAY)
    ids = None if order_ids is None else order_ids.codes
    return Lines(np.arange(len(day)), customer, day, amount, ids)


def amounts_of(ledger: RowLedger) -> Floats:
    """Return the amount of each row, from quantity and unit price where there is no amount."""
    columns = ledger.columns
    if columns.amount is not None:
        amount = np.array(columns.amount, dtype=np.float64)  # the log's own
    elif columns.quantity is None or columns.unit_price is None:
        raise DataError(
            f"{columns.source} has neither an amount nor both a quantity and a unit price: "
            f"name the column of the amounts"
        )
    else:
        with np.errstate(over="ignore", invalid="ignore"):  # refused below
            amount = columns.quantity * columns.unit_price
        ledger.notes["amount_from_quantity"] = Remark("remark.cleaning.amount_from_quantity")
    size = np.abs(amount)
    beyond = size > LARGEST_AMOUNT
    if beyond.any():
        at = int(np.argmax(beyond))
        raise DataError(
            f"{columns.source}, row {ledger.row_number(at)}: no order is worth {amount[at]:g}, "
            f"more than {LARGEST_AMOUNT:g}: correct the amount, or choose another column"
        )
    amount[size < SMALLEST_AMOUNT] = 0.0
    return amount


def merged(lines: Lines, ledger: RowLedger) -> Orders:
    """Return the orders: lines of the same order id, customer and day, each other row by itself."""
    given = ~np.isnan(lines.amount)
    if lines.order_id is None:
        ledger.drop_at(lines.row[~given], "no_amount")
        lines = lines.only(given)
        alive = np.ones(len(lines.row), dtype=np.bool_)
        every = len(lines.row) == ledger.columns.n_rows  # then rows count from 0 as orders do
        of_line = lines.row if every else np.arange(len(lines.row))
        return Orders(lines.customer, lines.day, lines.amount, None, lines, of_line, alive)
    of_line, keys = pd.factorize(_order_keys(lines, lines.order_id))
    first = first_lines(of_line, len(keys))
    orders = Orders(
        customer=lines.customer[first],
        day=lines.day[first],
        amount=np.bincount(of_line[given], lines.amount[given], len(keys)).astype(np.float64),
        order_id=lines.order_id[first],
        lines=lines,
        of_line=of_line,
        alive=np.ones(len(keys), dtype=np.bool_),
    )
    priced = np.zeros(len(keys), dtype=np.bool_)
    priced[of_line[given]] = True
    orders.drop(~priced, ledger, "no_amount")
    return orders


def _order_keys(lines: Lines, order_id: Ints) -> Ints:
    """Return one number per order: its id and day, or its own row where it has no id."""
    first_day, last_day = int(lines.day.min(initial=0)), int(lines.day.max(initial=0))
    n_days = last_day - first_day + 1
    above_all = (int(order_id.max(initial=0)) + 1) * n_days
    by_id = order_id * n_days + (lines.day - first_day)
    return np.where(order_id < 0, above_all + np.arange(len(order_id)), by_id)


def first_lines(of_line: Ints, n_orders: int) -> Ints:
    """Return the position of each order's first line."""
    first = np.empty(n_orders, dtype=np.int64)
    first[of_line[::-1]] = np.arange(len(of_line))[::-1]
    return first


def refuse_shared_ids(
    lines: Lines, ids: CodedText, customers: CodedText, ledger: RowLedger
) -> None:
    """Refuse an order id that stands under two customers."""
    if lines.order_id is None:
        return
    some = lines.order_id >= 0
    order_id, customer = lines.order_id[some], lines.customer[some]
    owner = np.full(len(ids.labels), -1, dtype=np.int64)
    owner[order_id[::-1]] = customer[::-1]
    strange = owner[order_id] != customer
    if strange.any():
        at = int(np.argmax(strange))
        one, other = customers.labels[owner[order_id[at]]], customers.labels[customer[at]]
        row = ledger.row_number(lines.row[some][at])
        raise DataError(
            f"{ledger.columns.source}, row {row}: order id {ids.labels[order_id[at]]} stands under "
            f"two customers, {one} and {other}: choose the column that holds the order's id"
        )


def count_totals_once(orders: Orders, ledger: RowLedger) -> None:
    """Count an order total that every line repeats once, where most orders of several lines do."""
    if not orders.several:
        return
    n = len(orders.amount)
    charged = orders.lines.amount > 0
    of, amount = orders.of_line[charged], orders.lines.amount[charged]
    highest, lowest = np.zeros(n), np.full(n, np.inf)
    np.maximum.at(highest, of, amount)
    np.minimum.at(lowest, of, amount)
    several = np.bincount(of, minlength=n) > 1
    equal = several & (highest == lowest)
    if 2 * equal.sum() <= several.sum() or _are_line_amounts(orders, equal, ledger.columns):
        return
    orders.amount = np.where(equal, highest, orders.amount)
    ledger.notes["repeated_totals"] = Remark(
        "remark.cleaning.repeated_totals", repeated=int(equal.sum()), count=int(several.sum())
    )


def _are_line_amounts(orders: Orders, equal: Bools, columns: OrderColumns) -> bool:
    if columns.quantity is None or columns.unit_price is None:
        return False
    if columns.amount is None:
        return True
    lines = orders.lines.only((orders.lines.amount > 0) & equal[orders.of_line])
    product = columns.quantity[lines.row] * columns.unit_price[lines.row]
    return bool(2 * np.sum(np.abs(product - lines.amount) <= HALF_A_CENT) > len(product))
