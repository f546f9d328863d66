"""How long customers with a gamma dropout rate stay, each moment worth less than the one before.

With z = δ(β+T) the discounted time that a living customer stays, in units of β+T, is

    ∫ e^(−z t) (1+t)^(−s) dt,  t from 0 to ∞

which is the confluent hypergeometric U(1, 2−s, z) of the literature's formula. That overflows for
large s, so the integral itself is taken, in v = ln(1+t), where its integrand is log-concave.
"""

import numpy as np

from clv_xl.arrays import Floats

_POINTS, _SHARES = np.polynomial.legendre.leggauss(16)
_POINTS, _SHARES = (_POINTS + 1) / 2, _SHARES / 2
_WIDEST, _STEEPEST = 2.5, 16.0  # a panel, in v and in the logarithm of the integrand
_NEGLIGIBLE = 60.0  # below the start, in logarithms
_AT_ONCE = 4_096


def discounted_lifetime(s: float, z: Floats) -> Floats:
    """Return the discounted time that a customer stays, for each z above 0.

    Examples
    --------
    >>> discounted_lifetime(1.0, np.array([1.0])).round(6)  # e·E₁(1)
    array([0.596347])
    """
    parts = [_integral(s, z[start : start + _AT_ONCE]) for start in range(0, len(z), _AT_ONCE)]
    return np.concatenate([np.empty(0), *parts])


def _integral(s: float, z: Floats) -> Floats:
    longest = np.minimum(np.log1p(_NEGLIGIBLE / z), _NEGLIGIBLE / max(s - 1, 1e-9))
    falls = z * np.expm1(longest) + max(s - 1, 0.0) * longest
    panels = int(np.ceil(max((longest / _WIDEST).max(), (falls / _STEEPEST).max())))
    places = ((np.arange(panels)[:, np.newaxis] + _POINTS) / panels).ravel()
    v = longest[:, np.newaxis] * places
    grown = np.exp((1 - s) * v - z[:, np.newaxis] * np.expm1(v))
    total: Floats = grown @ np.tile(_SHARES / panels, panels) * longest
    return total
