"""Where the ranking of customers by value is cut: top tenth, tiers, ABC classes, whale curve.

All of them cut one ranking, so that what lies between two cuts of any of them is known to whoever
sees both. Where single customers must not be seen, cuts that are too close do not stand together.
"""

import numpy as np

from clv_xl.arrays import Ints
from clv_xl.customers.concentration import WhaleCurve, whale_curve, whale_curve_points
from clv_xl.customers.value_distribution import ValueDistribution
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.disclosure import ANY, apart

TOP_TENTH = 0.10


def top_tenth(spread: ValueDistribution) -> int:
    """Return the position of the top tenth among the top shares."""
    return int(abs(spread.top_shares - TOP_TENTH).argmin())


def class_cuts(facts: CustomerFacts) -> list[int]:
    """Return the cuts of the top tenth and of the classes that are shown, in customers above."""
    spread = facts.spread
    wanted = [
        spread.top_customers[top_tenth(spread)],
        *np.cumsum(spread.tier_customers)[-2::-1],  # the larger classes first
        *np.cumsum(spread.abc_customers)[:-1],
    ]
    return apart(wanted, spread.customers, facts.fewest)


def curve_points(facts: CustomerFacts) -> WhaleCurve:
    """Return the points of the whale curve that are shown."""
    curve = whale_curve(facts.snapshot.summary.total)
    points = whale_curve_points(curve)
    if facts.fewest == ANY:
        return points
    wanted = [*class_cuts(facts), *points.customers]
    kept: Ints = np.array(apart(wanted, facts.spread.customers, facts.fewest))
    return WhaleCurve(customers=kept, value=curve.value[kept])
