"""How sure a predicted total is, and whether it may be shown.

Two things part what will be bought from what is predicted: the parameters are estimated (delta
method, on the log scale), and customers buy by chance (variance of each customer's purchases and
spend under the model; they add up, since customers buy independently). The second cancels in large
totals and rules small ones. See docs/definitions.md for the cut-offs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist
from typing import TypeVar

import numpy as np

from clv_xl.arrays import Floats, checked
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.predicted_value import CustomerHistories, month_ends
from clv_xl.models.purchase_models import FittedModel, PurchaseFit, SpendFit, Status
from clv_xl.models.spend_scatter import spend_weights

Model = TypeVar("Model", bound=FittedModel)

_STEP = 1e-4  # in a parameter's logarithm


class Verdict(StrEnum):
    """Whether a prediction may be shown: as a figure, as a range, or not."""

    SHOWN = "shown"
    RANGE = "range"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, eq=False)
class TotalInterval:
    """The predicted total of all customers up to the end of each month, and how sure it is."""

    totals: Floats  # undiscounted, up to the end of month 1, 2, …
    parameter_errors: Floats  # relative, of the expected total: what more data would shrink
    scatter: Floats  # relative standard deviation of what is bought around it
    level: float = 0.95

    @property
    def relative_standard_errors(self) -> Floats:
        """How far what will be bought lies from the total, as a share of it, by month."""
        errors: Floats = np.hypot(self.parameter_errors, self.scatter)
        return errors

    @property
    def of_expectation(self) -> "TotalInterval":
        """The interval of the expected total alone: of a mean over any number of such shops."""
        return replace(self, scatter=np.zeros_like(self.scatter))

    @property
    def relative_half_widths(self) -> Floats:
        """How far the upper bound lies above the total, as a share of it, by month."""
        quantile = NormalDist().inv_cdf((1 + self.level) / 2)
        return np.expm1(np.minimum(quantile * self.relative_standard_errors, 50.0))

    def bounds(self, month: int, total: float | None = None) -> tuple[float, float]:
        """Return the interval up to the end of `month`, around `total` if another is given."""
        if not 1 <= month <= len(self.totals):
            raise InvalidArgumentError("month", month, f"1 to {len(self.totals)}")
        centre = float(self.totals[month - 1]) if total is None else total
        spread = 1 + float(self.relative_half_widths[month - 1])
        return centre / spread, centre * spread


def total_interval(
    fit: PurchaseFit,
    spend_fit: SpendFit | None,
    histories: CustomerHistories,
    months: int = 60,
    *,
    level: float = 0.95,
) -> TotalInterval | None:
    """Return the predicted total spend by month with its interval; None where no fit is OK.

    The interval is that of what the customers will spend; `of_expectation` has the narrower one of
    what they are expected to.

    Parameters
    ----------
    fit
        A fitted purchase model.
    spend_fit
        A fitted spend model; None to total purchases instead.
    histories
        The customers, from `customer_histories`.
    months
        Months ahead, 1 to 1200; 60 when omitted.
    level
        Coverage of the interval, between 0 and 1; 0.95 when omitted.

    Returns
    -------
    TotalInterval or None
        None if a fit's status is not OK: it has no covariance.
    """
    checked("level", level, above=0, below=1)
    if fit.covariance is None or (spend_fit is not None and spend_fit.covariance is None):
        return None
    times = month_ends(fit, months)
    weights = _spends(spend_fit, histories)
    totals = _totals(fit, times, histories, weights)
    reached = np.where(totals[:, 0] > 0, totals[:, 0], 1.0)
    by_purchases = np.array(
        [
            _totals(up, times, histories, weights[:, :1])[:, 0]
            - _totals(down, times, histories, weights[:, :1])[:, 0]
            for up, down in _neighbours(fit)
        ]
    )
    by_spend = (totals[:, 1::2] - totals[:, 2::2]).T
    variance = _variance(by_purchases / reached, fit.covariance)
    if spend_fit is not None and spend_fit.covariance is not None:
        # The two models are fitted to different columns: their parameters are independent.
        variance = variance + _variance(by_spend / reached, spend_fit.covariance)
    scatter = np.sqrt(_scatter(fit, spend_fit, times, histories)) / reached
    return TotalInterval(totals[:, 0], np.sqrt(variance), scatter, level)


def worst(*statuses: Status) -> Status:
    """Return the least trustworthy of the statuses.

    Examples
    --------
    >>> print(worst(Status.OK, Status.TOO_FEW, Status.BOUNDARY))
    TOO_FEW
    """
    return max(statuses, key=list(Status).index)


def verdict(
    status: Status,
    relative_half_width: float | None,
    show: float = 0.30,
    range: float = 0.60,  # noqa: A002 - the cut-off's name on the Assumptions sheet
) -> Verdict:
    """Return whether a predicted total is shown, shown as a range, or withheld.

    Parameters
    ----------
    status
        The worst status of the fits behind it.
    relative_half_width
        Half-width of its 95 % interval as a share of it; None where there is none.
    show
        Up to this share the figure is shown; 0.30 when omitted.
    range
        Up to this share the range is shown; 0.60 when omitted.

    Returns
    -------
    Verdict
        "shown", "range" or "withheld".

    Examples
    --------
    >>> print(verdict(Status.OK, 0.12), verdict(Status.OK, 0.4), verdict(Status.BOUNDARY, 0.1))
    shown range withheld
    """
    if status != Status.OK or relative_half_width is None or relative_half_width > range:
        return Verdict.WITHHELD
    return Verdict.SHOWN if relative_half_width <= show else Verdict.RANGE


def _neighbours(fit: Model) -> Sequence[tuple[Model, Model]]:
    """Return the fit with each parameter a little up and a little down."""
    known = dict(fit.parameters)
    grown = float(np.exp(_STEP))
    return [
        (
            fit.with_parameters(known | {name: value * grown}),
            fit.with_parameters(known | {name: value / grown}),
        )
        for name, value in known.items()
    ]


def _spends(spend_fit: SpendFit | None, histories: CustomerHistories) -> Floats:
    """Return the expected spends, then those with each spend parameter up and down, as columns."""
    if spend_fit is None:
        return np.ones((len(histories.T), 1))
    fits = [spend_fit, *(neighbour for pair in _neighbours(spend_fit) for neighbour in pair)]
    spent = [f.expected_spend(histories.monetary_frequency, histories.monetary_value) for f in fits]
    return np.stack(spent, axis=-1)


def _totals(
    fit: PurchaseFit, times: Floats, histories: CustomerHistories, weights: Floats
) -> Floats:
    h = histories
    return fit.expected_totals(times, h.frequency, h.recency, h.T, weights)


def _scatter(
    fit: PurchaseFit, spend_fit: SpendFit | None, times: Floats, histories: CustomerHistories
) -> Floats:
    """Return the variance of the total up to each time under known parameters."""
    h = histories
    weights = np.ones((len(h.T), 3))
    if spend_fit is not None:
        weights = spend_weights(spend_fit, h.monetary_frequency, h.monetary_value)
    once, pairs, squares = fit.count_moments(times, h.frequency, h.recency, h.T, weights).T
    variance: Floats = np.maximum(once + pairs - squares, 0.0)
    return variance


def _variance(differences: Floats, covariance: Floats) -> Floats:
    """Return the variance of the log of a total, from its differences over two steps."""
    gradient = differences / (2 * _STEP)
    variance: Floats = np.einsum("pm,pq,qm->m", gradient, covariance, gradient)
    return np.maximum(variance, 0.0)
