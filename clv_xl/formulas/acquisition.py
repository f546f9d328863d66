"""What a customer cost to win, set against what the customer is worth."""

import numpy as np

from clv_xl.arrays import Figures, Floats, Numbers, Range, unwrapped
from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.formulas.bounds import (
    FINITE,
    NOT_NEGATIVE,
    POSITIVE,
    RATE,
    SHARE,
    Bound,
    filled,
    given,
    numbers,
    single,
)

LAG = Bound(at_least=0, whole=True)
RATINGS = ("loses money", "below target", "healthy", "may be under-investing")
"""What a CLV:CAC ratio says, from below the lowest cut-off to above the highest."""


def blended_cac(spend: Range, new_customers: Range) -> float:
    """Blended customer acquisition cost (CAC) in money: all spend over all new customers.

    Parameters
    ----------
    spend
        Marketing and sales spend, in money, one a row or one number; blank cells count as 0.
    new_customers
        Customers won in the same period, counts, one a row or one number.

    Returns
    -------
    float
        Money per new customer, organic ones included.

    Notes
    -----
    Σ spend/Σ new_customers

    Examples
    --------
    >>> blended_cac([9_000, 11_000], [150, 250])
    50.0
    """
    return _spend_per_customer(spend, new_customers, "spend", "new_customers")


def paid_cac(paid_spend: Range, paid_customers: Range) -> float:
    """Paid customer acquisition cost (CAC) in money: paid spend over customers won by it.

    Parameters
    ----------
    paid_spend
        Spend on paid channels, in money, one a row or one number; blank cells count as 0.
    paid_customers
        New customers attributed to those channels, counts; organic ones are left out.

    Returns
    -------
    float
        Money per new customer of the paid channels.

    Examples
    --------
    >>> paid_cac(12_000, 150)
    80.0
    """
    return _spend_per_customer(paid_spend, paid_customers, "paid_spend", "paid_customers")


def lagged_cac(spend: Range, new_customers: Range, lag: int | None = None) -> float:
    """Lagged customer acquisition cost (CAC) in money, with spend that works some periods later.

    Parameters
    ----------
    spend
        Marketing and sales spend, in money, one row a period, the oldest first.
    new_customers
        New customers of the same periods, counts.
    lag
        Periods from spending to winning, a whole number. Omitted: 0.

    Returns
    -------
    float
        Money per new customer; spend of the last `lag` periods waits for its customers.

    Examples
    --------
    >>> lagged_cac([1_000, 2_000, 9_000], [5, 20, 40], 1)
    50.0
    """
    money, won, periods = numbers(
        spend=(spend, NOT_NEGATIVE),
        new_customers=(new_customers, NOT_NEGATIVE),
        lag=(given(lag, 0), LAG),
    )
    shift = int(periods.flat[0])
    if shift >= money.size:
        raise InvalidArgumentError("lag", shift, f"below the number of periods ({money.size})")
    spent, customers = money[: money.size - shift], won[shift:]
    return _spend_per_customer(spent, customers, "spend", "new_customers")


def _spend_per_customer(
    spend: Range, customers: Range, spend_name: str, customers_name: str
) -> float:
    total_spend = filled(spend_name, spend, NOT_NEGATIVE).sum()
    total_customers = filled(customers_name, customers, NOT_NEGATIVE).sum()
    if not total_customers:
        raise DataError(f"{customers_name} must hold at least one new customer, got 0")
    return float(total_spend / total_customers)


def clv_to_cac_ratio(clv: Numbers, cac: Numbers) -> Figures:
    """CLV:CAC ratio: how many times over a customer repays the cost of winning them.

    Parameters
    ----------
    clv
        Lifetime value of a new customer after margin and before CAC, in money.
    cac
        Cost of acquiring one customer, in the same money, above 0.

    Returns
    -------
    float or array
        A ratio; honest only where the value is a margin and the cost is complete.

    Notes
    -----
    clv/cac

    Examples
    --------
    >>> clv_to_cac_ratio(900, 300)
    3.0
    """
    value, cost = numbers(clv=(clv, FINITE), cac=(cac, POSITIVE))
    return unwrapped(value / cost)


def cac_rating(
    ratio: Numbers,
    low: float | None = 1,
    good: float | None = 3,
    high: float | None = 5,
) -> Figures:
    """Rating of a CLV:CAC ratio in words, from three cut-offs.

    Parameters
    ----------
    ratio
        CLV:CAC ratio.
    low
        Below this ratio the customer loses money. Omitted: 1.
    good
        From this ratio the customer is a healthy one. Omitted: 3.
    high
        Above this ratio the business may be under-investing. Omitted: 5.

    Returns
    -------
    str or array of str
        loses money, below target, healthy, or may be under-investing.

    Notes
    -----
    ratio < low loses money, < good below target, ≤ high healthy, > high may be under-investing.

    Examples
    --------
    >>> cac_rating(3)
    'healthy'
    """
    (values,) = numbers(ratio=(ratio, FINITE))
    cuts = single(
        low=(given(low, 1), FINITE), good=(given(good, 3), FINITE), high=(given(high, 5), FINITE)
    )
    lowest, middle, highest = map(float, cuts)
    if not lowest <= middle <= highest:
        expected = f"from {lowest:g} (low) to {highest:g} (high)"
        raise InvalidArgumentError("good", f"{middle:g}", expected)
    steps = (values >= lowest).astype(int) + (values >= middle) + (values > highest)
    texts = np.array(RATINGS, dtype=object)[steps]
    return str(texts) if values.ndim == 0 else texts


def cac_payback(
    cac: Numbers,
    margin_per_period: Numbers,
    retention: Numbers | None = None,
    discount_per_period: Numbers | None = None,
) -> Figures:
    """CAC payback, in periods: the first one by whose end the margins have repaid the cost.

    Parameters
    ----------
    cac
        Cost of acquiring one customer, in money, at least 0.
    margin_per_period
        Margin per period while the customer stays, in money, the first received at once.
    retention
        Share of customers kept from one period to the next, as a decimal from 0 to 1. Omitted: 1.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1. Omitted: 0.

    Returns
    -------
    float or array
        A whole number of periods; infinite where the cost is never repaid.

    Notes
    -----
    The smallest k with m · (1 + q + … + q^(k − 1)) ≥ cac, where q = retention/(1 + discount).

    Examples
    --------
    >>> cac_payback(300, 25), cac_payback(300, 25, 0.95), cac_payback(300, 25, 0.9)
    (12.0, 18.0, inf)
    """
    cost, margin, kept, discount = numbers(
        cac=(cac, NOT_NEGATIVE),
        margin_per_period=(margin_per_period, FINITE),
        retention=(given(retention, 1), SHARE),
        discount_per_period=(given(discount_per_period, 0), RATE),
    )
    owed = np.divide(cost, margin, out=np.full_like(cost, np.inf), where=margin > 0)
    exact = _payments_until(owed, (discount + (1 - kept)) / (1 + discount))
    slack = 1e-9 * np.minimum(exact, 1e9)  # 1.1 / 0.1 is eleven payments, not twelve
    return unwrapped(np.where(cost > 0, np.ceil(exact - slack), 0.0))


def _payments_until(owed: Floats, shrink: Floats) -> Floats:
    """How many payments, the first of 1 and each smaller by `shrink`, add up to `owed`."""
    with np.errstate(divide="ignore", invalid="ignore"):  # never repaid: there is no logarithm
        covered = owed * shrink  # the share of all payments to come, which add up to 1 / shrink
        falling = np.log1p(-covered) / np.log1p(-shrink)  # owed = (1 - q^k) / (1 - q)
    payments = np.where(shrink > 0, falling, owed)
    never = covered > 1 - 1e-12
    return np.where(owed <= 1, 1.0, np.where(never, np.inf, payments))


def simple_payback(cac: Numbers, margin_per_period: Numbers) -> Figures:
    """CAC payback in periods by plain division, as if no customer ever left.

    Parameters
    ----------
    cac
        Cost of acquiring one customer, in money, at least 0.
    margin_per_period
        Margin per period, in money, above 0.

    Returns
    -------
    float or array
        Periods, not rounded; too short wherever customers leave.

    Examples
    --------
    >>> round(simple_payback(500, 35), 2)
    14.29
    """
    cost, margin = numbers(cac=(cac, NOT_NEGATIVE), margin_per_period=(margin_per_period, POSITIVE))
    return unwrapped(cost / margin)


def max_cac(clv: Numbers, target_ratio: Numbers | None = 3) -> Figures:
    """Maximal CAC in money: the cost of acquisition that still meets the target ratio.

    Parameters
    ----------
    clv
        Lifetime value of a new customer after margin and before CAC, in money.
    target_ratio
        CLV:CAC ratio to keep, above 0. Omitted: 3.

    Returns
    -------
    float or array
        Money per new customer; 0 where the customer is worth less than nothing.

    Notes
    -----
    clv/target_ratio

    Examples
    --------
    >>> max_cac(366)
    122.0
    """
    value, target = numbers(clv=(clv, FINITE), target_ratio=(given(target_ratio, 3), POSITIVE))
    return unwrapped(np.maximum(value, 0) / target)
