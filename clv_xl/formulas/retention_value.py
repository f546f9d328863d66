"""What retention is worth: the rate at which a customer pays back, and a few points more."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Figures, Floats, Numbers, unwrapped
from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.bounds import FINITE, LARGEST, NOT_NEGATIVE, POSITIVE, RATE, numbers, single
from clv_xl.formulas.cash_flows import Timing, chosen_timing, payments_worth

SMALLEST_UPLIFT = 0.5
"""Below half a point, a share was meant: 0.05 for five points."""


def break_even_retention(
    margin_per_period: Numbers,
    cac: Numbers,
    discount_per_period: Numbers,
    timing: str | None = "now",
) -> Figures:
    """Break-even retention per period, as a decimal: where lifetime value equals CAC.

    Parameters
    ----------
    margin_per_period
        Margin per period while the customer stays, in money, above 0.
    cac
        Cost of acquiring one customer, in money, at least 0.
    discount_per_period
        Discount rate per period, as a decimal, 0 up to below 1.
    timing
        First payment: now (today, included), renewal (at the first renewal) or end (booked at
        period end). Omitted: now.

    Returns
    -------
    float or array
        A rate from 0 up to below 1; 0 where the first payment alone covers the cost. A cost that
        no retention below 1 covers is refused.

    Notes
    -----
    (1 + d)(1 − m/CAC) now, (1 + d) · CAC/(m + CAC) renewal, 1 + d − m/CAC end.

    Examples
    --------
    >>> [round(break_even_retention(40, 120, 0.1, t), 4) for t in ("now", "renewal", "end")]
    [0.7333, 0.825, 0.7667]
    >>> round(break_even_retention(40, 120, 0.1), 4)
    0.7333
    """
    margin, cost, discount = numbers(
        margin_per_period=(margin_per_period, POSITIVE),
        cac=(cac, NOT_NEGATIVE),
        discount_per_period=(discount_per_period, RATE),
    )
    when = chosen_timing(timing)
    retention = np.maximum(_solved_for_retention(margin, cost, discount, when), 0)
    if np.any(retention >= 1):
        position = int(np.argmax(retention >= 1))
        _refuse_cac(margin.flat[position], cost.flat[position], discount.flat[position], when)
    return unwrapped(retention)


def _solved_for_retention(margin: Floats, cac: Floats, discount: Floats, timing: Timing) -> Floats:
    growth = 1 + discount
    if timing == "renewal":
        return np.asarray(growth * cac / (margin + cac))  # CAC = m r / (1 + d - r)
    margin_share = margin / np.maximum(cac, 1 / LARGEST)  # no cost: any retention will do
    if timing == "now":
        return np.asarray(growth * (1 - margin_share))  # CAC = m (1 + d) / (1 + d - r)
    return np.asarray(growth - margin_share)  # CAC = m / (1 + d - r)


def _refuse_cac(margin: float, cac: float, discount: float, timing: Timing) -> None:
    expected = "covered by a retention below 1"
    if discount > 0:
        payments = (1 + discount) / discount if timing == "now" else 1 / discount
        expected = f"below {margin * payments:.6g}, what a customer who never leaves is worth"
    raise InvalidArgumentError("cac", f"{cac:.15g}", expected)


def retention_uplift(
    margin_per_period: float,
    retention: float,
    discount_per_period: float,
    uplift_points: float,
    cac: float | None = None,
    timing: str | None = "now",
) -> pd.DataFrame:
    """Retention uplift: lifetime value in money before and after some points more retention.

    Parameters
    ----------
    margin_per_period
        Margin per period while the customer stays, in money.
    retention
        Share of customers kept from one period to the next today, as a decimal, 0 up to below 1.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1.
    uplift_points
        Percentage points added to the retention, at least 0.5: 5 takes 0.80 to 0.85.
    cac
        Cost of acquiring one customer, in money, for the value after that cost. Omitted: left out.
    timing
        First payment: now (today, included), renewal (at the first renewal) or end (booked at
        period end). Omitted: now.

    Returns
    -------
    DataFrame
        measure, before, after, change (in the measure's unit) and change_rate (a decimal; empty
        where there is nothing above 0 to compare with); one row a measure.

    Notes
    -----
    The value of a customer at retention r and at r + uplift_points/100, each as CLV_DISCOUNTED.

    References
    ----------
    Reichheld, F. and Sasser, W. (1990), Zero defections, HBR 68(5): a thought experiment, not a
    law; the rows hold for these figures only.

    Examples
    --------
    >>> retention_uplift(100, 0.8, 0.1, 5, 200).round(2)
             measure  before   after  change  change_rate
    0      retention    0.80    0.85    0.05         0.06
    1            clv  366.67  440.00   73.33         0.20
    2        net_clv  166.67  240.00   73.33         0.44
    3  clv_cac_ratio    1.83    2.20    0.37         0.20
    """
    margin, kept, discount, points = single(
        margin_per_period=(margin_per_period, FINITE),
        retention=(retention, RATE),
        discount_per_period=(discount_per_period, RATE),
        uplift_points=(uplift_points, FINITE),
    )
    rates = np.array([float(kept), _raised(float(kept), float(points))])
    clv = margin * payments_worth(1 - rates, np.full(2, discount), chosen_timing(timing))
    measures = {"retention": rates, "clv": clv}
    if cac is not None:
        (cost,) = single(cac=(cac, NOT_NEGATIVE))
        measures["net_clv"] = clv - cost
        if cost > 0:
            measures["clv_cac_ratio"] = clv / cost
    return _before_and_after(measures)


def _raised(retention: float, points: float) -> float:
    if points < SMALLEST_UPLIFT:
        expected = f"at least {SMALLEST_UPLIFT:g}, in percentage points"
        hint = f"{points * 100:g}" if points > 0 else None
        raise InvalidArgumentError("uplift_points", f"{points:g}", expected, hint=hint)
    raised = retention + points / 100
    if raised >= 1:
        left = 100 * (1 - retention)
        expected = f"below {left:.6g}, the points that a retention of {retention:g} leaves"
        raise InvalidArgumentError("uplift_points", f"{points:g}", expected)
    return raised


def _before_and_after(measures: dict[str, Floats]) -> pd.DataFrame:
    before, after = np.array(list(measures.values())).T
    change = after - before
    rate = np.divide(change, before, out=np.full_like(change, np.nan), where=before > 0)
    return pd.DataFrame(
        {
            "measure": list(measures),
            "before": before,
            "after": after,
            "change": change,
            "change_rate": rate,
        }
    )
