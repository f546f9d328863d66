"""Pareto/NBD: customers buy at their own rate and may drop out at any moment, at their own rate."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit, exprel

from clv_xl.arrays import Figures, Floats, Ints, Numbers, Range, checked, unwrapped
from clv_xl.errors import InvalidArgumentError
from clv_xl.models import pareto_counts
from clv_xl.models.customer_columns import (
    CustomerColumns,
    ahead_of,
    customer_columns,
    whole_numbers,
)
from clv_xl.models.discounted_lifetime import discounted_lifetime
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.future_counts import FutureCounts, before_gamma_dropout
from clv_xl.models.pareto_dropout import GammaRates, log_odds_of_dropout
from clv_xl.models.pareto_nbd_estimate import estimated
from clv_xl.models.residual_lifetime import squared_lifetime
from clv_xl.models.unique_rows import levels_of, occurring
from clv_xl.periods import DAYS_PER_YEAR, days_per

_AGES_AT_ONCE = 4_096


@dataclass(frozen=True, kw_only=True, eq=False)
class ParetoNbdFit(FittedPurchases):
    """A fitted Pareto/NBD model: gamma purchase rates (r, alpha), gamma dropout rates (s, beta).

    Examples
    --------
    >>> fit = ParetoNbdFit(r=0.5533, alpha=10.578, s=0.6061, beta=11.6688, time_unit="week")
    >>> round(fit.expected_purchases(52, 26, 30.86, 31), 2)
    25.46
    """

    model: ClassVar[str] = "Pareto/NBD"
    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

    r: float
    alpha: float
    s: float
    beta: float

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
            From 0 to 1.
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
        ahead = checked("t", t, at_least=0)
        return unwrapped(self._rate_now(columns) * self._time_alive(ahead, columns.T))

    def discounted_purchases(
        self, annual_discount_rate: float, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return all purchases still expected after T, each discounted to now (DERT).

        Parameters
        ----------
        annual_discount_rate
            Effective annual rate as a decimal, from 0 up to below 1; above 0 where s is at most 1.
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

        References
        ----------
        Fader, Hardie & Lee (2005), RFM and CLV, Journal of Marketing Research 42(4), 415-430.
        """
        columns = customer_columns(frequency, recency, T)
        rate = float(checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1))
        ages = occurring(levels_of(columns.T.ravel()))
        stays = (self.beta + ages.levels) * self._discounted_stay(rate, ages.levels)
        return unwrapped(self._rate_now(columns) * stays[ages.codes].reshape(columns.T.shape))

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
        """
        until, n = float(checked("t", t, at_least=0)), whole_numbers("counts", counts)
        found = pareto_counts.count_probabilities(self._known, until, n.ravel())
        return unwrapped(found.reshape(n.shape))

    def expected_combined(
        self, times: Floats, factors: Floats, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Floats:
        """Return per customer Σ factor × purchases expected up to the time it belongs to."""
        columns = customer_columns(frequency, recency, T)
        ages = occurring(levels_of(columns.T.ravel()))
        combined = np.empty(len(ages.levels))
        for start in range(0, len(combined), _AGES_AT_ONCE):
            some = slice(start, start + _AGES_AT_ONCE)
            combined[some] = factors @ self._time_alive(times[:, np.newaxis], ages.levels[some])
        return self._rate_now(columns) * combined[ages.codes].reshape(columns.T.shape)

    def expected_totals(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × purchases expected up to each time, by time and column of weights."""
        columns = customer_columns(frequency, recency, T)
        ages = occurring(levels_of(columns.T))
        rate, size = self._rate_now(columns), len(ages.levels)
        sums = np.stack([np.bincount(ages.codes, w * rate, minlength=size) for w in weights.T], 1)
        totals = np.zeros((len(times), weights.shape[1]))
        for start in range(0, size, _AGES_AT_ONCE):
            some = slice(start, start + _AGES_AT_ONCE)
            totals += self._time_alive(times[:, np.newaxis], ages.levels[some]) @ sums[some]
        return totals

    def count_moments(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × E[Y], E[Y(Y−1)] and E[Y]², Y a customer's purchases up to each time."""
        columns = customer_columns(frequency, recency, T)
        ages = occurring(levels_of(columns.T))
        rate, another = self._rate_now(columns), self.r + columns.frequency + 1
        factors = rate, rate * another / (self.alpha + columns.T), rate**2
        size, shares = len(ages.levels), zip(factors, weights.T, strict=True)
        sums = np.stack([np.bincount(ages.codes, f * w, minlength=size) for f, w in shares])
        moments = np.zeros((len(times), 3))
        for start in range(0, size, _AGES_AT_ONCE):
            some = slice(start, start + _AGES_AT_ONCE)
            stays = self._time_alive(times[:, np.newaxis], ages.levels[some])
            squares = squared_lifetime(self.s, self.beta + ages.levels[some], times[:, np.newaxis])
            each = zip((stays, squares, stays**2), sums[:, some], strict=True)
            moments += np.stack([curve @ part for curve, part in each], axis=1)
        return moments

    def _future(self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers) -> FutureCounts:
        columns, ahead = ahead_of(customer_columns(frequency, recency, T), t)
        shape, age, until = self.r + columns.frequency.ravel(), columns.T.ravel(), ahead.ravel()

        def while_alive(counts: Floats, rows: Ints) -> Floats:
            rate, dropout = (shape[rows], self.alpha + age[rows]), (self.s, self.beta + age[rows])
            return before_gamma_dropout(counts, rate, dropout, until[rows])

        return FutureCounts.of(
            self._alive(columns), (columns.frequency, columns.T, ahead), while_alive
        )

    @property
    def _known(self) -> GammaRates:
        return GammaRates(self.r, self.alpha, self.s, self.beta)

    def _alive(self, columns: CustomerColumns) -> Floats:
        rows = (column.ravel() for column in (columns.frequency, columns.recency, columns.T))
        odds = log_odds_of_dropout(self._known, *rows)
        return np.asarray(expit(-odds)).reshape(columns.T.shape)

    def _rate_now(self, columns: CustomerColumns) -> Floats:
        """Return the purchases expected in a unit of time from now, if that were short."""
        rate = (self.r + columns.frequency) / (self.alpha + columns.T)
        return rate * self._alive(columns)

    def _time_alive(self, t: Floats, age: Floats) -> Floats:
        """Return how long a living customer is expected to stay one within t."""
        passed = np.log1p(t / (self.beta + age))
        stays: Floats = (self.beta + age) * passed * exprel((1 - self.s) * passed)
        return stays

    def _discounted_stay(self, annual_discount_rate: float, age: Floats) -> Floats:
        if annual_discount_rate == 0:
            if self.s <= 1:
                expected = f"above 0 where s is at most 1 (it is {self.s:.3g})"
                raise InvalidArgumentError("annual_discount_rate", 0, expected)
            return np.full(len(age), 1 / (self.s - 1))
        continuous = np.log1p(annual_discount_rate) * days_per(self.time_unit) / DAYS_PER_YEAR
        return discounted_lifetime(self.s, continuous * (self.beta + age))


def fit_pareto_nbd(
    frequency: Range,
    recency: Range,
    T: Range,
    weights: Range | None = None,
    *,
    time_unit: str = "day",
    penalizer: float = 0.0,
) -> ParetoNbdFit:
    """Return the Pareto/NBD model that makes the customers' purchases most likely.

    Parameters
    ----------
    frequency
        Repeat purchases of each customer (order days after the first), whole numbers.
    recency
        Time from the first order to the last, in time_unit; 0 where frequency is 0.
    T
        Time from the first order to now, in time_unit.
    weights
        How many customers each row stands for; 1 when omitted.
    time_unit
        Unit of recency and T: day (default), week, month or year.
    penalizer
        Holds the parameters back, as in the library lifetimes: times the sum of their squares it
        is taken off the log-likelihood; at least 0, and 0 when omitted.

    Returns
    -------
    ParetoNbdFit
        Parameters r, alpha, s and beta with standard errors and a status.

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), Counting your customers: who are they and what will they
    do next?, Management Science 33(1), 1-24.

    Examples
    --------
    >>> fit = fit_pareto_nbd([0, 1, 0], [0, 4, 0], [10, 12, 30])
    >>> print(fit.status)
    TOO_FEW
    """
    return estimated(ParetoNbdFit, frequency, recency, T, weights, time_unit, penalizer)
