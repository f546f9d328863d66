"""The valuable customers whose next order is overdue, and what is at stake with them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Floats, Ints
from clv_xl.reports.customer_tables import CustomerFacts, day_column
from clv_xl.reports.facts import TOP_TENTH
from clv_xl.reports.live_functions import total
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Column, Format

MOST_AT_RISK = 500


def add_at_risk(plan: Plan, facts: CustomerFacts, *, listed: bool = True) -> None:
    """Add the valuable customers whose next order is overdue, the most valuable first."""
    most = MOST_AT_RISK if listed else 0
    overdue, worth = np.flatnonzero(facts.at_risk), facts.last_year
    order = overdue[np.argsort(-worth[overdue], kind="stable")]
    shown, rest = order[:most], order[most:]
    plan.fact("fact_at_risk_customers", len(order), Format.COUNT)
    at_stake = plan.fact("fact_at_risk_unlisted", float(worth[rest].sum()), Format.MONEY)
    if listed:
        columns = _columns(plan, facts, shown, worth)
        label = plan.texts.say("at_risk.total")
        plan.table("AtRisk", *columns, filtered=True, total_label=label)
        at_stake = total(plan.of("AtRisk", "revenue_last_year")) + at_stake
    plan.derive("out_value_at_risk", plan.ref("calc_margin") * at_stake, Format.MONEY)
    if "prev_revenue_at_risk" in plan.figures:
        then = plan.ref("calc_margin") * plan.ref("prev_revenue_at_risk")
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
    position = int(abs(spread.top_shares - TOP_TENTH).argmin())
    share = float(spread.top_value[position]) / total_then if total_then else 0.0
    plan.fact("prev_top_tenth_share", share, Format.RATE)
    at_stake = float(facts.last_year[facts.at_risk].sum())
    plan.fact("prev_revenue_at_risk", at_stake, Format.MONEY)


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
