"""The RFM grid, its segments, and how value is spread over the customers."""

from dataclasses import replace

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.groups import count_by_group, sum_by_group
from clv_xl.customers.order_log import Labels
from clv_xl.customers.rfm import BINS, RFM_MAP, RFM_SEGMENTS
from clv_xl.customers.value_distribution import ABC
from clv_xl.reports.customer_tables import CustomerFacts, tier_names
from clv_xl.reports.disclosure import hidden, runs
from clv_xl.reports.divisions import hidden_rfm, others_shown
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import entry, if_, ratio, total
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Chart, Format, Series
from clv_xl.reports.texts import slug
from clv_xl.reports.value_cuts import class_cuts, curve_points


def add_rfm(plan: Plan, facts: CustomerFacts) -> None:
    """Add the grid of recency and frequency scores and the table of the segments they name."""
    rfm = facts.rfm
    scores = range(1, BINS + 1)
    heads = {
        "row_heads": [plan.texts.say("rfm.recency", score=s) for s in reversed(scores)],
        "column_heads": [plan.texts.say("rfm.frequency", score=s) for s in scores],
        "corner": plan.texts.say("rfm.corner"),
    }
    seen = ~_hidden_cells(facts)[::-1]
    customers = np.where(seen, rfm.grid_customers[::-1], np.nan)
    money = np.where(seen, rfm.grid_total[::-1], np.nan)
    plan.matrix(
        "data_rfm_customers", constants(customers), shown_as=Format.COUNT, shade=True, **heads
    )
    plan.matrix("data_rfm_revenue", constants(money), shown_as=Format.MONEY, shade=True, **heads)
    whole = plan.ref("fact_total_revenue")
    shares = [
        [_cell_share(money, i, k, whole) if seen[i - 1, k - 1] else None for k in scores]
        for i in scores
    ]
    plan.matrix("calc_rfm_share", shares, shown_as=Format.RATE, shade=True, **heads)
    names = [[plan.texts.say(f"rfm.{slug(name)}") for name in row] for row in reversed(RFM_MAP)]
    plan.matrix("data_rfm_names", names, shown_as=Format.TEXT, **heads)
    _add_rfm_segments(plan, facts)


def _cell_share(money: Floats, row: int, column: int, whole: Live) -> Live:
    return if_(whole > 0, entry("data_rfm_revenue", money, row, column) / whole, BLANK)


def _hidden_cells(facts: CustomerFacts) -> Bools:
    """Return which cells of the grid are of too few customers, or tell of such by subtraction.

    A segment is a block of cells with a row of its own elsewhere, so each is looked at alone.
    """
    names = np.array(RFM_MAP, dtype=object)
    together = set(np.array(RFM_SEGMENTS, dtype=object)[hidden_rfm(facts)])
    block = np.where(np.isin(names, list(together)), "", names)
    found = np.zeros(names.shape, dtype=np.bool_)
    for name in set(block.ravel()):
        inside = block == name
        found[inside] = hidden(facts.fewest, facts.rfm.grid_customers[inside])
    return found


def _add_rfm_segments(plan: Plan, facts: CustomerFacts) -> None:
    codes = facts.rfm.segment
    if codes is None:
        return
    gone, totals = hidden_rfm(facts), facts.snapshot.summary.total
    names, actions = _named_segments(plan, gone)
    row = np.where(gone, int((~gone).sum()), np.cumsum(~gone) - 1)[codes]
    customers = plan.data("customers", count_by_group(row, len(names)), Format.COUNT)
    revenue = plan.data("revenue", sum_by_group(row, totals, len(names)), Format.MONEY)
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
        replace(plan.data("action", actions, Format.TEXT), wrapped=True),
        total_label=plan.texts.say("word.total"),
    )


def _named_segments(plan: Plan, gone: Bools) -> tuple[Labels, Labels]:
    """Return what the segments are called and what to do with them, those in `gone` as one."""
    shown = [slug(name) for name, absent in zip(RFM_SEGMENTS, gone, strict=True) if not absent]
    names = [plan.texts.say(f"rfm.{name}") for name in shown]
    actions = [plan.texts.say(f"action.rfm.{name}") for name in shown]
    if gone.any():
        names.append(others_shown(int(gone.sum()), plan.texts))
        actions.append("")
    return np.array(names, dtype=object), np.array(actions, dtype=object)


def _share(part: Live, whole: Live) -> Live:
    return if_(whole > 0, part / whole, BLANK)


def add_value_spread(plan: Plan, facts: CustomerFacts) -> None:
    """Add the whale curve, value tiers and ABC classes."""
    points = curve_points(facts)
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
    spread, classes, cuts = facts.spread, np.array(ABC, dtype=object), class_cuts(facts)
    tiers = tier_names(plan.texts)
    _add_classes(plan, "Tiers", tiers, spread.tier_customers, spread.tier_value, cuts)
    _add_tier_chart(plan)
    _add_classes(plan, "Abc", classes, spread.abc_customers, spread.abc_value, cuts)


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


def _add_classes(
    plan: Plan, name: str, labels: Labels, counts: Ints, values: Floats, cuts: list[int]
) -> None:
    """Add a table of classes; those that no cut parts are one row."""
    rows = runs(counts, cuts)
    names = [plan.texts.say("tier.together", names=tuple(map(str, labels[row]))) for row in rows]
    customers = plan.data("customers", [int(counts[row].sum()) for row in rows], Format.COUNT)
    revenue = plan.data("revenue", [float(values[row].sum()) for row in rows], Format.MONEY)
    every, money = total(plan.whole(name, customers)), total(plan.whole(name, revenue))
    plan.table(
        name,
        plan.data("value_class", np.array(names, dtype=object), Format.TEXT),
        customers,
        plan.formula("customer_share", plan.here(name, customers) / every, Format.RATE),
        revenue,
        plan.formula("revenue_share", _share(plan.here(name, revenue), money), Format.RATE),
    )
