"""Value now and ahead: CLV of a new customer, expected contribution, CAC, payback.

The model gives expected orders and spend for each of sixty months, undiscounted and before margin;
everything else is a formula over them, so that margin, discount, horizon and CAC stay live.
"""

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.models.prediction_interval import Verdict
from clv_xl.periods import MONTHS_PER_YEAR
from clv_xl.reports.forecast import FORECAST_MONTHS, NORMAL_95, Forecast
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import (
    all_of,
    count_where,
    exponential,
    fixed,
    if_,
    is_blank,
    is_number,
    largest,
    rounded,
    sum_of_products,
    when_known,
)
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Format
from clv_xl.reports.snapshot import Snapshot
from clv_xl.reports.verdicts import judged, verdict_word

LONGER_HORIZONS = (24, 36)
_MID_MONTH = 0.5
_SIDES = (("low", -1), ("high", 1))
_SAME_MONTH_DAYS = 31
_DECIMALS_OF_A_RATIO = 9
"""Enough for every difference that is meant; a quotient of floats may miss a cut-off by less."""


def add_margin(plan: Plan) -> Live:
    """Add the factor that carries revenue to the figures' basis: 1 where no margin is known."""
    given = plan.ref("in_margin_rate")
    plan.derive("calc_margin", if_(is_blank(given), 1.0, given), Format.RATE)
    say = plan.texts.say
    basis = if_(is_blank(given), say("basis.revenue"), say("basis.contribution"))
    return plan.derive("calc_basis", basis, Format.TEXT)


def add_forecast(plan: Plan, now: Snapshot, before: Snapshot | None) -> None:
    """Add the table of expected orders and spend by month ahead."""
    ahead = now.forecast
    months = np.arange(1.0, FORECAST_MONTHS + 1)
    month = plan.data("month_ahead", months, Format.MONTHS)
    here = plan.here("Forecast", month)
    booked = (1 + plan.ref("in_discount_rate")) ** (-1 * (here - _MID_MONTH) / MONTHS_PER_YEAR)
    weight = if_(here <= plan.ref("in_horizon_months"), booked, 0.0)
    orders = plan.data("new_orders", ahead.new_orders, Format.PARAMETER)
    to_date = plan.data("new_orders_to_date", np.cumsum(ahead.new_orders), Format.PARAMETER)
    first, spend, margin = _new_customer_facts(plan, now, "fact")
    earned = margin * (first + spend * plan.here("Forecast", to_date))
    paid_back = when_known(first, then=earned)
    plan.table(
        "Forecast",
        month,
        plan.formula("weight", weight, Format.PARAMETER),
        orders,
        to_date,
        plan.formula("contribution_to_date", paid_back, Format.MONEY_EXACT, rows=FORECAST_MONTHS),
        plan.data("existing_orders", ahead.existing_orders, Format.NUMBER),
        plan.data("existing_spend", ahead.existing_spend, Format.MONEY_EXACT),
        plan.data("relative_error", _known(ahead.relative_error), Format.PARAMETER),
        plan.data("new_relative_error", _known(ahead.new_relative_error), Format.PARAMETER),
        plan.data("previous_new_orders", _previous(before, "new_orders"), Format.PARAMETER),
        plan.data("previous_spend", _previous(before, "existing_spend"), Format.MONEY_EXACT),
    )


def _known(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _previous(before: Snapshot | None, series: str) -> Floats:
    """Return what was expected at the end of the period before; empty where it is unknown."""
    if before is None or not before.forecast.usable:
        return np.full(FORECAST_MONTHS, np.nan)
    expected: Floats = getattr(before.forecast, series)
    return expected


def _new_customer_facts(plan: Plan, snapshot: Snapshot, prefix: str) -> tuple[Live, Live, Live]:
    first = plan.fact(f"{prefix}_first_order_value", snapshot.first_order_value, Format.MONEY_EXACT)
    spend = plan.fact(
        f"{prefix}_expected_spend", snapshot.forecast.population_spend, Format.MONEY_EXACT
    )
    return first, spend, plan.ref("calc_margin")


def add_values(plan: Plan, now: Snapshot, before: Snapshot | None) -> None:
    """Add historic and predicted value, the value of a new customer, and the verdict on them."""
    margin, weight = plan.ref("calc_margin"), plan.of("Forecast", "weight")
    historic = margin * plan.ref("fact_total_revenue")
    plan.derive("out_historic_total", historic, Format.MONEY)
    plan.derive("out_historic_value", historic / plan.ref("fact_customers"), Format.MONEY_EXACT)
    total = margin * sum_of_products(weight, plan.of("Forecast", "existing_spend"))
    plan.derive("calc_predicted_total", total, Format.MONEY)
    _add_verdict(plan, now.forecast)
    shown = judged(plan, Verdict.WITHHELD)
    every = plan.ref("calc_predicted_total")
    plan.derive("out_predicted_total", if_(shown, BLANK, every), Format.MONEY)
    customers = plan.ref("fact_customers")
    plan.derive("out_predicted_value", if_(shown, BLANK, every / customers), Format.MONEY_EXACT)
    for side, _ in _SIDES:
        end = plan.ref(f"out_predicted_{side}")
        each = when_known(end, then=end / customers)
        plan.derive(f"out_predicted_value_{side}", each, Format.MONEY_EXACT)
    value = _new_customer_value(plan, "fact", "new_orders", weight)
    plan.derive("calc_new_customer_value", if_(shown, BLANK, value), Format.MONEY_EXACT)
    named = all_of(
        is_number(plan.ref("in_margin_rate")), is_number(plan.ref("calc_new_customer_value"))
    )
    clv = if_(named, plan.ref("calc_new_customer_value"), BLANK)
    plan.derive("out_clv", clv, Format.MONEY_EXACT)
    _add_range_of_new(plan)
    _add_longer_horizons(plan)
    if before is not None and before.forecast.reliable and _ends_with_the_period(now):
        _add_before(plan, before)


def _add_range_of_new(plan: Plan) -> None:
    """Add the 95 % interval of the value of a new customer; the first order is taken as known."""
    column = plan.tables["Forecast"].column("new_relative_error")
    at_horizon = _at(plan.whole("Forecast", column), plan.ref("in_horizon_months"))
    fitted = plan.ref("fact_model_status").equals("OK")
    error = plan.derive("calc_new_relative_error", if_(fitted, at_horizon, BLANK), Format.RATE)
    value = plan.ref("calc_new_customer_value")
    first = plan.ref("calc_margin") * plan.ref("fact_first_order_value")
    for side, sign in _SIDES:
        bound = first + (value - first) * exponential(sign * NORMAL_95 * error)
        plan.derive(f"calc_new_{side}", when_known(value, error, then=bound), Format.MONEY_EXACT)


def _ends_with_the_period(now: Snapshot) -> bool:
    """Return whether predictions, made at the report's day, belong to the period's end.

    A period that is long over has no prediction of its own to compare with the one before it.
    """
    return now.log.as_of - now.activity.last_day <= _SAME_MONTH_DAYS


def _add_longer_horizons(plan: Plan) -> None:
    """Add the same figures within 24 and 36 months, whatever the horizon is."""
    shown = judged(plan, Verdict.WITHHELD)
    for months in LONGER_HORIZONS:
        weight = _weight_within(plan, months)
        spend = plan.of("Forecast", "existing_spend")
        total = plan.ref("calc_margin") * sum_of_products(weight * spend)
        plan.derive(f"out_predicted_{months}m", if_(shown, BLANK, total), Format.MONEY)
        value = _new_customer_value(plan, "fact", "new_orders", weight)
        plan.derive(f"calc_new_customer_{months}m", if_(shown, BLANK, value), Format.MONEY_EXACT)
        _add_their_ends(plan, months)


def _add_their_ends(plan: Plan, months: int) -> None:
    """Add the 95 % intervals of what is predicted within a number of months."""
    position = Live(f"{months}", months)
    error, new_error = (
        _at(plan.of("Forecast", key), position) for key in ("relative_error", "new_relative_error")
    )
    predicted, new = (
        plan.ref(f"{name}_{months}m") for name in ("out_predicted", "calc_new_customer")
    )
    first = plan.ref("calc_margin") * plan.ref("fact_first_order_value")
    for side, sign in _SIDES:
        end = when_known(predicted, then=predicted * exponential(sign * NORMAL_95 * error))
        plan.derive(f"out_predicted_{months}m_{side}", end, Format.MONEY)
        ahead = (new - first) * exponential(sign * NORMAL_95 * new_error)
        end = when_known(new, then=first + ahead)
        plan.derive(f"calc_new_customer_{months}m_{side}", end, Format.MONEY_EXACT)


def _add_before(plan: Plan, before: Snapshot) -> None:
    """Add what the orders known at the end of the period before made of the same figures."""
    shown, weight = judged(plan, Verdict.WITHHELD), plan.of("Forecast", "weight")
    _new_customer_facts(plan, before, "prev")
    earlier = _new_customer_value(plan, "prev", "previous_new_orders", weight)
    plan.derive("prev_new_customer_value", if_(shown, BLANK, earlier), Format.MONEY_EXACT)
    total = sum_of_products(weight, plan.of("Forecast", "previous_spend"))
    plan.derive("prev_predicted_total", plan.ref("calc_margin") * total, Format.MONEY)


def _new_customer_value(plan: Plan, prefix: str, orders: str, weight: Live) -> Live:
    repeat = sum_of_products(weight * plan.of("Forecast", orders))
    spend, first = plan.ref(f"{prefix}_expected_spend"), plan.ref(f"{prefix}_first_order_value")
    return when_known(first, then=plan.ref("calc_margin") * (first + spend * repeat))


def _weight_within(plan: Plan, months: int) -> Live:
    month = plan.of("Forecast", "month_ahead")
    booked = (1 + plan.ref("in_discount_rate")) ** (-1 * (month - _MID_MONTH) / MONTHS_PER_YEAR)
    return (month <= months) * booked


def _add_verdict(plan: Plan, ahead: Forecast) -> None:
    """Add the interval of the predicted total, and whether it is narrow enough to be shown."""
    status = plan.fact("fact_model_status", ahead.status, Format.TEXT)
    fitted = status.equals("OK")
    horizon = plan.ref("in_horizon_months")
    errors = plan.tables["Forecast"].column("relative_error")
    at_horizon = _at(plan.whole("Forecast", errors), horizon)
    plan.derive("calc_relative_error", if_(fitted, at_horizon, BLANK), Format.RATE)
    error, total = plan.ref("calc_relative_error"), plan.ref("calc_predicted_total")
    above = exponential(NORMAL_95 * error) - 1
    half = plan.derive("calc_half_width", when_known(error, then=above), Format.RATE)
    shown, ranged, withheld = (verdict_word(plan, verdict) for verdict in Verdict)
    uncertain = if_(half <= plan.ref("in_range_within"), ranged, withheld)
    graded = if_(half <= plan.ref("in_shown_within"), shown, uncertain)
    plan.derive("calc_verdict", if_(is_number(half), graded, withheld), Format.TEXT)
    for side, sign in _SIDES:
        bound = when_known(error, then=total * exponential(sign * NORMAL_95 * error))
        content = if_(judged(plan, Verdict.WITHHELD), BLANK, bound)
        plan.derive(f"out_predicted_{side}", content, Format.MONEY)


def _at(column: Live, position: Live) -> Live:
    value = float(column.value[int(position.value) - 1])
    return Live(f"INDEX({column.formula},{position.formula})", BLANK if np.isnan(value) else value)


def add_acquisition(plan: Plan) -> None:
    """Add CLV:CAC, its rating, payback and the highest CAC that meets the target."""
    clv, cac = plan.ref("out_clv"), plan.ref("calc_cac")
    share = plan.derive("out_clv_cac_ratio", when_known(clv, cac, then=clv / cac), Format.RATIO)
    if "prev_cac" in plan.figures and "prev_new_customer_value" in plan.figures:
        worth, cost = plan.ref("prev_new_customer_value"), plan.ref("prev_cac")
        named = when_known(plan.ref("in_margin_rate"), worth, cost, then=worth / cost)
        plan.derive("prev_clv_cac_ratio", named, Format.RATIO)
    plan.derive("calc_rating", _rating(plan, share), Format.TEXT)
    plan.derive("out_payback_months", _payback(plan, clv, cac), Format.MONTHS)
    plan.derive(
        "out_max_cac", when_known(clv, then=clv / plan.ref("in_target_ratio")), Format.MONEY_EXACT
    )
    first_year = _at(plan.of("Forecast", "contribution_to_date"), Live("12", 12))
    plan.derive("calc_max_cac_12m", when_known(clv, then=first_year), Format.MONEY_EXACT)


def _rating(plan: Plan, share: Live) -> Live:
    say = plan.texts.say
    low, good, high = (plan.ref(f"in_ratio_{name}") for name in ("low", "good", "high"))
    target = plan.ref("in_target_ratio")
    missed = plan.texts.live("rating.below_target", target=target_text(plan))
    share = rounded(share, _DECIMALS_OF_A_RATIO)
    met = if_(share <= high, say("rating.good"), say("rating.under_invested"))
    enough = if_(share < target, missed, met)
    known = if_(share < low, say("rating.loss"), if_(share < good, say("rating.thin"), enough))
    return if_(is_number(share), known, _why_unrated(plan))


def target_text(plan: Plan) -> Live:
    """Return the target ratio as text, with as many decimals as it needs."""
    target = plan.ref("in_target_ratio")
    return if_(rounded(target, 1).equals(target), fixed(target, 1), fixed(target, 2))


def _why_unrated(plan: Plan) -> Live:
    say = plan.texts.say
    without_cac = if_(
        is_number(plan.ref("calc_cac")), say("rating.no_prediction"), say("rating.no_cac")
    )
    return if_(is_blank(plan.ref("in_margin_rate")), say("rating.no_margin"), without_cac)


def _payback(plan: Plan, clv: Live, cac: Live) -> Live:
    """Months until the contribution of a new customer, survival included, covers the CAC."""
    to_date = plan.of("Forecast", "contribution_to_date")
    first = plan.ref("calc_margin") * plan.ref("fact_first_order_value")
    later = if_(
        largest(to_date) < cac,
        plan.texts.say("payback.not_reached", months=FORECAST_MONTHS),
        count_where(to_date < cac) + 1,
    )
    return when_known(clv, cac, then=if_(first >= cac, 0.0, later))
