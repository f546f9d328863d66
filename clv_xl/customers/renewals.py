"""Renewals as an order log shows them: who was due to pay again, and who did, then or later.

Each customer has a clock of their own, which starts with the first order. A renewal counts once its
day and a grace for late payers are over on the as-of day: what may still come is no loss.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from clv_xl.arrays import Ints
from clv_xl.customers.groups import count_by_group, ratio, sum_by_group
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.purchase_gaps import FEWEST_JUDGED, OWN_GAPS, PurchaseGaps
from clv_xl.periods import DAYS_PER_YEAR, periods_per_year

BILLING_DAYS = MappingProxyType(
    {
        period: DAYS_PER_YEAR / periods_per_year(period)
        for period in ("week", "month", "quarter", "year")
    }
)
"""How many days a billing period lasts, by its name."""
NEAR = 1.25
"""A gap is near a period where one is at most so many times the other."""
LONGEST_GRACE_DAYS = 30.0
_MOST = 0.75  # of three gaps or more: a payment skipped now and then makes no other interval
_FAR = 2.5  # times as long, or short: no single payment that was skipped explains one gap or two
_FEWEST_GAPS = 20  # with fewer, gaps of one length may be chance


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Renewals:
    """Survivors of the customers whose renewals are known from the first on."""

    period: str
    days: float
    """From one payment to the next, as the payments show it."""
    grace: float
    """Days after which a payment that has not come is taken for a loss."""
    survivors: tuple[Ints, ...]
    """One cohort for each number of renewals fallen due, from 0: its size, then who is left."""
    otherwise: int
    """Customers who pay at clearly shorter or longer intervals, as most of their gaps show."""
    existing: int
    """Customers left out because they were there before the log began."""
    other_gap: float | None
    """Median of all gaps in days where it is not near the period; None where it is, or unknown."""


def billing_period(gaps: PurchaseGaps) -> str | None:
    """Return the period by which a probable subscription is billed; None where it is none.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> from clv_xl.customers.purchase_gaps import purchase_gaps
    >>> days = [f"2024-0{month}-15" for month in range(1, 7)]
    >>> customers = [name for name in "abcde" for _ in days]
    >>> billing_period(purchase_gaps(order_log(customers, days * 5)))
    'month'
    """
    if not gaps.probable_subscription or gaps.median is None:
        return None
    return _period_near(gaps.median)


def nearly_regular_period(log: OrderLog, gaps: PurchaseGaps) -> str | None:
    """Return the billing period that most gaps are near where the log is no subscription yet.

    Parameters
    ----------
    log
        The order log.
    gaps
        The gaps between its order days.

    Returns
    -------
    str or None
        The period that the median gap is near, where at least half of all gaps are near the median
        too: payments that are skipped or late now and then hide a subscription.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> from clv_xl.customers.purchase_gaps import purchase_gaps
    >>> days = [f"2024-{month:02}-15" for month in (1, 2, 3, 5, 6, 7, 8, 12)]
    >>> log = order_log([name for name in "abcde" for _ in days], days * 5)
    >>> gaps = purchase_gaps(log)
    >>> billing_period(gaps), nearly_regular_period(log, gaps)
    (None, 'month')
    """
    customer, gap = order_days(log).gaps
    several = len(np.unique(customer)) >= FEWEST_JUDGED and gap.size >= _FEWEST_GAPS
    if gaps.probable_subscription or gaps.median is None or not several:
        return None
    near = (gap * NEAR >= gaps.median) & (gap <= gaps.median * NEAR)
    return _period_near(gaps.median) if 2 * near.sum() >= gap.size else None


def _period_near(gap: float) -> str | None:
    return next((p for p, days in BILLING_DAYS.items() if gap / NEAR <= days <= gap * NEAR), None)


def renewals(log: OrderLog, period: str) -> Renewals:
    """Return the survivors of a log under a contract that is billed by the period.

    Parameters
    ----------
    log
        The order log; several orders of a customer on a day are one payment.
    period
        week, month, quarter or year.

    Returns
    -------
    Renewals
        A customer survives renewal k who pays in the k-th billing period after the first, or later.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> days = ["2024-01-05", "2024-02-05", "2024-03-05", "2024-01-05", "2024-03-25"]
    >>> found = renewals(order_log(list("aaabc"), days), "month")
    >>> [cohort.tolist() for cohort in found.survivors]
    [[1], [], [2, 1, 1]]
    """
    days = order_days(log)
    customer, gap = days.gaps
    known = ~log.existing_before_window
    length = _payments_apart(gap, BILLING_DAYS[period])
    grace = min(length / 2, LONGEST_GRACE_DAYS)
    first, last = days.first[known], days.last[known]
    due = np.maximum(np.floor((log.as_of - grace - first) / length), 0).astype(np.int64)
    made = np.floor((last - first) / length + 0.5).astype(np.int64)
    return Renewals(
        period=period,
        days=length,
        grace=grace,
        survivors=_survivors(due, np.minimum(made, due)),
        otherwise=_otherwise(customer, gap, length),
        existing=int(log.existing_before_window.sum()),
        other_gap=_other_gap(gap, BILLING_DAYS[period]),
    )


def _payments_apart(gap: Ints, usual: float) -> float:
    """Return the mean gap near a period: 28, 30 days and calendar months drift apart soon."""
    near = gap[(gap * NEAR >= usual) & (gap <= usual * NEAR)]
    return float(near.mean()) if near.size else usual


def _survivors(due: Ints, made: Ints) -> tuple[Ints, ...]:
    """Return by renewals fallen due the customers who made 0, 1, … of them or more."""
    width = int(due.max(initial=0)) + 1
    counts = np.bincount(due * width + made, minlength=width * width).reshape(width, width)
    left = counts[:, ::-1].cumsum(axis=1)[:, ::-1]
    return tuple(left[n, : n + 1] if left[n, 0] else left[n, :0] for n in range(width))


def _other_gap(gap: Ints, usual: float) -> float | None:
    median = float(np.median(gap)) if gap.size else usual
    return None if usual / NEAR <= median <= usual * NEAR else median


def _otherwise(customer: Ints, gap: Ints, length: float) -> int:
    """Return how many customers keep to another interval, by the gaps of each.

    Of three gaps or more most must be longer, or most shorter; of one or two, all by far.
    """
    groups = int(customer.max(initial=-1)) + 1
    number = count_by_group(customer, groups)
    least = np.where(number < OWN_GAPS, _FAR, NEAR)[customer]
    longer, shorter = (
        sum_by_group(customer, odd.astype(np.int64), groups)
        for odd in (gap > length * least, gap * least < length)
    )
    share = ratio(np.maximum(longer, shorter), number)
    most = np.where(number < OWN_GAPS, share == 1, share > _MOST)
    return int((most & (number > 0)).sum())
