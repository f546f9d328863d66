"""Cohorts under contract: the published ones, and simulated ones."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Floats, Ints
from clv_xl.periods import DAYS_PER_MONTH, DAYS_PER_YEAR

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


def subscription_orders(
    seed: int,
    shape: tuple[float, float],
    *,
    customers: int = 2000,
    months: int = 24,
    days: float = DAYS_PER_MONTH,
    latest: int = 3,
    start: date = date(2021, 1, 4),
) -> tuple[Ints, NDArray[np.datetime64], date]:
    """Play subscribers who begin over the months, pay up to some days late, and leave.

    Parameters
    ----------
    seed
        Where the randomness starts.
    shape
        Parameters of the beta distribution of their churn.
    customers, months
        How many begin, and within how long: the last month ends on the as-of day.
    days
        From one payment to the next.
    latest
        Most days that a payment is late; the first is never.

    Returns
    -------
    tuple
        Customer and day of each payment, and the as-of day.
    """
    random = np.random.default_rng(seed)
    span = round(months * DAYS_PER_MONTH)
    begun = np.sort(random.integers(0, span, customers))
    payments = random.geometric(np.maximum(random.beta(*shape, customers), 1e-9))
    payments = np.minimum(payments, np.ceil((span - begun) / days).astype(np.int64))
    customer = np.repeat(np.arange(customers), payments)
    number = np.arange(len(customer)) - np.repeat(np.cumsum(payments) - payments, payments)
    late = np.where(number > 0, random.integers(0, latest + 1, len(customer)), 0)
    day = begun[customer] + np.round(number * days).astype(np.int64) + late
    seen = day <= span
    return customer[seen], np.datetime64(start, "D") + day[seen], start + timedelta(days=span)


def of_two_periods(
    seed: int, *, months: int = 36
) -> tuple[list[str], NDArray[np.datetime64], date]:
    """Play 600 subscribers of whom 193 pay by the year: customer and day of each payment, as-of."""
    by_month, day, as_of = subscription_orders(seed, (0.9, 6.0), customers=407, months=months)
    by_year, later, _ = subscription_orders(
        seed + 1, (0.9, 4.0), customers=193, months=months, days=DAYS_PER_YEAR
    )
    names = [f"m{n}" for n in by_month] + [f"y{n}" for n in by_year]
    return names, np.concatenate([day, later]), as_of
