"""Predicted against actual purchases in a window that the fit has not seen."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Range, checked, same_length
from clv_xl.models.purchase_models import PurchaseFit


@dataclass(frozen=True, slots=True)
class Holdout:
    """The repeat purchases of the calibration customers in the holdout window."""

    horizon: float  # in the fit's unit of time
    customers: int
    predicted: float
    actual: float

    @property
    def relative_error(self) -> float | None:
        """How far the prediction is off, as a share of the actual; None if that is 0."""
        return self.predicted / self.actual - 1 if self.actual else None


def holdout(
    fit: PurchaseFit, horizon: float, frequency: Range, recency: Range, T: Range, actual: Range
) -> Holdout:
    """Return predicted and actual purchases after the calibration, in total.

    Parameters
    ----------
    fit
        A purchase model fitted to the calibration window.
    horizon
        Length of the holdout window, in the fit's unit of time.
    frequency
        Repeat purchases of each customer in the calibration window.
    recency
        Time from the first order to the last within it.
    T
        Time from the first order to its end.
    actual
        Purchases of each customer in the holdout window.

    Returns
    -------
    Holdout
        Totals over the customers.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> fit = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    >>> round(holdout(fit, 39, [2], [30.43], [38.86], [1]).predicted, 3)
    1.226
    """
    bought = checked("actual", actual, at_least=0)
    same_length(frequency=frequency, recency=recency, T=T, actual=bought)
    predicted = np.sum(fit.expected_purchases(horizon, frequency, recency, T))
    return Holdout(float(horizon), len(bought), float(predicted), float(bought.sum()))
