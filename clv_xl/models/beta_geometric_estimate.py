"""Estimate a beta-geometric model by maximum likelihood, and say how far it may be trusted.

Small data often have no interior maximum: no dropout is seen, or all buy at one rate. Then the
estimate lies at the edge, where Wald errors mean nothing; the simpler model is named instead.
"""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from clv_xl.arrays import Floats, Numbers, checked, same_length
from clv_xl.models.beta_geometric import BetaGeometricLikelihood
from clv_xl.models.beta_geometric_fit import BetaGeometricFit
from clv_xl.models.customer_columns import customer_columns
from clv_xl.models.newton import Maximum, maximised
from clv_xl.models.purchase_models import FEWEST_BUYERS, Status
from clv_xl.models.unique_rows import UniqueRows, collapsed
from clv_xl.remarks import Remark

Fit = TypeVar("Fit", bound=BetaGeometricFit)

# Time is scaled so that the mean T is 1. α follows r, which may be 10⁴ at a small rate.
_LOWER = np.array([1e-4, 1e-4, 1e-4, 1e-4])
_UPPER = np.array([1e4, 1e8, 1e4, 1e4])
_START = np.array([0.5, 0.25, 0.7, 2.0])
_OTHER_START = np.array([0.1, 0.1, 0.1, 1.0])
_FEW_ROWS = 5_000  # below, the likelihood may have two maxima and both are climbed
_MANY_ROWS = 100_000  # above, a sample of this many rows / 5 is climbed first
_SMALLEST_GAIN = 1e-3  # of the log-likelihood over a simpler model
_LARGE = 1e4
_SUSPICIOUS = 10.0  # a parameter above may be on its way to infinity
_R, _A = 0, 2

_NO_DROPOUT = Remark("remark.fit.no_dropout")
_ONE_RATE = Remark("remark.fit.one_rate")
_ONE_DROPOUT = Remark("remark.fit.one_dropout")
_FLAT = Remark("remark.fit.no_clear_maximum")


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """The customers at scaled time, and the likelihood to be climbed."""

    rows: UniqueRows
    scale: float
    likelihood: BetaGeometricLikelihood

    def maximum(self, start: Floats, fixed: int | None = None) -> Maximum:
        """Climb from `start`, one parameter fixed there if wanted."""
        lower, upper = _LOWER.copy(), _UPPER.copy()
        if fixed is not None:
            lower[fixed] = upper[fixed] = start[fixed]
        return maximised(self.likelihood, start, lower, upper)


def estimated(
    model: type[Fit],
    frequency: Numbers,
    recency: Numbers,
    T: Numbers,
    weights: Numbers | None,
    time_unit: str,
) -> Fit:
    """Fit `model`, BG/NBD or MBG/NBD, to customers given one a row."""
    rows = _rows(frequency, recency, T, weights)
    scale = rows.observed_time / rows.customers if rows.customers else 0.0
    if rows.repeat_buyers < FEWEST_BUYERS or scale == 0:
        return _without_heterogeneity(model, rows, time_unit)
    likelihood = BetaGeometricLikelihood(rows, model.chances_before_repeat, scale)
    problem = _Problem(rows, scale, likelihood)
    found = problem.maximum(_start(model, rows, scale))
    fault = _judged(problem, found)
    if fault or len(rows.weight) < _FEW_ROWS:
        other = problem.maximum(_OTHER_START)
        if other.value > found.value + _SMALLEST_GAIN:
            found, fault = other, _judged(problem, other)
    return _fit(model, problem, found, fault, time_unit)


def _rows(frequency: Numbers, recency: Numbers, T: Numbers, weights: Numbers | None) -> UniqueRows:
    same_length(
        frequency=np.atleast_1d(frequency), recency=np.atleast_1d(recency), T=np.atleast_1d(T)
    )
    columns = customer_columns(np.atleast_1d(frequency), np.atleast_1d(recency), np.atleast_1d(T))
    if weights is not None:
        weights = checked("weights", np.atleast_1d(weights), at_least=0)
        same_length(frequency=columns.frequency, weights=weights)
    return collapsed(columns.frequency, columns.recency, columns.T, weights)


def _start(model: type[Fit], rows: UniqueRows, scale: float) -> Floats:
    """Return where to start: on many rows, at the maximum of an evenly drawn sample of them."""
    step = 5 * len(rows.weight) // _MANY_ROWS
    if len(rows.weight) < _MANY_ROWS:
        return _START
    columns = (rows.frequency, rows.recency, rows.T, rows.weight)
    sample = UniqueRows(*(column[::step] for column in columns))
    likelihood = BetaGeometricLikelihood(sample, model.chances_before_repeat, scale)
    found = maximised(likelihood, _START, _LOWER, _UPPER)
    return _START if found.covariance() is None else found.parameters


def _judged(problem: _Problem, found: Maximum) -> Remark | None:
    """Return why the maximum is no interior one, naming the simpler model; None if it is."""
    r, alpha, a, b = found.parameters
    no_dropout = maximised(
        problem.likelihood.purchases, np.array([r, alpha]), _LOWER[:2], _UPPER[:2]
    )
    if found.value - no_dropout.value < _SMALLEST_GAIN:
        return _NO_DROPOUT
    if r > _SUSPICIOUS:
        one_rate = problem.maximum(np.array([_LARGE, _LARGE * alpha / r, a, b]), fixed=_R)
        if found.value - one_rate.value < _SMALLEST_GAIN:
            return _ONE_RATE
    if min(a, b) > _SUSPICIOUS:
        a, b = _LARGE * min(1.0, a / b), _LARGE * min(1.0, b / a)
        one_dropout = problem.maximum(np.array([r, alpha, a, b]), fixed=_A)
        if found.value - one_dropout.value < _SMALLEST_GAIN:
            return _ONE_DROPOUT
    return _FLAT if found.covariance() is None else None


def _fit(
    model: type[Fit], problem: _Problem, found: Maximum, fault: Remark | None, time_unit: str
) -> Fit:
    """Return the fit in the caller's unit of time."""
    units = np.array([1.0, problem.scale, 1.0, 1.0])
    estimates = dict(
        zip(("r", "alpha", "a", "b"), (found.parameters * units).tolist(), strict=True)
    )
    covariance = None if fault else found.covariance()
    relative = np.zeros(4) if covariance is None else np.sqrt(np.diag(covariance))
    errors = {
        name: value * float(e) for (name, value), e in zip(estimates.items(), relative, strict=True)
    }
    return model(
        **estimates,
        # A density of x purchase times has the dimension time^−x.
        log_likelihood=found.value - problem.rows.purchases * math.log(problem.scale),
        standard_errors=errors if covariance is not None else {},
        covariance=covariance,
        customers=whole(problem.rows.customers),
        unique_rows=len(problem.rows.weight),
        time_unit=time_unit,
        status=Status.BOUNDARY if fault else Status.OK,
        remarks=(fault,) if fault else (),
    )


def _without_heterogeneity(model: type[Fit], rows: UniqueRows, time_unit: str) -> Fit:
    """Return one purchase rate for all and no dropout: finite where nothing can be estimated."""
    # Half a purchase stands for none, so that the rate is not 0.
    buyers = whole(rows.repeat_buyers) if rows.observed_time else 0
    rate = max(rows.purchases, 0.5) / max(rows.observed_time, 1.0)
    return model(
        r=_LARGE,
        alpha=_LARGE / rate,
        a=_LOWER[_A],
        b=1.0,
        log_likelihood=rows.purchases * math.log(rate) - rate * rows.observed_time,
        customers=whole(rows.customers),
        unique_rows=len(rows.weight),
        time_unit=time_unit,
        status=Status.TOO_FEW,
        remarks=(Remark("remark.fit.few_buyers", buyers=buyers, needed=FEWEST_BUYERS),),
    )


def whole(count: float) -> float:
    """Return a count as the whole number that it is, unless weights made it a fraction."""
    return int(count) if count == int(count) else count
