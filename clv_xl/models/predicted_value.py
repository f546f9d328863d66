"""What customers are expected to buy, month by month, and what that is worth today.

A month is 365.25/12 days; what is bought in month m counts in the middle of it. The workbook sums
the same monthly grid with native formulas, so a changed discount rate needs no refit. Of a month
that a horizon ends in, the part within it counts in its own middle; a horizon without an end is
what longer and longer ones come to.
"""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Floats, Horizon, Range, checked, same_length
from clv_xl.models.customer_columns import customer_columns, whole_numbers
from clv_xl.models.purchase_models import PurchaseFit, SpendFit
from clv_xl.models.value_horizon import (
    ValueHorizon,
    discount_factors,
    horizon_of,
    month_ends,
    months_ahead,
)

__all__ = [
    "CustomerHistories",
    "customer_histories",
    "discount_factors",
    "expected_purchases_by_month",
    "month_ends",
    "new_customer_purchases_by_month",
    "new_customer_value",
    "predicted_value",
]


@dataclass(frozen=True, slots=True, eq=False)
class CustomerHistories:
    """What the models know of each customer, one entry a customer.

    `frequency`, `recency` and `T` in the purchase fit's unit; `monetary_value` is the mean of
    `monetary_frequency` order days (those with an amount above 0).
    """

    frequency: Floats
    recency: Floats
    T: Floats
    monetary_frequency: Floats
    monetary_value: Floats


def customer_histories(
    frequency: Range,
    recency: Range,
    T: Range,
    monetary_frequency: Range | None = None,
    monetary_value: Range | None = None,
) -> CustomerHistories:
    """Check the columns of the customers; without spends every customer's is unknown.

    Parameters
    ----------
    frequency
        Repeat purchases of each customer, whole numbers.
    recency
        Time from the first order to the last, in the purchase fit's unit.
    T
        Time from the first order to now, in the purchase fit's unit.
    monetary_frequency
        Order days that monetary_value is the mean of; frequency when omitted.
    monetary_value
        Mean spend of those order days; 0 where there is none.

    Returns
    -------
    CustomerHistories
        Columns of one length.
    """
    same_length(frequency=frequency, recency=recency, T=T)
    columns = customer_columns(frequency, recency, T)
    count, spend = monetary_frequency, monetary_value
    same_length(frequency=frequency, monetary_frequency=count, monetary_value=spend)
    value = np.zeros(len(columns.T)) if spend is None else np.asarray(spend, dtype=np.float64)
    counted = columns.frequency if count is None else whole_numbers("monetary_frequency", count)
    return CustomerHistories(columns.frequency, columns.recency, columns.T, counted, value)


def expected_purchases_by_month(
    fit: PurchaseFit,
    months: int,
    frequency: Range,
    recency: Range,
    T: Range,
    weights_matrix: Range,
) -> Floats:
    """Return the weighted purchases expected in each month from now, summed over the customers.

    Parameters
    ----------
    fit
        A fitted purchase model.
    months
        How many months ahead, 1 to 1200.
    frequency
        Repeat purchases of each customer, whole numbers.
    recency
        Time from the first order to the last, in the fit's unit.
    T
        Time from the first order to now, in the fit's unit.
    weights_matrix
        A row a customer, a column a sum: 1 for orders, the expected spend for revenue, 0 for
        customers that a sum leaves out. One column may be given flat.

    Returns
    -------
    array
        Purchases in (not up to) each month: a row a month, a column a column of weights.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> fit = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    >>> expected_purchases_by_month(fit, 2, [2], [30.43], [38.86], [1.0]).round(4)
    array([0.1598, 0.1526])
    """
    weights = np.asarray(weights_matrix, dtype=np.float64)
    same_length(frequency=frequency, recency=recency, T=T, weights_matrix=weights)
    columns = weights[:, np.newaxis] if weights.ndim == 1 else weights
    totals = fit.expected_totals(month_ends(fit, months), frequency, recency, T, columns)
    by_month = np.diff(totals, axis=0, prepend=0.0)
    return by_month[:, 0] if weights.ndim == 1 else by_month


def new_customer_purchases_by_month(fit: PurchaseFit, months: int) -> Floats:
    """Return the repeat purchases expected of a new customer in each month after the first order.

    Parameters
    ----------
    fit
        A fitted purchase model.
    months
        How many months ahead, 1 to 1200.

    Returns
    -------
    array
        Repeat purchases in each month.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> fit = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    >>> new_customer_purchases_by_month(fit, 2).round(4)
    array([0.211 , 0.1736])
    """
    return np.diff(fit.expected_purchases_new(month_ends(fit, months)), prepend=0.0)


def predicted_value(
    fit: PurchaseFit,
    spend_fit: SpendFit,
    histories: CustomerHistories,
    *,
    horizon_months: int = 12,
    horizon: Horizon | None = None,
    annual_discount_rate: float = 0.10,
    margin_rate: float | None = None,
) -> Floats:
    """Return what each existing customer is expected to bring in over the horizon, discounted.

    Parameters
    ----------
    fit
        A fitted purchase model.
    spend_fit
        A fitted spend model.
    histories
        The customers, from `customer_histories`.
    horizon_months
        Months ahead, a whole number; 12 when omitted.
    horizon
        Time ahead in place of horizon_months: a number in the fit's unit, text such as "90 days",
        "2 quarters" or "1.5 years", at most 1200 months; or "infinite".
    annual_discount_rate
        Effective annual rate as a decimal; 0.10 when omitted. An infinite horizon may need one
        above 0.
    margin_rate
        Share of revenue that is left, 0 to 1; revenue when omitted.

    Returns
    -------
    array
        One value a customer, in the currency of the spend.

    Raises
    ------
    InvalidArgumentError
        If the purchases to come have neither an end nor a discount: at a rate of 0 only models
        whose a (BG/NBD, MBG/NBD), s (Pareto/NBD) or gamma (BG/BB) is above 1 have a finite sum.

    Notes
    -----
    BG/BB counts opportunities and books each in the middle of its own period; the fit's time unit
    says how long that is (`dataclasses.replace(fit, time_unit="year")`).

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> from clv_xl.models.gamma_gamma import GammaGammaFit
    >>> fit = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    >>> spend = GammaGammaFit(p=6.2488, q=3.7446, gamma=15.4478)
    >>> customers = customer_histories([2], [30.43], [38.86], [2], [22.35])
    >>> predicted_value(fit, spend, customers, margin_rate=0.4).round(2)
    array([14.75])
    >>> predicted_value(fit, spend, customers, horizon="infinite", margin_rate=0.4).round(2)
    array([62.85])
    """
    ahead, h = _ahead(fit, horizon_months, horizon), histories
    purchases = ahead.discounted(fit, annual_discount_rate, h.frequency, h.recency, h.T)
    spend = np.asarray(spend_fit.expected_spend(h.monetary_frequency, h.monetary_value))
    value: Floats = purchases * spend * margin_share(margin_rate)
    return value


def new_customer_value(
    fit: PurchaseFit,
    first_order_value: float,
    expected_spend: float,
    *,
    horizon_months: int = 12,
    horizon: Horizon | None = None,
    annual_discount_rate: float = 0.10,
    margin_rate: float | None = None,
) -> float:
    """Return what a new customer is worth over the horizon, before acquisition cost.

    Parameters
    ----------
    fit
        A fitted purchase model.
    first_order_value
        Value of the first order, which comes now and is not discounted.
    expected_spend
        Mean value of a repeat order.
    horizon_months
        Months ahead, a whole number; 12 when omitted.
    horizon
        Time ahead in place of horizon_months, as for `predicted_value`.
    annual_discount_rate
        Effective annual rate as a decimal; 0.10 when omitted.
    margin_rate
        Share of revenue that is left, 0 to 1; revenue when omitted.

    Returns
    -------
    float
        First order plus discounted repeat orders, in the currency of the values.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> fit = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    >>> round(new_customer_value(fit, 30, 35.17, margin_rate=0.4), 2)
    31.58
    """
    first = checked("first_order_value", first_order_value, at_least=0)
    spend = checked("expected_spend", expected_spend, at_least=0)
    ahead = _ahead(fit, horizon_months, horizon)
    purchases = ahead.discounted_new(fit, annual_discount_rate)
    return float((first + spend * purchases) * margin_share(margin_rate))


def _ahead(fit: PurchaseFit, horizon_months: int, horizon: Horizon | None) -> ValueHorizon:
    return months_ahead(fit, horizon_months) if horizon is None else horizon_of(fit, horizon)


def margin_share(margin_rate: float | None) -> float:
    """Return what is counted of revenue: all of it where no margin rate is given.

    Examples
    --------
    >>> margin_share(None), margin_share(0.4)
    (1.0, 0.4)
    """
    share = 1.0 if margin_rate is None else margin_rate
    return float(checked("margin_rate", share, at_least=0, at_most=1))
