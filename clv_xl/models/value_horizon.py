"""How far ahead purchases count, and what each is worth today: in the middle of its month."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Figures, Floats, Horizon, Numbers, checked, unwrapped
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.endless_horizon import endless_months
from clv_xl.models.purchase_models import PurchaseFit
from clv_xl.periods import (
    DAYS_PER_MONTH,
    DAYS_PER_YEAR,
    ENDLESS,
    MONTHS_PER_YEAR,
    days_per,
    horizon_in,
    is_endless,
)

MOST_MONTHS = 1200
_WHOLE = 1e-9  # of a step, that rounding may be off


def month_ends(fit: PurchaseFit, months: int) -> Floats:
    """Return the ends of the months 1, 2, … from now, in the fit's unit of time.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> month_ends(BgNbdFit(r=0.24, alpha=4.4, a=0.79, b=2.4, time_unit="day"), 2)
    array([30.4375, 60.875 ])
    """
    count = checked("months", months, at_least=1, at_most=MOST_MONTHS)
    if count != np.floor(count):
        raise InvalidArgumentError("months", f"{count:g}", "a whole number")
    return np.arange(1.0, float(count) + 1.0) * (DAYS_PER_MONTH / days_per(fit.time_unit))


def discount_factors(months: Numbers, annual_discount_rate: float = 0.10) -> Figures:
    """Return what one unit of cash in a month is worth today: it is booked mid-month.

    Parameters
    ----------
    months
        Numbers of the months, 1 for the first from now.
    annual_discount_rate
        Effective annual rate as a decimal; 0.10 when omitted.

    Returns
    -------
    float or array
        (1 + d)^(−(m − 0.5)/12).

    Examples
    --------
    >>> discount_factors([1, 12]).round(6)
    array([0.996037, 0.912708])
    """
    month = checked("months", months, at_least=1)
    rate = checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1)
    return unwrapped((1 + rate) ** (-(month - 0.5) / MONTHS_PER_YEAR))


@dataclass(frozen=True, slots=True)
class ValueHorizon:
    """A time ahead, cut into steps: months, or the periods of a model that counts opportunities."""

    steps: float
    """Infinite for a horizon without an end."""
    step: float
    """How long one is, in the fit's unit."""

    def discounted(
        self,
        fit: PurchaseFit,
        annual_discount_rate: float,
        frequency: Numbers,
        recency: Numbers,
        T: Numbers,
    ) -> Floats:
        """Return the purchases of each customer within the horizon, each discounted to now."""
        rate = float(checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1))
        if np.isinf(self.steps) and (rate == 0 or fit.counts_opportunities):
            ever = fit.discounted_purchases(rate, frequency, recency, T)
            # An opportunity a period from now is booked in the middle of the period.
            return np.asarray(ever * (1 + rate) ** (_years_a_period(fit, rate) / 2))
        times, factors = self._totalled(fit, rate)
        return fit.expected_combined(times, factors, frequency, recency, T)

    def discounted_new(self, fit: PurchaseFit, annual_discount_rate: float) -> float:
        """Return the repeat purchases of a new customer within the horizon, discounted to now."""
        rate = float(checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1))
        if np.isinf(self.steps):
            nobody_yet = np.zeros(1)
            return float(self.discounted(fit, rate, nobody_yet, nobody_yet, nobody_yet)[0])
        times = self._ends()
        purchases = np.diff(fit.expected_purchases_new(times), prepend=0.0)
        return float(purchases @ self._factors(fit, rate))

    def _totalled(self, fit: PurchaseFit, rate: float) -> tuple[Floats, Floats]:
        """Return times, and the factors by which the purchases up to them add up to the value."""
        if np.isinf(self.steps):
            months, weights = endless_months(rate)
            return months * self.step, weights
        factors = self._factors(fit, rate)
        # Purchases in a month are a difference of two totals: the factors take the difference.
        return self._ends(), factors - np.append(factors[1:], 0.0)

    def _ends(self) -> Floats:
        """Return the ends of the steps, the last at the horizon, in the fit's unit."""
        numbers = np.arange(1.0, np.ceil(self.steps) + 1.0)
        return np.minimum(numbers, self.steps) * self.step

    def _factors(self, fit: PurchaseFit, rate: float) -> Floats:
        """Return what one purchase in the middle of each step is worth today."""
        numbers = np.arange(1.0, np.ceil(self.steps) + 1.0)
        middles = numbers - 0.5
        middles[-1] = (numbers[-1] - 1 + self.steps) / 2
        if not fit.counts_opportunities:
            return (1 + rate) ** (-middles / MONTHS_PER_YEAR)
        return (1 + rate) ** (-middles * _years_a_period(fit, rate))


def horizon_of(fit: PurchaseFit, horizon: Horizon) -> ValueHorizon:
    """Return how far ahead a value looks.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> fit = BgNbdFit(r=0.24, alpha=4.4, a=0.79, b=2.4, time_unit="day")
    >>> horizon_of(fit, "12 months") == horizon_of(fit, "1 year") == horizon_of(fit, 365.25)
    True
    """
    step = 1.0 if fit.counts_opportunities else _month_of(fit)
    if is_endless(horizon):
        return ValueHorizon(np.inf, step)
    ahead, called = horizon_in(horizon, fit.time_unit, or_endless=True)
    steps = _nearly_whole(ahead / step)
    if not 0 < steps <= MOST_MONTHS:
        in_months = isinstance(horizon, str) and not fit.counts_opportunities
        most = f"{MOST_MONTHS} months" if in_months else f"{step * MOST_MONTHS:g} {fit.time_unit}s"
        expected = f'above 0 and at most {most}, or "{ENDLESS}"'
        raise InvalidArgumentError("horizon", called.replace("_", " "), expected)
    if fit.counts_opportunities and steps != np.floor(steps):
        raise InvalidArgumentError("horizon", called.replace("_", " "), "a whole number of periods")
    return ValueHorizon(steps, step)


def months_ahead(fit: PurchaseFit, months: int) -> ValueHorizon:
    """Return the horizon of whole months."""
    if fit.counts_opportunities:
        return horizon_of(fit, f"{months} months")
    return ValueHorizon(len(month_ends(fit, months)), _month_of(fit))


def _month_of(fit: PurchaseFit) -> float:
    """Return how long a month is in the fit's unit."""
    return DAYS_PER_MONTH / days_per(fit.time_unit)


def _years_a_period(fit: PurchaseFit, rate: float) -> float:
    """Return how long a period is; without a discount it does not matter, and is 0."""
    return days_per(fit.time_unit) / DAYS_PER_YEAR if rate else 0.0


def _nearly_whole(steps: float) -> float:
    """Return 3 for three months that rounding made 3.0000000000000004."""
    whole = round(steps)
    return float(whole) if abs(steps - whole) < _WHOLE else steps
