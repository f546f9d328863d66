"""BG/BB as a problem of estimation: bounds, starts and the simpler models."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from clv_xl.arrays import Floats, Numbers
from clv_xl.models.bg_bb_likelihood import BetaBinomialLikelihood, BgBbLikelihood
from clv_xl.models.customer_columns import purchase_opportunities
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.newton import Maximum, Objective, maximised
from clv_xl.models.purchase_estimate import (
    LARGE,
    ONE_DROPOUT,
    SMALL,
    SMALLEST_GAIN,
    SUSPICIOUS,
    PurchaseProblem,
    customer_rows,
    fitted,
    mean_age,
    penalties,
    whole,
)
from clv_xl.models.purchase_models import FEWEST_BUYERS, Status
from clv_xl.models.unique_rows import UniqueRows
from clv_xl.remarks import Remark

Fit = TypeVar("Fit", bound=FittedPurchases)

_ALPHA, _GAMMA = 0, 2
_NO_DROPOUT = Remark("remark.fit.no_dropout_binomial")
_ONE_CHANCE = Remark("remark.fit.one_chance")


@dataclass(frozen=True, eq=False)
class BgBbProblem(PurchaseProblem):
    """Beta chances to buy at an opportunity and to drop out before it, to be estimated."""

    # β follows α and δ follows γ, which may be 10⁴ at a small chance.
    lower: ClassVar[Floats] = np.array([1e-4, 1e-4, 1e-4, 1e-4])
    upper: ClassVar[Floats] = np.array([1e4, 1e8, 1e4, 1e8])
    starts: ClassVar[tuple[Floats, Floats]] = (
        np.array([1.0, 1.0, 0.5, 2.0]),
        np.array([0.3, 1.0, 0.3, 5.0]),
    )
    are_times: ClassVar[Floats] = np.zeros(4)

    def likelihood_of(self, rows: UniqueRows) -> BgBbLikelihood:
        """Return the log-likelihood of some of the rows."""
        return BgBbLikelihood(rows)

    def simpler(self, objective: Objective, found: Maximum) -> Remark | None:
        """Return the simpler model that does as well: no dropout, one chance of either kind."""
        alpha, beta, gamma, delta = found.parameters
        purchases = BetaBinomialLikelihood(self.rows)
        alone = maximised(purchases, found.parameters[:2], self.lower[:2], self.upper[:2])
        if found.value - alone.value < SMALLEST_GAIN:
            return _NO_DROPOUT
        one_chance = np.array([*_apart(alpha, beta), gamma, delta])
        if min(alpha, beta) > SUSPICIOUS and self.fixed_as_good(
            objective, found, one_chance, _ALPHA
        ):
            return _ONE_CHANCE
        one_dropout = np.array([alpha, beta, *_apart(gamma, delta)])
        if min(gamma, delta) > SUSPICIOUS and self.fixed_as_good(
            objective, found, one_dropout, _GAMMA
        ):
            return ONE_DROPOUT
        return None


def _apart(first: float, second: float) -> tuple[float, float]:
    """Return beta parameters of the same mean, so large that there is no spread left."""
    return LARGE * min(1.0, first / second), LARGE * min(1.0, second / first)


def estimated(
    model: type[Fit],
    frequency: Numbers,
    recency: Numbers,
    periods: Numbers,
    weights: Numbers | None,
    penalizer: float,
) -> Fit:
    """Fit `model` to customers given one a row."""
    rows = customer_rows(frequency, recency, periods, weights, age="periods")
    purchase_opportunities(rows.frequency, rows.recency, rows.T)
    penalty = penalties(penalizer, rows, 1.0, BgBbProblem.are_times)
    if mean_age(rows) == 0:
        return _without_heterogeneity(model, rows)
    return fitted(model, BgBbProblem(rows, 1.0, penalty), model.usual_unit)


def _without_heterogeneity(model: type[Fit], rows: UniqueRows) -> Fit:
    """Return one chance to buy for all and no dropout: finite where nothing can be estimated."""
    # Half a purchase stands for none, or for the one left out, so that the chance is not 0 or 1.
    seen = max(rows.observed_time, 1.0)
    bought = min(max(rows.purchases, 0.5), seen - 0.5)
    chance = bought / seen
    values = (LARGE * chance, LARGE * (1 - chance), SMALL, 1.0)
    likelihood = rows.purchases * math.log(chance)
    likelihood += (rows.observed_time - rows.purchases) * math.log1p(-chance)
    buyers = whole(rows.repeat_buyers)
    return model(
        **dict[str, Any](zip(model.parameter_names, values, strict=True)),
        log_likelihood=likelihood,
        customers=whole(rows.customers),
        unique_rows=len(rows.weight),
        time_unit=model.usual_unit,
        status=Status.TOO_FEW,
        remarks=(Remark("remark.fit.few_buyers_binomial", buyers=buyers, needed=FEWEST_BUYERS),),
    )
