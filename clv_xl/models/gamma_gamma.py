"""Gamma-Gamma: what a customer's orders are worth on average, shrunk towards the population."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from clv_xl.arrays import (
    Bools,
    Figures,
    Floats,
    Numbers,
    Range,
    Table,
    checked,
    same_length,
    unwrapped,
)
from clv_xl.models.customer_columns import whole_numbers
from clv_xl.models.gamma_gamma_likelihood import GammaGammaLikelihood
from clv_xl.models.newton import Maximum, maximised
from clv_xl.models.purchase_models import (
    FEWEST_BUYERS,
    FitTable,
    ReadTable,
    Status,
    fit_table,
    noted,
)
from clv_xl.models.spend_suspicion import correlation_of, suspicion
from clv_xl.remarks import Remark

# Spend is scaled so that its mean is 1. γ follows q, which may be 10⁴.
_LOWER = np.array([1e-4, 1e-4, 1e-4])
_UPPER = np.array([1e4, 1e4, 1e8])
_START = np.array([2.0, 3.0, 1.0])
_MANY_CUSTOMERS = 20_000  # from here on a quarter of as many is climbed first
_LARGE = 1e4
_SUSPICIOUS = 10.0  # a parameter above may be on its way to infinity
_SMALLEST_GAIN = 1e-3  # of the log-likelihood over a simpler model

_INFINITE = Remark("remark.fit.infinite_mean")
_ONE_SPEND = Remark("remark.fit.one_spend")
_NO_SCATTER = Remark("remark.fit.no_scatter")
_FLAT = Remark("remark.fit.no_clear_maximum")


@dataclass(frozen=True, kw_only=True, eq=False)
class GammaGammaFit:
    """A fitted Gamma-Gamma model of the mean spend an order.

    Examples
    --------
    >>> fit = GammaGammaFit(p=6.2488, q=3.7446, gamma=15.4478)
    >>> round(fit.population_mean, 2), round(fit.expected_spend(2, 22.35), 2)
    (35.17, 24.66)
    """

    model: ClassVar[str] = "Gamma-Gamma"

    p: float
    q: float
    gamma: float
    log_likelihood: float = math.nan
    standard_errors: Mapping[str, float] = field(default_factory=dict)
    covariance: Floats | None = None
    correlation: float = 0.0  # of frequency and spend, among the customers fitted to
    observed_mean: float = 0.0  # of their mean spends; NaN where nobody has one
    customers: int = 0
    status: Status = Status.OK
    remarks: tuple[Remark, ...] = ()

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
        return {"p": self.p, "q": self.q, "gamma": self.gamma}

    @property
    def population_mean(self) -> float:
        """The mean spend an order over all customers; the observed mean where q ≤ 1.

        NaN where the fit saw no spend at all.
        """
        if self.q <= 1 or (self.status is Status.TOO_FEW and not self.customers):
            return self.observed_mean
        return self.p * self.gamma / (self.q - 1)  # Fader & Hardie 2013

    def with_parameters(self, parameters: Mapping[str, float]) -> Self:
        """Return the same model with other parameters."""
        return replace(self, **dict[str, Any](parameters))

    def with_first_orders(self, first_values: Floats) -> Self:
        """Return the same fit; where it saw no spend, the mean first order day stands in.

        Parameters
        ----------
        first_values
            Sum of each customer's first order day, money; free ones count only if all are free.

        Examples
        --------
        >>> nobody = fit_gamma_gamma([0, 0], [0, 0])
        >>> nobody.population_mean, nobody.with_first_orders(np.array([10.0, 30.0])).population_mean
        (nan, 20.0)
        """
        if self.customers or self.status is not Status.TOO_FEW or not len(first_values):
            return self
        paid = first_values[first_values > 0]
        mean = float(paid.mean()) if len(paid) else 0.0
        return replace(
            self,
            gamma=mean * (self.q - 1) / self.p if mean else self.gamma,
            observed_mean=mean,
            remarks=(*self.remarks, Remark("remark.fit.first_spends")),
        )

    def expected_spend(self, frequency: Numbers, monetary_value: Numbers) -> Figures:
        """Return the mean spend an order expected of each customer, in the currency given.

        Parameters
        ----------
        frequency
            Orders that monetary_value is the mean of.
        monetary_value
            Mean spend of those orders; 0 or blank where frequency is 0.

        Returns
        -------
        float or array
            The population mean for customers without a spend; never negative.
        """
        x, spend, known = _spends(frequency, monetary_value)
        if self.q <= 1:
            return unwrapped(np.where(known, spend, self.observed_mean))
        # Fader & Hardie 2013, eq. 5, with x = 0 where no spend is known
        orders = np.where(known, self.p * x, 0.0)
        weight = orders / (orders + self.q - 1)
        return unwrapped(weight * spend + (1 - weight) * self.population_mean)

    def table(self) -> FitTable:
        """Return the fit as a table with the columns parameter, value and standard_error."""
        return fit_table(
            self,
            customers=self.customers,
            correlation=self.correlation,
            observed_mean=self.observed_mean,
        )

    @classmethod
    def from_table(cls, table: Table) -> Self:
        """Return the fit that a table holds; the rows p, q and gamma are enough."""
        read = ReadTable(table, cls.model)
        return cls(
            p=read.number("p"),
            q=read.number("q"),
            gamma=read.number("gamma"),
            log_likelihood=read.number("log_likelihood", math.nan),
            standard_errors=read.errors(("p", "q", "gamma")),
            correlation=read.number("correlation", 0),
            observed_mean=read.number("observed_mean", math.nan),
            customers=int(read.number("customers", 0)),
            status=read.status(),
            remarks=read.remarks(),
        )


def fit_gamma_gamma(frequency: Range, monetary_value: Range) -> GammaGammaFit:
    """Return the Gamma-Gamma model that makes the customers' mean spends most likely.

    Parameters
    ----------
    frequency
        Orders that monetary_value is the mean of, whole numbers.
    monetary_value
        Mean spend of those orders; 0 or blank where frequency is 0.

    Returns
    -------
    GammaGammaFit
        Parameters p, q and gamma with standard errors and a status.

    References
    ----------
    Fader & Hardie (2013), The Gamma-Gamma model of monetary value, brucehardie.com/notes/025.

    Examples
    --------
    >>> print(fit_gamma_gamma([2, 1, 0], [22.35, 11.77, 0]).status)
    TOO_FEW
    """
    orders, means = np.atleast_1d(np.asarray(frequency)), np.atleast_1d(np.asarray(monetary_value))
    same_length(frequency=orders, monetary_value=means)
    x, spend, known = _spends(orders, means)
    x, spend = x[known], spend[known]
    if len(x) < FEWEST_BUYERS:
        return _without_heterogeneity(spend)
    scale = float(spend.mean())
    likelihood = GammaGammaLikelihood(x, spend / scale)
    found = maximised(likelihood, _start(x, spend / scale), _LOWER, _UPPER)
    fault = _judged(likelihood, found)
    covariance = None if fault else found.covariance()
    p, q, gamma = (float(value) for value in found.parameters * [1.0, 1.0, scale])
    relative = [] if covariance is None else np.sqrt(np.diag(covariance)).tolist()
    errors = zip(("p", "q", "gamma"), (p, q, gamma), relative, strict=False)
    return GammaGammaFit(
        p=p,
        q=q,
        gamma=gamma,
        log_likelihood=found.value - len(x) * math.log(scale),
        standard_errors={name: value * error for name, value, error in errors},
        covariance=covariance,
        correlation=correlation_of(x, spend),
        observed_mean=scale,
        customers=len(x),
        status=Status.BOUNDARY if fault else Status.OK,
        remarks=tuple(filter(None, (fault, suspicion(x, spend, _log_likelihood)))),
    )


def _log_likelihood(x: Floats, spend: Floats) -> float:
    """Return the log-likelihood of mean spends at its maximum."""
    scale = float(spend.mean())
    likelihood = GammaGammaLikelihood(x, spend / scale)
    found = maximised(likelihood, _start(x, spend / scale), _LOWER, _UPPER)
    return found.value - len(x) * math.log(scale)


def _start(x: Floats, spend: Floats) -> Floats:
    """Return where to start: of many customers, at the maximum of an evenly drawn sample."""
    if len(x) < _MANY_CUSTOMERS:
        return _START
    step = 4 * len(x) // _MANY_CUSTOMERS
    sample = GammaGammaLikelihood(x[::step], spend[::step])
    found = maximised(sample, _START, _LOWER, _UPPER)
    return _START if found.covariance() is None else found.parameters


def _spends(frequency: Numbers, monetary_value: Numbers) -> tuple[Floats, Floats, Bools]:
    """Return frequency, spend (0 where none is known) and where it is known."""
    x = whole_numbers("frequency", frequency)
    spend = np.asarray(monetary_value, dtype=np.float64)
    x, spend = np.broadcast_arrays(x, spend)
    spend = checked("monetary_value", np.where((x == 0) & np.isnan(spend), 0.0, spend), at_least=0)
    known = (x > 0) & (spend > 0)
    return x, np.where(known, spend, 0.0), known


def _judged(likelihood: GammaGammaLikelihood, found: Maximum) -> Remark | None:
    """Return why the maximum is no interior one, naming the simpler model; None if it is."""
    p, q, gamma = found.parameters
    if q <= 1:
        return _INFINITE
    if q > _SUSPICIOUS and _as_good(likelihood, found, [p, _LARGE, gamma * _LARGE / q], fixed=1):
        return _ONE_SPEND
    if p > _SUSPICIOUS and _as_good(likelihood, found, [_LARGE, q, gamma * p / _LARGE], fixed=0):
        return _NO_SCATTER
    return _FLAT if found.covariance() is None else None


def _as_good(
    likelihood: GammaGammaLikelihood, found: Maximum, start: list[float], *, fixed: int
) -> bool:
    """Say whether one parameter at its largest costs nothing."""
    lower, upper = _LOWER.copy(), _UPPER.copy()
    lower[fixed] = upper[fixed] = start[fixed]
    simpler = maximised(likelihood, np.array(start), lower, upper)
    return found.value - simpler.value < _SMALLEST_GAIN


def _without_heterogeneity(spend: Floats) -> GammaGammaFit:
    """Return one mean spend for all: finite where nothing can be estimated."""
    mean = float(spend.mean()) if len(spend) else math.nan
    return GammaGammaFit(
        p=1.0,
        q=_LARGE,
        gamma=(mean if len(spend) else 1.0) * (_LARGE - 1),
        log_likelihood=-len(spend) * (1 + math.log(mean)) if len(spend) else 0.0,
        observed_mean=mean,
        customers=len(spend),
        status=Status.TOO_FEW,
        remarks=(Remark("remark.fit.few_spends", customers=len(spend), needed=FEWEST_BUYERS),),
    )
