"""From the rows of a source to a validated order log.

What every policy means is written in docs/definitions.md.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from clv_xl.arrays import Dates, Ints, Numbers, Texts, checked, same_length
from clv_xl.customers.coded_text import CodedText, coded
from clv_xl.customers.column_values import amounts_in, days_in, texts_in
from clv_xl.customers.exclusions import (
    drop_statuses,
    drop_unknown_customers,
    one_currency,
    refuse_rounded,
)
from clv_xl.customers.log_columns import SortedOrders, same_day, sorted_orders
from clv_xl.customers.order_columns import OrderColumns, OrderRules, TaxTreatment
from clv_xl.customers.order_history import existing_before_window
from clv_xl.customers.order_lines import (
    NO_DAY,
    Lines,
    Orders,
    amounts_of,
    count_totals_once,
    merged,
    read_lines,
    refuse_shared_ids,
)
from clv_xl.customers.order_log import Cleaning, OrderLog, SegmentColumn
from clv_xl.customers.refunds import judge_refunds, net_refunds
from clv_xl.customers.row_ledger import RowLedger
from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.remarks import Remark

__all__ = [
    "DEFAULT_RULES",
    "Cleaning",
    "OrderColumns",
    "OrderLog",
    "OrderRules",
    "SegmentColumn",
    "TaxTreatment",
    "order_log",
    "validate_orders",
]

DEFAULT_RULES = OrderRules()


def validate_orders(columns: OrderColumns, rules: OrderRules = DEFAULT_RULES) -> OrderLog:
    """Return the orders that the rows of a source amount to, with the account of every row.

    Parameters
    ----------
    columns
        The rows as read.
    rules
        The policies for refunds, statuses, tax and the like.

    Returns
    -------
    OrderLog
        One entry per order, sorted by customer, then day.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = OrderColumns(
    ...     customer=pd.Series(["ada", "ada", "bob"]),
    ...     day=np.array(["2024-01-05", "2024-01-09", "2024-01-07"], dtype="datetime64[D]"),
    ...     amount=np.array([50.0, -20.0, 10.0]),
    ... )
    >>> validate_orders(columns).amount
    array([30., 10.])
    """
    _check_rules(rules)
    ledger = RowLedger(columns, rules)
    customers = coded(columns.customer)
    lines = _usable_lines(ledger, rules, customers)
    currency = one_currency(ledger, rules)
    judge_refunds(ledger, lines.amount, rules.refunds)
    orders, netted = _orders(lines, ledger, rules)
    ledger.require_rows()
    return _log(sorted_orders(orders, customers.labels), netted, currency, ledger, rules)


def _check_rules(rules: OrderRules) -> None:
    if rules.refunds not in {"net", "drop", "refuse"}:
        raise InvalidArgumentError("refunds", rules.refunds, "net, drop or refuse")
    if rules.zero not in {"keep", "drop"}:
        raise InvalidArgumentError("zero", rules.zero, "keep or drop")
    if rules.tax_rate is not None:
        checked("tax_rate", rules.tax_rate, at_least=0, below=1)


def _usable_lines(ledger: RowLedger, rules: OrderRules, customers: CodedText) -> Lines:
    """Return all rows as lines, after those of no known customer or day have been dropped."""
    columns = ledger.columns
    order_ids = None if columns.order_id is None else coded(columns.order_id)
    amount = amounts_of(ledger)
    drop_statuses(ledger, rules, order_ids, customers, amount)
    lines = read_lines(columns, customers, order_ids, amount)
    drop_unknown_customers(ledger, replace(customers, codes=lines.customer))
    ledger.drop(lines.day == NO_DAY, "no_date")
    if rules.as_of is not None:
        _drop_after(ledger, lines.day, _number(rules.as_of))
    if order_ids is not None:
        refuse_rounded(columns.source, "order", order_ids)
        refuse_shared_ids(lines.only(ledger.kept), order_ids, customers, ledger)
    return lines


def _drop_after(ledger: RowLedger, day: Ints, as_of: int) -> None:
    if ledger.kept.any() and day[ledger.kept].min() > as_of:
        first = np.datetime64(int(day[ledger.kept].min()), "D")
        raise DataError(
            f"{ledger.columns.source} has no order up to {np.datetime64(as_of, 'D')}, the as-of "
            f"day: the first is of {first}"
        )
    ledger.drop(day > as_of, "after_as_of")


def _orders(lines: Lines, ledger: RowLedger, rules: OrderRules) -> tuple[Orders, int]:
    """Return the orders that are left, and how many refund rows are part of them."""
    refund = lines.amount < 0
    orders = merged(lines.only(ledger.kept & ~refund), ledger)
    count_totals_once(orders, ledger)
    zero = orders.amount == 0
    netted = 0
    if rules.refunds == "net":
        netted = net_refunds(orders, lines.only(ledger.kept & refund), ledger)
    if rules.zero == "drop":
        orders.drop(zero, ledger, "zero_amount")
    return orders, netted


def _log(
    found: SortedOrders, netted: int, currency: str | None, ledger: RowLedger, rules: OrderRules
) -> OrderLog:
    columns, day, amount = ledger.columns, found.day, found.amount
    last_day = int(day.max())
    existing, history_notes = existing_before_window(
        day[found.first_of_customer], last_day, complete=rules.history_complete
    )
    ledger.notes.update(history_notes)
    return OrderLog(
        customer_ids=found.customer_ids,
        customer=found.customer,
        day=day,
        amount=amount if rules.tax_rate is None else amount / (1 + rules.tax_rate),
        as_of=last_day if rules.as_of is None else _number(rules.as_of),
        names=None if columns.name is None else found.latest_filled(columns.name),
        segments={header: found.segment(column) for header, column in columns.segments.items()},
        kept={header: found.latest(column) for header, column in columns.kept.items()},
        currency=currency,
        tax=columns.tax if rules.tax_rate is None else TaxTreatment.NET,
        existing_before_window=existing,
        cleaning=_cleaning(found, netted, ledger),
    )


def _cleaning(found: SortedOrders, netted: int, ledger: RowLedger) -> Cleaning:
    lines = found.orders.lines_left
    duplicate = ledger.columns.duplicate
    return Cleaning(
        rows_read=ledger.columns.n_rows,
        rows_kept=lines + netted,
        dropped=ledger.dropped,
        duplicates=0 if duplicate is None else int(duplicate.sum()),
        lines_merged=lines - len(found.position),
        refunds_netted=netted,
        same_day_merged=int(same_day(found.customer, found.day).sum()),
        zero_orders=int((found.amount == 0).sum()),
        notes=ledger.notes,
    )


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def order_log(
    customers: Texts,
    dates: Dates,
    amounts: Numbers | None = None,
    *,
    order_ids: Texts | None = None,
    segments: Mapping[str, Texts] | None = None,
    rules: OrderRules = DEFAULT_RULES,
) -> OrderLog:
    """Return the validated log of orders given as lists, arrays or pandas columns.

    Parameters
    ----------
    customers
        Customer id of each row, text or whole number.
    dates
        Date of each row: datetime64, date objects or ISO text.
    amounts
        Amount of each row; refunds are negative. Without amounts every order is worth 0, and said.
    order_ids
        Order id of each row; rows with the same one are lines of one order.
    segments
        Segment columns by header.
    rules
        The policies for refunds, tax and the like.

    Returns
    -------
    OrderLog
        One entry per order, sorted by customer, then day.

    Examples
    --------
    >>> dates = ["2024-01-09", "2024-01-05", "2024-01-07"]
    >>> log = order_log(["bob", "ada", "bob"], dates, [1, 2, 3])
    >>> log.customer_ids, log.customer, log.amount
    (array(['bob', 'ada'], dtype=object), array([0, 0, 1]), array([3., 1., 2.]))
    """
    segments = segments or {}
    n = same_length(
        customers=customers,
        dates=dates,
        amounts=amounts,
        order_ids=order_ids,
        **{f"segment {header}": labels for header, labels in segments.items()},
    )
    columns = OrderColumns(
        customer=texts_in(customers),
        day=days_in(dates),
        amount=np.zeros(n) if amounts is None else amounts_in(amounts),
        order_id=None if order_ids is None else texts_in(order_ids),
        segments={header: texts_in(labels) for header, labels in segments.items()},
    )
    log = validate_orders(columns, rules if amounts is not None else replace(rules, zero="keep"))
    if amounts is None:
        log.cleaning.notes["no_amounts"] = Remark("remark.cleaning.no_amounts")
    return log
