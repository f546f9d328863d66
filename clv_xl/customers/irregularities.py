"""Amounts far beyond the usual, and silences where orders were to be expected."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.customers.orders import OrderLog

SHORTEST_SILENCE = 7
"""Days without an order that may be a silence."""
_FENCE = 3.0
_LEAST_SPREAD = float(np.log(2))  # where all prices are alike, a double price is no outlier
_FLANK = 4  # a silence is judged by the orders in four times its length before and after it
_EXPECTED_ORDERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outliers:
    """Orders above the upper fence of the paid amounts, on a log scale."""

    limit: float | None
    """The fence, money; None where no order is paid."""
    count: int
    revenue: float
    """Sum of their amounts."""
    average_order_value: float | None
    """Mean of the paid orders; None where there is none."""
    winsorised_order_value: float | None
    """The same with outliers cut to the limit."""


def outliers(amount: Floats) -> Outliers:
    """Return the amounts above Q3 + 3 × (Q3 − Q1) of the logarithms of the paid ones.

    Examples
    --------
    >>> found = outliers(np.array([10.0, 20.0, 10.0, 20.0, 10.0, 99999.0]))
    >>> found.count, round(found.limit)
    (1, 160)
    """
    paid = amount[amount > 0]
    if not len(paid):
        return Outliers(
            limit=None, count=0, revenue=0.0, average_order_value=None, winsorised_order_value=None
        )
    lower, upper = np.log(np.quantile(paid, [0.25, 0.75]))
    limit = float(np.exp(upper + _FENCE * max(upper - lower, _LEAST_SPREAD)))
    beyond = paid[paid > limit]
    return Outliers(
        limit=limit,
        count=len(beyond),
        revenue=float(beyond.sum()),
        average_order_value=float(paid.mean()),
        winsorised_order_value=float(np.minimum(paid, limit).mean()),
    )


def silent_gaps(log: OrderLog) -> tuple[tuple[int, int], ...]:
    """Return first and last day of each silence of a week or longer in a busy stretch of the log.

    Busy means that the time before and the time after, each four times as long as the silence,
    both let expect at least 20 orders in it, so that chance or a closed weekend is no explanation.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> days = np.array([*range(60), *range(70, 130)]).astype("datetime64[D]").repeat(3)
    >>> silent_gaps(order_log(["a"] * 360, days))
    ((60, 69),)
    """
    days = np.sort(log.day)
    before = np.flatnonzero(np.diff(days) > SHORTEST_SILENCE)  # the last order ahead of the silence
    first, last = days[before] + 1, days[before + 1] - 1
    flank = _FLANK * (last - first + 1)
    ahead = before + 1 - np.searchsorted(days, first - flank)
    behind = np.searchsorted(days, last + flank, side="right") - before - 1
    busy = np.minimum(ahead, behind) >= _FLANK * _EXPECTED_ORDERS
    return tuple(zip(first[busy].tolist(), last[busy].tolist(), strict=True))
