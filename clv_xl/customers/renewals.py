"""Renewals as an order log shows them: who was due to pay again, and who did, then or later.

Each customer has a clock of their own, which starts with the first order. A renewal counts once its
day and a grace for late payers are over on the as-of day: what may still come is no loss.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from clv_xl.arrays import Floats, Ints
from clv_xl.customers.order_days import OrderDays, order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.purchase_gaps import OWN_GAPS, PurchaseGaps
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
    """Customers with 3 gaps or more who pay at clearly shorter or longer intervals."""
    existing: int
    """Customers left out because they were there before the log began."""


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
    usual = gaps.median
    return next(
        (p for p, days in BILLING_DAYS.items() if usual / NEAR <= days <= usual * NEAR), None
    )


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
    known = ~log.existing_before_window
    length = _payments_apart(days, BILLING_DAYS[period])
    grace = min(length / 2, LONGEST_GRACE_DAYS)
    first, last = days.first[known], days.last[known]
    due = np.maximum(np.floor((log.as_of - grace - first) / length), 0).astype(np.int64)
    made = np.floor((last - first) / length + 0.5).astype(np.int64)
    return Renewals(
        period=period,
        days=length,
        grace=grace,
        survivors=_survivors(due, np.minimum(made, due)),
        otherwise=_otherwise(days, length),
        existing=int(log.existing_before_window.sum()),
    )


def _payments_apart(days: OrderDays, usual: float) -> float:
    """Return the mean gap near a period: 28, 30 days and calendar months drift apart soon."""
    _, gap = days.gaps
    near = gap[(gap * NEAR >= usual) & (gap <= usual * NEAR)]
    return float(near.mean()) if near.size else usual


def _survivors(due: Ints, made: Ints) -> tuple[Ints, ...]:
    """Return by renewals fallen due the customers who made 0, 1, … of them or more."""
    width = int(due.max(initial=0)) + 1
    counts = np.bincount(due * width + made, minlength=width * width).reshape(width, width)
    left = counts[:, ::-1].cumsum(axis=1)[:, ::-1]
    return tuple(left[n, : n + 1] if left[n, 0] else left[n, :0] for n in range(width))


def _otherwise(days: OrderDays, length: float) -> int:
    """Return how many of the customers with gaps of their own keep to another interval."""
    often = days.count > OWN_GAPS
    apart: Floats = (days.last[often] - days.first[often]) / (days.count[often] - 1)
    return int(((apart * NEAR < length) | (apart > length * NEAR)).sum())
