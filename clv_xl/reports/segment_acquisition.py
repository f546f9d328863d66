"""CAC and CLV:CAC by segment, where the segment is fixed at acquisition and the spend is split."""

import numpy as np

from clv_xl.arrays import Ints
from clv_xl.reports.acquisition_spend import spent_in
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.divisions import Division
from clv_xl.reports.forecast import NewCustomers
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import if_, is_number, ratio
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Column, Format


def acquisition_columns(
    plan: Plan, facts: CustomerFacts, division: Division
) -> tuple[list[Column], list[str]]:
    """Return new customers, the value of one, CAC and CLV:CAC of each segment, and what to add."""
    acquired = _acquired(facts, division)
    new = plan.data("new_customers", acquired, Format.COUNT, total=float(acquired.sum()))
    spent = spent_in(plan, "src_period", division.number_here(plan))
    here = plan.here(division.table, new)
    cost = if_(spent > 0, ratio(spent, here), BLANK)
    cac = plan.formula("cac", cost, Format.MONEY_EXACT, total=plan.ref("calc_cac"))
    existing = facts.snapshot.log.existing_before_window
    new_ones = facts.snapshot.forecast.new_customers_by(
        division.membership.codes, division.groups, existing, facts.fewest
    )
    clv = _clv_column(plan, division, new_ones)
    cac_here, clv_here = plan.here(division.table, cac), plan.here(division.table, clv)
    rate = if_(
        is_number(cac_here), if_(is_number(clv_here), ratio(clv_here, cac_here), BLANK), BLANK
    )
    whole = plan.ref("out_clv_cac_ratio")
    columns = [new, clv, cac, plan.formula("clv_cac_ratio", rate, Format.RATIO, total=whole)]
    return columns, _own_data(plan, division, new_ones) if facts.snapshot.forecast.usable else []


def _acquired(facts: CustomerFacts, division: Division) -> Ints:
    active, log = facts.snapshot.activity, facts.snapshot.log
    first = facts.snapshot.summary.first_day
    new = (first >= active.first_day) & (first <= active.last_day) & ~log.existing_before_window
    return np.bincount(division.membership.codes[new], minlength=division.groups)


def _clv_column(plan: Plan, division: Division, new_ones: NewCustomers) -> Column:
    """CLV of a new customer of the segment: its own first order, its own repeat spend by month."""
    months, starts = f"data_new_{division.number}", f"data_first_{division.number}"
    heads = {"column_heads": list(division.shown_labels(plan.texts))}
    plan.matrix(
        months,
        constants(new_ones.ahead),
        row_heads=[float(month) for month in range(1, len(new_ones.ahead) + 1)],
        corner=plan.texts.say("column.month_ahead"),
        side_shown_as=Format.MONTHS,
        shown_as=Format.MONEY_EXACT,
        **heads,
    )
    first = plan.texts.say("figure.fact_first_order_value.label")
    share = plan.texts.say("segments.own_share")
    for name, row, head, shown_as in (
        (f"data_own_{division.number}", new_ones.own_shares, share, Format.RATE),
        (starts, new_ones.first, first, Format.MONEY_EXACT),
    ):
        corner = plan.texts.say("column.segment")
        plan.matrix(
            name, constants([row]), row_heads=[head], corner=corner, shown_as=shown_as, **heads
        )
    here, weight = division.number_here(plan).formula, plan.of("Forecast", "weight")
    expected = new_ones.ahead.T @ weight.value
    repeat = Live(f"SUMPRODUCT(INDEX({months},0,{here}),{weight.formula})", expected)
    start = Live(f"INDEX({starts},1,{here})", new_ones.first)
    value = plan.ref("calc_margin") * (start + repeat)
    whole = plan.ref("out_clv")
    named = if_(is_number(whole), value, BLANK)
    return plan.formula("clv", named, Format.MONEY_EXACT, total=whole, rows=division.groups)


def _own_data(plan: Plan, division: Division, new_ones: NewCustomers) -> list[str]:
    """Say how far the purchases of each segment were drawn towards those of all."""
    shares, labels = new_ones.own_shares, division.shown_labels(plan.texts)
    if not shares.any():
        return [plan.texts.say("segments.alike")]
    least, most = int(shares.argmin()), int(shares.argmax())
    ends = {
        "least": round(100 * float(shares[least])), "least_of": labels[least],
        "most": round(100 * float(shares[most])), "most_of": labels[most],
    }  # fmt: skip
    return [plan.texts.say("segments.own_data", **ends)]
