"""What a customer is worth, from margin, retention and discount rate."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Figures, Numbers, Range, unwrapped
from clv_xl.formulas.bounds import (
    CHURN,
    FINITE,
    NOT_NEGATIVE,
    PERIODS,
    RATE,
    SHARE,
    Bound,
    given,
    numbers,
    single,
)
from clv_xl.formulas.cash_flows import chosen_timing, payments_worth

CURVE_PERIODS = Bound(at_least=1, at_most=10_000, whole=True)


def discounted_clv(
    margin_per_period: Numbers,
    retention: Numbers,
    discount_per_period: Numbers,
    periods: Numbers | None = None,
    timing: str | None = "now",
    retention_cost: Numbers | None = None,
) -> Figures:
    """Lifetime value in today's money of a customer lost at a constant rate.

    Parameters
    ----------
    margin_per_period
        Margin per period while the customer stays, in money.
    retention
        Share of customers kept from one period to the next, as a decimal, 0 up to below 1.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1.
    periods
        Number of payments counted, a whole number. Omitted: every payment to come.
    timing
        First payment: now (today, included), renewal (at the first renewal) or end (booked at
        period end). Omitted: now.
    retention_cost
        Money spent per period to keep the customer, taken from the margin. Omitted: 0.

    Returns
    -------
    float or array
        Money of today, before the cost of acquisition. With `periods` it is a truncated value.

    Notes
    -----
    (m − k) · (1 + d)/(1 + d − r) now, (m − k) · r/(1 + d − r) renewal, (m − k)/(1 + d − r) end,
    with margin m, cost k, retention r, discount d; with n periods times 1 − (r/(1 + d))ⁿ.

    References
    ----------
    Fader, P. and Hardie, B. (2012), Reconciling and clarifying CLV formulas, note 024.

    Examples
    --------
    >>> [round(discounted_clv(100, 0.8, 0.1, None, t), 3) for t in ("now", "renewal", "end")]
    [366.667, 266.667, 333.333]
    >>> round(discounted_clv(100, 0.8, 0.1, 5), 4)
    292.0634
    """
    margin, kept, discount, counted, cost = numbers(
        margin_per_period=(margin_per_period, FINITE),
        retention=(retention, RATE),
        discount_per_period=(discount_per_period, RATE),
        periods=(given(periods, 1), PERIODS),
        retention_cost=(given(retention_cost, 0), NOT_NEGATIVE),
    )
    limit = None if periods is None else counted
    worth = payments_worth(1 - kept, discount, chosen_timing(timing), limit)
    return unwrapped((margin - cost) * worth)


def subscription_clv(
    arpa: Numbers,
    margin_rate: Numbers,
    churn: Numbers,
    discount_per_period: Numbers | None = None,
    timing: str | None = "now",
) -> Figures:
    """Lifetime value in money of a subscriber: revenue per account times margin over churn.

    Parameters
    ----------
    arpa
        Average revenue per account and period, in money.
    margin_rate
        Share of revenue that is margin, as a decimal from 0 to 1.
    churn
        Share of subscribers lost per period, as a decimal, above 0 up to 1.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1. Omitted: 0.
    timing
        First payment: now (today, included), renewal (at the first renewal) or end (booked at
        period end). Omitted: now.

    Returns
    -------
    float or array
        Money, discounted where a rate is given, before the cost of acquisition.

    Notes
    -----
    arpa × margin_rate × (1 + d)/(d + c) now, (1 − c)/(d + c) renewal, 1/(d + c) end, with churn c,
    discount d.

    Examples
    --------
    >>> subscription_clv(50, 0.8, 0.05)
    800.0
    >>> round(subscription_clv(50, 0.8, 0.05, 0.01), 3)
    673.333
    """
    revenue, margin, lost, discount = numbers(
        arpa=(arpa, FINITE),
        margin_rate=(margin_rate, SHARE),
        churn=(churn, CHURN),
        discount_per_period=(given(discount_per_period, 0), RATE),
    )
    return unwrapped(revenue * margin * payments_worth(lost, discount, chosen_timing(timing)))


def margin_multiple(
    retention: Numbers, discount_per_period: Numbers, timing: str | None = "renewal"
) -> Figures:
    """Margin multiple: how many times the margin of one period a customer is worth today.

    Parameters
    ----------
    retention
        Share of customers kept from one period to the next, as a decimal, 0 up to below 1.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1.
    timing
        First payment: now (today, included), renewal (at the first renewal) or end (booked at
        period end). Omitted: renewal.

    Returns
    -------
    float or array
        A number of periods' margins.

    Notes
    -----
    r/(1 + d − r) renewal, (1 + d)/(1 + d − r) now, 1/(1 + d − r) end.

    References
    ----------
    Gupta, S. and Lehmann, D. (2003), Customers as assets, Journal of Interactive Marketing 17(1).

    Examples
    --------
    >>> round(margin_multiple(0.9, 0.12), 2)
    4.09
    """
    kept, discount = numbers(
        retention=(retention, RATE), discount_per_period=(discount_per_period, RATE)
    )
    return unwrapped(payments_worth(1 - kept, discount, chosen_timing(timing, "renewal")))


def clv_curve(
    margin_per_period: float,
    retention: float,
    discount_per_period: float,
    periods: int,
    timing: str | None = "now",
) -> pd.DataFrame:
    """Lifetime value as it builds up: one row a period, money of today, up to the horizon.

    Parameters
    ----------
    margin_per_period
        Margin per period while the customer stays, in money.
    retention
        Share of customers kept from one period to the next, as a decimal, 0 up to below 1.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1.
    periods
        Number of periods to list, a whole number from 1 to 10,000.
    timing
        First payment: now (today, included), renewal (at the first renewal) or end (booked at
        period end). Omitted: now.

    Returns
    -------
    DataFrame
        period, survival (share of customers who pay), discount_factor, present_value (of the
        period), cumulative_clv, share_of_lifetime (of the value without a horizon).

    Notes
    -----
    In period k: m · (r/(1 + d))^(k − 1) now, m · (r/(1 + d))^k renewal, m · r^(k − 1)/(1 + d)^k
    end.

    Examples
    --------
    >>> clv_curve(100, 0.8, 0.1, 3)[["period", "cumulative_clv", "share_of_lifetime"]].round(3)
       period  cumulative_clv  share_of_lifetime
    0       1         100.000              0.273
    1       2         172.727              0.471
    2       3         225.620              0.615
    """
    margin, kept, discount, last = single(
        margin_per_period=(margin_per_period, FINITE),
        retention=(retention, RATE),
        discount_per_period=(discount_per_period, RATE),
        periods=(periods, CURVE_PERIODS),
    )
    when = chosen_timing(timing)
    period = np.arange(1.0, float(last) + 1)
    survival = kept ** (period if when == "renewal" else period - 1)
    factor = (1 + discount) ** (1 - period if when == "now" else -period)
    worth = payments_worth(1 - kept, discount, when, period)
    return pd.DataFrame(
        {
            "period": period.astype(np.int64),
            "survival": survival,
            "discount_factor": factor,
            "present_value": margin * survival * factor,
            "cumulative_clv": margin * worth,
            "share_of_lifetime": payments_worth(1 - kept, discount, "now", period)
            / payments_worth(1 - kept, discount, "now"),
        }
    )


def customer_equity(clv: Range, counts: Range | None = None) -> float:
    """Equity of the customer base in money: the lifetime values of all customers added up.

    Parameters
    ----------
    clv
        Lifetime value per customer, or per group of customers, in money; one a row.
    counts
        Number of customers each row stands for. Omitted: 1 a row.

    Returns
    -------
    float
        Money, on the basis of the values that went in.

    Notes
    -----
    Σ clv × counts

    References
    ----------
    Blattberg, R. and Deighton, J. (1996), Manage marketing by the customer equity test, HBR 74(4).

    Examples
    --------
    >>> customer_equity([120, 80, 300], [10, 50, 2])
    5800.0
    """
    value, customers = numbers(clv=(clv, FINITE), counts=(given(counts, 1), NOT_NEGATIVE))
    return float(np.sum(value * customers))


def net_clv(clv: Numbers, cac: Numbers) -> Figures:
    """Lifetime value in money after the cost of acquisition.

    Parameters
    ----------
    clv
        Lifetime value of one customer before the cost of acquisition, in money.
    cac
        Cost of acquiring one customer, in money.

    Returns
    -------
    float or array
        Money; for customers already won the cost is spent, and the value before it counts.

    Examples
    --------
    >>> net_clv(366, 120)
    246.0
    """
    value, cost = numbers(clv=(clv, FINITE), cac=(cac, NOT_NEGATIVE))
    return unwrapped(value - cost)
