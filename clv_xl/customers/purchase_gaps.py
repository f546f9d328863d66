"""Days between purchases: how long is usual, and whose next order is overdue."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.groups import quantile_by_group, sum_by_group
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog

OWN_GAPS = 3
"""With this many gaps a customer is judged by their own; with fewer by those of everybody."""
LATE = 0.8
"""The quantile of the gaps beyond which a customer is overdue."""
REGULAR_GAPS = 4
"""With this many gaps it can be said whether a customer orders at regular intervals."""
REGULAR_VARIATION = 0.15
"""Up to this coefficient of variation the gaps of a customer are regular."""
FEWEST_JUDGED = 5
"""With fewer customers to judge, regular gaps may be chance."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PurchaseGaps:
    """Gaps in days between consecutive order days, of everybody and of each customer."""

    gaps: int
    """How many gaps there are; none where nobody ordered on two days."""
    median: float | None
    mean: float | None
    percentile_80: float | None
    customer_gaps: Ints
    """Per customer: the number of gaps."""
    customer_median: Floats
    """Per customer: median of the own gaps; NaN without any."""
    typical: Floats
    """Per customer: the own median gap from 3 gaps on, else that of everybody; NaN without any."""
    threshold: Floats
    """Per customer: 80th percentile of the gaps, chosen likewise; beyond it the next is overdue."""
    days_since_last: Ints
    expected_next: Floats
    """Per customer: the day (since 1970-01-01) a typical gap after the last order; NaN if none."""
    overdue: Bools
    """Per customer: whether the last order is longer ago than the threshold."""
    judged: int
    """Customers with at least 4 gaps, of whom regularity can be said."""
    regular: int
    """Those of them whose gaps vary by at most 15 % of their mean."""

    @property
    def probable_subscription(self) -> bool:
        """Whether most of the customers judged order at regular intervals, as a contract would."""
        return self.judged >= FEWEST_JUDGED and 2 * self.regular > self.judged


def purchase_gaps(log: OrderLog) -> PurchaseGaps:
    """Return the gaps between order days, expected next orders and overdue customers.

    Parameters
    ----------
    log
        The order log.

    Returns
    -------
    PurchaseGaps
        Gaps in days, of everybody and per customer, judged on the as-of day.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> days = ["2024-01-01", "2024-01-11", "2024-01-21", "2024-01-31", "2024-03-01"]
    >>> purchase_gaps(order_log(["a", "a", "a", "a", "b"], days)).overdue
    array([ True, False])
    """
    days = order_days(log)
    customer, gap = days.gaps
    own_median = quantile_by_group(customer, gap, log.n_customers, 0.5)
    own_late = quantile_by_group(customer, gap, log.n_customers, LATE)
    counts = days.count - 1
    some = len(gap) > 0
    median, late = (float(np.quantile(gap, q)) if some else np.nan for q in (0.5, LATE))
    typical = np.where(counts >= OWN_GAPS, own_median, median)
    threshold = np.where(counts >= OWN_GAPS, own_late, late)
    since = log.as_of - days.last
    judged, regular = _regularity(customer, gap, counts)
    return PurchaseGaps(
        gaps=len(gap),
        median=median if some else None,
        mean=float(gap.mean()) if some else None,
        percentile_80=late if some else None,
        customer_gaps=counts,
        customer_median=own_median,
        typical=typical,
        threshold=threshold,
        days_since_last=since,
        expected_next=np.add(days.last, typical, dtype=np.float64),
        overdue=since > threshold,
        judged=judged,
        regular=regular,
    )


def _regularity(customer: Ints, gap: Ints, counts: Ints) -> tuple[int, int]:
    judged = counts >= REGULAR_GAPS
    number = np.maximum(counts, 1)
    mean = sum_by_group(customer, gap, len(counts)) / number
    squares = sum_by_group(customer, (gap - mean[customer]) ** 2, len(counts))
    regular = judged & (np.sqrt(squares / number) <= REGULAR_VARIATION * mean)
    return int(judged.sum()), int(regular.sum())
