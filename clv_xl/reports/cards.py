"""The cards of the dashboard: a figure, its change, and what it rests on."""

from typing import Literal

from clv_xl.models.prediction_interval import Verdict
from clv_xl.reports.acquisition_spend import cac_given
from clv_xl.reports.live import BLANK, Live, Operand
from clv_xl.reports.live_functions import (
    all_of,
    fixed,
    if_,
    is_blank,
    is_number,
    joined,
    rounded,
    rounded_down,
)
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Card, Content, Format
from clv_xl.reports.texts import Texts
from clv_xl.reports.verdicts import judged

ChangeKind = Literal["relative", "points"]
RANGE_DASH = " – "
_SHORT_PERIOD_DAYS = 180
"""From less than half a year a yearly rate is a long way off."""
_WHOLE_FROM = 100
_SCALES = (
    (9_999.5, "thousands", 1_000, 1),
    (999_950, "millions", 1_000_000, 2),
    (999_950_000, "billions", 1_000_000_000, 2),
)
"""From which amount on which unit is used, how large it is, and with how many decimals."""


def add_cards(plan: Plan) -> None:
    """Add every card of the dashboard."""
    _count_cards(plan)
    _retention_card(plan)
    _value_card(plan)
    _acquisition_cards(plan)
    _prediction_card(plan)
    _side_cards(plan)


def _card(plan: Plan, key: str, value: Content, shown_as: Format, **parts: Content) -> None:
    title = parts.pop("title", None) or plan.texts.say(f"card.{key}")
    plan.cards[key] = Card(
        key=key,
        title=title,
        value=value,
        shown_as=shown_as,
        change=parts.get("change", BLANK),
        foot=parts.get("foot", BLANK),
        tone=parts.get("tone"),
    )


def _count_cards(plan: Plan) -> None:
    say = plan.texts.counted
    revenue = plan.ref("fact_revenue")
    orders = say("foot.orders", plan.ref("fact_orders"))
    change = change_text(plan, "fact_revenue", "prev_revenue")
    _card(plan, "revenue", revenue, Format.MONEY, change=change, foot=orders)
    active = plan.ref("fact_active_close")
    known = say("foot.customers_known", plan.ref("fact_customers"))
    change = change_text(plan, "fact_active_close", "prev_active_close")
    _card(plan, "active", active, Format.COUNT, change=change, foot=known)
    new = plan.ref("fact_new_customers")
    stay = say("foot.still_active", plan.ref("fact_active_new"))
    change = change_text(plan, "fact_new_customers", "prev_new_customers")
    _card(plan, "new", new, Format.COUNT, change=change, foot=stay)


def _retention_card(plan: Plan) -> None:
    window = fixed(plan.ref("src_activity_window"))
    title = plan.texts.live("card.retention", days=window)
    count = plan.ref("fact_active_start")
    covered = plan.ref("fact_window_covered").equals(1)
    known = if_(
        covered,
        plan.texts.counted("foot.of_active_at_start", count),
        plan.texts.live("foot.window_uncovered", count=fixed(count)),
    )
    days = plan.ref("fact_period_days")
    short = plan.texts.live("foot.short_period", days=fixed(days))
    known = if_(days < _SHORT_PERIOD_DAYS, short, known)
    judged = plan.ref("calc_retention_known").equals(1)
    foot = if_(judged, known, plan.texts.say("foot.no_lapse"))
    change = change_text(plan, "out_retention_rate", "prev_retention_rate", "points")
    rate = plan.ref("out_retention_rate")
    _card(plan, "retention", rate, Format.RATE, title=title, change=change, foot=foot)


def _value_card(plan: Plan) -> None:
    """Add the value of a new customer, or the historic value where no prediction is reliable."""
    say = plan.texts.say
    predicted = plan.ref("calc_new_customer_value")
    margin_known = is_number(plan.ref("in_margin_rate"))
    title = if_(
        is_number(predicted),
        if_(margin_known, say("card.clv"), say("card.revenue_of_new")),
        if_(margin_known, say("card.historic"), say("card.historic_revenue")),
    )
    shown = if_(judged(plan, Verdict.RANGE), new_range(plan), predicted)
    value = if_(is_number(predicted), shown, plan.ref("out_historic_value"))
    months = fixed(plan.ref("in_horizon_months"))
    low, high = (plan.ref(f"calc_new_{side}") for side in ("low", "high"))
    ends = {"low": amount_text(plan.texts, low), "high": amount_text(plan.texts, high)}
    between = plan.texts.live("foot.between", **ends)
    horizon = plan.texts.live("foot.horizon", months=months)
    sure = all_of(judged(plan, Verdict.SHOWN), is_number(low))
    foot = if_(is_number(predicted), if_(sure, between, horizon), say("foot.prediction_withheld"))
    change = change_text(plan, "calc_new_customer_value", "prev_new_customer_value")
    _card(plan, "clv", value, Format.MONEY_EXACT, title=title, change=change, foot=foot)


def _acquisition_cards(plan: Plan) -> None:
    say = plan.texts
    cac = plan.ref("calc_cac")
    new = say.counted("foot.new_customers", plan.ref("fact_new_customers"))
    foot = if_(is_number(cac), new, say.say("foot.no_cac"))
    change = _cac_change(plan)
    _card(plan, "cac", cac, Format.MONEY_EXACT, change=change, foot=foot)
    _ratio_card(plan, cac)


def _cac_change(plan: Plan) -> Content:
    """Return by how much the spend for a new customer changed; one typed in is nothing like it."""
    if "prev_cac" not in plan.figures:
        return BLANK
    moved = change_text(plan, "calc_cac", "prev_cac")
    return if_(cac_given(plan), BLANK, moved) if isinstance(moved, Live) else moved


def _ratio_card(plan: Plan, cac: Live) -> None:
    share, rating = plan.ref("out_clv_cac_ratio"), plan.ref("calc_rating")
    low, high = (fixed(plan.ref(f"calc_new_{side}") / cac, 1) for side in ("low", "high"))
    ranged = all_of(judged(plan, Verdict.RANGE), is_number(share))
    # Cut, not rounded: a ratio that misses a cut-off is not shown as if it reached it.
    shown = if_(is_number(share), rounded_down(share, 2), BLANK)
    share = if_(ranged, joined(low, RANGE_DASH, high), shown)
    line = _ratio_change(plan)
    _card(plan, "ratio", share, Format.RATIO, change=line, foot=rating, tone=rating)


def _range_text(plan: Plan, low: Live, high: Live) -> Live:
    return joined(amount_text(plan.texts, low), RANGE_DASH, amount_text(plan.texts, high))


def new_range(plan: Plan) -> Live:
    """Return the interval of the value of a new customer as text."""
    return _range_text(plan, plan.ref("calc_new_low"), plan.ref("calc_new_high"))


def payback_words(plan: Plan, months: Live) -> Live:
    """Return after how long a new customer has paid back, in words."""
    at_once = plan.texts.say("payback.at_once")
    return if_(months.equals(0), at_once, plan.texts.counted("payback.after", months))


def _ratio_change(plan: Plan) -> Live:
    """Return by how much CLV:CAC changed; the payback where nothing like it went before."""
    months = plan.ref("out_payback_months")
    payback = plan.texts.live("payback.of", months=payback_words(plan, months))
    payback = if_(is_number(months), payback, months)
    if "prev_clv_cac_ratio" not in plan.figures:
        return payback
    one, other = plan.ref("out_clv_cac_ratio"), plan.ref("prev_clv_cac_ratio")
    moved = joined(_sign(rounded(one - other, 2)), fixed(one - other, 2))
    known = all_of(is_number(one), is_number(other))
    return if_(cac_given(plan), payback, if_(known, moved, payback))


def _sign(difference: Live) -> Live:
    return if_(difference > 0, "▲ +", if_(difference < 0, "▼ ", "= "))


def _prediction_card(plan: Plan) -> None:
    say = plan.texts
    total = plan.ref("out_predicted_total")
    margin_known = is_number(plan.ref("in_margin_rate"))
    title = if_(
        is_number(total),
        if_(margin_known, say.say("card.expected"), say.say("card.expected_revenue")),
        if_(margin_known, say.say("card.historic_total"), say.say("card.historic_revenue_total")),
    )
    low, high = plan.ref("out_predicted_low"), plan.ref("out_predicted_high")
    ends = {"low": amount_text(plan.texts, low), "high": amount_text(plan.texts, high)}
    between = say.live("foot.between", **ends)
    sure, unsure = judged(plan, Verdict.SHOWN), judged(plan, Verdict.RANGE)
    withheld = say.say("foot.prediction_withheld")
    wide = say.say("foot.wide_range")
    foot = if_(sure, between, if_(unsure, wide, withheld))
    shown = if_(unsure, _range_text(plan, low, high), total)
    value = if_(is_number(total), shown, plan.ref("out_historic_total"))
    change = if_(sure, _expected_change(plan), BLANK)
    _card(plan, "expected", value, Format.MONEY, title=title, change=change, foot=foot)


def _expected_change(plan: Plan) -> Live:
    """Return by how much the prediction changed; of how many customers where none went before."""
    count = plan.texts.counted("foot.from_customers", plan.ref("fact_customers"))
    moved = change_text(plan, "out_predicted_total", "prev_predicted_total")
    return if_(is_blank(moved), count, moved) if isinstance(moved, Live) else count


def _side_cards(plan: Plan) -> None:
    say = plan.texts
    top = say.counted("foot.top_tenth", plan.ref("fact_top_tenth_customers"))
    share = plan.ref("out_top_tenth_share")
    change = change_text(plan, "out_top_tenth_share", "prev_top_tenth_share", "points")
    _card(plan, "top_tenth", share, Format.RATE, change=change, foot=top)
    count = say.counted("foot.at_risk", plan.ref("fact_at_risk_customers"))
    change = change_text(plan, "out_value_at_risk", "prev_value_at_risk")
    at_risk = plan.ref("out_value_at_risk")
    _card(plan, "at_risk", at_risk, Format.MONEY, change=change, foot=count)


def change_text(plan: Plan, now: str, before: str, kind: ChangeKind = "relative") -> Content:
    """Return the change against the previous period in words, or that there is none to compare."""
    say = plan.texts
    if before not in plan.figures or plan.figures[before].value is None:
        return say.say("change.unknown")
    one, other = plan.ref(now), plan.ref(before)
    difference = one - other
    shown = difference * 100 if kind == "points" else difference / other * 100
    moved = joined(_sign(rounded(shown, 1)), fixed(shown, 1))
    text = say.live("amount.points" if kind == "points" else "amount.percent", amount=moved)
    known = all_of(is_number(one), is_number(other))
    comparable = text if kind == "points" else if_(other > 0, text, BLANK)
    return if_(known, comparable, BLANK)


def amount_text(texts: Texts, amount: Live) -> Live:
    """Return money as text: in full, in thousands, in millions, in billions."""
    text = if_(amount >= _WHOLE_FROM, fixed(amount), fixed(amount, 2))
    for least, unit, size, decimals in _SCALES:
        scaled = texts.live(f"amount.{unit}", amount=fixed(amount / size, decimals))
        text = if_(amount >= least, scaled, text)
    return text


def percent_text(share: Operand, decimals: int = 0) -> Live:
    """Return a share as text, without the sign."""
    return fixed(share * 100 if isinstance(share, Live) else 100 * float(share), decimals)
