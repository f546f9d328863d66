"""The RFM grid, its segments, and how value is spread over the customers."""

from dataclasses import replace

import numpy as np

from clv_xl.arrays import Floats, Ints
from clv_xl.customers.concentration import whale_curve, whale_curve_points
from clv_xl.customers.order_log import Labels
from clv_xl.customers.rfm import BINS, RFM_MAP, RFM_SEGMENTS
from clv_xl.customers.value_distribution import ABC
from clv_xl.reports.customer_tables import CustomerFacts, tier_names
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import entry, if_, ratio, total
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Chart, Format, Series
from clv_xl.reports.texts import slug


def add_rfm(plan: Plan, facts: CustomerFacts) -> None:
    """Add the grid of recency and frequency scores and the table of the segments they name."""
    rfm = facts.rfm
    scores = range(1, BINS + 1)
    heads = {
        "row_heads": [plan.texts.say("rfm.recency", score=s) for s in reversed(scores)],
        "column_heads": [plan.texts.say("rfm.frequency", score=s) for s in scores],
        "corner": plan.texts.say("rfm.corner"),
    }
    customers, money = rfm.grid_customers[::-1].astype(float), rfm.grid_total[::-1]
    plan.matrix(
        "data_rfm_customers", constants(customers), shown_as=Format.COUNT, shade=True, **heads
    )
    plan.matrix("data_rfm_revenue", constants(money), shown_as=Format.MONEY, shade=True, **heads)
    whole = plan.ref("fact_total_revenue")
    shares = [
        [if_(whole > 0, entry("data_rfm_revenue", money, i, k) / whole, BLANK) for k in scores]
        for i in scores
    ]
    plan.matrix("calc_rfm_share", shares, shown_as=Format.RATE, shade=True, **heads)
    names = [[plan.texts.say(f"rfm.{slug(name)}") for name in row] for row in reversed(RFM_MAP)]
    plan.matrix("data_rfm_names", names, shown_as=Format.TEXT, **heads)
    _add_rfm_segments(plan, facts)


def _add_rfm_segments(plan: Plan, facts: CustomerFacts) -> None:
    codes, count = facts.rfm.segment, len(RFM_SEGMENTS)
    if codes is None:
        return
    totals = facts.snapshot.summary.total
    customers = plan.data("customers", np.bincount(codes, minlength=count), Format.COUNT)
    revenue = plan.data("revenue", np.bincount(codes, totals, minlength=count), Format.MONEY)
    names = np.array([plan.texts.say(f"rfm.{slug(name)}") for name in RFM_SEGMENTS], dtype=object)
    actions = [plan.texts.say(f"action.rfm.{slug(name)}") for name in RFM_SEGMENTS]
    every, money = (total(plan.whole("Rfm_segments", c)) for c in (customers, revenue))
    plan.table(
        "Rfm_segments",
        plan.data("segment", names, Format.TEXT),
        replace(customers, total=every),
        plan.formula(
            "customer_share",
            plan.here("Rfm_segments", customers) / every,
            Format.RATE,
            total=every / plan.ref("fact_customers"),
        ),
        replace(revenue, total=money),
        plan.formula(
            "revenue_share",
            _share(plan.here("Rfm_segments", revenue), money),
            Format.RATE,
            total=ratio(money, plan.ref("fact_total_revenue")),
        ),
        replace(plan.data("action", np.array(actions, dtype=object), Format.TEXT), wrapped=True),
        total_label=plan.texts.say("word.total"),
    )


def _share(part: Live, whole: Live) -> Live:
    return if_(whole > 0, part / whole, BLANK)


def add_value_spread(plan: Plan, facts: CustomerFacts) -> None:
    """Add the whale curve, value tiers and ABC classes."""
    points = whale_curve_points(whale_curve(facts.snapshot.summary.total))
    customers = plan.data("curve_customers", points.customers.astype(float), Format.COUNT)
    value = plan.data("curve_value", points.value, Format.MONEY)
    count, whole = plan.ref("fact_customers"), plan.ref("fact_total_revenue")
    plan.table(
        "Whale",
        customers,
        value,
        plan.formula("curve_customer_share", plan.here("Whale", customers) / count, Format.RATE),
        plan.formula("curve_value_share", _share(plan.here("Whale", value), whole), Format.RATE),
    )
    _add_whale_chart(plan)
    spread, classes = facts.spread, np.array(ABC, dtype=object)
    tiers = tier_names(plan.texts)
    _add_classes(plan, "Tiers", tiers, spread.tier_customers, spread.tier_value)
    _add_tier_chart(plan)
    _add_classes(plan, "Abc", classes, spread.abc_customers, spread.abc_value)


def _add_whale_chart(plan: Plan) -> None:
    say = plan.texts.say
    title = say("chart.whale")
    shares = Series(
        title=title, values="Whale.curve_value_share", categories="Whale.curve_customer_share"
    )
    plan.charts["whale"] = Chart(
        key="whale",
        kind="curve",
        title=title,
        series=(shares,),
        x_title=say("chart.alt.whale_x"),
        y_title="",
        y_format=Format.SHARE,
        x_format=Format.SHARE,
        alt_text=say("chart.alt.whale"),
    )


def _add_tier_chart(plan: Plan) -> None:
    say = plan.texts.say
    series = tuple(
        Series(title=say(f"column.{key}"), values=f"Tiers.{key}", categories="Tiers.value_class")
        for key in ("customer_share", "revenue_share")
    )
    plan.charts["tiers"] = Chart(
        key="tiers",
        kind="bar",
        title=say("chart.tiers"),
        series=series,
        x_title="",
        y_title="",
        y_format=Format.SHARE,
        alt_text=say("chart.alt.tiers"),
    )


def _add_classes(plan: Plan, name: str, labels: Labels, counts: Ints, values: Floats) -> None:
    customers = plan.data("customers", counts, Format.COUNT)
    revenue = plan.data("revenue", values, Format.MONEY)
    every, money = total(plan.whole(name, customers)), total(plan.whole(name, revenue))
    plan.table(
        name,
        plan.data("value_class", labels, Format.TEXT),
        customers,
        plan.formula("customer_share", plan.here(name, customers) / every, Format.RATE),
        revenue,
        plan.formula("revenue_share", _share(plan.here(name, revenue), money), Format.RATE),
    )
