"""BG/NBD: customers buy at their own rate and may drop out after each repeat purchase."""

from typing import ClassVar

from clv_xl.arrays import Range
from clv_xl.models.beta_geometric_estimate import estimated
from clv_xl.models.beta_geometric_fit import BetaGeometricFit


class BgNbdFit(BetaGeometricFit):
    """A fitted BG/NBD model.

    A one-time buyer never had a chance to drop out here, and is alive for ever.

    Examples
    --------
    >>> fit = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    >>> round(fit.expected_purchases(39, 2, 30.43, 38.86), 3)
    1.226
    """

    model: ClassVar[str] = "BG/NBD"
    chances_before_repeat: ClassVar[int] = 0
    judges_one_time_buyers: ClassVar[bool] = False


def fit_bg_nbd(
    frequency: Range,
    recency: Range,
    T: Range,
    weights: Range | None = None,
    *,
    time_unit: str = "day",
    penalizer: float = 0.0,
) -> BgNbdFit:
    """Return the BG/NBD model that makes the customers' purchases most likely.

    Parameters
    ----------
    frequency
        Repeat purchases of each customer (order days after the first), whole numbers.
    recency
        Time from the first order to the last, in time_unit; 0 where frequency is 0.
    T
        Time from the first order to now, in time_unit.
    weights
        How many customers each row stands for; 1 when omitted.
    time_unit
        Unit of recency and T: day (default), week, month or year.
    penalizer
        Holds the parameters back, as in the library lifetimes: times the sum of their squares, per
        customer, it is taken off the log-likelihood; at least 0, and 0 when omitted.

    Returns
    -------
    BgNbdFit
        Parameters r, alpha, a and b with standard errors and a status.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
    Pareto/NBD model, Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> fit = fit_bg_nbd([0, 1, 0], [0, 4, 0], [10, 12, 30])
    >>> print(fit.status)
    TOO_FEW
    """
    return estimated(BgNbdFit, frequency, recency, T, weights, time_unit, penalizer)
