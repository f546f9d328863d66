"""Likelihood of renewals where each customer leaves with a beta distributed probability.

By the time of renewal t those with a high churn have gone, so that the share that renews is
r_t = (β+t−1)/(α+β+t−1), and the likelihood is that of the renewals one by one:

    ln L = Σ_t lost_t ln(1 − r_t) + kept_t ln r_t

(Fader & Hardie 2007; summed over the cohorts, of whatever length).
"""

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.models.newton import Evaluation
from clv_xl.models.renewal_counts import RenewalCounts


class ShiftedBetaGeometricLikelihood:
    """Renewals as a function of α and β, in logarithms."""

    def __init__(self, counts: RenewalCounts) -> None:
        """Take the customers kept and lost at each renewal."""
        self._kept, self._due = counts.kept, counts.due
        self._lost = counts.lost
        self._before = np.arange(len(counts.kept), dtype=np.float64)  # t − 1

    def __call__(self, parameters: Floats) -> Evaluation:
        """Return the log-likelihood with derivatives by ln α and ln β."""
        alpha, beta = (float(parameter) for parameter in parameters)
        stay = beta + self._before
        whole = alpha + stay
        # ln r = −ln(1 + α/stay) and ln(1 − r) = −ln(1 + stay/α), which do not cancel.
        value = -(self._kept @ np.log1p(alpha / stay) + self._lost @ np.log1p(stay / alpha))
        gone = self._lost.sum()
        both, both_both = self._due @ (1 / whole), self._due @ whole**-2.0
        gradient = np.array([gone / alpha - both, self._kept @ (1 / stay) - both])
        alpha_alpha = both_both - gone / alpha**2
        beta_beta = both_both - self._kept @ stay**-2.0
        hessian = np.array([[alpha_alpha, both_both], [both_both, beta_beta]])
        return Evaluation(float(value), gradient, hessian).in_logs(parameters)
