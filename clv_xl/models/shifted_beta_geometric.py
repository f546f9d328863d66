"""Retention under contract by the shifted beta-geometric model (sBG) of Fader & Hardie (2007).

Each customer leaves at each renewal with a probability of their own. A cohort's retention rises as
it ages, although nobody becomes more loyal: who leaves easily has left.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import xlogy

from clv_xl.arrays import Figures, Floats, Numbers, Table, checked, unwrapped
from clv_xl.formulas.bounds import PERIODS, numbers
from clv_xl.models import contract_value as worth
from clv_xl.models.beta_churn import log_survival, log_survival_slopes
from clv_xl.models.newton import maximised
from clv_xl.models.purchase_estimate import whole
from clv_xl.models.purchase_models import FitTable, ReadTable, Status, fit_table, noted
from clv_xl.models.renewal_counts import RenewalCounts, renewal_counts
from clv_xl.models.renewal_misfit import RenewalMisfit, renewal_misfit, retention_falls
from clv_xl.models.shifted_beta_geometric_likelihood import ShiftedBetaGeometricLikelihood
from clv_xl.remarks import Remark

FEWEST_LOST = 10
"""With fewer customers lost than this the parameters are not estimated."""

_LOWER, _UPPER = np.full(2, 1e-8), np.full(2, 1e8)
_SMALLEST_GAIN = 1e-3  # of the log-likelihood over a simpler model
_LARGE, _TINY = 1e6, 1e-9  # α and β of the simpler models: all alike, or of two kinds

_ONE_CHURN = Remark("remark.fit.one_churn")
_FALLING = Remark("remark.fit.retention_falls")
_AT_ONCE = Remark("remark.fit.leave_at_once")
_FLAT = Remark("remark.fit.no_clear_maximum")
_NO_COUNTS = Remark("remark.fit.no_counts")


@dataclass(frozen=True, kw_only=True, eq=False)
class ShiftedBetaGeometricFit:
    """Beta distributed churn probabilities (alpha, beta), fitted. Times are renewals.

    Examples
    --------
    >>> fit = ShiftedBetaGeometricFit(alpha=0.66809, beta=3.80609)
    >>> round(fit.survival(8), 4), round(fit.residual_lifetime(1, 0.1), 4)
    (0.4604, 5.4145)
    """

    model: ClassVar[str] = "sBG"

    alpha: float
    beta: float
    log_likelihood: float = math.nan
    standard_errors: Mapping[str, float] = field(default_factory=dict)
    covariance: Floats | None = None
    customers: float = 0
    lost: float = 0
    periods: int = 0  # of the longest cohort
    cohorts: int = 0
    status: Status = Status.OK
    remarks: tuple[Remark, ...] = ()
    misfit: RenewalMisfit | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that are not positive."""
        for name, value in self.parameters.items():
            checked(name, value, above=0)

    @property
    def note(self) -> str:
        """The remarks in English."""
        return noted(self.remarks)

    @property
    def parameters(self) -> Mapping[str, float]:
        """The estimates by name, in the order of the covariance."""
        return {"alpha": self.alpha, "beta": self.beta}

    @property
    def aic(self) -> float:
        """Akaike's information criterion: 2 k − 2 ln L; the smaller, the better."""
        return 2 * len(self.parameters) - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """The Bayesian information criterion: k ln n − 2 ln L, n the customers."""
        return len(self.parameters) * math.log(max(self.customers, 1)) - 2 * self.log_likelihood

    def with_parameters(self, parameters: Mapping[str, float]) -> Self:
        """Return the same model with other parameters."""
        return replace(self, **dict[str, Any](parameters))

    def retention(self, t: Numbers) -> Figures:
        """Return the share of those due for renewal t, from 1, who renew."""
        return worth.sbg_retention(self.alpha, self.beta, t)

    def survival(self, t: Numbers) -> Figures:
        """Return the share of a cohort that is left after t periods."""
        return worth.sbg_survival(self.alpha, self.beta, t)

    def loss_probability(self, t: Numbers) -> Figures:
        """Return how likely a new customer leaves just at renewal t, from 1."""
        (renewal,) = numbers(t=(t, PERIODS))
        left = np.asarray(worth.sbg_survival(self.alpha, self.beta, renewal - 1))
        return unwrapped(left * self.alpha / (self.alpha + self.beta + renewal - 1))

    def survival_interval(self, t: Numbers, level: float = 0.95) -> tuple[Figures, Figures] | None:
        """Return the ends of the interval of `survival`; None unless the status is OK.

        Parameters
        ----------
        t
            Periods since the start of the cohort.
        level
            Probability that the interval holds the true curve, above 0 and below 1.

        Returns
        -------
        tuple of two floats or arrays
            By the delta method on ln(−ln S), so within 0 and 1; what is seen of a cohort scatters
            around the curve besides.
        """
        checked("level", level, above=0, below=1)
        if self.covariance is None:
            return None
        (times,) = numbers(t=(t, worth.COUNTED))
        alpha, beta = np.asarray(self.alpha), np.asarray(self.beta)
        later = np.maximum(times, 1.0)  # at time 0 all are there, whatever the parameters
        logged = log_survival(alpha, beta, later)
        slopes = np.stack(log_survival_slopes(alpha, beta, later))
        error = np.sqrt(np.einsum("i...,ij,j...", slopes, self.covariance, slopes)) / -logged
        factor = np.exp(NormalDist().inv_cdf((1 + level) / 2) * error)
        low, high = (np.where(times > 0, np.exp(logged * f), 1.0) for f in (factor, 1 / factor))
        return unwrapped(low), unwrapped(high)

    def residual_lifetime(self, n: Numbers, discount_per_period: Numbers) -> Figures:
        """Return the discounted expected payments of a customer with n − 1 renewals (DERL)."""
        return worth.sbg_derl(self.alpha, self.beta, n, discount_per_period)

    def residual_elasticity(self, n: Numbers, discount_per_period: Numbers) -> Figures:
        """Return by how many per cent that grows where every retention grows by one."""
        return worth.sbg_derl_elasticity(self.alpha, self.beta, n, discount_per_period)

    def value(self, margin_per_period: Numbers, discount_per_period: Numbers) -> Figures:
        """Return the lifetime value of a new customer, the payment of today included."""
        return worth.sbg_value(self.alpha, self.beta, margin_per_period, discount_per_period)

    def value_elasticity(self, discount_per_period: Numbers) -> Figures:
        """Return by how many per cent `value` grows where every retention grows by one."""
        return worth.sbg_value_elasticity(self.alpha, self.beta, discount_per_period)

    def table(self) -> FitTable:
        """Return the fit as a table with the columns parameter, value and standard_error."""
        return fit_table(
            self,
            aic=self.aic,
            bic=self.bic,
            customers=self.customers,
            lost=self.lost,
            periods=self.periods,
            cohorts=self.cohorts,
        )

    @classmethod
    def from_table(cls, table: Table) -> Self:
        """Return the fit that a table holds; the rows alpha and beta are enough."""
        read = ReadTable(table, cls.model)
        return cls(
            alpha=read.number("alpha"),
            beta=read.number("beta"),
            log_likelihood=read.number("log_likelihood", math.nan),
            standard_errors=read.errors(("alpha", "beta")),
            customers=read.number("customers", 0),
            lost=read.number("lost", 0),
            periods=int(read.number("periods", 0)),
            cohorts=int(read.number("cohorts", 0)),
            status=read.status(),
            remarks=read.remarks(),
        )


def fit_shifted_beta_geometric(survivors: Any) -> ShiftedBetaGeometricFit:  # noqa: ANN401 - one cohort, or several
    """Return the sBG model that makes the survivors of one cohort, or of several, most likely.

    Parameters
    ----------
    survivors
        Customers at time 0, then those left after each period, counts; a row a cohort where there
        are several, the younger ones shorter or ended by blanks.

    Returns
    -------
    ShiftedBetaGeometricFit
        Parameters alpha and beta with standard errors and a status. On a BOUNDARY the remark names
        the simpler model; TOO_FEW has one churn rate for all.

    References
    ----------
    Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing
    21(1), 76-90.

    Examples
    --------
    >>> fit = fit_shifted_beta_geometric([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> round(fit.alpha, 3), round(fit.beta, 3), fit.status.value
    (0.668, 3.806, 'OK')
    """
    counts = renewal_counts(survivors)
    reason: Remark | None
    status, reason, alpha, beta, value = _simpler(counts)
    covariance = None
    if status is not Status.TOO_FEW:
        found = maximised(ShiftedBetaGeometricLikelihood(counts), _start(counts), _LOWER, _UPPER)
        if found.value - value >= _SMALLEST_GAIN:
            alpha, beta = found.parameters.tolist()
            value, covariance = found.value, found.covariance()
            status, reason = (Status.BOUNDARY, _FLAT) if covariance is None else (Status.OK, None)
    misfit = _misfit(counts, alpha, beta) if status is Status.OK else None
    odd = None if counts.are_counts else _NO_COUNTS
    return ShiftedBetaGeometricFit(
        alpha=alpha,
        beta=beta,
        log_likelihood=value,
        standard_errors=_errors({"alpha": alpha, "beta": beta}, covariance),
        covariance=covariance,
        customers=whole(counts.customers),
        lost=whole(float(counts.lost.sum())),
        periods=len(counts.kept),
        cohorts=counts.cohorts,
        status=status,
        remarks=tuple(filter(None, (reason, odd, _said(misfit)))),
        misfit=misfit,
    )


def _misfit(counts: RenewalCounts, alpha: float, beta: float) -> RenewalMisfit | None:
    renewal = np.arange(1.0, len(counts.kept) + 1)
    retention = np.asarray(worth.sbg_retention(alpha, beta, renewal))
    return renewal_misfit(counts, retention, parameters=2)


def _said(found: RenewalMisfit | None) -> Remark | None:
    if found is None:
        return None
    return Remark(
        "remark.fit.other_renewals",
        renewal=found.renewal,
        seen=found.seen,
        expected=found.expected,
    )


def _errors(estimates: Mapping[str, float], covariance: Floats | None) -> dict[str, float]:
    if covariance is None:
        return {}
    relative = np.sqrt(np.diag(covariance)).tolist()
    return {name: value * e for (name, value), e in zip(estimates.items(), relative, strict=True)}


def _simpler(counts: RenewalCounts) -> tuple[Status, Remark, float, float, float]:
    """Return the better of the simpler models: why it may stand in, α, β and its likelihood."""
    lost, due = float(counts.lost.sum()), float(counts.due.sum())
    one_churn = _share_likelihood(lost, due)
    if lost < FEWEST_LOST:
        few = Remark("remark.fit.few_lost", lost=whole(lost), needed=FEWEST_LOST)
        return Status.TOO_FEW, few, *_alike(lost, due), one_churn
    first, at_start = float(counts.lost[0]), float(counts.due[0])
    at_once = _share_likelihood(first, at_start) if first == lost else -math.inf
    if at_once > one_churn:
        share = first / at_start
        return Status.BOUNDARY, _AT_ONCE, _TINY * share, _TINY * (1 - share), at_once
    reason = _FALLING if retention_falls(counts) else _ONE_CHURN
    return Status.BOUNDARY, reason, *_alike(lost, due), one_churn


def _share_likelihood(lost: float, due: float) -> float:
    """Return the largest log-likelihood of so many lost at one probability."""
    return float(xlogy(lost, lost / due) + xlogy(due - lost, (due - lost) / due))


def _alike(lost: float, due: float) -> tuple[float, float]:
    """Return α and β of customers who all have one churn."""
    # Half a customer stands for none, so that the churn is neither 0 nor 1.
    lost = min(max(lost, 0.5), due - 0.5)
    least = min(lost, due - lost)
    return _LARGE * lost / least, _LARGE * (due - lost) / least


def _start(counts: RenewalCounts) -> Floats:
    """Return α = 1 and the β of the pooled retention."""
    alpha, beta = _alike(float(counts.lost.sum()), float(counts.due.sum()))
    return np.array([1.0, beta / alpha])
