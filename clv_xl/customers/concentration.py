"""How much of the value the best customers hold: whale curve, top shares, Gini coefficient.

Every share of customers is rounded up, so that the top of even the smallest base holds somebody.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clv_xl.arrays import Floats, Ints, Range, checked
from clv_xl.errors import DataError

CURVE_POINTS = 101

ROUNDING = 1e-12
"""Sums and products of floats miss a cut by a few units in the last place; this is forgiven."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WhaleCurve:
    """Customers sorted by value, highest first, and what they hold together; starts at 0, 0."""

    customers: Ints
    value: Floats


def whale_curve(values: Floats) -> WhaleCurve:
    """Return the value held by the 0, 1, 2, … most valuable customers together."""
    held = np.append(0.0, np.cumsum(descending(values)))
    return WhaleCurve(customers=np.arange(len(held)), value=held)


def whale_curve_points(curve: WhaleCurve, points: int = CURVE_POINTS) -> WhaleCurve:
    """Return a whale curve thinned to at most `points`, evenly by customers, both ends kept.

    Examples
    --------
    >>> whale_curve_points(whale_curve(np.arange(1000.0)), points=3).customers
    array([   0,  500, 1000])
    """
    last = len(curve.customers) - 1
    count = min(points, last + 1)
    picked = np.round(np.linspace(0, last, count)).astype(np.int64)
    return WhaleCurve(customers=curve.customers[picked], value=curve.value[picked])


def whale_curve_table(values: Range) -> pd.DataFrame:
    """Cumulative share of value by cumulative share of customers, the most valuable first.

    Parameters
    ----------
    values
        Value of each customer, money, best after margin and cost to serve; may be negative.

    Returns
    -------
    DataFrame
        From 0 to all customers: customers, customer_share, value (money), value_share, which
        passes 1 where some customers cost more than they bring.

    Notes
    -----
    value_share of k customers = the k largest values by the sum of all.

    Examples
    --------
    >>> whale_curve_table([30, 90, -20])
       customers  customer_share  value  value_share
    0          0        0.000000    0.0          0.0
    1          1        0.333333   90.0          0.9
    2          2        0.666667  120.0          1.2
    3          3        1.000000  100.0          1.0
    """
    amounts = np.ravel(checked("values", values))
    total = _positive_total(amounts)
    curve = whale_curve(amounts)
    return pd.DataFrame(
        {
            "customers": curve.customers,
            "customer_share": curve.customers / len(amounts),
            "value": curve.value,
            "value_share": curve.value / total,
        }
    )


def top_share(values: Range, share: float) -> float:
    """Share of the value that the most valuable customers hold, a decimal.

    Parameters
    ----------
    values
        Value of each customer, money.
    share
        Share of customers counted as the top, above 0, at most 1; rounded up to whole customers.

    Returns
    -------
    float
        Their value by the value of all.

    Notes
    -----
    Σ value of the top customers/Σ value of all.

    Examples
    --------
    >>> top_share([70, 10, 10, 10], 0.25)
    0.7
    """
    amounts = np.ravel(checked("values", values))
    part = checked("share", share, above=0, at_most=1)
    total = _positive_total(amounts)
    return float(descending(amounts)[: int(share_of_count(part, len(amounts)))].sum() / total)


def gini(values: Floats) -> float | None:
    """Return the Gini coefficient; None for negative values, or where all are 0.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0, 1.0, 1.0])), gini(np.array([0.0, 0.0, 0.0, 8.0]))
    (0.0, 0.75)
    """
    total = values.sum()
    if total <= 0 or values.min() < 0:
        return None
    ascending, count = np.sort(values), len(values)
    rank = np.arange(1, count + 1)
    return float(((2 * rank - count - 1) * ascending).sum() / (count * total))


def descending(values: Floats) -> Floats:
    """Return the values, highest first."""
    return np.sort(values)[::-1]


def _positive_total(values: Floats) -> float:
    total = float(values.sum())
    if total <= 0:
        raise DataError(f"values sum to {total:g}: a share of them exists only where it is above 0")
    return total


def share_of_count(share: Floats, count: int) -> Ints:
    """Return how many customers a share of them is, rounded up to whole ones."""
    return np.ceil(share * count - count * ROUNDING).astype(np.int64)
