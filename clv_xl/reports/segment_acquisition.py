"""CAC and CLV:CAC by segment, where the segment is fixed at acquisition and the spend is split."""

import numpy as np

from clv_xl.arrays import Ints
from clv_xl.reports.acquisition_spend import spent_in
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.divisions import Division
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import if_, is_number, ratio
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Column, Format


def acquisition_columns(plan: Plan, facts: CustomerFacts, division: Division) -> list[Column]:
    """Return new customers, the value of one, CAC and CLV:CAC of each segment."""
    acquired = _acquired(facts, division)
    new = plan.data("new_customers", acquired, Format.COUNT, total=float(acquired.sum()))
    spent = spent_in(plan, "src_period", division.number_here(plan))
    here = plan.here(division.table, new)
    cost = if_(spent > 0, ratio(spent, here), BLANK)
    cac = plan.formula("cac", cost, Format.MONEY_EXACT, total=plan.ref("calc_cac"))
    clv = _clv_column(plan, facts, division)
    cac_here, clv_here = plan.here(division.table, cac), plan.here(division.table, clv)
    rate = if_(
        is_number(cac_here), if_(is_number(clv_here), ratio(clv_here, cac_here), BLANK), BLANK
    )
    whole = plan.ref("out_clv_cac_ratio")
    return [new, clv, cac, plan.formula("clv_cac_ratio", rate, Format.RATIO, total=whole)]


def _acquired(facts: CustomerFacts, division: Division) -> Ints:
    active, log = facts.snapshot.activity, facts.snapshot.log
    first = facts.snapshot.summary.first_day
    new = (first >= active.first_day) & (first <= active.last_day) & ~log.existing_before_window
    return np.bincount(division.membership.codes[new], minlength=division.groups)


def _clv_column(plan: Plan, facts: CustomerFacts, division: Division) -> Column:
    """CLV of a new customer of the segment: its own first order, its own repeat spend by month."""
    first, ahead = facts.snapshot.forecast.new_customers_by(
        division.membership.codes, division.groups, facts.snapshot.log.existing_before_window
    )
    months, starts = f"data_new_{division.number}", f"data_first_{division.number}"
    heads = {
        "column_heads": list(division.shown_labels(plan.texts)),
        "shown_as": Format.MONEY_EXACT,
    }
    plan.matrix(
        months,
        constants(ahead),
        row_heads=[float(month) for month in range(1, len(ahead) + 1)],
        corner=plan.texts.say("column.month_ahead"),
        side_shown_as=Format.MONTHS,
        **heads,
    )
    plan.matrix(
        starts,
        constants(first[None, :]),
        row_heads=[plan.texts.say("figure.fact_first_order_value.label")],
        corner=plan.texts.say("column.segment"),
        **heads,
    )
    here, weight = division.number_here(plan).formula, plan.of("Forecast", "weight")
    repeat = Live(f"SUMPRODUCT(INDEX({months},0,{here}),{weight.formula})", ahead.T @ weight.value)
    value = plan.ref("calc_margin") * (Live(f"INDEX({starts},1,{here})", first) + repeat)
    whole = plan.ref("out_clv")
    named = if_(is_number(whole), value, BLANK)
    return plan.formula("clv", named, Format.MONEY_EXACT, total=whole, rows=division.groups)
