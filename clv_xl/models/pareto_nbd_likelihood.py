"""Likelihood of purchases at a gamma rate by customers who drop out at a gamma rate.

    ln L = lnΓ(r+x) − lnΓ(r) + r ln α − (r+x) ln(α+T)           (NBD: purchases)
         − s ln(1 + T/β) + ln(1 + odds)                          (dropout)

with the odds of having dropped out by T, an integral over the moment of dropout (see
`pareto_dropout`). Given the data that moment is a mixture of the points at which the integral is
taken and of "not yet", so gradient and Hessian of the last term are means and covariances of the
derivatives over that mixture.
"""

import numpy as np
from scipy.special import expit

from clv_xl.arrays import Floats
from clv_xl.models.beta_geometric import NegativeBinomialLikelihood
from clv_xl.models.newton import Evaluation
from clv_xl.models.pareto_dropout import (
    CUSTOMERS_AT_ONCE,
    DropoutMoments,
    GammaRates,
    dropout_moments,
)
from clv_xl.models.unique_rows import UniqueRows, levels_of, occurring


class ParetoNbdLikelihood:
    """Purchases and dropout as a function of r, α, s and β, in logarithms."""

    def __init__(self, rows: UniqueRows, scale: float = 1.0) -> None:
        """Keep the rows in scaled time, and what the other terms need of them."""
        self.purchases = NegativeBinomialLikelihood(rows, scale)
        ages = occurring(levels_of(rows.T))
        self._ages = ages.levels / scale
        self._at_age = np.bincount(ages.codes, rows.weight, minlength=len(ages.levels))
        # Who bought today cannot have dropped out since.
        waited = rows.recency < rows.T
        self._x, self._weight = rows.frequency[waited], rows.weight[waited]
        self._t_x, self._T = rows.recency[waited] / scale, rows.T[waited] / scale

    def __call__(self, parameters: Floats) -> Evaluation:
        """Return the log-likelihood with derivatives by ln r, ln α, ln s and ln β."""
        known = GammaRates(*map(float, parameters))
        bought = self.purchases.natural(known.r, known.alpha)
        value, gradient, hessian = self._dropout_terms(known)
        gradient[:2] += bought.gradient
        hessian[:2, :2] += bought.hessian
        stayed = self._staying_terms(known.s, known.beta)
        gradient[2:] += stayed.gradient
        hessian[2:, 2:] += stayed.hessian
        value += bought.value + stayed.value
        return Evaluation(value, gradient, hessian).in_logs(parameters)

    def _staying_terms(self, s: float, beta: float) -> Evaluation:
        """Return −s ln(1 + T/β), summed over the customers."""
        grown, aged = np.log1p(self._ages / beta), self._ages / (beta + self._ages)
        by_s, s_beta = -(self._at_age @ grown), self._at_age @ aged / beta
        beta_beta = -s * (self._at_age @ (aged * (1 / beta + 1 / (beta + self._ages)))) / beta
        hessian = np.array([[0.0, s_beta], [s_beta, beta_beta]])
        return Evaluation(float(s * by_s), np.array([by_s, s * s_beta]), hessian)

    def _dropout_terms(self, known: GammaRates) -> tuple[float, Floats, Floats]:
        """Return ln(1 + odds) and its derivatives, summed over the customers."""
        value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
        for start in range(0, len(self._x), CUSTOMERS_AT_ONCE):
            rows = slice(start, start + CUSTOMERS_AT_ONCE)
            p, T, weight = known.r + self._x[rows], self._T[rows], self._weight[rows]
            found = dropout_moments(known, p, self._t_x[rows], T)
            value += float(weight @ np.logaddexp(0.0, found.log_odds))
            by, bent = _mixed(known, found, p, T, weight)
            gradient += by
            hessian += bent
        return value, gradient, hessian


def _mixed(
    known: GammaRates, found: DropoutMoments, p: Floats, T: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Return gradient and Hessian of Σ weight × ln(1 + odds), as means over the mixture."""
    s, whose = known.s, found.customer
    whole = found.summed(found.likely.sum(axis=1))
    dropped = expit(found.log_odds)
    share = found.likely * (dropped / np.maximum(whole, 1e-300))[whose, np.newaxis]
    age_alpha, age_beta = known.alpha + T, known.beta + T
    by_alpha, by_beta = np.exp(-found.log_alpha), np.exp(-found.log_beta)
    slopes = np.stack(
        [
            np.log(age_alpha)[whose, np.newaxis] - found.log_alpha,
            (p / age_alpha)[whose, np.newaxis] - p[whose, np.newaxis] * by_alpha,
            (1 / s + np.log(age_beta))[whose, np.newaxis] - found.log_beta,
            (s / age_beta)[whose, np.newaxis] - (s + 1) * by_beta,
        ]
    )
    means = np.stack([found.summed(part) for part in np.einsum("kij,ij->ki", slopes, share)])
    weighted = share * weight[whose, np.newaxis]
    flat = slopes.reshape(4, -1)
    hessian = (flat * weighted.ravel()) @ flat.T - (means * weight) @ means.T
    total = weight * dropped
    hessian[0, 1] += total @ (1 / age_alpha) - np.vdot(weighted, by_alpha)
    hessian[2, 3] += total @ (1 / age_beta) - np.vdot(weighted, by_beta)
    hessian[1, 0], hessian[3, 2] = hessian[0, 1], hessian[2, 3]
    squared = np.einsum("ij,ij,ij->i", weighted, by_alpha, by_alpha)
    hessian[1, 1] += p[whose] @ squared - total @ (p / age_alpha**2)
    hessian[2, 2] -= total.sum() / s**2
    hessian[3, 3] += (s + 1) * np.vdot(weighted, by_beta**2) - total @ (s / age_beta**2)
    return means @ weight, hessian
