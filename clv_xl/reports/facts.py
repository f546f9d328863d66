"""What the orders say, as constants that formulas start from."""

from clv_xl.periods import DAYS_PER_YEAR
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import absolute, all_of, if_, ratio, when_known
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Format
from clv_xl.reports.snapshot import Snapshot
from clv_xl.reports.value_cuts import class_cuts, top_tenth

_STEPS = {"fact": "calc", "prev": "prev"}


def add_period_facts(plan: Plan, snapshot: Snapshot, prefix: str) -> None:
    """Add counts and sums of one period; `prefix` is ``fact`` or ``prev``."""
    active = snapshot.activity
    counts = {
        "orders": snapshot.orders,
        "paid_orders": snapshot.paid_orders,
        "buyers": snapshot.buyers,
        "new_customers": active.acquired,
        "active_start": active.start,
        "active_new": active.new,
        "active_reactivated": active.reactivated,
        "active_lost": active.lost,
        "active_close": active.close,
        "retained": active.retained,
        "period_days": snapshot.period_days,
        "days_observed": snapshot.days_observed,
        "days_before": snapshot.days_before,
    }
    plan.fact(f"{prefix}_revenue", snapshot.revenue, Format.MONEY)
    covered = int(active.window_covered)
    plan.fact(f"{prefix}_window_covered", covered, Format.COUNT)
    for name, count in counts.items():
        plan.fact(f"{prefix}_{name}", count, Format.COUNT)


def add_period_figures(plan: Plan, prefix: str, result: str) -> None:
    """Add the rates of one period; `result` is the prefix of the derived names."""

    def fact(name: str) -> Live:
        return plan.ref(f"{prefix}_{name}")

    plan.derive(f"{result}_aov", ratio(fact("revenue"), fact("paid_orders")), Format.MONEY_EXACT)
    power = plan.derive(
        f"{_STEPS[prefix]}_annual_power", _annual(fact("period_days")), Format.NUMBER
    )
    yearly = fact("orders") * power
    plan.derive(f"{result}_frequency", ratio(yearly, fact("buyers")), Format.NUMBER)
    kept = (fact("retained") / fact("active_start")) ** power
    somebody = if_(fact("active_start") > 0, kept, BLANK)
    judged = plan.derive(
        f"{_STEPS[prefix]}_retention_known", _can_lapse(plan, prefix), Format.COUNT
    )
    plan.derive(f"{result}_retention_rate", if_(judged.equals(1), somebody, BLANK), Format.RATE)


def _can_lapse(plan: Plan, prefix: str) -> Live:
    """Return 1 where customers can have been lost: else a rate of 100 % would say nothing.

    The log must be longer than the window, and reach back over half of it before the period.
    """
    window = plan.ref("src_activity_window")
    seen, before = plan.ref(f"{prefix}_days_observed"), plan.ref(f"{prefix}_days_before")
    return if_(all_of(seen > window, 2 * before >= window), 1.0, 0.0)


def _annual(days: Live) -> Live:
    """Return how many such periods make a year; a calendar year is one, leap year or not."""
    whole_year = absolute(days - DAYS_PER_YEAR) < 1
    return if_(whole_year, 1.0, DAYS_PER_YEAR / days)


def add_log_facts(plan: Plan, facts: CustomerFacts) -> None:
    """Add counts and sums of the whole log."""
    snapshot, spread = facts.snapshot, facts.spread
    log, summary = snapshot.log, snapshot.summary
    plan.fact("fact_total_revenue", log.revenue, Format.MONEY)
    plan.fact("fact_total_orders", log.n_orders, Format.COUNT)
    plan.fact("fact_customers", log.n_customers, Format.COUNT)
    plan.fact("fact_order_days", int(summary.order_days.sum()), Format.COUNT)
    plan.fact("fact_zero_orders", int((log.amount == 0).sum()), Format.COUNT)
    plan.fact("fact_history_months", snapshot.history_months, Format.NUMBER)
    plan.fact("fact_followed", snapshot.followed, Format.COUNT)
    plan.fact("fact_repeated", snapshot.repeated, Format.COUNT)
    position = top_tenth(spread)
    plan.fact("fact_top_tenth_customers", int(spread.top_customers[position]), Format.COUNT)
    told = int(spread.top_customers[position]) in class_cuts(facts)
    brought = float(spread.top_value[position]) if told else None
    plan.fact("fact_top_tenth_revenue", brought, Format.MONEY)
    plan.derive(
        "out_repeat_rate", ratio(plan.ref("fact_repeated"), plan.ref("fact_followed")), Format.RATE
    )
    plan.derive(
        "out_top_tenth_share",
        when_known(
            plan.ref("fact_top_tenth_revenue"),
            then=ratio(plan.ref("fact_top_tenth_revenue"), plan.ref("fact_total_revenue")),
        ),
        Format.RATE,
    )
