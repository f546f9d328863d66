"""Cohorts: counts and sums as data, rates and cumulative contribution as formulas over them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from clv_xl.arrays import Floats, Ints
from clv_xl.customers.cohorts import Cohorts, cohort_members, cohorts
from clv_xl.customers.order_columns import DayColumn
from clv_xl.customers.order_log import Labels
from clv_xl.customers.orders import OrderLog
from clv_xl.periods import DAYS_PER_MONTH
from clv_xl.reports.acquisition_spend import spent_between
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.disclosure import ANY
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import entry, if_, ratio
from clv_xl.reports.n_day_table import add_n_day
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Chart, Content, Format, Lead, Series
from clv_xl.reports.shown_cohorts import shown_revenue
from clv_xl.reports.told_days import Stretch

MOST_COHORTS = 24
DASHBOARD_COHORTS = 12
DASHBOARD_PERIODS = 12
_LONGEST_MONTHLY = 26
_LONGEST_QUARTERLY = 84
_PERIODS = ("month", "quarter", "year")
_MOSTLY = 0.9
"""Share of the customers that cohorts must show, where small ones are left out."""


def cohort_period(log: OrderLog, fewest: int = ANY) -> str:
    """Return the length of a cohort that gives a readable number of them, large enough each."""
    months = (log.as_of - log.first_day) / DAYS_PER_MONTH
    usual = 0 if months <= _LONGEST_MONTHLY * 2 else 1 if months <= _LONGEST_QUARTERLY * 2 else 2
    if fewest == ANY:
        return _PERIODS[usual]
    shown = {period: _share_shown(log, period, fewest) for period in _PERIODS[usual:]}
    mostly = (period for period, share in shown.items() if share >= _MOSTLY)
    return next(mostly, max(shown, key=lambda period: shown[period]))


def _share_shown(log: OrderLog, period: str, fewest: int) -> float:
    size = cohort_members(log, period).size
    return float(size[size >= fewest].sum() / max(size.sum(), 1))


def add_cohorts(plan: Plan, facts: CustomerFacts, stretches: Sequence[Stretch]) -> None:
    """Add the cohort matrices, the pooled curve, and the dashboard's heat map.

    Parameters
    ----------
    plan
        The report.
    facts
        Of its customers.
    stretches
        Stretches of days whose revenue the report tells.
    """
    log, fewest = facts.snapshot.log, facts.fewest
    found = cohorts(log, cohort_period(log, fewest))
    plan.fact("fact_existing_customers", found.existing, Format.COUNT)
    add_n_day(plan, log, found.period, fewest)
    if not len(found.labels):
        plan.note("cohorts", "note.no_cohorts")
        return
    width = min(found.active.shape[1], MOST_COHORTS + 1)
    _add_curve(plan, found, width, fewest)
    last = np.flatnonzero(found.size >= fewest)[-MOST_COHORTS:]
    if len(last) < len(found.size) and fewest > ANY:
        plan.note("cohorts", "note.small_cohorts", count=fewest)
    if not len(last):
        return
    shown = shown_revenue(log, found, last, fewest, stretches)
    labels = _labels(plan, found)[last].tolist()
    active = np.where(found.mature[last, :width], found.active[last, :width], np.nan)
    revenue = shown[:, :width]
    size = found.size[last].astype(np.float64)
    _add_sizes(plan, found, last)
    heads = {"row_heads": labels, "column_heads": [float(k) for k in range(width)]}
    _add_counts(plan, "data_cohort_active", active, Format.COUNT, heads)
    _add_counts(plan, "data_cohort_revenue", revenue, Format.MONEY_WHOLE, heads)
    _add_rates(plan, active, size, heads)
    _add_cumulative(plan, revenue, size, heads)
    _add_dashboard_map(plan, active, size, labels)


def _labels(plan: Plan, found: Cohorts) -> Labels:
    """Return the names of the cohorts: months and years are numbers, a quarter has a word."""
    if found.period != "quarter":
        return np.array([str(label) for label in found.labels], dtype=object)
    months = found.first_days.astype("datetime64[D]").astype(str).tolist()
    named = [
        plan.texts.say("cohort.quarter", year=day[:4], quarter=(int(day[5:7]) + 2) // 3)
        for day in months
    ]
    return np.array(named, dtype=object)


def _add_sizes(plan: Plan, found: Cohorts, last: Ints) -> None:
    customers = plan.data("cohort_size", found.size[last].astype(np.float64), Format.COUNT)
    repeat = plan.data("cohort_repeat", found.repeat_customers[last], Format.COUNT)
    here = plan.here("Cohort_sizes", customers)
    columns = [
        plan.data("cohort", _labels(plan, found)[last], Format.TEXT),
        customers,
        repeat,
        plan.formula("repeat_share", plan.here("Cohort_sizes", repeat) / here, Format.RATE),
    ]
    if "Spend" in plan.tables:
        starts = found.first_days[last].astype("datetime64[D]")
        begins = plan.data("cohort_from", starts, Format.DATE)
        ends = plan.data("cohort_to", _last_days(starts, found.period), Format.DATE)
        spent = spent_between(
            plan, plan.here("Cohort_sizes", begins), plan.here("Cohort_sizes", ends)
        )
        columns += [
            begins,
            ends,
            plan.formula("cohort_cac", if_(spent > 0, spent / here, BLANK), Format.MONEY_EXACT),
        ]
    plan.table("Cohort_sizes", *columns)


def _last_days(starts: DayColumn, period: str) -> DayColumn:
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    following = (starts.astype("datetime64[M]") + months).astype("datetime64[D]")
    return np.asarray(following - 1, dtype="datetime64[D]")


def _matrix(
    plan: Plan,
    name: str,
    cells: list[list[Content]],
    shown_as: Format,
    heads: dict[str, Any],
    **more: object,
) -> None:
    plan.matrix(
        name,
        cells,
        corner=plan.texts.say("column.cohort"),
        shown_as=shown_as,
        head_shown_as=Format.COUNT,
        **heads,
        **more,
    )


def _add_counts(
    plan: Plan, name: str, values: Floats, shown_as: Format, heads: dict[str, Any]
) -> None:
    _matrix(plan, name, constants(values), shown_as, heads)


def _add_rates(plan: Plan, active: Floats, size: Floats, heads: dict[str, Any]) -> None:
    """Add the share of each cohort that ordered in each later period; immature cells stay empty."""
    sizes = plan.of("Cohort_sizes", "cohort_size")
    cells: list[list[Content]] = [
        [
            None
            if np.isnan(active[i, k])
            else entry("data_cohort_active", active, i + 1, k + 1)
            / entry(sizes.formula, size, i + 1)
            for k in range(active.shape[1])
        ]
        for i in range(active.shape[0])
    ]
    lead = tuple(_led(plan, key) for key in ("cohort_size", "cohort_cac", "repeat_share"))
    _matrix(
        plan,
        "calc_cohort_rate",
        cells,
        Format.SHARE,
        heads,
        shade=True,
        shade_from=1,
        lead=tuple(column for column in lead if column is not None),
    )


def _led(plan: Plan, key: str) -> Lead | None:
    """Return a column of the table of sizes as it stands left of the matrix."""
    table = plan.tables["Cohort_sizes"]
    column = next((c for c in table.columns if c.key == key), None)
    if column is None:
        return None
    whole = plan.whole("Cohort_sizes", column)
    cells = [entry(whole.formula, column.values, row + 1) for row in range(table.rows)]
    return Lead(head=column.header, cells=cells, shown_as=column.shown_as)


def _add_cumulative(plan: Plan, revenue: Floats, size: Floats, heads: dict[str, Any]) -> None:
    """Contribution to date per customer acquired; the cell in which the CAC is repaid is framed."""
    sizes, margin = plan.of("Cohort_sizes", "cohort_size").formula, plan.ref("calc_margin")
    summed = np.cumsum(np.nan_to_num(revenue), axis=1)
    cells: list[list[Content]] = []
    for i in range(revenue.shape[0]):
        row: list[Content] = []
        for k in range(revenue.shape[1]):
            if np.isnan(revenue[i, k]):
                row.append(None)
                continue
            first, last = (f"INDEX(data_cohort_revenue,{i + 1},{p})" for p in (1, k + 1))
            earned = Live(f"SUM({first}:{last})", float(summed[i, k]))
            row.append(margin * earned / entry(sizes, size, i + 1))
        cells.append(row)
    _matrix(
        plan,
        "calc_cohort_contribution",
        cells,
        Format.MONEY_SHORT,
        heads,
        outline_at_least="calc_cac",
    )


def _add_curve(plan: Plan, found: Cohorts, width: int, fewest: int) -> None:
    """Add pooled retention: active customers of all cohorts old enough, by periods."""
    periods = [k for k in range(1, width) if found.pooled_eligible[k] >= fewest]
    active = plan.data("pooled_active", found.pooled_active[periods].astype(float), Format.COUNT)
    eligible = plan.data(
        "pooled_eligible", found.pooled_eligible[periods].astype(float), Format.COUNT
    )
    rate = ratio(plan.here("Curve", active), plan.here("Curve", eligible))
    plan.table(
        "Curve",
        plan.data("periods_since", np.array(periods, dtype=float), Format.COUNT),
        active,
        eligible,
        plan.formula("pooled_rate", rate, Format.RATE),
    )
    if len(periods) > 1:
        _add_curve_chart(plan, found.period)


def _add_curve_chart(plan: Plan, period: str) -> None:
    say = plan.texts.say
    title = say("chart.retention")
    pooled = Series(title=title, values="Curve.pooled_rate", categories="Curve.periods_since")
    plan.charts["retention"] = Chart(
        key="retention",
        kind="line",
        title=title,
        series=(pooled,),
        x_title=say(f"chart.periods_since.{period}"),
        y_title="",
        y_format=Format.SHARE,
        alt_text=say("chart.alt.retention"),
    )


def _add_dashboard_map(plan: Plan, active: Floats, size: Floats, labels: list[str]) -> None:
    """Add the heat map of the dashboard: the latest cohorts and the first periods."""
    first = max(0, len(labels) - DASHBOARD_COHORTS)
    known = np.flatnonzero(~np.isnan(active[first:]).all(axis=0))
    width = min(int(known.max(initial=0)) + 1, DASHBOARD_PERIODS + 1)
    sizes = plan.of("Cohort_sizes", "cohort_size").formula
    rates = np.divide(active, size[:, None])
    cells: list[list[Content]] = [
        [
            None if np.isnan(rates[i, k]) else entry("calc_cohort_rate", rates, i + 1, k + 1)
            for k in range(1, width)
        ]
        for i in range(first, len(labels))
    ]
    shown_sizes = [entry(sizes, size, i + 1) for i in range(first, len(labels))]
    head = plan.texts.say("column.cohort_size_short")
    plan.matrix(
        "calc_heat_map",
        cells,
        row_heads=labels[first:],
        column_heads=[float(k) for k in range(1, width)],
        corner=plan.texts.say("column.cohort"),
        shown_as=Format.SHARE,
        head_shown_as=Format.COUNT,
        shade=True,
        lead=(Lead(head=head, cells=shown_sizes, shown_as=Format.COUNT),),
    )
