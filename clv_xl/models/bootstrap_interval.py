"""The interval of a predicted total by the bootstrap: customers are drawn again, and fitted again.

The delta method trusts the curvature of the likelihood at its maximum; the bootstrap asks what
other customers from the same shop would have said. Where the two differ the model does not fit, or
the data are few. Customers of one history are one row with a weight, so a resample is one draw of
weights, and each refit starts at the maximum.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from clv_xl.arrays import Floats, Range, checked
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.beta_geometric_estimate import BetaGeometricProblem
from clv_xl.models.beta_geometric_fit import BetaGeometricFit
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_bb_estimate import BgBbProblem
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from clv_xl.models.pareto_nbd_estimate import ParetoNbdProblem
from clv_xl.models.predicted_value import CustomerHistories, month_ends
from clv_xl.models.prediction_interval import total_interval
from clv_xl.models.purchase_estimate import PurchaseProblem, customer_rows, mean_age
from clv_xl.models.unique_rows import UniqueRows

FEWEST_RESAMPLES, MOST_RESAMPLES = 20, 100_000
"""With fewer the ends of an interval are not to be found."""


@dataclass(frozen=True, slots=True, eq=False)
class BootstrapInterval:
    """The predicted total of all customers up to the end of each month, resampled."""

    totals: Floats  # as predicted, undiscounted, up to the end of month 1, 2, …
    expected: Floats  # a row a resample: the total expected under its parameters
    drawn: Floats  # the same with what customers buy by chance
    level: float = 0.95

    @property
    def of_expectation(self) -> "BootstrapInterval":
        """The interval of the expected total alone, without chance."""
        return replace(self, drawn=self.expected)

    @property
    def relative_standard_errors(self) -> Floats:
        """Standard deviation of the logarithms of the resampled totals, by month."""
        errors: Floats = np.log(np.maximum(self.drawn, 1e-300)).std(axis=0, ddof=1)
        return errors

    def bounds(self, month: int) -> tuple[float, float]:
        """Return the interval up to the end of `month`: percentiles of the resampled totals."""
        if not 1 <= month <= len(self.totals):
            raise InvalidArgumentError("month", month, f"1 to {len(self.totals)}")
        outside = (1 - self.level) / 2
        low, high = np.quantile(self.drawn[:, month - 1], [outside, 1 - outside])
        return float(low), float(high)


def bootstrap_interval(
    fit: FittedPurchases,
    spend_fit: GammaGammaFit | None,
    histories: CustomerHistories,
    months: int = 12,
    *,
    level: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
) -> BootstrapInterval | None:
    """Return the predicted total spend by month with its interval, beside `total_interval`.

    Parameters
    ----------
    fit
        A purchase model fitted to these customers, without a penalizer.
    spend_fit
        A spend model fitted to them; None to total purchases instead.
    histories
        The customers, from `customer_histories`.
    months
        Months ahead, 1 to 1200; 12 when omitted.
    level
        Coverage of the interval, between 0 and 1; 0.95 when omitted.
    resamples
        How many times all customers are drawn again, 20 to 100,000; 200 when omitted.
    seed
        The same seed gives the same interval; a whole number of at least 0.

    Returns
    -------
    BootstrapInterval or None
        None if a fit's status is not OK.
    """
    analytic = total_interval(fit, spend_fit, histories, months, level=level)
    if analytic is None:
        return None
    random, times, h = np.random.default_rng(seed), month_ends(fit, months), histories
    purchases = resampled_fits(fit, h.frequency, h.recency, h.T, resamples=resamples, seed=random)
    expected = np.array(
        [
            other.expected_totals(times, h.frequency, h.recency, h.T, spend[:, np.newaxis])[:, 0]
            for other, spend in zip(purchases, _spends(spend_fit, h, random), strict=False)
        ]
    )
    chance = np.exp(analytic.scatter * random.standard_normal((len(expected), 1)))
    return BootstrapInterval(analytic.totals, expected, expected * chance, level)


def resampled_fits(
    fit: FittedPurchases,
    frequency: Range,
    recency: Range,
    T: Range,
    *,
    resamples: int = 200,
    seed: int | np.random.Generator = 0,
) -> Iterator[FittedPurchases]:
    """Return a purchase model refitted to so many draws of its customers, with replacement.

    Parameters
    ----------
    fit
        The model fitted to the customers, without a penalizer.
    frequency, recency, T
        The customers that it was fitted to.
    resamples
        How many draws, 20 to 100,000; 200 when omitted.
    seed
        The same seed gives the same draws.

    Returns
    -------
    iterator of fits
        As `fit`, with other parameters; at the edge of what is allowed where a draw has no
        maximum within.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import fit_bg_nbd
    >>> random = np.random.default_rng(1)
    >>> x, age = random.poisson(1.5, 300), np.full(300, 100.0)
    >>> t_x = np.where(x > 0, np.floor(100 * random.random(300)), 0)
    >>> fit = fit_bg_nbd(x, t_x, age)
    >>> len({other.a for other in resampled_fits(fit, x, t_x, age, resamples=20)})
    20
    """
    checked("resamples", resamples, at_least=FEWEST_RESAMPLES, at_most=MOST_RESAMPLES)
    random = np.random.default_rng(seed)
    rows = customer_rows(frequency, recency, T, None)
    size = round(rows.customers)
    draws = random.multinomial(size, rows.weight / size, size=int(resamples))
    scale = mean_age(rows)
    are_times = _problem(fit, rows, scale).are_times
    start = np.array(list(fit.parameters.values())) / scale**are_times
    return (_refitted(fit, _weighted(rows, weight), scale, start) for weight in draws)


def _refitted(
    fit: FittedPurchases, rows: UniqueRows, scale: float, start: Floats
) -> FittedPurchases:
    problem = _problem(fit, rows, scale)
    found = problem.maximum(problem.likelihood_of(rows), start).parameters
    values = (found * scale**problem.are_times).tolist()
    return fit.with_parameters(dict(zip(fit.parameter_names, values, strict=True)))


def _weighted(rows: UniqueRows, weight: Floats) -> UniqueRows:
    drawn = weight > 0
    columns = rows.frequency, rows.recency, rows.T, weight.astype(np.float64)
    return UniqueRows(*(column[drawn] for column in columns))


def _problem(fit: FittedPurchases, rows: UniqueRows, scale: float) -> PurchaseProblem:
    none = np.zeros(len(fit.parameter_names))
    if isinstance(fit, BetaGeometricFit):
        return BetaGeometricProblem(rows, scale, none, fit.chances_before_repeat)
    return (
        BgBbProblem(rows, scale, none)
        if isinstance(fit, BgBbFit)
        else ParetoNbdProblem(rows, scale, none)
    )


def _spends(
    spend_fit: GammaGammaFit | None, histories: CustomerHistories, random: np.random.Generator
) -> Iterator[Floats]:
    """Yield the spend an order expected of each customer, by one refit after the other."""
    x, mean = histories.monetary_frequency, histories.monetary_value
    known = np.flatnonzero((x > 0) & (mean > 0))
    while True:
        if spend_fit is None:
            yield np.ones(len(x))
        else:
            # Both models are drawn for on their own: their parameters are independent.
            drawn = random.choice(known, len(known))
            refitted = fit_gamma_gamma(x[drawn], mean[drawn])
            yield np.asarray(refitted.expected_spend(x, mean))
