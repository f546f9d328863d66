"""Estimate a purchase model by maximum likelihood, and say how far it may be trusted.

Small data often have no interior maximum: no dropout is seen, or all buy at one rate. Then the
estimate lies at the edge, where Wald errors mean nothing; the simpler model is named instead.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from clv_xl.arrays import Floats, Numbers, checked, same_length
from clv_xl.models.beta_geometric import NegativeBinomialLikelihood
from clv_xl.models.customer_columns import customer_columns
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.newton import Evaluation, Maximum, Objective, maximised
from clv_xl.models.purchase_models import FEWEST_BUYERS, Status
from clv_xl.models.unique_rows import UniqueRows, collapsed
from clv_xl.remarks import Remark

Fit = TypeVar("Fit", bound=FittedPurchases)

SMALLEST_GAIN = 1e-3
"""Of the log-likelihood over a simpler model; less, and the simpler one does as well."""
LARGE = 1e4
SMALL = 1e-4
"""A parameter beyond has run off to infinity, or to 0."""
SUSPICIOUS = 10.0
"""A parameter above may be on its way to infinity."""
NO_DROPOUT = Remark("remark.fit.no_dropout")
ONE_RATE = Remark("remark.fit.one_rate")
ONE_DROPOUT = Remark("remark.fit.one_dropout")
_FLAT = Remark("remark.fit.no_clear_maximum")
_FEW_ROWS = 5_000  # below, the likelihood may have two maxima and both are climbed
_MANY_ROWS = 100_000  # above, a sample of this many rows / 5 is climbed first


@dataclass(frozen=True, eq=False)
class PurchaseProblem(ABC):
    """A purchase model to be fitted to customers whose mean T is 1 in the scaled time."""

    lower: ClassVar[Floats]
    upper: ClassVar[Floats]
    starts: ClassVar[tuple[Floats, Floats]]
    are_times: ClassVar[Floats]
    """1 for the parameters that are times, 0 for the others."""

    rows: UniqueRows
    scale: float
    penalty: Floats
    """What the square of each parameter takes off the log-likelihood."""

    @abstractmethod
    def likelihood_of(self, rows: UniqueRows) -> Objective:
        """Return the log-likelihood of some of the rows."""

    @abstractmethod
    def simpler(self, objective: Objective, found: Maximum) -> Remark | None:
        """Return the simpler model that does as well as the maximum found."""

    def solved(self) -> tuple[Maximum, Remark | None]:
        """Return the maximum, and why it is no interior one where it is none."""
        objective = _penalised(self.likelihood_of(self.rows), self.penalty)
        found = self.maximum(objective, self._start())
        fault = self._judged(objective, found)
        rows = len(self.rows.weight)  # on many, a second climb takes long and finds no more
        if rows < _FEW_ROWS or (fault and rows < _MANY_ROWS):
            other = self.maximum(objective, self.starts[1])
            if other.value > found.value + SMALLEST_GAIN:
                found, fault = other, self._judged(objective, other)
        return found, fault

    def maximum(self, objective: Objective, start: Floats, fixed: int | None = None) -> Maximum:
        """Climb from `start`, one parameter fixed there if wanted."""
        lower, upper = self.lower.copy(), self.upper.copy()
        if fixed is not None:
            lower[fixed] = upper[fixed] = start[fixed]
        return maximised(objective, start, lower, upper)

    def fixed_as_good(
        self, objective: Objective, found: Maximum, start: Floats, fixed: int
    ) -> bool:
        """Return whether the likelihood loses nothing with one parameter fixed at its start."""
        return found.value - self.maximum(objective, start, fixed).value < SMALLEST_GAIN

    def _judged(self, objective: Objective, found: Maximum) -> Remark | None:
        # A penalty holds the estimates back from the edge: none of them runs away.
        simpler = None if self.penalty.any() else self.simpler(objective, found)
        return simpler or (_FLAT if found.covariance() is None else None)

    def _start(self) -> Floats:
        """Return where to start: on many rows, at the maximum of an evenly drawn sample."""
        rows, step = self.rows, 5 * len(self.rows.weight) // _MANY_ROWS
        if len(rows.weight) < _MANY_ROWS:
            return self.starts[0]
        columns = (rows.frequency, rows.recency, rows.T, rows.weight)
        sample = UniqueRows(*(column[::step] for column in columns))
        return self.maximum(self.likelihood_of(sample), self.starts[0]).parameters


def purchases_alone(problem: PurchaseProblem, found: Maximum) -> Maximum:
    """Return the NBD, without dropout, that fits best; r and α are the first two parameters."""
    likelihood = NegativeBinomialLikelihood(problem.rows, problem.scale)
    return maximised(likelihood, found.parameters[:2], problem.lower[:2], problem.upper[:2])


def _penalised(likelihood: Objective, penalty: Floats) -> Objective:
    if not penalty.any():
        return likelihood

    def objective(parameters: Floats) -> Evaluation:
        here, squares = likelihood(parameters), penalty * parameters**2
        return Evaluation(
            here.value - float(squares.sum()),
            here.gradient - 2 * squares,
            here.hessian - np.diag(4 * squares),
        )

    return objective


def fitted(model: type[Fit], problem: PurchaseProblem, time_unit: str) -> Fit:
    """Return the fit in the caller's unit of time."""
    found, fault = problem.solved()
    values = found.parameters * problem.scale**problem.are_times
    covariance = None if fault else found.covariance()
    relative = np.zeros(len(values)) if covariance is None else np.sqrt(np.diag(covariance))
    names, rows = model.parameter_names, problem.rows
    errors = dict(zip(names, (values * relative).tolist(), strict=True))
    likelihood = found.value + float(problem.penalty @ found.parameters**2)
    timed = rows.purchases if problem.are_times.any() else 0.0
    return model(
        **dict[str, Any](zip(names, values.tolist(), strict=True)),
        # A density of x purchase times has the dimension time^−x.
        log_likelihood=likelihood - timed * math.log(problem.scale),
        standard_errors=errors if covariance is not None else {},
        covariance=covariance,
        customers=whole(rows.customers),
        unique_rows=len(rows.weight),
        time_unit=time_unit,
        status=Status.BOUNDARY if fault else Status.OK,
        remarks=(fault,) if fault else (),
    )


def customer_rows(
    frequency: Numbers, recency: Numbers, T: Numbers, weights: Numbers | None, age: str = "T"
) -> UniqueRows:
    """Check the columns of customers given one a row, and collapse them to unique rows."""
    x, t_x, ages = (np.atleast_1d(column) for column in (frequency, recency, T))
    same_length(**{"frequency": x, "recency": t_x, age: ages})
    columns = customer_columns(x, t_x, ages, age)
    if weights is not None:
        weights = checked("weights", np.atleast_1d(weights), at_least=0)
        same_length(frequency=columns.frequency, weights=weights)
    return collapsed(columns.frequency, columns.recency, columns.T, weights)


def mean_age(rows: UniqueRows) -> float:
    """Return the mean T; 0 where too few customers bought again for a model to be estimated."""
    enough = rows.repeat_buyers >= FEWEST_BUYERS
    return rows.observed_time / rows.customers if enough else 0.0


def penalties(penalizer: float, rows: UniqueRows, scale: float, are_times: Floats) -> Floats:
    """Return what the square of each parameter takes off the log-likelihood.

    As in the library lifetimes, whose numbers can be kept: `penalizer` times the sum of the squared
    parameters, per customer, with time scaled so that the largest T is 1.
    """
    strength = float(checked("penalizer", penalizer, at_least=0)) * rows.customers
    # A parameter that is a time is scale / largest T times as large there as here.
    longest = rows.T.max(initial=0.0) or 1.0
    return strength * np.where(are_times > 0, (scale / longest) ** 2, 1.0)


def without_heterogeneity(model: type[Fit], rows: UniqueRows, time_unit: str) -> Fit:
    """Return one purchase rate for all and no dropout: finite where nothing can be estimated."""
    # Half a purchase stands for none, so that the rate is not 0.
    buyers = whole(rows.repeat_buyers) if rows.observed_time else 0
    rate = max(rows.purchases, 0.5) / max(rows.observed_time, 1.0)
    values = LARGE, LARGE / rate, SMALL, 1.0
    return model(
        **dict[str, Any](zip(model.parameter_names, values, strict=True)),
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
