"""How fast the purchases of a customer who is alive grow, under gamma rates and beta dropout.

By scipy's ₂F₁ where that is exact, else by quadrature: fits of small data run to extremes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, expit, hyp2f1, log_expit

from clv_xl.arrays import Floats

_MILD = 10.0  # hyp2f1 is exact to 2e-12 while a and r stay below
_PAIRS_AT_ONCE = 2_000
_POINTS = 321
_WIDEST_LOGIT = 90.0
_NEGLIGIBLE = 45.0  # below the peak, in logarithms
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class RateAndDropout:
    """What is known of rate and dropout: r, α, a, b and the chances before the first repeat."""

    r: float
    alpha: float
    a: float
    b: float
    chances_before_repeat: int


def growth_while_alive(model: RateAndDropout, frequency: Floats, v: Floats) -> Floats:
    """Return dG/dv, G the purchases expected up to v = ln(1 + t/(α+T)), by frequency and v."""
    a = model.a
    k = model.r + frequency[:, np.newaxis]
    beta = model.b + frequency[:, np.newaxis] + model.chances_before_repeat
    if max(a, model.r) < _MILD:
        # Euler's transformation of E_p[(1+pτ)^(−k−1)], z = τ/(1+τ): nothing cancels or overflows.
        mean = hyp2f1(a + beta - k - 1, a, a + beta, -np.expm1(-v))
        if np.isfinite(mean).all():
            grown: Floats = k * np.exp((1 - a) * v) * mean
            return grown
    shape = (len(frequency), len(v))
    flat = [np.broadcast_to(part, shape).reshape(-1, 1) for part in (k, beta, v)]
    means = np.empty(len(flat[0]))
    for start in range(0, len(means), _PAIRS_AT_ONCE):
        rows = slice(start, start + _PAIRS_AT_ONCE)
        means[rows] = _mean_survival(a, *(part[rows] for part in flat))
    return k * np.exp(v) * means.reshape(shape)


def _mean_survival(a: float, k: Floats, beta: Floats, v: Floats) -> Floats:
    """Return E_p[(1 + pτ)^(−k−1)] by the trapezoidal rule in the logit of p, a row at a time.

    For a ≥ 1 what exceeds the value at p = 1 is integrated, else what lies below the chord: so the
    integrand vanishes where the beta density does not.
    """
    integrand = _above_the_end if a >= 1 else _below_the_chord
    whole = np.linspace(-_WIDEST_LOGIT, _WIDEST_LOGIT, _POINTS)
    heights = integrand(whole, a, k, beta, v)
    counts = heights > heights.max(axis=1, keepdims=True) - _NEGLIGIBLE
    left = whole[np.maximum(counts.argmax(axis=1) - 1, 0)]
    right = whole[np.minimum(_POINTS - counts[:, ::-1].argmax(axis=1), _POINTS - 1)]
    step = (right - left)[:, np.newaxis] / (_POINTS - 1)
    logits = left[:, np.newaxis] + step * np.arange(_POINTS)
    integral = (np.exp(integrand(logits, a, k, beta, v)) * step).sum(axis=1, keepdims=True)
    end = np.exp(-(k + 1) * v)
    share = a / (a + beta)
    mean = end + integral if a >= 1 else 1 - share + share * end - integral
    flat: Floats = mean[:, 0]
    return flat


def _above_the_end(logit: Floats, a: float, k: Floats, beta: Floats, v: Floats) -> Floats:
    survival = -(k + 1) * np.log1p(expit(logit) * np.expm1(v))
    excess = -np.expm1(np.minimum(-(k + 1) * v - survival, 0.0))
    return _log_density(logit, a, beta) + survival + np.log(np.maximum(excess, _SMALLEST))


def _below_the_chord(logit: Floats, a: float, k: Floats, beta: Floats, v: Floats) -> Floats:
    survival = -(k + 1) * np.log1p(expit(logit) * np.expm1(v))
    fall = -np.expm1(-(k + 1) * v)
    near_0 = -np.expm1(survival) - expit(logit) * fall
    excess = -np.expm1(np.minimum(-(k + 1) * v - survival, 0.0))
    near_1 = expit(-logit) * fall - np.exp(survival) * excess
    below = np.where(logit < 0, near_0, near_1)
    return _log_density(logit, a, beta) + np.log(np.maximum(below, _SMALLEST))


def _log_density(logit: Floats, a: float, beta: Floats) -> Floats:
    """Return the log of the beta density of p, by its logit."""
    density: Floats = a * log_expit(logit) + beta * log_expit(-logit) - betaln(a, beta)
    return density
