"""What the figures say and what to do next, in sentences that are formulas and stay true."""

import numpy as np

from clv_xl.customers.rfm import RFM_SEGMENTS
from clv_xl.models.prediction_interval import Verdict
from clv_xl.reports.cards import amount_text, new_range, payback_words, percent_text
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.disclosure import sum_of
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import fixed, if_, is_blank, is_number, joined
from clv_xl.reports.plan import Plan
from clv_xl.reports.quality_tables import data_badge
from clv_xl.reports.report import Content, Format, Lines
from clv_xl.reports.value_figures import target_text
from clv_xl.reports.verdicts import judged


def cover_line(plan: Plan) -> Live:
    """Return the line under the title: day, period, money, basis, horizon, timing, data."""
    say = plan.texts
    iso = {
        name: str(plan.figures[f"src_{name}"].value)
        for name in ("as_of", "period_from", "period_to")
    }
    compared = (
        say.say(
            "cover.against",
            first=plan.figures["src_previous_from"].value,
            last=plan.figures["src_previous_to"].value,
        )
        if "src_previous_from" in plan.figures
        else say.say("cover.no_comparison")
    )
    return say.live(
        "cover.line",
        as_of=iso["as_of"],
        first=iso["period_from"],
        last=iso["period_to"],
        kind=plan.ref("src_period_kind"),
        against=compared,
        currency=plan.ref("src_currency"),
        tax=plan.ref("src_tax"),
        basis=plan.ref("calc_basis"),
        months=fixed(plan.ref("in_horizon_months")),
        discount=percent_text(plan.ref("in_discount_rate"), 1),
        data=data_badge(plan),
    )


def add_readings(plan: Plan) -> None:
    """Add one sentence a group of cards, and a warning where the horizon outruns the history."""
    lines: list[Content] = [_customers(plan), _value(plan), _acquisition(plan)]
    plan.lines["readings"] = Lines(
        key="readings", lines=tuple(lines), heading=plan.texts.say("heading.readings")
    )
    twice = plan.ref("fact_history_months") * 2
    warning = plan.texts.live("warning.horizon", months=fixed(plan.ref("fact_history_months")))
    far = if_(plan.ref("in_horizon_months") > twice, warning, plan.texts.say("word.none"))
    plan.derive("calc_horizon_warning", far, Format.TEXT)


def _customers(plan: Plan) -> Live:
    names = ("start", "close", "new", "reactivated", "lost")
    counts = {name: fixed(plan.ref(f"fact_active_{name}")) for name in names}
    return plan.texts.live("reading.customers", **counts)


def _value(plan: Plan) -> Live:
    say = plan.texts
    value, margin = plan.ref("calc_new_customer_value"), plan.ref("calc_margin")
    first = margin * plan.ref("fact_first_order_value")
    shown = if_(judged(plan, Verdict.RANGE), new_range(plan), amount_text(plan.texts, value))
    known = say.live(
        "reading.value",
        basis=plan.ref("calc_basis"),
        value=_with_currency(plan, shown),
        months=fixed(plan.ref("in_horizon_months")),
        first=amount_text(plan.texts, first),
        later=amount_text(plan.texts, value - first),
        two_years=_longer(plan, 24),
        three_years=_longer(plan, 36),
    )
    historic = _in_currency(plan, plan.ref("out_historic_value"))
    unknown = say.live("reading.value_withheld", value=historic)
    return if_(is_number(value), known, unknown)


def _in_currency(plan: Plan, amount: Live) -> Live:
    return _with_currency(plan, amount_text(plan.texts, amount))


def _with_currency(plan: Plan, amount: Live) -> Live:
    """Return money in words with its unit, where the orders name it."""
    unit = plan.ref("src_currency")
    if unit.value == plan.texts.say("currency.unnamed"):
        return amount
    return plan.texts.live("amount.money", amount=amount, currency=unit)


def _longer(plan: Plan, months: int) -> Live:
    """Return a value over a longer horizon, marked where it is beyond twice the history."""
    text = amount_text(plan.texts, plan.ref(f"calc_new_customer_{months}m"))
    far = plan.ref("fact_history_months") * 2 < months
    return joined(text, if_(far, plan.texts.say("warning.beyond"), BLANK))


def _acquisition(plan: Plan) -> Live:
    say = plan.texts
    cac, months, highest = (plan.ref(n) for n in ("calc_cac", "out_payback_months", "out_max_cac"))
    target = target_text(plan)
    paid = say.live(
        "reading.payback",
        cac=_in_currency(plan, cac),
        months=payback_words(plan, months),
        limit=amount_text(plan.texts, highest),
        target=target,
    )
    not_paid = say.live(
        "reading.no_payback",
        cac=_in_currency(plan, cac),
        limit=amount_text(plan.texts, highest),
        target=target,
    )
    unrated = say.live("reading.no_prediction", cac=_in_currency(plan, cac))
    rated = if_(is_number(months), paid, if_(is_number(highest), not_paid, unrated))
    no_cac = if_(is_number(cac), rated, say.say("reading.no_cac"))
    return if_(is_blank(plan.ref("in_margin_rate")), say.say("reading.no_margin"), no_cac)


def add_next_steps(plan: Plan, facts: CustomerFacts) -> None:
    """Add three things to do next, each with how many customers and how much money."""
    steps: list[Content] = [_win_back(plan), _second_order(plan, facts), _protect(plan, facts)]
    plan.lines["next"] = Lines(
        key="next", lines=tuple(steps), heading=plan.texts.say("heading.next")
    )


def _win_back(plan: Plan) -> Live:
    count, money = plan.ref("fact_at_risk_customers"), plan.ref("out_value_at_risk")
    listed = "AtRisk" in plan.tables
    key = "next.win_back" if listed else "next.win_back_unlisted"
    step = _step(plan, key if money.value else "next.win_back_few", count, money)
    return if_(count > 0, step, plan.texts.say("next.nobody_at_risk"))


def _second_order(plan: Plan, facts: CustomerFacts) -> Live:
    """One-time buyers within their usual gap: the second order is the step that decides."""
    once = (facts.snapshot.summary.order_days == 1) & ~facts.gaps.overdue
    count = plan.fact("fact_once_customers", int(once.sum()), Format.COUNT)
    everybody = np.ones(len(once), dtype=np.bool_)
    first = sum_of(facts.snapshot.summary.total, once, everybody, facts.fewest)
    money = plan.ref("calc_margin") * plan.fact("fact_once_revenue", first, Format.MONEY)
    key = "next.second_order" if first else "next.second_order_few"
    step = _step(plan, key, count, money)
    return if_(count > 0, step, plan.texts.say("next.nobody_once"))


def _protect(plan: Plan, facts: CustomerFacts) -> Live:
    """Name the best customers who still buy: keep them before anyone else is wooed."""
    names = [RFM_SEGMENTS.index("Champions"), RFM_SEGMENTS.index("Loyal")]
    codes = facts.rfm.segment
    best = (
        np.isin(codes, names) if codes is not None else np.zeros(len(facts.rfm.total), dtype=bool)
    )
    count = plan.fact("fact_best_customers", int(best.sum()), Format.COUNT)
    worth = facts.last_year
    brought = sum_of(worth, best, worth > 0, facts.fewest)
    money = plan.ref("calc_margin") * plan.fact("fact_best_revenue", brought, Format.MONEY)
    step = _step(plan, "next.protect" if brought else "next.protect_few", count, money)
    return if_(count > 0, step, plan.texts.say("next.nobody_best"))


def _step(plan: Plan, key: str, count: Live, money: Live) -> Live:
    """Return a step; the key of a text without money where there is none, or of too few."""
    if key.endswith("_few"):
        return plan.texts.counted(key, count)
    return plan.texts.counted(
        key, count, money=_in_currency(plan, money), basis=plan.ref("calc_basis")
    )
