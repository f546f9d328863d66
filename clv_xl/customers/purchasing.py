"""How customers buy, straight from their orders: what they spent, how often, whether again."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Dates, Day, Range, Texts, calendar_day, checked, same_length
from clv_xl.customers.coded_text import coded
from clv_xl.customers.column_values import amounts_in, texts_in
from clv_xl.customers.exclusions import refuse_rounded
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.customers.purchase_gaps import purchase_gaps
from clv_xl.errors import DataError

YEAR_OF_DAYS = 365
"""A window of one year, in whole days."""


def historic_value(
    customers: Texts, amounts: Range, margin_rate: float | None = None
) -> pd.DataFrame:
    """Sum what each customer has been worth to date, a row per customer, in money.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    amounts
        Amount of each order, money; refunds are negative.
    margin_rate
        Share of revenue that is margin, 0 to 1; default none: the figure is revenue only.

    Returns
    -------
    DataFrame
        customer, revenue (sum of the amounts) and, with a margin rate, historic_value (revenue
        times margin rate).

    Notes
    -----
    Σ amounts × margin_rate

    Examples
    --------
    >>> historic_value(["a", "b", "a"], [10, 20, 30], 0.5)
      customer  revenue  historic_value
    0        a     40.0            20.0
    1        b     20.0            10.0
    """
    same_length(customers=customers, amounts=amounts)
    ids = coded(texts_in(customers))
    refuse_rounded("the column of customers", "customer", ids)
    given = np.nan_to_num(amounts_in(amounts))
    known = ids.codes >= 0
    revenue = np.bincount(ids.codes[known], given[known], len(ids.labels))
    table = pd.DataFrame({"customer": ids.labels, "revenue": revenue})
    if margin_rate is not None:
        margin = checked("margin_rate", margin_rate, at_least=0, at_most=1)
        table["historic_value"] = revenue * margin
    return table


def purchase_frequency(
    customers: Texts,
    dates: Dates,
    orders: Texts | None = None,
    as_of: Day | None = None,
    days: int | None = None,
) -> float:
    """Return the orders per active customer in the last 365 days, a number.

    Parameters
    ----------
    customers
        Customer id of each row, text.
    dates
        Date of each row.
    orders
        Order id of each row, so that lines of one order count once; default: each row is an order.
    as_of
        Last day of the window; default the day of the last order.
    days
        Length of the window in days, at least 1; default 365, for which the log must be as long.

    Returns
    -------
    float
        Orders in the window divided by the customers with an order in it.

    Notes
    -----
    Orders in the window/customers with an order in it.

    Examples
    --------
    >>> dates = ["2024-01-01", "2024-02-01", "2024-02-01"]
    >>> purchase_frequency(["a", "a", "b"], dates, days=60)
    1.5
    """
    log = _log(customers, dates, as_of, orders)
    span = log.as_of - log.first_day + 1
    if days is None and span < YEAR_OF_DAYS:
        raise DataError(
            f"the orders cover only {span} days up to the as-of day, not {YEAR_OF_DAYS}: give days "
            f"to count within a shorter window"
        )
    window = YEAR_OF_DAYS if days is None else int(checked("days", days, at_least=1))
    active = log.customer[log.day > log.as_of - window]
    if not len(active):
        raise DataError(f"there is no order in the {window} days up to the as-of day")
    return len(active) / len(np.unique(active))


def repeat_rate(
    customers: Texts, dates: Dates, window_days: int = YEAR_OF_DAYS, as_of: Day | None = None
) -> float:
    """Return the share of customers who order again within 365 days of their first order.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    window_days
        Days after the first order within which the second must come, at least 1; default 365.
    as_of
        Day at which the customers are looked at; default the day of the last order.

    Returns
    -------
    float
        Share, 0 to 1, of the customers whose first order is known and at least window_days old.

    Notes
    -----
    Customers with a second order day within the window/customers followed for so long.

    Examples
    --------
    >>> repeat_rate(["a", "a", "b"], ["2024-01-01", "2024-01-21", "2024-03-01"], 30)
    1.0
    """
    log = _log(customers, dates, as_of)
    window = int(checked("window_days", window_days, at_least=1))
    days = order_days(log)
    followed = (log.as_of - days.first >= window) & ~log.existing_before_window
    if not followed.any():
        raise DataError(
            f"no customer has been followed for {window} days since the first order: give a "
            f"shorter window_days"
        )
    second = np.minimum(days.start + 1, len(days.day) - 1)
    again = (days.count > 1) & (days.day[second] - days.first <= window)
    return float(again[followed].mean())


def time_between(customers: Texts, dates: Dates) -> pd.DataFrame:
    """Measure the gaps between the order days of each customer: median, mean and p80, in days.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.

    Returns
    -------
    DataFrame
        One row: median, mean, p80 (the 80th percentile), in days, and n, the number of gaps.

    Notes
    -----
    Days from one order day of a customer to the next, those of all customers together.

    Examples
    --------
    >>> time_between(["a", "a", "a"], ["2024-01-01", "2024-01-11", "2024-01-31"])
       median  mean   p80  n
    0    15.0  15.0  18.0  2
    """
    gaps = purchase_gaps(_log(customers, dates, None))
    if not gaps.gaps:
        raise DataError("no customer has ordered on two days, so there is no time between orders")
    return pd.DataFrame(
        {"median": [gaps.median], "mean": [gaps.mean], "p80": [gaps.percentile_80],
         "n": [gaps.gaps]}
    )  # fmt: skip


def _log(
    customers: Texts, dates: Dates, as_of: Day | None, orders: Texts | None = None
) -> OrderLog:
    day = None if as_of is None else calendar_day("as_of", as_of)
    return order_log(customers, dates, order_ids=orders, rules=OrderRules(as_of=day))
