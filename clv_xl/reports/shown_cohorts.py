"""What may be shown of cohorts to those who must not see single customers.

In the rows that are shown, the revenue of a period in which too few bought is added to that of the
periods after it, until it is of enough customers: sums up to a cell that is shown stay right, and
cells between stay empty. Where the revenue of a whole stretch of days, less all that is shown of
it, would be of too few customers, the last cells are given up as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.cohorts import Cohorts, cohort_members
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.periods import calendar_period
from clv_xl.reports.disclosure import ANY, enough
from clv_xl.reports.told_days import Stretch, within


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """Neighbouring cells of a cohort whose revenue is shown as one, in the last of them."""

    row: int
    first: int
    last: int
    orders: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Row and period since the first order of each order; a row of -1 is shown nowhere."""

    log: OrderLog
    row: Ints
    since: Ints

    def distinct(self, orders: Ints | Bools) -> int:
        """Return how many customers some orders are of."""
        return len(np.unique(self.log.customer[orders]))


def shown_revenue(
    log: OrderLog, found: Cohorts, rows: Ints, fewest: int, stretches: Sequence[Stretch]
) -> Floats:
    """Return the revenue of cohorts by period since, NaN where a cell is immature or empty.

    Parameters
    ----------
    log
        The orders.
    found
        All cohorts.
    rows
        Which of them are shown.
    fewest
        Customers that a cell must be of.
    stretches
        Stretches of days whose revenue is told elsewhere.
    """
    plain = np.where(found.mature[rows], found.revenue[rows], np.nan)
    if fewest == ANY:
        return plain
    cells = _cells(log, found, rows)
    pools = [pool for row in range(len(rows)) for pool in _pools(cells, found, rows, row, fewest)]
    for stretch in [(log.first_day, log.as_of), *stretches]:
        _give_up(pools, cells, stretch, fewest)
    shown = np.full(plain.shape, np.nan)
    for pool in pools:
        shown[pool.row, pool.last] = np.nansum(plain[pool.row, pool.first : pool.last + 1])
    return shown


def _cells(log: OrderLog, found: Cohorts, rows: Ints) -> _Cells:
    members = cohort_members(log, found.period)
    position = np.full(len(members.periods) + 1, -1, dtype=np.int64)
    position[rows] = np.arange(len(rows))
    cohort = members.of_customer
    first = calendar_period(order_days(log).first, found.period)[log.customer]
    since = calendar_period(log.day, found.period) - first
    return _Cells(log, position[cohort][log.customer], since)


def _pools(cells: _Cells, found: Cohorts, rows: Ints, row: int, fewest: int) -> Iterator[_Pool]:
    own, begin = np.flatnonzero(cells.row == row), 0
    since = cells.since[own]
    for last in range(int(found.mature[rows[row]].sum())):
        orders = own[(since >= begin) & (since <= last)]
        if enough(cells.distinct(orders), fewest):
            yield _Pool(row, begin, last, orders)
            begin = last + 1


def _give_up(pools: list[_Pool], cells: _Cells, stretch: Stretch, fewest: int) -> None:
    """Take pools away from the end of cohorts until what is left of a stretch is of enough."""
    while pools and not enough(cells.distinct(_left(pools, cells, stretch)), fewest):
        ends = {pool.row: pool for pool in pools if len(pool.orders)}
        if not ends:
            break
        own = within(cells.log, stretch)
        inside = [pool for pool in ends.values() if own[pool.orders].all()]
        pools.remove(min(inside or ends.values(), key=lambda pool: cells.distinct(pool.orders)))


def _left(pools: Sequence[_Pool], cells: _Cells, stretch: Stretch) -> Bools:
    """Return the orders of a stretch that are in none of the pools that lie within it."""
    inside = within(cells.log, stretch)
    left = inside.copy()
    for pool in pools:
        if inside[pool.orders].all():
            left[pool.orders] = False
    return left
