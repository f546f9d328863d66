"""What if: retention, discount, margin, order value and acquisition cost, worked in the workbook.

The retention model here is the textbook's: a constant share stays each year, the first payment is
now. It is named so, and its distance to the model on the cards is shown. Changes are applied to the
card's own value in proportion.
"""

import numpy as np

from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import all_of, if_, is_number, when_known
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Allowed, Content, Format, Lines

POINTS = tuple(range(1, 11))
RETENTIONS = tuple(round(0.1 * step, 1) for step in range(1, 10))
DISCOUNTS = (0.0, 0.05, 0.08, 0.10, 0.12, 0.15, 0.20)
_HIGHEST_RETENTION = 0.999


def add_what_if(plan: Plan) -> None:
    """Add the start, the changes a reader may enter, and what follows from them."""
    _add_start(plan)
    _add_reason(plan)
    _add_changes(plan)
    _add_results(plan)
    _add_points(plan)
    _add_grid(plan)


def _constant_retention_clv(margin: Live, retention: Live, discount: Live) -> Live:
    """Value of a customer kept at a constant rate for ever, first payment now: m(1+d)/(1+d-r)."""
    return margin * (1 + discount) / (1 + discount - retention)


def _add_reason(plan: Plan) -> None:
    """Say why much of the sheet is empty, where retention is not known."""
    missing = plan.texts.say("what_if.no_retention")
    line = if_(is_number(plan.ref("calc_retention")), BLANK, missing)
    plan.lines["what_if_reason"] = Lines(key="what_if_reason", lines=(line,))


def _add_start(plan: Plan) -> None:
    aov, frequency = plan.ref("out_aov"), plan.ref("out_frequency")
    yearly = when_known(aov, frequency, then=plan.ref("calc_margin") * aov * frequency)
    margin = plan.derive("calc_yearly_margin", yearly, Format.MONEY_EXACT)
    kept, discount = plan.ref("out_retention_rate"), plan.ref("in_discount_rate")
    capped = if_(kept > _HIGHEST_RETENTION, _HIGHEST_RETENTION, kept)
    plan.derive("calc_retention", when_known(kept, then=capped), Format.RATE)
    retention = plan.ref("calc_retention")
    value = _constant_retention_clv(margin, retention, discount)
    constant = plan.derive(
        "calc_constant_retention_clv", when_known(margin, retention, then=value), Format.MONEY_EXACT
    )
    card = plan.ref("calc_new_customer_value")
    plan.derive("calc_bridge", when_known(card, constant, then=constant - card), Format.MONEY_EXACT)
    plan.derive("out_break_even_retention", _break_even(plan, margin, discount), Format.RATE)


def _break_even(plan: Plan, margin: Live, discount: Live) -> Live:
    """Retention at which the constant-retention CLV equals the CAC: (1+d)(1-m/CAC)."""
    cac = plan.ref("calc_cac")
    rate = (1 + discount) * (1 - margin / cac)
    named = all_of(is_number(plan.ref("in_margin_rate")), is_number(margin), is_number(cac))
    reachable = if_(rate < 1, rate, plan.texts.say("break_even.not_reached"))
    return if_(named, if_(margin >= cac, 0.0, reachable), BLANK)


def _add_changes(plan: Plan) -> None:
    source = plan.texts.say("source.what_if")
    points, share = Allowed(at_least=-100, at_most=100), Allowed(at_least=-0.9, at_most=10)
    plan.input("in_change_retention", 0, Format.POINTS, points, source)
    plan.input("in_change_margin", 0, Format.POINTS, points, source)
    plan.input("in_change_aov", 0, Format.CHANGE, share, source)
    plan.input("in_change_cac", 0, Format.CHANGE, share, source)


def _add_results(plan: Plan) -> None:
    """Apply the changes to the card's own value, in proportion to the constant-retention model."""
    card, retention = plan.ref("calc_new_customer_value"), plan.ref("calc_retention")
    lifted = retention + plan.ref("in_change_retention") / 100
    target = if_(lifted > _HIGHEST_RETENTION, _HIGHEST_RETENTION, if_(lifted < 0, 0.0, lifted))
    changed = plan.derive("calc_changed_retention", when_known(retention, then=target), Format.RATE)
    discount = 1 + plan.ref("in_discount_rate")
    longer = (discount - retention) / (discount - changed)
    plan.derive("calc_retention_effect", when_known(changed, then=longer), Format.NUMBER)
    margin = plan.ref("calc_margin")
    richer = (margin + plan.ref("in_change_margin") / 100) / margin
    plan.derive("calc_margin_effect", if_(margin > 0, richer, BLANK), Format.NUMBER)
    effects = [plan.ref(f"calc_{name}_effect") for name in ("retention", "margin")]
    value = card * effects[0] * effects[1] * (1 + plan.ref("in_change_aov"))
    plan.derive("calc_changed_value", when_known(card, *effects, then=value), Format.MONEY_EXACT)
    cac = plan.ref("calc_cac")
    dearer = cac * (1 + plan.ref("in_change_cac"))
    plan.derive("calc_changed_cac", when_known(cac, then=dearer), Format.MONEY_EXACT)
    _add_changed_ratio(plan)


def _add_changed_ratio(plan: Plan) -> None:
    value, cac = plan.ref("calc_changed_value"), plan.ref("calc_changed_cac")
    named = all_of(is_number(plan.ref("in_margin_rate")), is_number(value), is_number(cac))
    plan.derive("calc_changed_ratio", if_(named, value / cac, BLANK), Format.RATIO)
    gained = (value - plan.ref("calc_new_customer_value")) * plan.ref("fact_new_customers")
    plan.derive("calc_changed_gain", when_known(value, then=gained), Format.MONEY)


def _add_points(plan: Plan) -> None:
    """One to ten points of retention more, with the reader's own numbers."""
    points = plan.data("points", np.array(POINTS, dtype=float), Format.COUNT)
    discount = 1 + plan.ref("in_discount_rate")
    retention = plan.ref("calc_retention")
    lifted = retention + plan.here("Uplift", points) / 100
    target = if_(lifted > _HIGHEST_RETENTION, _HIGHEST_RETENTION, lifted)
    known, rows = is_number(retention), len(POINTS)
    rate = plan.formula("retention", if_(known, target, BLANK), Format.RATE, rows=rows)
    effect = (discount - retention) / (discount - plan.here("Uplift", rate))
    card, cac = plan.ref("calc_new_customer_value"), plan.ref("calc_cac")
    value = if_(all_of(known, is_number(card)), card * effect, BLANK)
    applied = plan.formula("value_then", value, Format.MONEY_EXACT, rows=rows)
    change = plan.formula("change", if_(known, effect - 1, BLANK), Format.CHANGE, rows=rows)
    named = all_of(is_number(plan.ref("in_margin_rate")), known, is_number(card), is_number(cac))
    rated = if_(named, plan.here("Uplift", applied) / cac, BLANK)
    share = plan.formula("clv_cac_ratio", rated, Format.RATIO, rows=rows)
    plan.table("Uplift", points, rate, applied, change, share)


def _add_grid(plan: Plan) -> None:
    """Constant-retention CLV by retention and discount, at the shop's own yearly margin."""
    margin = plan.ref("calc_yearly_margin")
    rows = plan.heads("calc_grid_row_heads", RETENTIONS)
    columns = plan.heads("calc_grid_column_heads", DISCOUNTS)
    cells: list[list[Content]] = [
        [_in_grid(margin, _head("row", r, i), _head("column", d, k)) for k, d in enumerate(columns)]
        for i, r in enumerate(rows)
    ]
    plan.matrix(
        "calc_grid",
        cells,
        row_heads=rows,
        column_heads=columns,
        corner=plan.texts.say("grid.corner"),
        shown_as=Format.MONEY_EXACT,
        head_shown_as=Format.RATE,
        side_shown_as=Format.RATE,
        shade=True,
        live_heads=True,
    )


def _in_grid(margin: Live, retention: Live, discount: Live) -> Live:
    """Return a cell of the grid: blank where the head that was typed in has no finite value."""
    value = _constant_retention_clv(margin, retention, discount)
    return when_known(margin, then=if_(1 + discount - retention > 0, value, BLANK))


def _head(side: str, rate: float | None, position: int) -> Live:
    """Return the rate at the head of the cell's own row or column of the grid, live."""
    value = 0.0 if rate is None else rate
    if side == "column":
        return Live(f"INDEX(calc_grid_column_heads,1,{position + 1})", value)
    return Live(f"INDEX(calc_grid_row_heads,{position + 1},1)", value)
