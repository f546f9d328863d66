"""The Kaplan–Meier curve as a worksheet asks for it."""

import pandas as pd

from clv_xl.arrays import AnyNumbers, Range
from clv_xl.models.kaplan_meier import kaplan_meier


def km_table(
    tenure: Range, churned: AnyNumbers, weights: Range | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Kaplan–Meier survival curve of customers, those who have not left yet included.

    Parameters
    ----------
    tenure
        Time from each customer's start to the loss, or to the last day seen, one a row.
    churned
        1 or TRUE where the customer has left, 0 or FALSE where not yet, one a row.
    weights
        How many customers each row stands for, counts; default 1.
    level
        Probability that an interval holds the true survival, as a decimal; default 0.95.

    Returns
    -------
    DataFrame
        A row for time 0 and each tenure: tenure, at_risk, churned, censored (not seen longer),
        survival, standard_error (Greenwood), low and high (of the log-log interval).

    Notes
    -----
    Product of 1 − churned/at_risk over the tenures so far.

    References
    ----------
    Kaplan & Meier (1958), Nonparametric estimation from incomplete observations, Journal of the
    American Statistical Association 53, 457-481.

    Examples
    --------
    >>> curve = km_table([3, 5, 5, 8, 10], [1, 1, 0, 1, 0])
    >>> curve["survival"].round(3).tolist()
    [1.0, 0.8, 0.6, 0.3, 0.3]
    """
    return kaplan_meier(tenure, churned, weights, level).table()


def km_mean(tenure: Range, churned: AnyNumbers, horizon: float) -> float:
    """Mean tenure of customers up to a horizon, those who have not left yet included.

    Parameters
    ----------
    tenure
        Time from each customer's start to the loss, or to the last day seen, one a row.
    churned
        1 or TRUE where the customer has left, 0 or FALSE where not yet, one a row.
    horizon
        Time up to which tenures count, in their unit; at most the longest one seen, unless all
        have left.

    Returns
    -------
    float
        The restricted mean in the unit of the tenures, from 0 to the horizon.

    Notes
    -----
    The area below the Kaplan–Meier curve from 0 to the horizon.

    Examples
    --------
    >>> km_mean([3, 5, 5, 8, 10], [1, 1, 0, 1, 0], 10)
    7.0
    """
    return kaplan_meier(tenure, churned).restricted_mean(horizon).mean
