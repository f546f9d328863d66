"""MBG/NBD: BG/NBD in which a customer may also drop out right after the first order."""

from typing import ClassVar

from clv_xl.arrays import Range
from clv_xl.models.beta_geometric_estimate import estimated
from clv_xl.models.beta_geometric_fit import BetaGeometricFit


class MbgNbdFit(BetaGeometricFit):
    """A fitted MBG/NBD model: one-time buyers are lost little by little.

    Examples
    --------
    >>> fit = MbgNbdFit(r=0.5248, alpha=6.183, a=0.8914, b=1.614, time_unit="week")
    >>> round(fit.probability_alive(0, 0, 38.86), 3)
    0.39
    """

    model: ClassVar[str] = "MBG/NBD"
    chances_before_repeat: ClassVar[int] = 1


def fit_mbg_nbd(
    frequency: Range,
    recency: Range,
    T: Range,
    weights: Range | None = None,
    *,
    time_unit: str = "day",
    penalizer: float = 0.0,
) -> MbgNbdFit:
    """Return the MBG/NBD model that makes the customers' purchases most likely.

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
    MbgNbdFit
        Parameters r, alpha, a and b with standard errors and a status.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
    customer base analysis, International Journal of Research in Marketing 24(3), 201-209.

    Examples
    --------
    >>> fit = fit_mbg_nbd([0, 1, 0], [0, 4, 0], [10, 12, 30])
    >>> print(fit.status)
    TOO_FEW
    """
    return estimated(MbgNbdFit, frequency, recency, T, weights, time_unit, penalizer)
