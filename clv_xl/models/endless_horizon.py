"""Discounted sums without an end, as weights of what is expected up to some hundred times.

Discounted purchases are Σ factor × purchases up to a time. Those expected up to t are analytic but
for a cut left of 0, so on any stretch from A to 2A twenty points fix them to rounding: as many
months as a stretch has, or all moments within it, are gathered in the weights of its points.
"""

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.errors import InvalidArgumentError
from clv_xl.periods import MONTHS_PER_YEAR

SMALLEST_RATE = 1e-6
"""Below this annual rate, unless it is 0, a discounted sum is one over centuries of centuries."""

_SINGLY = 64  # months that count each by itself
_COUNTED = 131_072  # months; beyond, a sum over them is an integral to 11 digits
_POINTS = 20
_NEGLIGIBLE = 41.0  # what is discounted by e to this power
_PLACES, _SHARES = np.polynomial.legendre.leggauss(_POINTS)


def endless_months(annual_discount_rate: float) -> tuple[Floats, Floats]:
    """Return months M and weights w so that Σ w E(M) is the value of all months to come.

    Month m, from 1, is booked in its middle: Σ (E(m) − E(m−1)) (1 + d)^(−(m − ½)/12), E(m) what is
    expected up to its end. The rate is above 0.

    Examples
    --------
    >>> months, weights = endless_months(0.10)
    >>> round(float(weights.sum()), 12), round(1.10 ** (-1 / 24), 12)  # all bought in month 1
    (0.996036617523, 0.996036617523)
    """
    force = force_of(annual_discount_rate) / MONTHS_PER_YEAR
    first = np.arange(1.0, _SINGLY + 1)
    parts = [(first, _factors(first, force))]
    begin = _SINGLY
    while begin * force < _NEGLIGIBLE:
        counted = begin < _COUNTED
        parts.append(_months(begin, force) if counted else _moments(begin + 0.5, begin, force))
        begin *= 2
    return _joined(parts)


def endless_times(force: float, shortest: float) -> tuple[Floats, Floats]:
    """Return times t and weights w so that Σ w E(t) is ∫ force e^(−force t) E(t) dt from 0.

    `force` is the continuous rate of discount in the unit of the times, above 0; E is smooth from 0
    up to `shortest`, or its cut lies as far left of 0.

    Examples
    --------
    >>> times, weights = endless_times(0.1, 1.0)
    >>> round(float(weights @ times), 12)  # one purchase a unit of time, for ever
    10.0
    """
    begin = min(shortest, 1 / force)
    parts = [_moments(0.0, begin, force)]
    while begin * force < _NEGLIGIBLE:
        parts.append(_moments(begin, begin, force))
        begin *= 2
    return _joined(parts)


def force_of(annual_discount_rate: float) -> float:
    """Return the continuous annual rate."""
    if annual_discount_rate < SMALLEST_RATE:
        expected = f"at least {SMALLEST_RATE:f} for an endless horizon, or 0"
        raise InvalidArgumentError("annual_discount_rate", f"{annual_discount_rate:g}", expected)
    return float(np.log1p(annual_discount_rate))


def _factors(months: Floats, force: float) -> Floats:
    """Return by how much month m is discounted less than month m + 1."""
    factors: Floats = np.exp(-force * (months - 0.5)) * -np.expm1(-force)
    return factors


def _months(begin: int, force: float) -> tuple[Floats, Floats]:
    """Gather the months begin + 1 to 2 begin at Chebyshev points."""
    months = np.arange(begin + 1.0, 2 * begin + 1.0)
    middle, half = (months[0] + months[-1]) / 2, (months[-1] - months[0]) / 2
    points = np.cos((np.arange(_POINTS) + 0.5) * np.pi / _POINTS)
    moments = _factors(months, force) @ _polynomials((months - middle) / half)
    moments[0] /= 2
    return middle + half * points, _polynomials(points) @ moments * (2 / _POINTS)


def _polynomials(places: Floats) -> Floats:
    """Return Chebyshev polynomials at places from −1 to 1, a column each."""
    return np.asarray(np.polynomial.chebyshev.chebvander(places, _POINTS - 1), dtype=np.float64)


def _moments(begin: float, length: float, force: float) -> tuple[Floats, Floats]:
    """Gather the moments from `begin` on at Legendre points."""
    times = begin + length * (_PLACES + 1) / 2
    return times, _SHARES * length / 2 * force * np.exp(-force * times)


def _joined(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    times, weights = zip(*parts, strict=True)
    return np.concatenate(times), np.concatenate(weights)
