"""BG/BB: customers may buy once at each opportunity, and may drop out between opportunities.

Opportunities are counted, not measured: a conference a year, a collection a season.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import betaln, gammaln

from clv_xl.arrays import Figures, Floats, Ints, Numbers, Range, checked, unwrapped
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.beta_churn import residual_lifetime
from clv_xl.models.bg_bb_estimate import estimated
from clv_xl.models.bg_bb_likelihood import BuyingAndStaying, Rising, alive_at_last
from clv_xl.models.customer_columns import (
    CustomerColumns,
    ahead_of,
    counted_periods,
    customer_columns,
    purchase_opportunities,
    whole_numbers,
)
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.future_counts import FutureCounts, by_opportunity
from clv_xl.models.unique_rows import levels_of, occurring
from clv_xl.periods import DAYS_PER_YEAR, days_per


@dataclass(frozen=True, kw_only=True, eq=False)
class BgBbFit(FittedPurchases):
    """A fitted BG/BB model: beta chances to buy (alpha, beta) and to drop out (gamma, delta).

    T is the number of opportunities that a customer has had since the first purchase, recency the
    number of the one at which the last purchase was made, 0 for none. How long an opportunity is
    apart from the next matters for discounting alone: `dataclasses.replace(fit, time_unit="year")`.

    Examples
    --------
    >>> fit = BgBbFit(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
    >>> round(fit.expected_purchases(5, 6, 6, 6), 2)
    3.75
    """

    model: ClassVar[str] = "BG/BB"
    parameter_names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    usual_unit: ClassVar[str] = "period"
    counts_opportunities: ClassVar[bool] = True

    alpha: float
    beta: float
    gamma: float
    delta: float
    time_unit: str = "period"

    def probability_alive(self, frequency: Numbers, recency: Numbers, T: Numbers) -> Figures:
        """Return the probability that the customer is still one at the next opportunity, T + 1.

        Parameters
        ----------
        frequency
            Opportunities with a purchase after the first one.
        recency
            The opportunity of the last purchase; 0 where there is none.
        T
            Opportunities so far.

        Returns
        -------
        float or array
            From 0 to 1.
        """
        columns = opportunities(frequency, recency, T)
        staying = (self.delta + columns.T) / (self.gamma + self.delta + columns.T)
        return unwrapped(self._alive(columns) * staying)

    def expected_purchases(
        self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return the purchases expected at the next t opportunities, dropout allowed for.

        Parameters
        ----------
        t
            Opportunities ahead, a whole number or one a customer.
        frequency
            Opportunities with a purchase after the first one.
        recency
            The opportunity of the last purchase; 0 where there is none.
        T
            Opportunities so far.

        Returns
        -------
        float or array
            Expected number of purchases.
        """
        columns, ahead = opportunities(frequency, recency, T), counted_periods("t", t)
        chance, ahead = np.broadcast_arrays(self._chance_now(columns), ahead)
        ages = occurring(levels_of(np.broadcast_to(columns.T, chance.shape).ravel()))
        codes, steps = ages.codes.reshape(chance.shape), ahead.astype(np.int64)
        stays = self._opportunities_alive(ages.levels, int(ahead.max(initial=0.0)))
        return unwrapped(chance * stays[codes, steps])

    def discounted_purchases(
        self, annual_discount_rate: float, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return all purchases still expected after T, each discounted to now (DERT).

        Parameters
        ----------
        annual_discount_rate
            Effective annual rate as a decimal, from 0 up to below 1; above 0 where gamma is at most
            1. With a rate the fit's time unit must be a length: day, week, month or year.
        frequency
            Opportunities with a purchase after the first one.
        recency
            The opportunity of the last purchase; 0 where there is none.
        T
            Opportunities so far.

        Returns
        -------
        float or array
            Discounted expected residual transactions, the next opportunity a period from now.

        References
        ----------
        Fader, Hardie & Shang (2010), eq. 14.
        """
        columns = opportunities(frequency, recency, T)
        rate = float(checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1))
        if rate == 0 and self.gamma <= 1:
            expected = f"above 0 where gamma is at most 1 (it is {self.gamma:.3g})"
            raise InvalidArgumentError("annual_discount_rate", 0, expected)
        years = days_per(self.time_unit) / DAYS_PER_YEAR if rate else 0.0
        a_period = np.expm1(np.log1p(rate) * years)
        ages = occurring(levels_of(columns.T.ravel()))
        known = np.array(self.gamma), np.array(self.delta), ages.levels + 1, np.array(a_period)
        stays = residual_lifetime(*known)[ages.codes].reshape(columns.T.shape) / (1 + a_period)
        return unwrapped(self._chance_now(columns) * stays)

    def count_probabilities(self, t: float, counts: Numbers) -> Figures:
        """Return how likely a new customer buys at just so many of the first t opportunities.

        Parameters
        ----------
        t
            Opportunities since the first purchase, a whole number.
        counts
            Repeat purchases, a number or several.

        Returns
        -------
        float or array
            P(X(t) = n) for each count.

        References
        ----------
        Fader, Hardie & Shang (2010), eq. 5.
        """
        last, n = int(counted_periods("t", t)), whole_numbers("counts", counts)
        until = np.arange(last + 1.0)
        left = np.log(self.gamma) - np.log(self.gamma + self.delta + until)
        left[-1] = 0.0  # still a customer at the last
        life = betaln(self.gamma, self.delta + until) - betaln(self.gamma, self.delta) + left
        x = n[..., np.newaxis]
        spare = np.maximum(until - x, 0.0)
        ways = gammaln(until + 1) - gammaln(x + 1) - gammaln(spare + 1)
        buying = betaln(self.alpha + x, self.beta + spare) - betaln(self.alpha, self.beta)
        likely = np.where(x <= until, np.exp(ways + buying + life), 0.0)
        return unwrapped(likely.sum(axis=-1))

    def expected_combined(
        self, times: Floats, factors: Floats, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Floats:
        """Return per customer Σ factor × purchases expected up to the opportunity it belongs to."""
        columns, steps = opportunities(frequency, recency, T), _steps(times)
        ages = occurring(levels_of(columns.T.ravel()))
        combined = self._opportunities_alive(ages.levels, int(steps.max()))[:, steps] @ factors
        return self._chance_now(columns) * combined[ages.codes].reshape(columns.T.shape)

    def expected_totals(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × purchases expected up to each opportunity, by column of weights."""
        columns, steps = opportunities(frequency, recency, T), _steps(times)
        ages = occurring(levels_of(columns.T))
        chance, size = self._chance_now(columns), len(ages.levels)
        sums = np.stack([np.bincount(ages.codes, w * chance, minlength=size) for w in weights.T], 1)
        totals: Floats = self._opportunities_alive(ages.levels, int(steps.max()))[:, steps].T @ sums
        return totals

    def count_moments(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × E[Y], E[Y(Y−1)] and E[Y]², Y the purchases up to each opportunity."""
        columns, steps = opportunities(frequency, recency, T), _steps(times)
        ages = occurring(levels_of(columns.T))
        chance = self._chance_now(columns)
        again = (self.alpha + columns.frequency + 1) / (self.alpha + self.beta + columns.T + 1)
        factors = zip((chance, chance * again, chance**2), weights.T, strict=True)
        sums = np.stack(
            [np.bincount(ages.codes, f * w, minlength=len(ages.levels)) for f, w in factors]
        )
        once = self._opportunities_alive(ages.levels, int(steps.max()))
        before = np.arange(once.shape[1] - 1.0)  # opportunities lived before each
        twice = np.cumsum(np.diff(once, axis=1) * 2 * before, axis=1)
        twice = np.hstack([np.zeros((len(twice), 1)), twice])
        curves = zip((once, twice, once**2), sums, strict=True)
        return np.stack([curve[:, steps].T @ part for curve, part in curves], axis=1)

    def _future(self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers) -> FutureCounts:
        columns, ahead = ahead_of(opportunities(frequency, recency, T), counted_periods("t", t))
        x, had, until = columns.frequency.ravel(), columns.T.ravel(), ahead.ravel()

        def while_alive(counts: Floats, rows: Ints) -> Floats:
            buying = self.alpha + x[rows], self.beta + (had - x)[rows]
            return by_opportunity(counts, buying, (self.gamma, self.delta + had[rows]), until[rows])

        return FutureCounts.of(self._alive(columns), (x, columns.T, ahead), while_alive)

    def _alive(self, columns: CustomerColumns) -> Floats:
        """Return the probability that each customer still was one at the last opportunity."""
        known = BuyingAndStaying(self.alpha, self.beta, self.gamma, self.delta)
        rows = (column.ravel() for column in (columns.frequency, columns.recency, columns.T))
        return alive_at_last(known, *rows)[1].reshape(columns.T.shape)

    def _chance_now(self, columns: CustomerColumns) -> Floats:
        """Return the chance to buy at the next opportunity of customers who do not drop out."""
        bought, had = self.alpha + columns.frequency, self.alpha + self.beta + columns.T
        return self._alive(columns) * bought / had

    def _opportunities_alive(self, ages: Floats, most: int) -> Floats:
        """Return of how many of the next 0, 1, … opportunities a customer of each age lives."""
        longest = int(ages.max(initial=0.0)) + most
        staying = Rising.of(self.delta, longest).value
        staying = staying - Rising.of(self.gamma + self.delta, longest).value
        n = ages.astype(np.int64)[:, np.newaxis]
        alive = np.exp(staying[n + np.arange(1, most + 1)] - staying[n])
        return np.hstack([np.zeros((len(ages), 1)), np.cumsum(alive, axis=1)])


def opportunities(frequency: Numbers, recency: Numbers, T: Numbers) -> CustomerColumns:
    """Check columns that count opportunities."""
    columns = customer_columns(frequency, recency, T, age="periods")
    purchase_opportunities(columns.frequency, columns.recency, columns.T)
    return columns


def _steps(times: Floats) -> Ints:
    return counted_periods("t", times).astype(np.int64)


def fit_bg_bb(
    frequency: Range,
    recency: Range,
    periods: Range,
    weights: Range | None = None,
    *,
    penalizer: float = 0.0,
) -> BgBbFit:
    """Return the BG/BB model that makes the customers' purchases most likely.

    Parameters
    ----------
    frequency
        Opportunities with a purchase after the first one, whole numbers.
    recency
        Number of the opportunity with the last purchase; 0 where frequency is 0.
    periods
        Opportunities that each customer has had since the first purchase, whole numbers.
    weights
        How many customers each row stands for; 1 when omitted.
    penalizer
        Holds the parameters back, as in the library lifetimes: times the sum of their squares, per
        customer, it is taken off the log-likelihood; at least 0, and 0 when omitted.

    Returns
    -------
    BgBbFit
        Parameters alpha, beta, gamma and delta with standard errors and a status.

    References
    ----------
    Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual setting,
    Marketing Science 29(6), 1086-1108.

    Examples
    --------
    >>> fit = fit_bg_bb([0, 1, 2], [0, 4, 3], [6, 6, 6])
    >>> print(fit.status)
    TOO_FEW
    """
    return estimated(BgBbFit, frequency, recency, periods, weights, penalizer)
