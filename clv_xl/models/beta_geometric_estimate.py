"""BG/NBD and MBG/NBD as a problem of estimation: bounds, starts and the simpler models."""

from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np

from clv_xl.arrays import Floats, Numbers
from clv_xl.models.beta_geometric import BetaGeometricLikelihood
from clv_xl.models.beta_geometric_fit import BetaGeometricFit
from clv_xl.models.newton import Maximum, Objective
from clv_xl.models.purchase_estimate import (
    LARGE,
    NO_DROPOUT,
    ONE_DROPOUT,
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

Fit = TypeVar("Fit", bound=BetaGeometricFit)

_R, _A = 0, 2


@dataclass(frozen=True, eq=False)
class BetaGeometricProblem(PurchaseProblem):
    """Gamma purchase rates and beta dropout probabilities, to be estimated."""

    # α follows r, which may be 10⁴ at a small rate.
    lower: ClassVar[Floats] = np.array([1e-4, 1e-4, 1e-4, 1e-4])
    upper: ClassVar[Floats] = np.array([1e4, 1e8, 1e4, 1e4])
    starts: ClassVar[tuple[Floats, Floats]] = (
        np.array([0.5, 0.25, 0.7, 2.0]),
        np.array([0.1, 0.1, 0.1, 1.0]),
    )
    are_times: ClassVar[Floats] = np.array([0.0, 1.0, 0.0, 0.0])

    chances_before_repeat: int

    def likelihood_of(self, rows: UniqueRows) -> BetaGeometricLikelihood:
        """Return the log-likelihood of some of the rows."""
        return BetaGeometricLikelihood(rows, self.chances_before_repeat, self.scale)

    def simpler(self, objective: Objective, found: Maximum) -> Remark | None:
        """Return the simpler model that does as well: NBD, one rate or one dropout for all."""
        r, alpha, a, b = found.parameters
        if found.value - purchases_alone(self, found).value < SMALLEST_GAIN:
            return NO_DROPOUT
        one_rate = np.array([LARGE, LARGE * alpha / r, a, b])
        if r > SUSPICIOUS and self.fixed_as_good(objective, found, one_rate, _R):
            return ONE_RATE
        shares = LARGE * min(1.0, a / b), LARGE * min(1.0, b / a)
        one_dropout = np.array([r, alpha, *shares])
        if min(a, b) > SUSPICIOUS and self.fixed_as_good(objective, found, one_dropout, _A):
            return ONE_DROPOUT
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
    """Fit `model`, BG/NBD or MBG/NBD, to customers given one a row."""
    rows = customer_rows(frequency, recency, T, weights)
    scale = mean_age(rows)
    penalty = penalties(penalizer, rows, scale, BetaGeometricProblem.are_times)
    if scale == 0:
        return without_heterogeneity(model, rows, time_unit)
    problem = BetaGeometricProblem(rows, scale, penalty, model.chances_before_repeat)
    return fitted(model, problem, time_unit)
