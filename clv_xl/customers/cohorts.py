"""Customers grouped by the calendar period of their first order, followed through time.

A cell counts only when its calendar period is complete on the as-of day: an immature cell is
empty, never 0. Customers who were there before the log began belong to no cohort.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clv_xl.arrays import Bools, Dates, Day, Floats, Ints, Range, Texts, calendar_day
from clv_xl.customers.groups import count_by_group, ratio, sum_by_group
from clv_xl.customers.order_days import first_of_run, order_days
from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.errors import InvalidArgumentError
from clv_xl.periods import calendar_period, first_day_of_period, period_labels

MEASURES = ("customers", "rate", "revenue", "cumulative", "cumulative_per_customer")
_MONEY = frozenset({"revenue", "cumulative", "cumulative_per_customer"})


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cohorts:
    """One row per cohort; one column per period since the first order, 0 being its own."""

    period: str
    labels: NDArray[np.object_]
    first_days: Ints
    """First day of the calendar period of each cohort, since 1970-01-01."""
    size: Ints
    repeat_customers: Ints
    """Customers with at least two order days to date."""
    active: Ints
    """Customers who ordered, by cohort and period since; 0 also where the cell is immature."""
    revenue: Floats
    """Amounts, by cohort and period since; 0 also where the cell is immature."""
    mature: Bools
    """Whether the calendar period of the cell is complete on the as-of day."""
    existing: int
    """Customers left out because they were there before the log began."""

    @property
    def pooled_active(self) -> Ints:
        """Per period since the first order: active customers of the cohorts old enough."""
        return np.asarray(np.where(self.mature, self.active, 0).sum(axis=0))

    @property
    def pooled_eligible(self) -> Ints:
        """Per period since the first order: customers of the cohorts old enough."""
        return np.asarray(np.where(self.mature, self.size[:, None], 0).sum(axis=0))

    @property
    def pooled_revenue(self) -> Floats:
        """Per period since the first order: revenue of the cohorts old enough."""
        return np.asarray(np.where(self.mature, self.revenue, 0.0).sum(axis=0))

    @property
    def pooled_rate(self) -> Floats:
        """Per period since the first order: sum active / sum eligible; NaN where none is mature."""
        return ratio(self.pooled_active, self.pooled_eligible)

    def measured(self, measure: str) -> Floats:
        """Return one measure by cohort and period since; NaN in immature cells.

        `measure` is customers, rate, revenue, cumulative or cumulative_per_customer.
        """
        if measure not in MEASURES:
            raise InvalidArgumentError("measure", measure, f"one of {', '.join(MEASURES)}")
        counted = self.active if measure in {"customers", "rate"} else self.revenue
        if measure.startswith("cumulative"):
            counted = counted.cumsum(axis=1)
        if measure in {"rate", "cumulative_per_customer"}:
            counted = counted / self.size[:, None]
        return np.where(self.mature, counted, np.nan)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CohortMembers:
    """Which cohort each customer belongs to."""

    of_customer: Ints
    """Per customer: the number of the cohort; -1 for customers who were there before the log."""
    periods: Ints
    """Per cohort: its calendar period, counted from 1970."""
    labels: NDArray[np.object_]
    size: Ints


def cohort_members(log: OrderLog, period: str) -> CohortMembers:
    """Return the cohorts of a log, those with customers only, in time order."""
    counted = ~log.existing_before_window
    periods, member = np.unique(
        calendar_period(order_days(log).first[counted], period), return_inverse=True
    )
    of_customer = np.full(log.n_customers, -1, dtype=np.int64)
    of_customer[counted] = member
    return CohortMembers(
        of_customer=of_customer,
        periods=periods,
        labels=np.array(period_labels(periods, period), dtype=object),
        size=count_by_group(member, len(periods)),
    )


def cohorts(log: OrderLog, period: str = "month") -> Cohorts:
    """Return active customers and revenue of each cohort by period since the first order.

    Parameters
    ----------
    log
        The order log.
    period
        Length of a cohort and of a step: month (default), quarter or year.

    Returns
    -------
    Cohorts
        Counts and sums; a mask says which cells are mature.

    Examples
    --------
    >>> log = order_log(["a", "b", "a"], ["2024-01-05", "2024-01-20", "2024-02-29"], [10, 20, 30])
    >>> cohorts(log).measured("rate")
    array([[1. , 0.5]])
    """
    members = cohort_members(log, period)
    last_complete = int(calendar_period(np.array([log.as_of + 1]), period)[0]) - 1
    mature_periods = last_complete - members.periods + 1
    width = max(1, int(mature_periods.max(initial=1)))
    active, revenue = _cells(log, members, period, width)
    days = order_days(log).count
    repeating = members.of_customer[(days > 1) & (members.of_customer >= 0)]
    return Cohorts(
        period=period,
        labels=members.labels,
        first_days=first_day_of_period(members.periods, period),
        size=members.size,
        repeat_customers=count_by_group(repeating, len(members.periods)),
        active=active,
        revenue=revenue,
        mature=np.arange(width) < mature_periods[:, None],
        existing=int(log.existing_before_window.sum()),
    )


def _cells(log: OrderLog, members: CohortMembers, period: str, width: int) -> tuple[Ints, Floats]:
    number = calendar_period(log.day, period)
    member = members.of_customer[log.customer]
    since = number - np.append(members.periods, 0)[member]  # -1, no cohort, meets the appended 0
    kept = (member >= 0) & (since < width)
    first_in_period = kept & first_of_run(log.customer, number)
    cell, shape = member * width + since, (len(members.periods), width)
    active = count_by_group(cell[first_in_period], shape[0] * width)
    revenue = sum_by_group(cell[kept], log.amount[kept], shape[0] * width)
    return active.reshape(shape), revenue.reshape(shape)


def cohort_table(
    customers: Texts,
    dates: Dates,
    amounts: Range | None = None,
    period: str = "month",
    measure: str = "customers",
    as_of: Day | None = None,
) -> pd.DataFrame:
    """Cohort matrix: customers, rate or revenue by months, quarters or years since first order.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money; default none: only the measures of revenue need them.
    period
        Length of a cohort and of a step: month (default), quarter or year.
    measure
        customers (default), rate (share of the cohort), revenue, cumulative (revenue to date) or
        cumulative_per_customer (money per customer of the cohort).
    as_of
        Last day of the data; default the day of the last order.

    Returns
    -------
    DataFrame
        One row per cohort: cohort, size (customers), then a column per period since the first
        order; cells whose period is not complete are empty.

    Notes
    -----
    rate in period k: customers of the cohort with an order in the k-th period after that of their
    first, by the size of the cohort. The measures of money add up their revenue in that period, or
    up to it.

    Examples
    --------
    >>> cohort_table(["a", "b", "a"], ["2024-01-05", "2024-01-20", "2024-02-29"], measure="rate")
        cohort  size    0    1
    0  2024-01     2  1.0  0.5
    """
    if amounts is None and measure in _MONEY:
        raise InvalidArgumentError("amounts", "nothing", f"given for the measure {measure}")
    found = cohorts(_log_as_of(customers, dates, amounts, as_of), period)
    cells = pd.DataFrame(found.measured(measure))
    cells.insert(0, "cohort", found.labels)
    cells.insert(1, "size", found.size)
    return cells


def retention_curve_table(
    customers: Texts, dates: Dates, period: str = "month", as_of: Day | None = None
) -> pd.DataFrame:
    """Share of customers who order again 0, 1, 2, … periods after their first, all cohorts pooled.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    period
        Length of a cohort and of a step: month (default), quarter or year.
    as_of
        Last day of the data; default the day of the last order.

    Returns
    -------
    DataFrame
        One row per period since the first order: active and eligible customers (of the cohorts
        old enough), rate (sum active / sum eligible).

    Notes
    -----
    Σ active/Σ eligible, over the cohorts old enough.

    Examples
    --------
    >>> retention_curve_table(["a", "b", "a"], ["2024-01-05", "2024-01-20", "2024-02-29"])
       month  active  eligible  rate
    0      0       2         2   1.0
    1      1       1         2   0.5
    """
    found = cohorts(_log_as_of(customers, dates, None, as_of), period)
    table = pd.DataFrame(
        {
            period: np.arange(found.active.shape[1]),
            "active": found.pooled_active,
            "eligible": found.pooled_eligible,
            "rate": found.pooled_rate,
        }
    )
    return table[table["eligible"] > 0]


def _log_as_of(
    customers: Texts, dates: Dates, amounts: Range | None, as_of: Day | None
) -> OrderLog:
    day = None if as_of is None else calendar_day("as_of", as_of)
    return order_log(customers, dates, amounts, rules=OrderRules(as_of=day))
