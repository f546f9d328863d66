"""Pareto/NBD as a problem of estimation: bounds, starts and the simpler models."""

from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np

from clv_xl.arrays import Floats, Numbers
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.newton import Maximum, Objective
from clv_xl.models.pareto_nbd_likelihood import ParetoNbdLikelihood
from clv_xl.models.purchase_estimate import (
    LARGE,
    NO_DROPOUT,
    ONE_RATE,
    SMALLEST_GAIN,
    SUSPICIOUS,
    PurchaseProblem,
    customer_rows,
    fitted,
    mean_age,
    penalties,
    purchases_alone,
    without_heterogeneity,
)
from clv_xl.models.unique_rows import UniqueRows
from clv_xl.remarks import Remark

Fit = TypeVar("Fit", bound=FittedPurchases)

_R, _S = 0, 2
_ONE_DROPOUT_RATE = Remark("remark.fit.one_dropout_rate")


@dataclass(frozen=True, eq=False)
class ParetoNbdProblem(PurchaseProblem):
    """Gamma purchase rates and gamma dropout rates, to be estimated."""

    # α follows r and β follows s, which may be 10⁴ at a small rate.
    lower: ClassVar[Floats] = np.array([1e-4, 1e-4, 1e-4, 1e-4])
    upper: ClassVar[Floats] = np.array([1e4, 1e8, 1e4, 1e8])
    starts: ClassVar[tuple[Floats, Floats]] = (
        np.array([0.5, 0.25, 0.5, 0.25]),
        np.array([1.0, 0.5, 2.0, 4.0]),
    )
    are_times: ClassVar[Floats] = np.array([0.0, 1.0, 0.0, 1.0])

    def likelihood_of(self, rows: UniqueRows) -> ParetoNbdLikelihood:
        """Return the log-likelihood of some of the rows."""
        return ParetoNbdLikelihood(rows, self.scale)

    def simpler(self, objective: Objective, found: Maximum) -> Remark | None:
        """Return the simpler model that does as well: NBD, one rate for all of either kind."""
        r, alpha, s, beta = found.parameters
        if found.value - purchases_alone(self, found).value < SMALLEST_GAIN:
            return NO_DROPOUT
        one_rate = np.array([LARGE, LARGE * alpha / r, s, beta])
        if r > SUSPICIOUS and self.fixed_as_good(objective, found, one_rate, _R):
            return ONE_RATE
        one_dropout = np.array([r, alpha, LARGE, LARGE * beta / s])
        if s > SUSPICIOUS and self.fixed_as_good(objective, found, one_dropout, _S):
            return _ONE_DROPOUT_RATE
        return None


def estimated(
    model: type[Fit],
    frequency: Numbers,
    recency: Numbers,
    T: Numbers,
    weights: Numbers | None,
    time_unit: str,
    penalizer: float,
) -> Fit:
    """Fit `model` to customers given one a row."""
    rows = customer_rows(frequency, recency, T, weights)
    scale = mean_age(rows)
    # For this model lifetimes takes the penalty off the sum, not off the mean.
    penalty = penalties(penalizer, rows, scale, ParetoNbdProblem.are_times)
    penalty /= max(rows.customers, 1.0)
    if scale == 0:
        return without_heterogeneity(model, rows, time_unit)
    return fitted(model, ParetoNbdProblem(rows, scale, penalty), time_unit)
