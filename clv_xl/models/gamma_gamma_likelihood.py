"""Likelihood of mean spends under the Gamma-Gamma model.

With L = ln(γ + x m̄) one customer of x orders and mean spend m̄ adds

    ln L = lnΓ(px+q) − lnΓ(px) − lnΓ(q) − q ln(1 + x m̄/γ) − px ln(1 + γ/(x m̄)) − ln m̄

(Fader & Hardie 2013, eq. 1a, in logarithms that do not cancel).
"""

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from clv_xl.arrays import Floats
from clv_xl.models.newton import Evaluation
from clv_xl.models.unique_rows import levels_of, occurring


class GammaGammaLikelihood:
    """Mean spends as a function of p, q and γ, in logarithms."""

    def __init__(self, frequency: Floats, mean_spend: Floats) -> None:
        """Take customers of at least one order and a positive mean spend."""
        orders = occurring(levels_of(frequency))
        self._x = orders.levels
        self._customers = np.bincount(orders.codes, minlength=len(self._x)).astype(np.float64)
        self._frequency = frequency
        self._total = frequency * mean_spend
        self._constant = float(np.log(mean_spend).sum())

    def __call__(self, parameters: Floats) -> Evaluation:
        """Return the log-likelihood with derivatives by ln p, ln q and ln γ."""
        p, q, gamma = (float(parameter) for parameter in parameters)
        shapes, spends = self._shape_terms(p, q), self._spend_terms(p, q, gamma)
        value = shapes.value + spends.value - self._constant
        gradient = shapes.gradient + spends.gradient
        hessian = shapes.hessian + spends.hessian
        return Evaluation(value, gradient, hessian).in_logs(parameters)

    def _shape_terms(self, p: float, q: float) -> Evaluation:
        """Return the gamma functions, which see only the histogram of x."""
        x, weight = self._x, self._customers
        px = p * x
        value = weight @ (gammaln(px + q) - gammaln(px) - gammaln(q))
        by_p = (weight * x) @ (digamma(px + q) - digamma(px))
        by_q = weight @ (digamma(px + q) - digamma(q))
        both = polygamma(1, px + q)
        hessian = np.zeros((3, 3))
        hessian[0, 0] = (weight * x**2) @ (both - polygamma(1, px))
        hessian[0, 1] = hessian[1, 0] = (weight * x) @ both
        hessian[1, 1] = weight @ (both - polygamma(1, q))
        return Evaluation(float(value), np.array([by_p, by_q, 0.0]), hessian)

    def _spend_terms(self, p: float, q: float, gamma: float) -> Evaluation:
        """Return the two logarithms of each customer's spend."""
        x, total = self._frequency, self._total
        grown, shrunk = np.log1p(total / gamma), np.log1p(gamma / total)
        shape, inverse = p * x + q, 1 / (gamma + total)
        by_p, by_q = -(x @ shrunk), -grown.sum()
        # q/γ − (px+q)/(γ+x m̄), without the cancellation
        by_gamma = ((q / gamma * total - p * x) * inverse).sum()
        hessian = np.zeros((3, 3))
        hessian[0, 2] = hessian[2, 0] = -(x @ inverse)
        hessian[1, 2] = hessian[2, 1] = (total * inverse).sum() / gamma
        hessian[2, 2] = shape @ inverse**2 - len(x) * q / gamma**2
        value = p * by_p + q * by_q
        return Evaluation(float(value), np.array([by_p, by_q, by_gamma]), hessian)
