"""What a customer base under contract is worth: cohort by cohort, since old cohorts stay longer.

One pooled retention rate for all is too low for those who stayed long, and they are who is left.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from clv_xl.arrays import Numbers
from clv_xl.formulas.bounds import FINITE, RATE, single
from clv_xl.models.contract_value import sbg_derl, sbg_derl_elasticity
from clv_xl.models.renewal_counts import renewal_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBaseValue:
    """The discounted margin expected of a base whose next payments are due now."""

    customers: float
    """Those left, of all cohorts."""
    value: float
    pooled_retention: float
    """Renewals made over renewals due, of all cohorts and periods."""
    value_at_pooled_retention: float
    """What a constant retention would make of it."""


def customer_base_value(
    alpha: Numbers,
    beta: Numbers,
    survivors: Any,  # noqa: ANN401 - one cohort, or several
    margin_per_period: Numbers,
    discount_per_period: Numbers,
) -> CustomerBaseValue:
    """Return what the customers left of some cohorts are worth, new payments of today not counted.

    Parameters
    ----------
    alpha, beta
        Parameters of the churn probabilities' beta distribution, above 0.
    survivors
        As for `fit_shifted_beta_geometric`: a row a cohort, customers at time 0 first.
    margin_per_period
        Margin per period while a customer stays, in money.
    discount_per_period
        Discount rate for the same period, as a decimal, 0 up to below 1.

    Returns
    -------
    CustomerBaseValue
        Money of today, just before the next renewals.

    References
    ----------
    Fader & Hardie (2010), Customer-base valuation in a contractual setting: the perils of ignoring
    heterogeneity, Marketing Science 29(1), 85-93.

    Examples
    --------
    >>> base = customer_base_value(3.80, 15.20, [[100, 80, 65], [100, 80], [100]], 1, 0.1)
    >>> round(base.value), round(base.value_at_pooled_retention)
    (840, 731)
    """
    counts = renewal_counts(survivors)
    margin, discount = single(
        margin_per_period=(margin_per_period, FINITE),
        discount_per_period=(discount_per_period, RATE),
    )
    payments = np.arange(1, len(counts.left) + 1)
    lifetimes = sbg_derl(alpha, beta, payments, discount)
    kept, due = counts.kept.sum(), counts.due.sum()
    constant = kept / (due - kept / (1 + discount)) if due > kept or discount > 0 else np.inf
    return CustomerBaseValue(
        customers=float(counts.left.sum()),
        value=float(margin * (counts.left @ lifetimes)),
        pooled_retention=float(kept / due),
        value_at_pooled_retention=float(margin * counts.left.sum() * constant),
    )


def customer_base_elasticity(
    alpha: Numbers,
    beta: Numbers,
    survivors: Any,  # noqa: ANN401 - one cohort, or several
    discount_per_period: Numbers,
) -> float:
    """Return by how many per cent the base's value grows where every retention grows by one.

    Parameters
    ----------
    alpha, beta
        Parameters of the churn probabilities' beta distribution, above 0.
    survivors
        As for `fit_shifted_beta_geometric`: a row a cohort, customers at time 0 first.
    discount_per_period
        Discount rate for the same period, as a decimal; at 0 alpha must be above 2.

    Examples
    --------
    >>> cohorts = [[100, 80, 65], [100, 80], [100]]
    >>> round(customer_base_elasticity(3.80, 15.20, cohorts, 0.1), 2)
    4.62
    """
    counts = renewal_counts(survivors)
    payments = np.arange(1, len(counts.left) + 1)
    worth = counts.left * sbg_derl(alpha, beta, payments, discount_per_period)
    elasticity = sbg_derl_elasticity(alpha, beta, payments, discount_per_period)
    return float(worth @ elasticity / worth.sum())
