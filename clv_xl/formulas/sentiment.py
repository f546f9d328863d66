"""What customers say: the net promoter score and the satisfaction score, with their intervals."""

import math

import numpy as np
import pandas as pd

from clv_xl.arrays import Floats, Range
from clv_xl.formulas.bounds import Bound, filled, given, single

NORMAL_95 = 1.959963984540054
"""The normal distribution holds 95 % within this many standard errors."""
PROMOTER, PASSIVE = 9, 7
NPS_SCORES = Bound(at_least=0, at_most=10, whole=True)
SCALES = Bound(at_least=3, at_most=100, whole=True)


def net_promoter_score(scores: Range) -> pd.DataFrame:
    """Net promoter score (NPS) from −100 to 100, with its 95 % interval: one row.

    Parameters
    ----------
    scores
        Answers from 0 to 10, whole numbers, one a row; blank cells are left out.

    Returns
    -------
    DataFrame
        nps, n (answers), low and high (the 95 % interval), and the shares of promoters (9 and 10),
        passives (7 and 8) and detractors (0 to 6) as decimals.

    Notes
    -----
    100 × (promoters − detractors)/n

    Examples
    --------
    >>> net_promoter_score([10, 9, 9, 8, 7, 6, 10, 3, 9, 10])[["nps", "n", "low", "high"]].round(1)
        nps   n  low  high
    0  40.0  10 -9.6  89.6
    """
    answers = filled("scores", scores, NPS_SCORES)
    promoters = float(np.mean(answers >= PROMOTER))
    detractors = float(np.mean(answers < PASSIVE))
    score = promoters - detractors
    spread = math.sqrt(max(promoters + detractors - score**2, 0) / answers.size)
    return pd.DataFrame(
        {
            "nps": [100 * score],
            "n": [answers.size],
            "low": [100 * max(score - NORMAL_95 * spread, -1)],
            "high": [100 * min(score + NORMAL_95 * spread, 1)],
            "promoters": [promoters],
            "passives": [float(np.mean((answers >= PASSIVE) & (answers < PROMOTER)))],
            "detractors": [detractors],
        }
    )


def customer_satisfaction(scores: Range, scale: int | None = 5) -> pd.DataFrame:
    """Satisfaction score (CSAT), as a decimal: the share of the two best answers, one row.

    Parameters
    ----------
    scores
        Answers from 1 to the scale, whole numbers, one a row; blank cells are left out.
    scale
        Best answer of the scale, a whole number from 3 to 100. Omitted: 5.

    Returns
    -------
    DataFrame
        csat, n (answers), low and high (the 95 % interval) and mean (of the answers).

    Notes
    -----
    Answers of scale − 1 and scale, over n.

    References
    ----------
    Wilson, E. (1927), Probable inference, Journal of the American Statistical Association 22.

    Examples
    --------
    >>> customer_satisfaction([5, 4, 4, 3, 5, 2, 5, 4])[["csat", "n", "low", "high"]].round(3)
       csat  n    low   high
    0  0.75  8  0.409  0.929
    """
    (best,) = single(scale=(given(scale, 5), SCALES))
    answers = filled("scores", scores, Bound(at_least=1, at_most=float(best), whole=True))
    satisfied = answers >= best - 1
    low, high = _share_interval(satisfied.astype(np.float64))
    return pd.DataFrame(
        {
            "csat": [float(satisfied.mean())],
            "n": [answers.size],
            "low": [low],
            "high": [high],
            "mean": [float(answers.mean())],
        }
    )


def _share_interval(hits: Floats) -> tuple[float, float]:
    n, share = hits.size, float(hits.mean())
    weight = NORMAL_95**2 / n
    centre = (share + weight / 2) / (1 + weight)  # Wilson 1927
    half = math.sqrt(weight * share * (1 - share) + weight**2 / 4) / (1 + weight)
    return max(centre - half, 0.0), min(centre + half, 1.0)
