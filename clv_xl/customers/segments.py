"""What each segment of the customers holds: people, orders, money, retention.

A customer belongs to one segment, that of the latest order (or of the first, for what is fixed at
acquisition); how many customers were seen in several is kept beside it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.activity import active_on
from clv_xl.customers.groups import count_by_group, quantile_by_group, sum_by_group
from clv_xl.customers.order_days import first_of_run, order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.errors import InvalidArgumentError, listed


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Membership:
    """The one segment of each customer."""

    codes: Ints
    """Per customer: position in `labels`."""
    labels: NDArray[np.object_]
    several: int = 0
    """Customers whose orders name more than one segment."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Segments:
    """Counts and sums per segment; a customer is in exactly one, so that sums are totals."""

    labels: NDArray[np.object_]
    several: int
    first_day: int
    last_day: int
    window_days: int
    customers: Ints
    active: Ints
    """Active on the last day of the period."""
    active_at_start: Ints
    """Active on the day before the period."""
    retained: Ints
    """Active at both ends."""
    buyers: Ints
    """Customers who ordered in the period."""
    orders_in_period: Ints
    paid_orders_in_period: Ints
    revenue_in_period: Floats
    orders: Ints
    """Orders to date; paid ones are those above 0."""
    paid_orders: Ints
    order_days: Ints
    revenue: Floats
    """Revenue to date."""
    days_since_last: Floats
    """Median of the days since the last order."""
    days_since_last_of_all: float
    """The same over all customers, which is no sum of the above."""

    @property
    def period_days(self) -> int:
        """Length of the period in days."""
        return self.last_day - self.first_day + 1


def segment_membership(
    log: OrderLog, column: str, by: Literal["latest", "first"] = "latest"
) -> Membership:
    """Return the segment of each customer, from the latest or the first order.

    Parameters
    ----------
    log
        The order log.
    column
        Header of the segment column.
    by
        Which order decides: latest (default) or first.

    Returns
    -------
    Membership
        One segment per customer; segments left without a customer are no longer listed.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> days, shops = ["2024-01-01", "2024-02-01"], ["web", "Rome"]
    >>> log = order_log(["a", "a"], days, segments={"shop": shops})
    >>> found = segment_membership(log, "shop")
    >>> found.labels[found.codes].tolist(), found.several
    (['Rome'], 1)
    """
    if column not in log.segments:
        there = f"one of {listed(log.segments)}" if log.segments else "given with the order log"
        raise InvalidArgumentError("column", column, there)
    if by not in {"latest", "first"}:
        raise InvalidArgumentError("by", by, "latest or first")
    labelled = log.segments[column]
    start = np.searchsorted(log.customer, np.arange(log.n_customers))
    end = np.append(start[1:], log.n_orders)
    codes = labelled.codes[start if by == "first" else end - 1]
    lowest = np.minimum.reduceat(labelled.codes, start)
    highest = np.maximum.reduceat(labelled.codes, start)
    used, codes = np.unique(codes, return_inverse=True)
    return Membership(
        codes=codes, labels=labelled.labels[used], several=int((lowest != highest).sum())
    )


def segments(
    log: OrderLog, membership: Membership, *, first_day: int, last_day: int, window_days: int
) -> Segments:
    """Return customers, orders, revenue, recency and retention per segment.

    Parameters
    ----------
    log
        The order log.
    membership
        The segment of each customer.
    first_day
        First day of the period, days since 1970-01-01.
    last_day
        Last day of the period, days since 1970-01-01.
    window_days
        How many days an order keeps a customer active.

    Returns
    -------
    Segments
        Counts and sums in the period and to date.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> days, shops = ["1970-01-02", "1970-01-09"], ["web", "Rome"]
    >>> log = order_log(["a", "b"], days, [5, 7], segments={"shop": shops})
    >>> member = segment_membership(log, "shop")
    >>> segments(log, member, first_day=4, last_day=8, window_days=30).revenue_in_period
    array([0., 7.])
    """
    tally = _Tally(log, membership)
    inside = (log.day >= first_day) & (log.day <= last_day)
    paid = log.amount > 0
    at_start = active_on(log, first_day - 1, window_days)
    at_close = active_on(log, last_day, window_days)
    since = log.as_of - order_days(log).last
    return Segments(
        labels=membership.labels,
        several=membership.several,
        first_day=first_day,
        last_day=last_day,
        window_days=window_days,
        customers=count_by_group(membership.codes, tally.groups),
        active=tally.customers(at_close),
        active_at_start=tally.customers(at_start),
        retained=tally.customers(at_start & at_close),
        buyers=tally.customers(active_on(log, last_day, last_day - first_day + 1)),
        orders_in_period=tally.orders(inside),
        paid_orders_in_period=tally.orders(inside & paid),
        revenue_in_period=tally.revenue(inside),
        orders=count_by_group(tally.of_order, tally.groups),
        paid_orders=tally.orders(paid),
        order_days=tally.orders(first_of_run(log.customer, log.day)),
        revenue=tally.revenue(paid),
        days_since_last=quantile_by_group(membership.codes, since, tally.groups, 0.5),
        days_since_last_of_all=float(np.median(since)),
    )


class _Tally:
    """Counts and sums of marked customers and orders, by segment."""

    def __init__(self, log: OrderLog, membership: Membership) -> None:
        self.log, self.membership = log, membership
        self.groups = len(membership.labels)
        self.of_order: Ints = membership.codes[log.customer]

    def customers(self, marked: Bools) -> Ints:
        return count_by_group(self.membership.codes[marked], self.groups)

    def orders(self, marked: Bools) -> Ints:
        return count_by_group(self.of_order[marked], self.groups)

    def revenue(self, marked: Bools) -> Floats:
        return sum_by_group(self.of_order[marked], self.log.amount[marked], self.groups)


def recent_period(log: OrderLog) -> tuple[int, int]:
    """Return the last 365 days of a log, or its later half where it is shorter than two years.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> recent_period(order_log(["a", "a"], ["1970-01-01", "1970-01-10"]))
    (5, 9)
    """
    span = log.as_of - log.first_day + 1
    length = 365 if span >= 2 * 365 else max(1, span // 2)
    return log.as_of - length + 1, log.as_of
