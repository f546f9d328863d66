"""Contribution per customer within 30 to 365 days of the first order, all cohorts together."""

import numpy as np

from clv_xl.customers.n_day import n_day
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.reports.disclosure import ANY, enough
from clv_xl.reports.live_functions import ratio
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Chart, Format, Series

N_DAYS = (30, 60, 90, 180, 365)


def add_n_day(plan: Plan, log: OrderLog, period: str, fewest: int) -> None:
    """Add what customers bring within so many days of their first order."""
    days = _shown_days(log, fewest)
    found = n_day(log, days or N_DAYS, period)
    rows = len(days)
    followed = plan.data("n_day_customers", found.eligible.sum(axis=0)[:rows], Format.COUNT)
    revenue = plan.data("n_day_revenue", found.revenue.sum(axis=0)[:rows], Format.MONEY)
    each = ratio(
        plan.ref("calc_margin") * plan.here("Days_since_first", revenue),
        plan.here("Days_since_first", followed),
    )
    plan.table(
        "Days_since_first",
        plan.data("n_day", np.array(days, dtype=float), Format.COUNT),
        followed,
        revenue,
        plan.formula("n_day_contribution", each, Format.MONEY_EXACT),
    )
    if rows and found.eligible.any():
        _add_n_day_chart(plan)


def _shown_days(log: OrderLog, fewest: int) -> tuple[int, ...]:
    """Return the numbers of days that are shown.

    Two of them, or one and the whole, tell what the orders are worth that only one counts: those
    must be of enough customers.
    """
    if fewest == ANY:
        return N_DAYS
    first, known = order_days(log).first, ~log.existing_before_window
    since, age = log.day - first[log.customer], log.as_of - first
    shown: list[int] = []
    told = [np.zeros(len(since), dtype=np.bool_), np.ones(len(since), dtype=np.bool_)]
    told.append((since == 0) & known[log.customer])  # the first orders, whose mean is told
    for days in N_DAYS:
        counted = (since <= days) & ((age >= days) & known)[log.customer]
        apart = [len(np.unique(log.customer[counted ^ other])) for other in told]
        if counted.any() and all(enough(count, fewest) for count in apart):
            shown.append(days)
            told.append(counted)
    return tuple(shown)


def _add_n_day_chart(plan: Plan) -> None:
    say = plan.texts.say
    title = say("chart.n_day")
    each = Series(
        title=title,
        values="Days_since_first.n_day_contribution",
        categories="Days_since_first.n_day",
    )
    plan.charts["n_day"] = Chart(
        key="n_day",
        kind="column",
        title=title,
        series=(each,),
        x_title=say("chart.n_day_x"),
        y_title="",
        y_format=Format.MONEY,
        alt_text=say("chart.alt.n_day"),
    )
