"""How likely a new customer with gamma rates makes just so many repeat purchases in a time."""

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.models.negative_binomial import log_probability_of
from clv_xl.models.pareto_dropout import GammaRates

_POINTS, _SHARES = np.polynomial.legendre.leggauss(16)
_POINTS, _SHARES = (_POINTS + 1) / 2, _SHARES / 2
_NEGLIGIBLE = 60.0  # of who is still a customer, as a logarithm
_STEEPEST = 8.0
_COUNTS_AT_ONCE = 64


def count_probabilities(known: GammaRates, t: float, counts: Floats) -> Floats:
    """Return P(X(t) = n): over the moment of dropout, the chance of n purchases until then.

    Examples
    --------
    >>> known = GammaRates(r=0.5533, alpha=10.578, s=0.6063, beta=11.6703)
    >>> count_probabilities(known, 39.0, np.arange(3.0)).round(4)
    array([0.5935, 0.1656, 0.0825])
    """
    stays = known.s * np.log1p(t / known.beta)
    log_counts = log_probability_of(counts, known.r, known.alpha, np.array(t))
    probability: Floats = np.exp(log_counts - stays)
    if t == 0:
        return probability
    moments, likely = _moments(known, t, float(counts.max(initial=0.0)))
    for start in range(0, len(counts), _COUNTS_AT_ONCE):
        some = slice(start, start + _COUNTS_AT_ONCE)
        until = log_probability_of(counts[some, np.newaxis], known.r, known.alpha, moments)
        probability[some] += np.exp(until) @ likely
    return probability


def _moments(known: GammaRates, t: float, most: float) -> tuple[Floats, Floats]:
    """Return moments of dropout in (0, t] and their probabilities.

    In v = ln(τ + min(α, β)) neither the density of the dropout nor the chance of n purchases has
    singularities near the axis; the latter is the narrower, the more purchases are asked for.
    """
    near = min(known.alpha, known.beta)
    reach = min(t, known.beta * float(np.expm1(min(_NEGLIGIBLE / known.s, 700.0))))
    width = float(np.log1p(reach / near))
    falls = known.s * float(np.log1p(reach / known.beta))
    fine = max(4.0, np.sqrt(known.r + most) / 4)
    panels = int(np.ceil(max(width * fine, falls / _STEEPEST, 1.0)))
    places = ((np.arange(panels)[:, np.newaxis] + _POINTS) / panels).ravel() * width
    moments = near * np.expm1(places)
    share = np.tile(_SHARES / panels, panels) * width * (near + moments)
    log_density = -known.s * np.log1p(moments / known.beta)
    return moments, share * known.s / (known.beta + moments) * np.exp(log_density)
