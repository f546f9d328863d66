"""Expected purchases of a customer who is alive, under gamma rates and beta dropout.

With k = r + x, β = b + d (d chances to drop out before T) and τ = t/(α + T) the expectation is

    G(τ) = E_p[(1 − (1 + pτ)^−k) / p],  p ~ beta(a, β)

(Fader, Hardie & Lee 2005, eq. 10 without P(alive); eq. 9 where x = T = 0.)
The textbook's closed form is 0/0 at a = 1 and overflows for many purchases. Its derivative has
neither fault, and in v = ln(1 + κτ) it is smooth on all of a horizon, with κ as large as the
dropouts to be expected in a time of α + T, or 1: it is taken at some thirty Chebyshev points per
frequency and integrated as a series. What is left for a million customers,
or for sixty months of all of them, is adding up series.

How far counts scatter around G takes the pairs of purchases, H(τ) = E[Y(Y−1)], likewise:

    dH/dτ = 2 k (k+1) τ E_p[(1 − p) (1 + pτ)^(−k−2)]

which is dG/dτ of a customer with one purchase more, but for a factor.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from clv_xl.arrays import Floats, Ints
from clv_xl.models.beta_dropout import RateAndDropout, growth_while_alive
from clv_xl.models.unique_rows import Levels

_ROWS_AT_ONCE = 16_384
_CELLS_AT_ONCE = 500_000
_FEWEST_TERMS = 24
_MOST_TERMS = 384
_RESOLVED = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class AliveCurves:
    """G, or another moment, as a Chebyshev series in v: a column for each frequency that occurs."""

    alpha: float
    kappa: float
    series: Floats  # (terms, frequencies)
    span: float  # the series holds for v from 0 to here

    def at(self, codes: Ints, tau: Floats) -> Floats:
        """Return G of the customer with frequency number `codes[i]` at t/(α+T) = `tau[i]`."""
        purchases = np.empty(len(tau))
        for start in range(0, len(tau), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            purchases[rows] = self._summed(codes[rows], self._place(tau[rows]))
        # The series starts at 0 only up to rounding.
        np.maximum(purchases, 0.0, out=purchases)
        purchases[tau == 0] = 0.0
        return purchases

    def _place(self, tau: Floats) -> Floats:
        place: Floats = 2 * np.log1p(self.kappa * tau) / self.span - 1
        return place

    def _summed(self, codes: Ints, place: Floats) -> Floats:
        """Clenshaw's recurrence, with the coefficients of each row's own frequency."""
        later = np.zeros(len(place))
        latest = np.zeros(len(place))
        for term in self.series[:0:-1]:
            later, latest = latest, 2 * place * latest - later + term[codes]
        first: Floats = self.series[0][codes] + place * latest - later
        return first

    def squared(self) -> "AliveCurves":
        """Return the squares of the curves."""
        size = 2 * len(self.series) - 1
        cosines = np.cos(np.outer(np.arange(size), np.arange(size) + 0.5) * np.pi / size)
        values = cosines[: len(self.series)].T @ self.series
        series = cosines @ values**2 * (2 / size)
        series[0] /= 2
        return replace(self, series=series)

    def combined(self, codes: Ints, ages: Levels, times: Floats, factors: Floats) -> Floats:
        """Return each customer's Σ factor × G at the time it belongs to."""
        combined = np.zeros(len(codes))
        polynomials = self._polynomials(ages.levels, times)
        for term, polynomial in zip(self.series, polynomials, strict=False):
            combined += term[codes] * (factors @ polynomial)[ages.codes]
        return np.maximum(combined, 0.0)

    def totals(self, codes: Ints, ages: Levels, times: Floats, weights: Floats) -> Floats:
        """Return Σ weight × G by each time (rows) and column of `weights`, over all customers."""
        totals = np.zeros((len(times), weights.shape[1]))
        cells_a_level = max(len(self.series[0]) * weights.shape[1], 2 * len(times))
        block = max(1, _CELLS_AT_ONCE // cells_a_level)
        order = np.argsort(ages.codes, kind="stable")
        ordered = ages.codes[order]
        for start in range(0, len(ages.levels), block):
            levels = ages.levels[start : start + block]
            within = slice(*np.searchsorted(ordered, (start, start + len(levels))))
            rows = order[within]
            cells = codes[rows] * len(levels) + ordered[within] - start
            projected = self.series @ self._grids(cells, weights[rows], len(levels))
            polynomials = self._polynomials(levels, times)
            for term, polynomial in enumerate(islice(polynomials, len(self.series))):
                totals += polynomial @ projected[:, term].T
        return np.maximum(totals, 0.0)

    def _grids(self, cells: Ints, weights: Floats, levels: int) -> Floats:
        """Return the weights summed by (column, frequency, age)."""
        size = self.series.shape[1] * levels
        sums = [np.bincount(cells, column, size) for column in weights.T]
        return np.array(sums, dtype=np.float64).reshape(len(sums), self.series.shape[1], levels)

    def _polynomials(self, ages: Floats, times: Floats) -> Iterator[Floats]:
        """Yield the Chebyshev polynomials, each (times, ages), for ever."""
        place = self._place(times[:, np.newaxis] / (self.alpha + ages))
        this, following = np.ones_like(place), place
        while True:
            yield this
            this, following = following, 2 * place * following - this


def alive_curves(model: RateAndDropout, frequencies: Floats, longest: float) -> AliveCurves:
    """Return the curves for these frequencies, good for t/(α+T) from 0 to `longest`."""
    return _resolved(
        model, frequencies, longest, lambda v: growth_while_alive(model, frequencies, v)
    )


def pair_curves(model: RateAndDropout, frequencies: Floats, longest: float) -> AliveCurves:
    """Return the same of E[Y(Y−1)], the pairs among the purchases of a customer who is alive."""
    stay = model.b + frequencies + model.chances_before_repeat
    share = 2 * (model.r + frequencies) * stay / (model.a + stay)
    after = replace(model, r=model.r + 1, b=model.b + 1)

    def growth(log_tau: Floats) -> Floats:
        singles = growth_while_alive(after, frequencies, log_tau)
        return share[:, np.newaxis] * np.expm1(log_tau) * singles

    return _resolved(model, frequencies, longest, growth)


def _resolved(
    model: RateAndDropout,
    frequencies: Floats,
    longest: float,
    growth: Callable[[Floats], Floats],
) -> AliveCurves:
    """Return the integrals of a growth in ln(1 + τ), by as many terms as resolve it in v."""
    stay = model.b + frequencies + model.chances_before_repeat
    dropouts = (model.r + frequencies) * model.a / (model.a + stay)
    kappa = max(1.0, float(dropouts.max(initial=1.0)))
    span = max(float(np.log1p(kappa * longest)), 1e-9)
    # The nearest singularities lie π off the real axis; they set how fast the series converges.
    half = np.pi / (span / 2)
    terms = int(36 / np.log(half + np.hypot(1, half))) + _FEWEST_TERMS // 2
    while True:
        angles = (np.arange(terms) + 0.5) * np.pi / terms
        tau = np.expm1((np.cos(angles) + 1) * span / 2) / kappa
        slopes = growth(np.log1p(tau)) * ((1 + kappa * tau) / (kappa * (1 + tau)))
        slope = np.cos(np.outer(np.arange(terms), angles)) @ slopes.T * (2 / terms)
        tail = np.abs(slope[-3:]).max(axis=0)
        if terms >= _MOST_TERMS or (tail <= _RESOLVED * np.abs(slope).max(axis=0)).all():
            return AliveCurves(model.alpha, kappa, _integrated(slope, span), span)
        terms *= 2


def _integrated(slope: Floats, span: float) -> Floats:
    """Integrate a Chebyshev series (its first coefficient doubled) from v = 0."""
    terms = len(slope)
    padded = np.vstack([slope, np.zeros((2, slope.shape[1]))])
    order = np.arange(1, terms + 1)[:, np.newaxis]
    series = np.empty((terms + 1, slope.shape[1]))
    series[1:] = (padded[:-2] - padded[2:]) / (2 * order) * (span / 2)
    signs = np.where(order % 2, 1.0, -1.0)
    series[0] = (signs * series[1:]).sum(axis=0)  # so that the series is 0 at v = 0
    return series
