"""What each customer's orders reduce to: how often, how long, how recently, how much.

The columns are those that the purchase models of the literature are fitted to.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clv_xl.arrays import Dates, Day, Floats, Ints, Range, Texts, calendar_day
from clv_xl.customers.groups import count_by_group, sum_by_group
from clv_xl.customers.order_columns import RefundPolicy
from clv_xl.customers.order_days import first_of_run
from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.periods import days_per


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CustomerSummary:
    """The summary of every customer, one entry per customer code; times are in days."""

    orders: Ints
    """Orders."""
    order_days: Ints
    """Days with an order."""
    frequency: Ints
    """Repeat order days: order days after the first."""
    recency: Ints
    """Days from the first order to the last."""
    T: Ints
    """Days from the first order to the as-of day."""
    days_since_last: Ints
    """Days from the last order to the as-of day."""
    monetary_value: Floats
    """Mean sum of a repeat order day; 0 where there is none."""
    spend_frequency: Ints
    """Repeat order days with a sum above 0, which the Gamma-Gamma model counts."""
    spend_mean: Floats
    """Mean sum of those days; 0 where there is none."""
    total: Floats
    """Sum of all orders."""
    first_value: Floats
    """Sum of the first order day."""
    first_day: Ints
    """Day of the first order, since 1970-01-01."""
    last_day: Ints
    """Day of the last order, since 1970-01-01."""
    merged_same_day: int
    """Orders that share their customer and day with an earlier one."""

    def to_frame(self, customer_ids: Texts, unit: str = "day") -> pd.DataFrame:
        """Return the columns of a summary, a row per customer, with its times in `unit`."""
        days = days_per(unit)
        return pd.DataFrame(
            {
                "customer": pd.Series(customer_ids, dtype=object),
                "orders": self.orders,
                "frequency": self.frequency,
                "recency": self.recency / days,
                "T": self.T / days,
                "days_since_last": self.days_since_last / days,
                "monetary_value": self.monetary_value,
                "total": self.total,
            },
            copy=False,
        )


def summarise(log: OrderLog) -> CustomerSummary:
    """Return the summary of every customer of an order log, as of its as-of day.

    Parameters
    ----------
    log
        The order log.

    Returns
    -------
    CustomerSummary
        One entry per customer code.

    References
    ----------
    Fader, P. S., & Hardie, B. G. S. (2013). The Gamma-Gamma model of monetary value.

    Examples
    --------
    >>> dates = ["2024-01-01", "2024-01-11", "2024-01-11", "2024-01-31"]
    >>> summary = summarise(order_log(["a", "a", "a", "b"], dates, [10, 20, 30, 40]))
    >>> summary.frequency, summary.recency, summary.T, summary.monetary_value
    (array([1, 0]), array([10,  0]), array([30,  0]), array([50.,  0.]))
    """
    first_of_customer = first_of_run(log.customer)
    day_starts = np.flatnonzero(first_of_customer | first_of_run(log.day))
    start = np.flatnonzero(first_of_customer[day_starts])  # among the order days
    first_order = day_starts[start]
    orders = np.diff(first_order, append=log.n_orders)
    first_day, last_day = log.day[first_order], log.day[first_order + orders - 1]
    frequency = np.diff(start, append=len(day_starts)) - 1
    value = np.add.reduceat(log.amount, day_starts)
    first_value = value[start]
    free = count_by_group(log.customer[day_starts[value <= 0]], log.n_customers)
    spend_frequency = frequency - (free - (first_value <= 0))
    value[start] = 0.0  # what is left are the repeat days
    repeat_sum = np.add.reduceat(value, start)
    return CustomerSummary(
        orders=orders,
        order_days=frequency + 1,
        frequency=frequency,
        recency=last_day - first_day,
        T=log.as_of - first_day,
        days_since_last=log.as_of - last_day,
        monetary_value=_mean(repeat_sum, frequency),
        spend_frequency=spend_frequency,
        spend_mean=_mean(repeat_sum, spend_frequency),
        total=sum_by_group(log.customer, log.amount, log.n_customers),
        first_value=first_value,
        first_day=first_day,
        last_day=last_day,
        merged_same_day=log.n_orders - len(day_starts),
    )


def _mean(total: Floats, count: Ints) -> Floats:
    return total / np.maximum(count, 1)  # a sum of no days is 0


def customer_summary(
    customers: Texts,
    dates: Dates,
    amounts: Range | None = None,
    as_of: Day | None = None,
    unit: str = "day",
    refunds: RefundPolicy = "net",
) -> pd.DataFrame:
    """Summarise each customer's orders: frequency, recency, age T and money, a row per customer.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money; refunds are negative. Default none: money stays empty.
    as_of
        Day at which the customers are looked at; default the day of the last order.
    unit
        Unit of recency, T and days_since_last: day, week, month or year; default day.
    refunds
        net: refunds reduce the customer's latest earlier order; drop: they are left out; refuse:
        they are an error. Default net.

    Returns
    -------
    DataFrame
        customer, orders, frequency (repeat order days), recency (first to last order), T (first
        order to as_of), days_since_last, monetary_value (mean repeat order day), total.

    Notes
    -----
    frequency = order days − 1, recency = last − first order day, T = as_of − first order day,
    monetary_value = revenue of the order days after the first by the frequency.

    References
    ----------
    Fader, P. S., Hardie, B. G. S., & Lee, K. L. (2005). "Counting your customers" the easy way.
    Marketing Science, 24(2).

    Examples
    --------
    >>> dates = ["2024-01-01", "2024-01-11", "2024-01-31"]
    >>> customer_summary(["a", "a", "b"], dates, [10, 20, 40])[["customer", "recency", "total"]]
      customer  recency  total
    0        a     10.0   30.0
    1        b      0.0   40.0
    """
    days_per(unit, "unit")
    day = None if as_of is None else calendar_day("as_of", as_of)
    log = order_log(customers, dates, amounts, rules=OrderRules(as_of=day, refunds=refunds))
    frame = summarise(log).to_frame(log.customer_ids, unit)
    return frame if amounts is not None else frame.assign(monetary_value=np.nan, total=np.nan)
