"""A fitted beta-geometric model: how it is estimated, judged and asked.

BG/NBD and MBG/NBD share every line here; each names itself and its chances to drop out.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import betaln, expit

from clv_xl.arrays import Figures, Floats, Ints, Numbers, checked, unwrapped
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.beta_dropout import RateAndDropout
from clv_xl.models.customer_columns import (
    CustomerColumns,
    ahead_of,
    customer_columns,
    whole_numbers,
)
from clv_xl.models.endless_horizon import endless_times, force_of
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.future_counts import FutureCounts, before_beta_dropout
from clv_xl.models.negative_binomial import log_probability_of, probability_of_at_least
from clv_xl.models.purchases_while_alive import AliveCurves, alive_curves, pair_curves
from clv_xl.models.unique_rows import Levels, levels_of, occurring
from clv_xl.periods import DAYS_PER_YEAR, days_per

_CUSTOMERS_AT_ONCE = 262_144


@dataclass(frozen=True, kw_only=True, eq=False)
class BetaGeometricFit(FittedPurchases):
    """Gamma purchase rates (r, alpha) and beta dropout probabilities (a, b), fitted."""

    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    chances_before_repeat: ClassVar[int]

    r: float
    alpha: float
    a: float
    b: float

    def probability_alive(self, frequency: Numbers, recency: Numbers, T: Numbers) -> Figures:
        """Return the probability that the customer has not dropped out by T.

        Parameters
        ----------
        frequency
            Repeat purchases.
        recency
            Time from the first purchase to the last.
        T
            Time from the first purchase to now.

        Returns
        -------
        float or array
            1 for one-time buyers under BG/NBD, which cannot lose them.
        """
        return unwrapped(self._alive(customer_columns(frequency, recency, T)))

    def expected_purchases(
        self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return the purchases expected in (T, T + t], dropout allowed for.

        Parameters
        ----------
        t
            Horizon in the fit's time unit, a number or one a customer.
        frequency
            Repeat purchases.
        recency
            Time from the first purchase to the last.
        T
            Time from the first purchase to now.

        Returns
        -------
        float or array
            Expected number of purchases.
        """
        columns = customer_columns(frequency, recency, T)
        tau = checked("t", t, at_least=0) / (self.alpha + columns.T)
        frequencies = np.broadcast_to(columns.frequency, tau.shape).ravel()
        codes, curves = self._curves(frequencies, float(tau.max(initial=0.0)))
        return unwrapped(curves.at(codes, tau.ravel()).reshape(tau.shape) * self._alive(columns))

    def discounted_purchases(
        self, annual_discount_rate: float, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return all purchases still expected after T, each discounted to now (DERT).

        Parameters
        ----------
        annual_discount_rate
            Effective annual rate as a decimal, from 0 up to below 1; above 0 where a is at most 1.
        frequency
            Repeat purchases.
        recency
            Time from the first purchase to the last.
        T
            Time from the first purchase to now.

        Returns
        -------
        float or array
            Discounted expected residual transactions.
        """
        columns = customer_columns(frequency, recency, T)
        rate = float(checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1))
        if rate == 0:
            return unwrapped(self._alive(columns) * self._purchases_ever(columns.frequency))
        shortest = self.alpha + float(columns.T.min(initial=np.inf))
        force = force_of(rate) * days_per(self.time_unit) / DAYS_PER_YEAR
        times, weights = endless_times(force, shortest)
        return unwrapped(self.expected_combined(times, weights, frequency, recency, T))

    def count_probabilities(self, t: float, counts: Numbers) -> Figures:
        """Return how likely a new customer makes just so many repeat purchases in (0, t].

        Parameters
        ----------
        t
            Time since the first purchase, in the fit's time unit.
        counts
            Repeat purchases, a number or several.

        Returns
        -------
        float or array
            P(X(t) = n) for each count.

        References
        ----------
        Fader, Hardie & Lee (2005), eq. 8, for BG/NBD.
        """
        until, n = float(checked("t", t, at_least=0)), whole_numbers("counts", counts)
        chances, whole = n + self.chances_before_repeat, betaln(self.a, self.b)
        stayed = np.exp(betaln(self.a, self.b + chances) - whole)
        left = np.exp(betaln(self.a + 1, self.b + np.maximum(chances - 1, 0)) - whole)
        bought = np.exp(log_probability_of(n, self.r, self.alpha, np.array(until)))
        as_often = probability_of_at_least(n, self.r, self.alpha, until)
        return unwrapped(stayed * bought + np.where(chances > 0, left, 0.0) * as_often)

    def expected_combined(
        self, times: Floats, factors: Floats, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Floats:
        """Return per customer Σ factor × purchases expected up to the time it belongs to."""
        columns = customer_columns(frequency, recency, T)
        x, ages = columns.frequency.ravel(), occurring(levels_of(columns.T.ravel()))
        codes, curves = self._curves(x, self._longest(times, columns))
        combined = curves.combined(codes, ages, times, factors)
        return combined.reshape(columns.T.shape) * self._alive(columns)

    def expected_totals(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × purchases expected up to each time, by time and column of weights."""
        columns = customer_columns(frequency, recency, T)
        codes, curves = self._curves(columns.frequency, self._longest(times, columns))
        alive = self._alive(columns)[:, np.newaxis]
        ages = occurring(levels_of(columns.T))
        return _summed(curves, codes, ages, times, weights * alive)

    def count_moments(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × E[Y], E[Y(Y−1)] and E[Y]², Y a customer's purchases up to each time."""
        columns = customer_columns(frequency, recency, T)
        x = occurring(levels_of(columns.frequency))
        alive, ages = self._alive(columns), occurring(levels_of(columns.T))
        longest = self._longest(times, columns)
        once = alive_curves(self._known, x.levels, longest)
        curves = once, pair_curves(self._known, x.levels, longest), once.squared()
        shares = alive, alive, alive**2
        sums = [
            _summed(curve, x.codes, ages, times, (weight * share)[:, np.newaxis])
            for curve, share, weight in zip(curves, shares, weights.T, strict=True)
        ]
        return np.hstack(sums)

    def _future(self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers) -> FutureCounts:
        columns, ahead = ahead_of(customer_columns(frequency, recency, T), t)
        x, scale = columns.frequency.ravel(), self.alpha + columns.T.ravel()
        shape, stay, until = self.r + x, self.b + x + self.chances_before_repeat, ahead.ravel()

        def while_alive(counts: Floats, rows: Ints) -> Floats:
            rate, dropout = (shape[rows], scale[rows]), (self.a, stay[rows])
            return before_beta_dropout(counts, rate, dropout, until[rows])

        return FutureCounts.of(self._alive(columns), (x, columns.T, ahead), while_alive)

    def _alive(self, columns: CustomerColumns) -> Floats:
        x, chances = columns.frequency, columns.frequency + self.chances_before_repeat
        stay = self.b + np.maximum(chances - 1, 0)
        waited = np.log((self.alpha + columns.T) / (self.alpha + columns.recency))
        # One over 1 + the odds of having dropped out (Fader, Hardie & Lee 2008, with d for x)
        alive = expit(-((self.r + x) * waited + np.log(self.a / stay)))
        return np.asarray(np.where(chances > 0, alive, 1.0))

    def _purchases_ever(self, frequency: Floats) -> Floats:
        """Return the purchases expected of a living customer, E[1/p] over the dropout p."""
        if self.a <= 1:
            expected = f"above 0 where a is at most 1 (it is {self.a:.3g})"
            raise InvalidArgumentError("annual_discount_rate", 0, expected)
        stay: Floats = self.b + frequency + self.chances_before_repeat
        return (self.a + stay - 1) / (self.a - 1)

    def _longest(self, times: Floats, columns: CustomerColumns) -> float:
        youngest = columns.T.min(initial=np.inf)
        return float(np.max(times, initial=0.0) / (self.alpha + youngest))

    def _curves(self, frequency: Floats, longest: float) -> tuple[Ints, AliveCurves]:
        frequencies = occurring(levels_of(frequency))
        return frequencies.codes, alive_curves(self._known, frequencies.levels, longest)

    @property
    def _known(self) -> RateAndDropout:
        return RateAndDropout(self.r, self.alpha, self.a, self.b, self.chances_before_repeat)


def _summed(
    curves: AliveCurves, codes: Ints, ages: Levels, times: Floats, weights: Floats
) -> Floats:
    """Return Σ weight × curve by time and column of weights, some customers at once."""
    totals = np.zeros((len(times), weights.shape[1]))
    for start in range(0, len(codes), _CUSTOMERS_AT_ONCE):
        rows = slice(start, start + _CUSTOMERS_AT_ONCE)
        some = Levels(ages.levels, ages.codes[rows])
        totals += curves.totals(codes[rows], some, times, weights[rows])
    return totals
