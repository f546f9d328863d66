"""How many purchases customers with gamma rates make in a time, while they are customers."""

import numpy as np
from scipy.special import betainc, gammaln, xlogy

from clv_xl.arrays import Floats


def log_probability_of(counts: Floats, r: float, alpha: float, t: Floats) -> Floats:
    """Return ln P(N(t) = n), each count with the time in its place.

    Examples
    --------
    >>> np.exp(log_probability_of(np.array([0.0, 1.0]), 1.0, 10.0, np.array(10.0)))
    array([0.5 , 0.25])
    """
    log_probability: Floats = (
        gammaln(r + counts)
        - gammaln(r)
        - gammaln(counts + 1)
        - r * np.log1p(t / alpha)
        + xlogy(counts, t / (alpha + t))
    )
    return log_probability


def probability_of_at_least(counts: Floats, r: float, alpha: float, t: float) -> Floats:
    """Return P(N(t) ≥ n) for each count.

    Examples
    --------
    >>> probability_of_at_least(np.array([0.0, 1.0]), 1.0, 10.0, 10.0)
    array([1. , 0.5])
    """
    probability: Floats = betainc(np.maximum(counts, 1.0), r, t / (alpha + t))
    return np.where(counts > 0, probability, 1.0)
