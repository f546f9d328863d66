"""The valuable customers whose next order is overdue, and what is at stake with them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Floats, Ints
from clv_xl.reports.customer_tables import CustomerFacts, day_column
from clv_xl.reports.disclosure import enough, sum_of
from clv_xl.reports.live import Live
from clv_xl.reports.live_functions import total, when_known
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Column, Format
from clv_xl.reports.value_cuts import top_tenth

MOST_AT_RISK = 500


def add_at_risk(plan: Plan, facts: CustomerFacts, *, listed: bool = True) -> None:
    """Add the valuable customers whose next order is overdue, the most valuable first."""
    most = MOST_AT_RISK if listed else 0
    overdue, worth = np.flatnonzero(facts.at_risk), facts.last_year
    order = overdue[np.argsort(-worth[overdue], kind="stable")]
    shown, rest = order[:most], order[most:]
    plan.fact("fact_at_risk_customers", len(order), Format.COUNT)
    told = _at_stake(facts) is not None
    unlisted = float(worth[rest].sum()) if told else None
    at_stake = plan.fact("fact_at_risk_unlisted", unlisted, Format.MONEY)
    if listed:
        columns = _columns(plan, facts, shown, worth)
        label = plan.texts.say("at_risk.total")
        plan.table("AtRisk", *columns, filtered=True, total_label=label)
        at_stake = total(plan.of("AtRisk", "revenue_last_year")) + at_stake if told else at_stake
    _add_value_at_risk(plan, at_stake)


def _at_stake(facts: CustomerFacts) -> float | None:
    """Return what the customers at risk brought in a year; None where it is of too few."""
    worth = facts.last_year
    return sum_of(worth, facts.at_risk, worth > 0, facts.fewest)


def _add_value_at_risk(plan: Plan, at_stake: Live) -> None:
    margin = plan.ref("calc_margin")
    now = when_known(at_stake, then=margin * at_stake)
    plan.derive("out_value_at_risk", now, Format.MONEY)
    if "prev_revenue_at_risk" in plan.figures:
        before = plan.ref("prev_revenue_at_risk")
        then = when_known(before, then=margin * before)
        plan.derive("prev_value_at_risk", then, Format.MONEY)


def _columns(plan: Plan, facts: CustomerFacts, shown: Ints, worth: Floats) -> list[Column]:
    gaps, log, summary = facts.gaps, facts.snapshot.log, facts.snapshot.summary
    late = gaps.days_since_last - gaps.typical
    last = summary.last_day[shown].astype("datetime64[D]")
    columns = [plan.data("customer", log.customer_ids[shown], Format.TEXT)]
    if log.names is not None:
        columns.append(plan.data("name", log.names[shown], Format.TEXT))
    value = plan.data("revenue_last_year", worth[shown], Format.MONEY_EXACT)
    return [
        *columns,
        replace(value, total=total(plan.whole("AtRisk", value))),
        plan.data("last_order", last, Format.DATE),
        plan.data("expected_next", day_column(gaps.expected_next[shown]), Format.DATE),
        plan.data("days_overdue", np.round(late[shown]), Format.COUNT),
        plan.data("rfm_segment", facts.segment_names(plan.texts)[shown], Format.TEXT),
        plan.data("action", _actions(plan, facts, shown), Format.TEXT),
        _owner(plan, len(shown)),
    ]


def add_risk_before(plan: Plan, facts: CustomerFacts) -> None:
    """Add what was at risk, and what the top tenth held, at the end of the period before."""
    spread, total_then = facts.spread, facts.snapshot.log.revenue
    position = top_tenth(spread)
    share = float(spread.top_value[position]) / total_then if total_then else 0.0
    told = enough(int(spread.top_customers[position]), facts.fewest)
    plan.fact("prev_top_tenth_share", share if told else None, Format.RATE)
    plan.fact("prev_revenue_at_risk", _at_stake(facts), Format.MONEY)


def _owner(plan: Plan, rows: int) -> Column:
    return Column(
        key="owner",
        header=plan.texts.say("column.owner"),
        values=np.full(rows, "", dtype=object),
        shown_as=Format.TEXT,
        is_input=True,
    )


def _actions(plan: Plan, facts: CustomerFacts, rows: Ints) -> NDArray[np.object_]:
    """Return what to do: the longer overdue, the more personal the step."""
    gaps = facts.gaps
    times = gaps.days_since_last[rows] / np.maximum(gaps.threshold[rows], 1)
    steps = [plan.texts.say(f"action.overdue_{step}") for step in ("remind", "offer", "call")]
    return np.array(steps, dtype=object)[np.digitize(times, (1.5, 2.5))]
