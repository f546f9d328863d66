"""What is suspicious about spend and frequency together: sums passed for means, or a correlation.

The slope of ln spend on ln frequency alone accuses the innocent: where single orders scatter much,
the logarithm of a mean grows with the orders behind it. So where the slope is that of sums, the
model is fitted to the spends as means m and as sums x m of means; the sums are believed where they
are the likelier by `_FAR_LIKELIER`.
"""

from collections.abc import Callable

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.remarks import Remark

CORRELATION_THAT_MATTERS = 0.3
"""From here on frequency and spend are too closely related for the model's assumption."""

_SUM_SLOPE = 0.6  # of ln spend on ln frequency: about 0 for means, above 1 for sums
_ENOUGH_FOR_SLOPE = 30
_FAR_LIKELIER = 2.5  # in logarithms: of 200 repeat buyers with true means under 1 % are accused
_SUMS = Remark("remark.fit.sums_for_means")


def correlation_of(x: Floats, spend: Floats) -> float:
    """Return Pearson's correlation; 0 where one of the two does not vary.

    Examples
    --------
    >>> correlation_of(np.array([1.0, 2.0, 3.0]), np.array([5.0, 5.0, 5.0]))
    0.0
    """
    if np.ptp(x) == 0 or np.ptp(spend) <= 1e-12 * spend.max():
        return 0.0
    return float(np.corrcoef(x, spend)[0, 1])


def suspicion(
    x: Floats, spend: Floats, log_likelihood: Callable[[Floats, Floats], float]
) -> Remark | None:
    """Return what is suspicious, if anything.

    `log_likelihood` is the largest that the model gives to mean spends of so many orders.
    """
    if _grows_like_a_sum(x, spend):
        # A density of sums is one of means, over the orders that were added up.
        as_sums = log_likelihood(x, spend / x) - float(np.log(x).sum())
        if as_sums - log_likelihood(x, spend) > _FAR_LIKELIER:
            return _SUMS
    correlation = correlation_of(x, spend)
    if abs(correlation) < CORRELATION_THAT_MATTERS:
        return None
    return Remark("remark.fit.correlated", correlation=correlation)


def _grows_like_a_sum(x: Floats, spend: Floats) -> bool:
    centred = np.log(x) - np.log(x).mean()
    varied = float(centred @ centred)
    if len(x) < _ENOUGH_FOR_SLOPE or varied == 0:
        return False
    return float(centred @ np.log(spend)) / varied > _SUM_SLOPE
