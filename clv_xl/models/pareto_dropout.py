"""How likely a customer has dropped out, under gamma purchase and gamma dropout rates.

With p = r + x the odds of having dropped out between the last purchase and T are

    s ∫ ((α+T)/(α+τ))^p ((β+T)/(β+τ))^s dτ/(β+τ),  τ from t_x to T

The closed form is a difference of two ₂F₁, which cancels and overflows; its derivatives by the
parameters have none. Here the integral itself is taken, in v = ln(τ + min(α, β)): its integrand
is log-concave there, and its nearest singularities lie π off the real axis, whatever the
parameters. So one panel of sixteen Gauss points does for most customers, a few for the others, and
the same points give the derivatives.
"""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Floats, Ints

_POINTS, _SHARES = np.polynomial.legendre.leggauss(16)
_POINTS, _SHARES = (_POINTS + 1) / 2, _SHARES / 2
_WIDEST, _STEEPEST = 2.5, 16.0  # a panel, in v and in the logarithm of the integrand
_NEGLIGIBLE = 60.0  # below the integrand at the last purchase, in logarithms
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class GammaRates:
    """What is known of the rates: r and α of purchases, s and β of dropout."""

    r: float
    alpha: float
    s: float
    beta: float


@dataclass(frozen=True, slots=True, eq=False)
class DropoutMoments:
    """Points at which customers may have dropped out, and how likely each is, unnormalised.

    A panel is a row of points; `customer` says whose it is, `first` where a customer's begin.
    """

    customer: Ints
    first: Ints
    log_alpha: Floats  # ln(α+τ)
    log_beta: Floats  # ln(β+τ)
    likely: Floats
    log_odds: Floats  # of having dropped out, by customer; −∞ only in name where t_x = T

    def summed(self, over_panels: Floats) -> Floats:
        """Sum what belongs to the panels up to their customers."""
        if len(self.customer) == len(self.first):
            return over_panels
        return np.add.reduceat(over_panels, self.first) if len(self.first) else over_panels


def dropout_moments(known: GammaRates, p: Floats, t_x: Floats, T: Floats) -> DropoutMoments:
    """Return when customers with p = r + x may have dropped out, and the odds that they have."""
    by_beta = known.alpha >= known.beta
    near, gap = min(known.alpha, known.beta), abs(known.alpha - known.beta)
    width, steep = _range(known, p, t_x, T, by_beta=by_beta)
    panels = np.maximum(np.ceil(np.maximum(width / _WIDEST, steep / _STEEPEST)), 1).astype(np.intp)
    first = np.cumsum(panels) - panels
    customer = np.repeat(np.arange(len(p)), panels)
    step = (width / panels)[customer]
    start = np.log(near + t_x)[customer] + step * (np.arange(len(customer)) - first[customer])
    log_near = start[:, np.newaxis] + step[:, np.newaxis] * _POINTS
    since = np.exp(log_near)
    beyond = since + gap
    log_far = np.log(beyond)
    log_alpha, log_beta = (log_far, log_near) if by_beta else (log_near, log_far)
    at_last = p * np.log(known.alpha + t_x) + known.s * np.log(known.beta + t_x)
    likely = at_last[customer, np.newaxis] - p[customer, np.newaxis] * log_alpha
    likely -= known.s * log_beta
    np.exp(likely, out=likely)
    if not by_beta:
        likely *= since / beyond  # dτ/(β+τ) = dv (α+τ)/(β+τ)
    likely *= _SHARES * step[:, np.newaxis]
    found = DropoutMoments(customer, first, log_alpha, log_beta, likely, p)
    at_T = p * np.log(known.alpha + T) + known.s * np.log(known.beta + T)
    total = found.summed(likely.sum(axis=1))
    log_odds = np.log(known.s) + at_T - at_last + np.log(np.maximum(total, _SMALLEST))
    return DropoutMoments(customer, first, log_alpha, log_beta, likely, log_odds)


def _range(
    known: GammaRates, p: Floats, t_x: Floats, T: Floats, *, by_beta: bool
) -> tuple[Floats, Floats]:
    """Return how far v runs before the integrand is negligible, and how far its logarithm falls."""
    waited = T - t_x
    near_power, far_power = (known.s, p) if by_beta else (p, known.s)
    near, far = sorted((known.alpha, known.beta))
    seen_near, seen_far = near + t_x, far + t_x
    with np.errstate(over="ignore"):
        enough = np.minimum(
            seen_near * np.expm1(_NEGLIGIBLE / near_power),
            seen_far * np.expm1(_NEGLIGIBLE / far_power),
        )
    reach = np.minimum(waited, enough)
    width = np.log1p(reach / seen_near)
    return width, near_power * width + far_power * np.log1p(reach / seen_far)


def log_odds_of_dropout(known: GammaRates, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """Return the log-odds that customers have dropped out by T.

    Examples
    --------
    >>> known = GammaRates(r=0.5533, alpha=10.578, s=0.6063, beta=11.6703)
    >>> log_odds_of_dropout(known, np.array([2.0]), np.array([30.43]), np.array([38.86])).round(4)
    array([-1.8931])
    """
    odds = np.empty(len(x))
    for start in range(0, len(x), CUSTOMERS_AT_ONCE):
        rows = slice(start, start + CUSTOMERS_AT_ONCE)
        odds[rows] = dropout_moments(known, known.r + x[rows], t_x[rows], T[rows]).log_odds
    return odds


CUSTOMERS_AT_ONCE = 1_024
"""So that the points at work stay in the processor's cache."""
