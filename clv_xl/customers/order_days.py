"""The distinct days on which each customer ordered.

Several orders of one customer on a day are one purchase wherever behaviour is counted, so most
modules of this room start here.
"""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Bools, Ints
from clv_xl.customers.orders import OrderLog


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OrderDays:
    """Order days of all customers, sorted by customer, then day."""

    customer: Ints
    day: Ints
    start: Ints
    """Per customer: where the first order day stands."""
    count: Ints
    """Per customer: how many order days there are, at least 1."""

    @property
    def first(self) -> Ints:
        """Per customer: the day of the first order."""
        return self.day.take(self.start)

    @property
    def last(self) -> Ints:
        """Per customer: the day of the latest order."""
        return self.day.take(self.start + self.count - 1)

    @property
    def gaps(self) -> tuple[Ints, Ints]:
        """Customer and length in days of every gap between consecutive order days."""
        same = self.customer[1:] == self.customer[:-1]
        return self.customer[1:][same], np.diff(self.day)[same]


def order_days(log: OrderLog) -> OrderDays:
    """Return the distinct order days of each customer.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> log = order_log(["a", "a", "a"], ["2024-01-01", "2024-01-01", "2024-01-31"], [5, 6, 7])
    >>> order_days(log).count
    array([2])
    """
    first_of_day = first_of_run(log.customer, log.day)
    customer, day = log.customer[first_of_day], log.day[first_of_day]
    start = np.flatnonzero(first_of_run(customer))
    return OrderDays(
        customer=customer, day=day, start=start, count=np.diff(start, append=len(customer))
    )


def first_of_run(*columns: Ints) -> Bools:
    """Mark each row of sorted columns that differs from the row before it.

    Examples
    --------
    >>> first_of_run(np.array([0, 0, 1]), np.array([5, 5, 5]))
    array([ True, False,  True])
    """
    marks = np.zeros(len(columns[0]), dtype=np.bool_)
    marks[:1] = True
    for column in columns:
        marks[1:] |= column[1:] != column[:-1]
    return marks
