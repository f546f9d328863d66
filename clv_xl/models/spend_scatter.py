"""How far what a customer spends scatters around what the Gamma-Gamma model expects.

With order values of gamma shape p, and Y purchases of a mean value ζ that is not quite known, the
spend S of a customer has

    Var S = E[ζ²] ((1 + 1/p) E[Y] + E[Y(Y−1)]) − E[ζ]² E[Y]²
"""

import numpy as np
from scipy.special import gammaincc, gammainccinv, gammaln

from clv_xl.arrays import Floats
from clv_xl.models.purchase_models import SpendFit
from clv_xl.models.unique_rows import levels_of, occurring

_SHOPS = 1000.0
_NO_VARIANCE, _BESIDE = 2.0, 1e-6


def spend_weights(fit: SpendFit, frequency: Floats, monetary_value: Floats) -> Floats:
    """Return what E[Y], E[Y(Y−1)] and E[Y]² count in the variance of each customer's spend.

    Parameters
    ----------
    fit
        A fitted Gamma-Gamma model with q above 1.
    frequency
        Orders that monetary_value is the mean of.
    monetary_value
        Mean spend of those orders; 0 where there is none.

    Returns
    -------
    array
        A row a customer, three columns, in squared money.
    """
    p, q = fit.parameters["p"], fit.parameters["q"]
    mean = np.asarray(fit.expected_spend(frequency, monetary_value))
    orders = occurring(levels_of(np.where(monetary_value > 0, frequency, 0.0)))
    spread = _squared_over_mean_squared(q + p * orders.levels, len(mean))[orders.codes]
    square = mean**2 * spread
    return np.stack([square * (1 + 1 / p), square, mean**2], axis=1)


def _squared_over_mean_squared(shape: Floats, customers: int) -> Floats:
    """Return E[ζ²]/E[ζ]² of an inverse gamma ζ of this shape, above 1, without its utmost tail.

    Up to a shape of 2 the square has no mean. What is cut off is so rare that only one shop in a
    thousand of this size has a customer there.
    """
    k = np.where(np.abs(shape - _NO_VARIANCE) < _BESIDE, _NO_VARIANCE + _BESIDE, shape)
    rare = 1 / (_SHOPS * max(customers, 1))
    least = gammainccinv(k, 1 - rare)  # the rate of the customer with the largest mean spend
    log_edge = (k - 2) * np.log(np.maximum(least, 1e-300)) - least - gammaln(k)
    heavy = (k - 1) ** 2 * (gammaincc(k - 1, least) / (k - 1) - np.exp(log_edge)) / (k - 2)
    light = (k - 1) / (k - 2) * gammaincc(np.maximum(k - 2, _BESIDE), least)
    ratio: Floats = np.maximum(np.where(k > _NO_VARIANCE, light, heavy), 1.0)
    return ratio
