"""The cash flows of one customer who is lost at a constant rate, under three timings."""

from typing import Literal, TypeAlias, cast, get_args

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.errors import InvalidArgumentError

Timing: TypeAlias = Literal["now", "renewal", "end"]
"""When the first payment comes: today, at the first renewal, or at the period's end."""


def chosen_timing(timing: str | None, default: Timing = "now") -> Timing:
    """Return the timing, the default for None, or say which three there are.

    Examples
    --------
    >>> chosen_timing(None)
    'now'
    """
    if timing is None:
        return default
    if timing not in get_args(Timing):
        raise InvalidArgumentError("timing", repr(timing), "one of now, renewal, end")
    return cast("Timing", timing)


def payments_worth(
    churn: Floats, discount_per_period: Floats, timing: Timing, periods: Floats | None = None
) -> Floats:
    """Return what a payment of 1 a period is worth today; all payments to come without `periods`.

    References
    ----------
    Fader, P. and Hardie, B. (2012), Reconciling and clarifying CLV formulas, note 024,
    brucehardie.com; for a limited number of periods their note 033.

    Examples
    --------
    >>> float(payments_worth(np.array(0.2), np.array(0.1), "now"))
    3.666666666666666
    """
    shrink = (discount_per_period + churn) / (1 + discount_per_period)  # 1 - r / (1 + d)
    worth = first_payment_worth(churn, discount_per_period, timing) / shrink
    if periods is None:
        return worth
    with np.errstate(divide="ignore"):  # nobody stays: the logarithm is minus infinity
        return worth * -np.expm1(periods * np.log1p(-shrink))  # 1 - (r / (1 + d))^T


def first_payment_worth(churn: Floats, discount_per_period: Floats, timing: Timing) -> Floats:
    """Return what the first payment of 1 is worth today: the timings differ in nothing else.

    Examples
    --------
    >>> float(first_payment_worth(np.array(0.2), np.array(0.25), "renewal"))
    0.64
    """
    if timing == "now":
        return np.ones_like(discount_per_period)  # note 024, case A
    if timing == "renewal":
        return np.asarray((1 - churn) / (1 + discount_per_period))  # case B
    return np.asarray(1 / (1 + discount_per_period))  # case C
