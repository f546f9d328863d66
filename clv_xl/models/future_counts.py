"""How many purchases a customer will make: the whole distribution, and the range that holds them.

All models know the chance of at least n purchases of a customer who is alive: the n-th has to come
in time, and the customer has to be there when it does. From it quantiles are found by doubling
and halving, for all customers at once; nothing is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln, log_expit

from clv_xl.arrays import Floats, Ints
from clv_xl.models.unique_rows import levels_of, occurring

_POINTS, _SHARES = np.polynomial.legendre.leggauss(96)
_POINTS, _SHARES = (_POINTS + 1) / 2, _SHARES / 2
_NEGLIGIBLE = 25.0  # below the peak, in logarithms
_CELLS_AT_ONCE = 400_000

AtLeast = Callable[[Floats, Ints], Floats]
"""Counts of at least 1 and the customers they are asked of, to the chances if they are alive."""


@dataclass(frozen=True, slots=True, eq=False)
class FutureCounts:
    """The purchases Y of some customers in a time to come."""

    alive: Floats
    """Probability of each to be a customer now; of any shape."""
    kind: Ints
    """Which of them buy alike while they are alive: numbers from 0, flat."""
    first: Ints
    """One customer of each kind."""
    while_alive: AtLeast

    @classmethod
    def of(
        cls, alive: Floats, alike: tuple[Floats, Floats, Floats], while_alive: AtLeast
    ) -> "FutureCounts":
        """Tell kinds of customers apart by three columns that decide what they buy while alive."""
        kind, first = np.zeros(alive.size, dtype=np.int64), np.arange(alive.size)
        for column in alike:
            coded = occurring(levels_of(column.ravel()))
            kind = kind * len(coded.levels) + coded.codes
            _, first, kind = np.unique(kind, return_index=True, return_inverse=True)
        return cls(alive, kind, first, while_alive)

    def at_least(self, counts: Floats) -> Floats:
        """Return P(Y ≥ n) of each customer, counts in the shape of the customers."""
        rows = np.arange(self.alive.size)
        return self._at_least(counts.ravel(), rows).reshape(self.alive.shape)

    def range(self, level: float) -> tuple[Floats, Floats]:
        """Return the least and the most purchases, beyond which lies (1 − level)/2 at either end.

        Counts are whole: the range holds at least `level`, and more where it cannot hold just that.
        """
        outside = (1 - level) / 2
        return self._first_beyond(1 - outside), self._first_beyond(outside)

    def _at_least(self, counts: Floats, rows: Ints) -> Floats:
        chances = np.ones(len(counts))
        asked = np.flatnonzero(counts > 0)
        some = rows[asked]
        codes = occurring(levels_of(counts[asked]))
        keys, place = np.unique(
            self.kind[some] * len(codes.levels) + codes.codes, return_inverse=True
        )
        kinds, counted = np.divmod(keys, max(len(codes.levels), 1))
        found = self.while_alive(codes.levels[counted], self.first[kinds])
        chances[asked] = self.alive.ravel()[some] * found[place]
        return chances

    def _first_beyond(self, chance: float) -> Floats:
        """Return the smallest n of each customer for which P(Y > n) is at most `chance`."""
        size = self.alive.size
        below, reached = np.full(size, -1.0), np.zeros(size)
        rows = np.arange(size)
        while len(rows := rows[self._at_least(reached[rows] + 1, rows) > chance]):
            below[rows] = reached[rows]
            reached[rows] = 2 * reached[rows] + 1
        rows = np.flatnonzero(reached - below > 1)
        while len(rows):
            middle = np.floor((below[rows] + reached[rows]) / 2)
            beyond = self._at_least(middle + 1, rows) > chance
            below[rows[beyond]], reached[rows[~beyond]] = middle[beyond], middle[~beyond]
            rows = rows[reached[rows] - below[rows] > 1]
        return reached.reshape(self.alive.shape)


def before_beta_dropout(
    counts: Floats, rate: tuple[Floats, Floats], dropout: tuple[float, Floats], t: Floats
) -> Floats:
    """Return P(Y ≥ n) where each purchase may be the last, with a beta probability.

    Examples
    --------
    >>> one = np.ones(1)
    >>> before_beta_dropout(2 * one, (one, 10 * one), (1.0, one), 10 * one)
    array([0.125])
    """
    (shape, scale), (a, b) = rate, dropout
    stayed = np.exp(betaln(a, b + counts - 1) - betaln(a, b))
    bought: Floats = stayed * betainc(counts, shape, t / (scale + t))
    return bought


def before_gamma_dropout(
    counts: Floats, rate: tuple[Floats, Floats], dropout: tuple[float, Floats], t: Floats
) -> Floats:
    """Return P(Y ≥ n) where customers leave at a gamma rate, by the moment of the n-th purchase.

    That moment is scale × e^ℓ with a logistic-beta ℓ. The integrand is log-concave in ℓ, and what
    lies outside the interval that is taken is negligible.

    Examples
    --------
    >>> one = np.ones(1)
    >>> before_gamma_dropout(one, (one, 10 * one), (1.0, 10 * one), 10 * one).round(6)
    array([0.375])
    """
    found = np.empty(len(counts))
    block = _CELLS_AT_ONCE // len(_POINTS)
    (shape, scale), (s, beta) = rate, dropout
    for start in range(0, len(counts), block):
        some = slice(start, start + block)
        parts = (column[some, np.newaxis] for column in (counts, shape, scale, beta, t))
        found[some] = _in_time_and_there(s, *parts)
    return found


def _in_time_and_there(
    s: float, n: Floats, shape: Floats, scale: Floats, beta: Floats, t: Floats
) -> Floats:
    with np.errstate(divide="ignore"):
        last = np.log(t / scale)
    left = np.log(n / (shape + n + s * scale / beta)) - _reach(_NEGLIGIBLE / n)
    right = np.minimum(last, np.log(n / shape) + _reach_right(n, shape))
    width = np.maximum(right - left, 0.0)
    place = np.where(width > 0, left, 0.0) + width * _POINTS
    early = log_expit(place)
    logs = n * early + shape * (early - place) - betaln(n, shape)
    logs -= s * np.log1p(np.exp(place) * (scale / beta))
    chances: Floats = np.minimum((np.exp(logs) @ _SHARES) * width[:, 0], 1.0)
    return chances


def _reach(fall: Floats) -> Floats:
    """Return the distance δ at which e^−δ − 1 + δ has reached `fall`, or a little more."""
    reach: Floats = fall + np.sqrt(2 * fall)
    return reach


def _reach_right(n: Floats, shape: Floats) -> Floats:
    """Return how far right of the peak of the moment's density it is negligible.

    Its logarithm falls there by n (e^δ − 1) or shape (1 − e^−δ), whichever is slower, or half that.
    """
    crowd = np.log1p(_reach(2 * _NEGLIGIBLE / n))  # where e^δ − 1 − δ is as large as asked for
    return np.where(shape > n, crowd, 0.0) + _reach(2 * _NEGLIGIBLE / shape)


def by_opportunity(
    counts: Floats, buying: tuple[Floats, Floats], staying: tuple[float, Floats], ahead: Floats
) -> Floats:
    """Return P(Y ≥ n) over so many opportunities, by that of the n-th purchase.

    Examples
    --------
    >>> one = np.ones(1)
    >>> by_opportunity(one, (one, one), (1.0, one), one)
    array([0.25])
    """
    found = np.empty(len(counts))
    block = max(1, _CELLS_AT_ONCE // max(int(ahead.max(initial=1.0)), 1))
    (alpha, beta), (gamma, delta) = buying, staying
    for start in range(0, len(counts), block):
        some = slice(start, start + block)
        parts = (column[some, np.newaxis] for column in (counts, alpha, beta, delta, ahead))
        found[some] = _bought_by(gamma, *parts)
    return found


def _bought_by(
    gamma: float, n: Floats, alpha: Floats, beta: Floats, delta: Floats, ahead: Floats
) -> Floats:
    opportunity = np.arange(1.0, float(ahead.max(initial=0.0)) + 1)
    possible = (opportunity >= n) & (opportunity <= ahead)
    at = np.maximum(opportunity, n)
    ways = -np.log(at) - betaln(n, at - n + 1)
    logs = ways + betaln(alpha + n, beta + at - n) - betaln(alpha, beta)
    logs += betaln(gamma, delta + at) - betaln(gamma, delta)
    chances: Floats = np.minimum((np.exp(logs) * possible).sum(axis=1), 1.0)
    return chances
