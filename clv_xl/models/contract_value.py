"""Retention and value of customers under contract whose churn probabilities are beta distributed.

The numbers of `beta_churn`, for arguments that a caller may have got wrong.
"""

import numpy as np

from clv_xl.arrays import Bools, Figures, Floats, Numbers, unwrapped
from clv_xl.errors import InvalidArgumentError, row_number
from clv_xl.formulas.bounds import FINITE, PERIODS, POSITIVE, RATE, Bound, numbers
from clv_xl.models import beta_churn

COUNTED = Bound(at_least=0, whole=True)


def sbg_retention(alpha: Numbers, beta: Numbers, t: Numbers) -> Figures:
    """Retention rate at a cohort's renewal t under the sBG model, as a decimal.

    Parameters
    ----------
    alpha
        First parameter of the churn probabilities' beta distribution, above 0, from CLV_SBG_FIT.
    beta
        Second parameter, above 0.
    t
        Which renewal, a whole number; 1 is the first.

    Returns
    -------
    float or array
        Share of those due for renewal t who renew; it rises with t.

    Notes
    -----
    (beta + t − 1)/(alpha + beta + t − 1)

    References
    ----------
    Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing
    21(1), 76-90.

    Examples
    --------
    >>> round(sbg_retention(0.668, 3.806, 1), 4)
    0.8507
    """
    a, b, renewal = _known(alpha, beta, t=(t, PERIODS))
    return unwrapped(beta_churn.renewal_rate(a, b, renewal))


def sbg_survival(alpha: Numbers, beta: Numbers, t: Numbers) -> Figures:
    """Share of a cohort that is left after t periods under the sBG model, as a decimal.

    Parameters
    ----------
    alpha
        First parameter of the churn probabilities' beta distribution, above 0, from CLV_SBG_FIT.
    beta
        Second parameter, above 0.
    t
        Periods since the cohort began, a whole number; at 0 all are there.

    Returns
    -------
    float or array
        Share from 0 to 1, of the cohort's size at time 0.

    Notes
    -----
    B(alpha, beta + t)/B(alpha, beta)

    References
    ----------
    Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing
    21(1), 76-90.

    Examples
    --------
    >>> round(sbg_survival(0.668, 3.806, 12), 4)
    0.378
    """
    a, b, periods = _known(alpha, beta, t=(t, COUNTED))
    return unwrapped(np.exp(beta_churn.log_survival(a, b, periods)))


def sbg_derl(alpha: Numbers, beta: Numbers, n: Numbers, discount_per_period: Numbers) -> Figures:
    """Discounted expected residual lifetime (DERL) of a customer under the sBG model, in payments.

    Parameters
    ----------
    alpha
        First parameter of the churn probabilities' beta distribution, above 0, from CLV_SBG_FIT.
    beta
        Second parameter, above 0.
    n
        Which renewal is next, 1 for the first; n − 1 are made, and the next is uncertain.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1; at 0 alpha must be above
        1.

    Returns
    -------
    float or array
        Payments to come, the next one undiscounted; times the margin per period it is money.

    Notes
    -----
    (beta + n − 1)/(alpha + beta + n − 1) · ₂F₁(1, beta + n; alpha + beta + n; 1/(1 + d)), with
    discount d.

    References
    ----------
    Fader & Hardie (2010), Customer-base valuation in a contractual setting: the perils of ignoring
    heterogeneity, Marketing Science 29(1), 85-93.

    Examples
    --------
    >>> round(sbg_derl(0.66809, 3.80609, 1, 0.1), 4)
    5.4145
    """
    a, b, payment, d = _known(alpha, beta, n=(n, PERIODS), discount_per_period=(
        discount_per_period, RATE))  # fmt: skip
    _refuse_infinite(a, d, power=1)
    return unwrapped(beta_churn.residual_lifetime(a, b, payment, d))


def sbg_value(
    alpha: Numbers, beta: Numbers, margin_per_period: Numbers, discount_per_period: Numbers
) -> Figures:
    """Lifetime value in today's money of a new customer under the sBG model, paying now.

    Parameters
    ----------
    alpha
        First parameter of the churn probabilities' beta distribution, above 0, from CLV_SBG_FIT.
    beta
        Second parameter, above 0.
    margin_per_period
        Margin per period while the customer stays, in money.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1; at 0 alpha must be above
        1.

    Returns
    -------
    float or array
        Money of today, the first payment now and included, before the cost of acquisition.

    Notes
    -----
    m · ₂F₁(1, beta; alpha + beta; 1/(1 + d)), with margin m, discount d.

    References
    ----------
    Fader & Hardie (2010), Customer-base valuation in a contractual setting: the perils of ignoring
    heterogeneity, Marketing Science 29(1), 85-93.

    Examples
    --------
    >>> round(sbg_value(0.66809, 3.80609, 100, 0.1), 2)
    592.22
    """
    a, b, margin, d = _known(
        alpha,
        beta,
        margin_per_period=(margin_per_period, FINITE),
        discount_per_period=(discount_per_period, RATE),
    )
    _refuse_infinite(a, d, power=1)
    later = beta_churn.residual_lifetime(a, b, np.ones_like(d), d)
    return unwrapped(margin * (1 + later / (1 + d)))


def sbg_derl_elasticity(
    alpha: Numbers, beta: Numbers, n: Numbers, discount_per_period: Numbers
) -> Figures:
    """Elasticity of the discounted residual lifetime to retention under the sBG model.

    Parameters
    ----------
    alpha, beta
        Parameters of the churn probabilities' beta distribution, above 0.
    n
        Which renewal is next, 1 for the first; n − 1 are made.
    discount_per_period
        Discount rate for the same period, as a decimal; at 0 alpha must be above 2.

    Returns
    -------
    float or array
        By how many per cent it grows where every retention rate to come grows by one per cent
        (of itself, not a point).

    Examples
    --------
    >>> round(sbg_derl_elasticity(3.80, 15.20, 1, 0.1), 2)
    4.52
    """
    a, b, payment, d = _known(alpha, beta, n=(n, PERIODS), discount_per_period=(
        discount_per_period, RATE))  # fmt: skip
    _refuse_infinite(a, d, power=2)
    return unwrapped(beta_churn.residual_elasticity(a, b, payment, d))


def sbg_value_elasticity(alpha: Numbers, beta: Numbers, discount_per_period: Numbers) -> Figures:
    """Elasticity of a new customer's value to retention under the sBG model.

    Parameters
    ----------
    alpha, beta
        Parameters of the churn probabilities' beta distribution, above 0.
    discount_per_period
        Discount rate for the same period, as a decimal; at 0 alpha must be above 2.

    Returns
    -------
    float or array
        By how many per cent the value, today's payment included, grows where every retention rate
        grows by one per cent.

    Examples
    --------
    >>> round(sbg_value_elasticity(3.80, 15.20, 0.1), 2)
    3.39
    """
    a, b, d = _known(alpha, beta, discount_per_period=(discount_per_period, RATE))
    _refuse_infinite(a, d, power=2)
    return unwrapped(beta_churn.lifetime_elasticity(a, b, d))


def _known(alpha: Numbers, beta: Numbers, **others: tuple[Numbers, Bound]) -> list[Floats]:
    return numbers(alpha=(alpha, POSITIVE), beta=(beta, POSITIVE), **others)


def _refuse_infinite(alpha: Floats, discount: Floats, power: int) -> None:
    """Refuse what has no finite mean: undiscounted, those with hardly any churn stay for ever."""
    infinite: Bools = (discount == 0) & (alpha <= power)
    if infinite.any():
        position = int(np.argmax(infinite))
        where = f" (row {row_number(position)})" if alpha.size > 1 else ""
        expected = (
            f"above {power} where discount_per_period is 0, since the sum is infinite otherwise "
            f"(give a discount rate above 0)"
        )
        raise InvalidArgumentError("alpha", f"{alpha.flat[position]:.15g}{where}", expected)
