"""Stretches of days whose revenue a report tells, and whether they tell of too few customers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from clv_xl.arrays import Bools, Ints
from clv_xl.customers.groups import count_by_group
from clv_xl.customers.order_log import OrderLog
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.disclosure import ANY, enough
from clv_xl.reports.reporting_period import ReportingPeriod, choose_period

Stretch: TypeAlias = tuple[int, int]
"""First and last day, both included, as day numbers since 1970-01-01."""


def report_period(log: OrderLog, assumptions: Assumptions) -> ReportingPeriod:
    """Return the period of a report; alone, where that before tells nothing, or of too few.

    Parameters
    ----------
    log
        The orders of the report.
    assumptions
        The wish, from which day on orders are known, and how many customers figures must be of.
    """
    since = log.first_day if assumptions.known_from is None else assumptions.known_from
    period = choose_period(assumptions.period, since, log.as_of)
    before = period.previous_last_day
    if before is None or before < log.first_day:
        return _alone(period)
    tellable = all_tellable(log, told_days(period), assumptions.fewest)
    return period if tellable else _alone(period)


def _alone(period: ReportingPeriod) -> ReportingPeriod:
    return replace(period, previous_first_day=None, previous_last_day=None)


def told_days(period: ReportingPeriod) -> list[Stretch]:
    """Return the period and, where there is one, that before it."""
    found = [(period.first_day, period.last_day)]
    if period.previous_first_day is not None and period.previous_last_day is not None:
        found.append((period.previous_first_day, period.previous_last_day))
    return found


def within(log: OrderLog, stretch: Stretch) -> Bools:
    """Return which orders are of a stretch of days."""
    return np.asarray((log.day >= stretch[0]) & (log.day <= stretch[1]))


def buyers(log: OrderLog, orders: Bools) -> int:
    """Return how many customers some orders are of."""
    return len(np.unique(log.customer[orders]))


def told_of(log: OrderLog, group: Ints, groups: int, covered: Stretch) -> list[Ints]:
    """Return of how many customers the figures of each group are.

    Parameters
    ----------
    log
        The orders.
    group
        Number of the group of each customer.
    groups
        How many groups there are.
    covered
        The report's period.

    Returns
    -------
    list of arrays
        Customers of each group; those who ordered in the period; those who ordered outside it,
        whose revenue is what the period leaves of all.
    """
    inside = within(log, covered)
    who = [np.unique(log.customer[orders]) for orders in (inside, ~inside)]
    return [count_by_group(some, groups) for some in (group, *(group[each] for each in who))]


def all_tellable(log: OrderLog, stretches: Sequence[Stretch], fewest: int) -> bool:
    """Return whether no stretch, nor what they leave of the whole, is of too few customers.

    Parameters
    ----------
    log
        All orders.
    stretches
        Stretches of days that do not overlap.
    fewest
        Customers that are needed.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> log = order_log(["a", "b", "c", "a"], ["2024-01-05"] * 3 + ["2024-02-01"])
    >>> january = (log.first_day, log.first_day + 26)
    >>> all_tellable(log, [january], 1), all_tellable(log, [january], 2)
    (True, False)
    """
    if fewest == ANY:
        return True
    each = [within(log, stretch) for stretch in stretches]
    rest = ~np.any(each, axis=0)
    return all(enough(buyers(log, orders), fewest) for orders in (*each, rest))
