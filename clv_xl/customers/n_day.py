"""Revenue per customer in the first 30, 60, 90, … days, cohort by cohort and pooled.

Unlike the calendar cells of a cohort matrix every customer gets the same number of days, and only
customers who have been followed for that long are counted.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clv_xl.arrays import Dates, Day, Floats, Ints, Range, Steps, Texts, calendar_day, checked
from clv_xl.customers.cohorts import cohort_members
from clv_xl.customers.groups import count_by_group, ratio, sum_by_group
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog, OrderRules, order_log

LONGEST_DAYS = 36_500
"""A hundred years."""
DAYS = (30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NDay:
    """One row per cohort, one column per number of days since the first order."""

    days: Ints
    labels: NDArray[np.object_]
    size: Ints
    eligible: Ints
    """Customers followed for that many days."""
    revenue: Floats
    """What the eligible customers spent from their first order until that many days after it."""

    @property
    def per_customer(self) -> Floats:
        """Cumulative revenue per eligible customer; NaN where nobody was followed for so long."""
        return ratio(self.revenue, self.eligible)

    @property
    def pooled_per_customer(self) -> Floats:
        """The same over all cohorts together."""
        return ratio(self.revenue.sum(axis=0), self.eligible.sum(axis=0))


def n_day(log: OrderLog, days: Steps = DAYS, period: str = "month") -> NDay:
    """Return eligible customers and their cumulative revenue by days since the first order.

    Parameters
    ----------
    log
        The order log.
    days
        Numbers of days since the first order, whole; default 30, 60, 90, 180, 365.
    period
        Length of a cohort: month (default), quarter or year.

    Returns
    -------
    NDay
        Counts and sums by cohort and number of days.

    Examples
    --------
    >>> log = order_log(["a", "b", "a"], ["2024-01-05", "2024-01-20", "2024-02-29"], [10, 20, 30])
    >>> n_day(log, days=[30, 55]).per_customer
    array([[15., 40.]])
    """
    bounded = checked("days", days, at_least=1, at_most=LONGEST_DAYS)
    horizons = np.atleast_1d(bounded).astype(np.int64)
    members = cohort_members(log, period)
    first = order_days(log).first
    age, since = log.as_of - first, log.day - first[log.customer]
    cohort_of_order, age_of_order = members.of_customer[log.customer], age[log.customer]
    cohort_count = len(members.size)
    eligible = np.zeros((cohort_count, len(horizons)), dtype=np.int64)
    revenue = np.zeros((cohort_count, len(horizons)))
    for column, horizon in enumerate(horizons):
        followed = members.of_customer[(members.of_customer >= 0) & (age >= horizon)]
        eligible[:, column] = count_by_group(followed, cohort_count)
        counted = (cohort_of_order >= 0) & (age_of_order >= horizon) & (since <= horizon)
        revenue[:, column] = sum_by_group(
            cohort_of_order[counted], log.amount[counted], cohort_count
        )
    return NDay(
        days=horizons, labels=members.labels, size=members.size, eligible=eligible, revenue=revenue
    )


def n_day_table(
    customers: Texts,
    dates: Dates,
    amounts: Range,
    days: Steps | None = None,
    as_of: Day | None = None,
) -> pd.DataFrame:
    """Cumulative revenue per customer 30, 60, 90, … days after the first order, by monthly cohort.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money.
    days
        Numbers of days since the first order, whole; default 30, 60, 90, 180, 365.
    as_of
        Last day of the data; default the day of the last order.

    Returns
    -------
    DataFrame
        One row per cohort and a last row "all": cohort, size (customers), then money per customer
        with that many days of follow-up; empty where there is none.

    Notes
    -----
    Σ revenue within n days of the first order by the customers followed for n days, cohort by
    cohort.

    Examples
    --------
    >>> n_day_table(
    ...     ["a", "b", "a"], ["2024-01-05", "2024-01-20", "2024-02-29"], [10, 20, 30], [30, 55]
    ... )
        cohort  size    30    55
    0  2024-01     2  15.0  40.0
    1      all     2  15.0  40.0
    """
    day = None if as_of is None else calendar_day("as_of", as_of)
    log = order_log(customers, dates, amounts, rules=OrderRules(as_of=day))
    found = n_day(log, DAYS if days is None else days)
    values = np.vstack([found.per_customer, found.pooled_per_customer])
    table = pd.DataFrame(values, columns=found.days.tolist())
    table.insert(0, "cohort", [*found.labels.tolist(), "all"])
    table.insert(1, "size", [*found.size.tolist(), int(found.size.sum())])
    return table
