"""Customers who leave at a renewal with a probability of their own, beta distributed among them.

With θ ~ beta(α, β) the churn probability of a customer, S(t) = B(α, β+t)/B(α, β) stay for t
renewals. What they are worth is a mean over θ, a geometric sum for each:

    Σ S(t)/(1+d)^t = E[(1+d)/(d+θ)] = ₂F₁(1, β; α+β; 1/(1+d))

The mean is taken in the logit of θ, where the trapezoidal rule is exact to rounding; the series of
₂F₁ would need a million terms for a small d, and scipy's is NaN for some α and β.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import digamma, expit, gammaln, log_expit

from clv_xl.arrays import Floats, Ints
from clv_xl.models.unique_rows import levels_of, occurring

_SHALLOW = 0.25  # below, the beta density falls so slowly that α + 1 is integrated instead
_NEGLIGIBLE = 42.0  # below the peak, in logarithms
_COARSEST, _SHARE_OF_WIDTH = 0.25, 0.6  # of a step, by the strip in which all is analytic
_CROWDED = 1e10  # beyond, all churn alike, and rounding would hide where the density ends
_CELLS_AT_ONCE = 500_000
_LARGEST_KEY = 2**62
_STIRLING = 10.0  # from here on, four terms of the series are exact


def log_survival(alpha: Floats, beta: Floats, t: Floats) -> Floats:
    """Return ln S(t), the share that stays for t renewals; nothing large cancels.

    Examples
    --------
    >>> round(float(np.exp(log_survival(*np.array([0.668, 3.806, 1.0])))), 3)
    0.851
    """
    whole = alpha + beta
    logs = (beta - 0.5) * np.log1p(t / beta) - (whole - 0.5) * np.log1p(t / whole)
    rest = _beyond_stirling(beta + t) - _beyond_stirling(beta)
    rest += _beyond_stirling(whole) - _beyond_stirling(whole + t)
    logged: Floats = np.minimum(logs + rest - t * np.log1p(alpha / (beta + t)), 0.0)
    return logged


def log_survival_slopes(alpha: Floats, beta: Floats, t: Floats) -> tuple[Floats, Floats]:
    """Return the derivatives of ln S(t) by ln α and ln β."""
    both = digamma(alpha + beta) - digamma(alpha + beta + t)
    return alpha * both, beta * (digamma(beta + t) - digamma(beta) + both)


def renewal_rate(alpha: Floats, beta: Floats, t: Floats) -> Floats:
    """Return the share of those due for renewal t, from 1, who renew."""
    stay = beta + (t - 1)  # in this order, so that a small β is not rounded away
    rate: Floats = stay / (alpha + stay)
    return rate


def residual_lifetime(alpha: Floats, beta: Floats, n: Floats, d: Floats) -> Floats:
    """Return the discounted payments to come of a customer whose n-th is next, not certain."""
    rate = renewal_rate(alpha, beta, n)
    lifetime: Floats = (1 + d) * rate * mean_inverse(alpha, beta + n, d, 1)
    return lifetime


def residual_elasticity(alpha: Floats, beta: Floats, n: Floats, d: Floats) -> Floats:
    """Return by how many per cent `residual_lifetime` grows where all renewals grow by one."""
    squared, single = (mean_inverse(alpha, beta + n, d, power) for power in (2, 1))
    elasticity: Floats = (1 + d) * squared / single
    return elasticity


def lifetime_elasticity(alpha: Floats, beta: Floats, d: Floats) -> Floats:
    """Return the same for a new customer, whose first payment is certain."""
    rate = renewal_rate(alpha, beta, np.asarray(1.0))
    squared, single = (mean_inverse(alpha, beta + 1, d, power) for power in (2, 1))
    elasticity: Floats = (1 + d) * rate * squared / (1 + rate * single)
    return elasticity


def mean_inverse(alpha: Floats, stay: Floats, d: Floats, power: int) -> Floats:
    """Return E[(d + θ)^−power] over θ ~ beta(alpha, stay), stay at least 1, power 1 or 2.

    The arrays are of one shape. At d = 0 alpha must be above the power.

    Examples
    --------
    >>> mean_inverse(np.array(3.0), np.array(1.0), np.array(0.0), 1)
    array(1.5)
    """
    alpha, stay, d = np.broadcast_arrays(alpha, stay, d)
    shape = alpha.shape
    alpha, stay, d, codes = _unique(*(array.ravel() for array in (alpha, stay, d)))
    means = np.empty(len(alpha))
    at_zero = d == 0
    a, b = alpha[at_zero], stay[at_zero]
    means[at_zero] = (a + b - 1) / (a - 1) * ((a + b - 2) / (a - 2) if power > 1 else 1)
    shallow = ~at_zero & (alpha < _SHALLOW)
    means[shallow] = _from_steeper(alpha[shallow], stay[shallow], d[shallow], power)
    steep = ~at_zero & ~shallow
    means[steep] = _integrated(alpha[steep], stay[steep], d[steep], power)
    return np.asarray(means[codes].reshape(shape))


def _unique(alpha: Floats, stay: Floats, d: Floats) -> tuple[Floats, Floats, Floats, Ints]:
    """Return the different rows, and which of them each row is: a sheet repeats a few."""
    coded = [occurring(levels_of(column)) for column in (alpha, stay, d)]
    counts = [len(column.levels) for column in coded]
    if math.prod(counts) > _LARGEST_KEY:
        return alpha, stay, d, np.arange(len(alpha))
    keys = (coded[0].codes * counts[1] + coded[1].codes) * counts[2] + coded[2].codes
    _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    return alpha[first], stay[first], d[first], codes.astype(np.int64, copy=False)


def _from_steeper(alpha: Floats, stay: Floats, d: Floats, power: int) -> Floats:
    """Return the mean by that for α + 1: (d+θ)^−p = ((d+θ)^(1−p) − θ (d+θ)^−p)/d."""
    before = _from_steeper(alpha, stay, d, power - 1) if power > 1 else np.ones(len(alpha))
    steeper = _integrated(alpha + 1, stay, d, power)
    mean: Floats = (before - alpha / (alpha + stay) * steeper) / d
    return mean


def _integrated(alpha: Floats, stay: Floats, d: Floats, power: int) -> Floats:
    crowd = np.maximum(1.0, np.minimum(alpha, stay) / _CROWDED)
    a, b, d = (column[:, np.newaxis] for column in (alpha / crowd, stay / crowd, d))
    peak, width = np.log(a / b), np.sqrt(1 / a + 1 / b)
    # To the left the integrand falls more slowly than the density, to the right faster.
    left = _end(peak, -width, lambda u: _log_density(u, a, b) - power * np.log(d + expit(u)))
    right = _end(peak, width, lambda u: _log_density(u, a, b))
    step = np.minimum(_COARSEST, _SHARE_OF_WIDTH * width)
    points = int(np.ceil((right - left) / step).max(initial=1)) + 1
    means = np.empty(len(a))
    for first in range(0, len(a), max(1, _CELLS_AT_ONCE // points)):
        rows = slice(first, first + max(1, _CELLS_AT_ONCE // points))
        logits = np.linspace(left[rows, 0], right[rows, 0], points, axis=1)
        density = _log_density(logits, a[rows], b[rows])
        density = np.exp(density - density.max(axis=1, keepdims=True))
        inverse = (d[rows] + expit(logits)) ** -power
        means[rows] = (density * inverse).sum(axis=1) / density.sum(axis=1)
    return means


def _log_density(logit: Floats, a: Floats, b: Floats) -> Floats:
    """Return the log of the beta density by the logit, up to a constant."""
    density: Floats = a * log_expit(logit) + b * log_expit(-logit)
    return density


def _end(peak: Floats, width: Floats, logs: Callable[[Floats], Floats]) -> Floats:
    """Return where, going from the peak in steps of growing width, nothing is left."""
    lowest, reach = logs(peak) - _NEGLIGIBLE, width
    while (matters := logs(peak + reach) > lowest).any():
        reach = np.where(matters, 1.5 * reach, reach)
    return peak + reach


def _beyond_stirling(x: Floats) -> Floats:
    """Return ln Γ(x) less (x − ½) ln x − x + ½ ln 2π, which vanishes as x grows."""
    far = np.maximum(x, _STIRLING)
    square = far**-2.0
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / far
    near = np.minimum(x, _STIRLING)
    exact = gammaln(near) - (near - 0.5) * np.log(near) + near - 0.5 * np.log(2 * np.pi)
    return np.where(x < _STIRLING, exact, series)
