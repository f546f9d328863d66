"""How long a customer with a gamma dropout rate stays one: the square of it, cut off at t."""

import numpy as np
from scipy.special import exprel

from clv_xl.arrays import Floats

_POINTS, _SHARES = np.polynomial.legendre.leggauss(16)
_POINTS, _SHARES = (_POINTS + 1) / 2, _SHARES / 2
_SHORT = 1.0  # in v; the difference of two integrals would cancel


def squared_lifetime(s: float, beta: Floats, t: Floats) -> Floats:
    """Return E[min(L, t)²] for residual lifetimes with P(L > u) = (beta/(beta+u))^s.

    With v = ln(1 + t/beta) it is 2 beta² ∫ (e^y − 1) e^((1−s)y) dy, y from 0 to v.

    Examples
    --------
    >>> squared_lifetime(3.0, np.array([10.0]), np.array([1e12])).round(6)
    array([100.])
    """
    beta, t = np.broadcast_arrays(beta, t)
    v = np.log1p(t / beta)
    whole = v * (exprel((2 - s) * v) - exprel((1 - s) * v))
    short = v * max(1.0, abs(1 - s), abs(2 - s)) < _SHORT
    if short.any():
        y = v[short, np.newaxis] * _POINTS
        whole[short] = v[short] * ((np.expm1(y) * np.exp((1 - s) * y)) @ _SHARES)
    square: Floats = 2 * beta**2 * whole
    return square
