"""Cohorts under contract: the published ones, and simulated ones."""

import numpy as np

from clv_xl.arrays import Floats

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
"""Survivors of the "High End" segment of Fader & Hardie (2007) that the fit sees."""
LATER = [468, 445, 427, 409, 394]
"""What became of them."""
COHORTS = [
    [10_000, 8000, 6480, 5307, 4391],
    [10_000, 8000, 6480, 5307],
    [10_000, 8000, 6480],
    [10_000, 8000],
]
"""The cohorts of Fader & Hardie (2010), before the newest."""


def mixed_cohort(
    random: np.random.Generator, size: int, shape: tuple[float, float], periods: int
) -> Floats:
    """Play customer by customer: each has a churn of its own, and leaves by it."""
    churn = np.maximum(random.beta(*shape, size), 1e-12)
    lifetime = random.geometric(churn)
    return np.array([(lifetime > age).sum() for age in range(periods + 1)], dtype=np.float64)


def with_one_churn(size: float, churn: float, periods: int) -> Floats:
    """Return the survivors expected where all leave at one rate."""
    left: Floats = size * np.power(1.0 - churn, np.arange(periods + 1), dtype=np.float64)
    return left
