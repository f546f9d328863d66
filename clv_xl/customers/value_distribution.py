"""How the value of a customer base is spread over its customers: tiers, ABC, concentration.

Customers of equal value are never split between two classes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Floats, Ints, Numbers, Steps, checked
from clv_xl.customers.concentration import (
    ROUNDING,
    WhaleCurve,
    descending,
    gini,
    share_of_count,
    whale_curve,
)
from clv_xl.customers.groups import count_by_group, sum_by_group
from clv_xl.customers.orders import OrderLog
from clv_xl.errors import InvalidArgumentError

TIERS = ("Platinum", "Gold", "Silver", "Bronze")
TIER_CUTS = (0.05, 0.20, 0.50)
ABC = ("A", "B", "C")
A_SHARE = 0.80
B_SHARE = 0.15
TOP_SHARES = (0.01, 0.05, 0.10, 0.20)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ValueDistribution:
    """Value by class of customer: counts and sums."""

    customers: int
    total: float
    tier: Ints
    """Per customer: position in TIERS."""
    tier_customers: Ints
    tier_value: Floats
    abc: Ints
    """Per customer: position in ABC."""
    abc_customers: Ints
    abc_value: Floats
    top_shares: Floats
    """Shares of customers, most valuable first."""
    top_customers: Ints
    top_value: Floats
    gini: float | None
    """0 where all are worth the same, towards 1 where one holds all; None where undefined."""
    curve: WhaleCurve


def value_distribution(log: OrderLog) -> ValueDistribution:
    """Return how the revenue to date is spread over the customers of an order log.

    Parameters
    ----------
    log
        The order log.

    Returns
    -------
    ValueDistribution
        Tier and ABC class of each customer, counts and sums by class, the whale curve, Gini.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> log = order_log(["a", "b", "c"], ["2024-01-05"] * 3, [90, 10, 20])
    >>> value_distribution(log).top_value
    array([90., 90., 90., 90.])
    """
    return distribution_of(sum_by_group(log.customer, log.amount, log.n_customers))


def distribution_of(values: Floats) -> ValueDistribution:
    """Return how value, one number per customer, is spread over them."""
    curve = whale_curve(values)
    tier, abc = _tier_codes(values, np.array(TIER_CUTS)), _abc_codes(values, A_SHARE, B_SHARE)
    top = share_of_count(np.array(TOP_SHARES), len(values))
    return ValueDistribution(
        customers=len(values),
        total=float(curve.value[-1]),
        tier=tier,
        tier_customers=count_by_group(tier, len(TIERS)),
        tier_value=sum_by_group(tier, values, len(TIERS)),
        abc=abc,
        abc_customers=count_by_group(abc, len(ABC)),
        abc_value=sum_by_group(abc, values, len(ABC)),
        top_shares=np.array(TOP_SHARES),
        top_customers=top,
        top_value=curve.value[top],
        gini=gini(values),
        curve=curve,
    )


def tiers(values: Numbers, cuts: Steps | None = None) -> NDArray[np.object_] | str:
    """Value tier of each customer, text: Platinum, Gold, Silver or Bronze, by share of customers.

    Parameters
    ----------
    values
        Value of each customer, money.
    cuts
        Shares of customers at which a tier ends, ascending, above 0 and below 1; default 0.05,
        0.20, 0.50. More than three cuts name the tiers Tier 1, Tier 2, ….

    Returns
    -------
    text
        One tier per row; customers of equal value share the better one.

    Notes
    -----
    Rank by value, the largest first, by the number of customers, held against the cuts; each cut
    is rounded up to whole customers.

    Examples
    --------
    >>> tiers([500, 40, 30, 30, 20, 10]).tolist()
    ['Platinum', 'Gold', 'Silver', 'Silver', 'Bronze', 'Bronze']
    """
    amounts = checked("values", values)
    shares = np.atleast_1d(checked("cuts", TIER_CUTS if cuts is None else cuts, above=0, below=1))
    if (np.diff(shares) <= 0).any():
        raise InvalidArgumentError("cuts", shares.tolist(), "ascending, each above the one before")
    count = len(shares) + 1
    names = TIERS[:count] if count <= len(TIERS) else [f"Tier {n}" for n in range(1, count + 1)]
    return _named(names, _tier_codes(np.ravel(amounts), shares), amounts)


def abc_classes(
    values: Numbers, a_share: float = A_SHARE, b_share: float = B_SHARE
) -> NDArray[np.object_] | str:
    """ABC class of each customer, text: A makes the first 80 % of the value, B the next 15 %.

    Parameters
    ----------
    values
        Value of each customer, money, best after margin.
    a_share
        Share of the value that A makes, 0 to 1, default 0.80.
    b_share
        Share of the value that B makes, 0 to 1, default 0.15; with a_share at most 1.

    Returns
    -------
    text
        A, B or C per row; customers of equal value share the better class, those without value
        are C.

    Notes
    -----
    Values added up from the largest: A up to a_share of their sum, B up to a_share + b_share, C
    beyond.

    Examples
    --------
    >>> abc_classes([70, 20, 6, 4, 0]).tolist()
    ['A', 'A', 'B', 'C', 'C']
    """
    amounts = checked("values", values)
    checked("a_share", a_share, at_least=0, at_most=1)
    checked("b_share", b_share, at_least=0, at_most=1)
    if a_share + b_share > 1 + ROUNDING:
        raise InvalidArgumentError("b_share", b_share, f"at most 1 less a_share ({a_share})")
    return _named(ABC, _abc_codes(np.ravel(amounts), a_share, b_share), amounts)


def _above(values: Floats) -> Ints:
    """Return per customer how many are worth strictly more."""
    return len(values) - np.searchsorted(np.sort(values), values, side="right")


def _tier_codes(values: Floats, cuts: Floats) -> Ints:
    return np.searchsorted(share_of_count(cuts, len(values)), _above(values), side="right")


def _abc_codes(values: Floats, a_share: float, b_share: float) -> Ints:
    gains = np.maximum(values, 0.0)
    held = np.append(0.0, np.cumsum(descending(gains)))
    before = held[_above(values)]  # what the customers worth more make together
    cuts = np.array([a_share, a_share + b_share]) * held[-1] * (1 - ROUNDING)
    return np.where(values > 0, np.searchsorted(cuts, before, side="right"), len(ABC) - 1)


def _named(names: object, codes: Ints, like: Floats) -> NDArray[np.object_] | str:
    texts: NDArray[np.object_] = np.array(names, dtype=object)[codes]
    return texts.reshape(like.shape) if like.ndim else str(texts[0])
