"""Likelihood of purchases at a gamma rate by customers who drop out with a beta probability.

BG/NBD and MBG/NBD differ in one thing: whether a customer may drop out right after the first
order. With d chances to drop out before T (d = x for BG/NBD, d = x + 1 for MBG/NBD) the
log-likelihood of one customer is the same in both:

    ln L = lnΓ(r+x) − lnΓ(r) + r ln α − (r+x) ln(α+T)          (NBD: purchases)
         + ln B(a, b+d) − ln B(a, b) + [d > 0] ln(1 + exp u)    (dropout)
    u = (r+x) ln((α+T)/(α+t_x)) + ln a − ln(b+d−1)

u is the log-odds of having dropped out. No power is taken, so nothing overflows.
"""

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from clv_xl.arrays import Floats
from clv_xl.models.newton import Evaluation
from clv_xl.models.unique_rows import UniqueRows, levels_of, occurring

_ROWS_AT_ONCE = 8_192  # so that the columns at work stay in the processor's cache


class _Histogram:
    """Weighted counts of the distinct values of a column, whose levels are then scaled."""

    def __init__(self, column: Floats, weight: Floats, scale: float = 1.0) -> None:
        distinct = occurring(levels_of(column))
        self.levels, self.codes = distinct.levels / scale, distinct.codes
        self.weight = np.bincount(self.codes, weights=weight, minlength=len(self.levels))


class NegativeBinomialLikelihood:
    """Purchases without dropout (NBD) as a function of r and α, in logarithms."""

    def __init__(self, rows: UniqueRows, scale: float = 1.0) -> None:
        """Reduce the rows to what the gamma terms and the logarithms need; times are / scale."""
        self._x = _Histogram(rows.frequency, rows.weight)
        self._T = _Histogram(rows.T, rows.weight, scale)
        self._purchases_at_T = np.bincount(
            self._T.codes, weights=rows.weight * rows.frequency, minlength=len(self._T.levels)
        )

    def __call__(self, parameters: Floats) -> Evaluation:
        """Return the log-likelihood with derivatives by ln r and ln α."""
        return self.natural(*parameters).in_logs(parameters)

    def natural(self, r: float, alpha: float) -> Evaluation:
        """Return the log-likelihood with derivatives by r and α."""
        x, of_x = self._x.levels, self._x.weight
        at_T, bought = self._T.weight, self._purchases_at_T
        age = alpha + self._T.levels
        grown = np.log1p(self._T.levels / alpha)
        value = (
            of_x @ (gammaln(r + x) - gammaln(r)) - r * (at_T @ grown) - bought @ np.log(age)
        )  # the NBD, a gamma mixture of Poisson purchases
        by_r = of_x @ (digamma(r + x) - digamma(r)) - at_T @ grown
        by_alpha = r / alpha * (at_T @ (self._T.levels / age)) - bought @ (1 / age)
        r_r = of_x @ (polygamma(1, r + x) - polygamma(1, r))
        r_alpha = at_T @ (self._T.levels / age) / alpha
        alpha_alpha = (
            -r * (at_T @ (self._T.levels * (2 * alpha + self._T.levels) / (alpha * age) ** 2))
            + bought @ age**-2.0
        )
        hessian = np.array([[r_r, r_alpha], [r_alpha, alpha_alpha]])
        return Evaluation(float(value), np.array([by_r, by_alpha]), hessian)


class BetaGeometricLikelihood:
    """Purchases and dropout as a function of r, α, a and b, in logarithms."""

    def __init__(self, rows: UniqueRows, chances_before_repeat: int, scale: float = 1.0) -> None:
        """Keep of the rows what the one logarithm per row needs; the rest are histograms."""
        self.purchases = NegativeBinomialLikelihood(rows, scale)
        self._chances = _Histogram(rows.frequency + chances_before_repeat, rows.weight)
        exposed = rows.frequency + chances_before_repeat > 0
        self._weight = rows.weight[exposed]
        self._x = _Histogram(rows.frequency[exposed], self._weight)
        self._t_x = _Histogram(rows.recency[exposed], self._weight, scale)
        self._T = _Histogram(rows.T[exposed], self._weight, scale)
        self._extra = chances_before_repeat - 1

    def __call__(self, parameters: Floats) -> Evaluation:
        """Return the log-likelihood with derivatives by ln r, ln α, ln a and ln b."""
        r, alpha, a, b = (float(parameter) for parameter in parameters)
        bought = self.purchases.natural(r, alpha)
        stayed = self._beta_terms(a, b)
        dropped = self._dropout_terms(r, alpha, a, b)
        gradient, hessian = dropped.gradient, dropped.hessian
        gradient[:2] += bought.gradient
        gradient[2:] += stayed.gradient
        hessian[:2, :2] += bought.hessian
        hessian[2:, 2:] += stayed.hessian
        value = bought.value + stayed.value + dropped.value
        return Evaluation(value, gradient, hessian).in_logs(parameters)

    def _beta_terms(self, a: float, b: float) -> Evaluation:
        """Return ln B(a, b+d) − ln B(a, b), summed over the customers."""
        d, weight = self._chances.levels, self._chances.weight
        value = weight @ (gammaln(b + d) - gammaln(b) - (gammaln(a + b + d) - gammaln(a + b)))
        both = weight @ (digamma(a + b) - digamma(a + b + d))
        by_b = weight @ (digamma(b + d) - digamma(b)) + both
        both_both = weight @ (polygamma(1, a + b) - polygamma(1, a + b + d))
        b_b = weight @ (polygamma(1, b + d) - polygamma(1, b)) + both_both
        hessian = np.array([[both_both, both_both], [both_both, b_b]])
        return Evaluation(float(value), np.array([both, by_b]), hessian)

    def _dropout_terms(self, r: float, alpha: float, a: float, b: float) -> Evaluation:
        """Return ln(1 + exp u), summed over the customers who had a chance to drop out."""
        age, last = alpha + self._T.levels, alpha + self._t_x.levels
        stay = b + self._x.levels + self._extra  # b + d − 1
        of_x = np.stack([r + self._x.levels, 1 / stay, np.log(a / stay)])
        of_T, of_t = np.stack([np.log(age), 1 / age]), np.stack([np.log(last), 1 / last])
        value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
        for start in range(0, len(self._weight), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            x, t, T = self._x.codes[rows], self._t_x.codes[rows], self._T.codes[rows]
            (shape, by_stay, ln_odds), weight = of_x[:, x], self._weight[rows]
            waited, shrunk = (
                late - early for late, early in zip(of_T[:, T], of_t[:, t], strict=True)
            )
            u = shape * waited + ln_odds
            small = np.exp(-np.abs(u))
            value += weight @ (np.maximum(u, 0) + np.log1p(small))
            by = np.stack([waited, shape * shrunk, np.full(len(u), 1 / a), -by_stay])
            dropped = np.where(u >= 0, 1.0, small) / (1 + small)
            weighted = weight * dropped
            gradient += by @ weighted
            hessian += (by * (weighted * (1 - dropped))) @ by.T
            hessian[0, 1] += weighted @ shrunk
            hessian[1, 1] -= weighted @ (by[1] * (of_T[1][T] + of_t[1][t]))
            hessian[3, 3] += weighted @ by_stay**2
        hessian[1, 0] = hessian[0, 1]
        hessian[2, 2] -= gradient[2] / a
        return Evaluation(value, gradient, hessian)
