"""A table for each way of dividing the customers, with a total row that must agree with the cards.

Counts and sums are data on a sheet of their own; what the reader sees is formulas over them. They
find their row by the segment's number, so that sorting the table leads nothing astray.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Floats
from clv_xl.models.prediction_interval import Verdict
from clv_xl.reports.cards import amount_text
from clv_xl.reports.customer_tables import CustomerFacts, header_on
from clv_xl.reports.divisions import Division
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import absolute, fixed, if_, is_number, ratio, total
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Column, Format
from clv_xl.reports.segment_acquisition import acquisition_columns
from clv_xl.reports.texts import slug
from clv_xl.reports.verdicts import judged

AGREEING = 0.005
"""Money that differs by less than half a cent agrees."""
_MONEY, _RATES = frozenset({"revenue_period", "revenue_total"}), frozenset({"alive"})


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A count as a row of the table sees it, and as the total row does."""

    here: Live
    whole: Live


def add_division(plan: Plan, facts: CustomerFacts, division: Division) -> None:
    """Add a division: its data, its expected spend by month, and the table the reader sees."""
    ahead = facts.snapshot.forecast
    spend = ahead.spend_by(division.membership.codes, division.groups)
    add_by_month(plan, division, division.ahead, spend)
    seen = _add_counts(plan, facts, division)
    columns = [
        _names(plan, division),
        plan.data("action", _actions(plan, division), Format.TEXT),
        plan.data("number", division.numbers, Format.COUNT),
        *_size_columns(plan, seen),
        *_behaviour_columns(plan, division, seen),
        _historic_column(plan, seen),
    ]
    if ahead.reliable:
        columns += [
            _predicted_column(plan, division, seen, spend),
            _alive_column(plan, facts, seen),
        ]
    feet = _feet(plan, division, seen)
    if division.has_cac:
        added, said = acquisition_columns(plan, facts, division)
        columns, feet = [*columns, *added], [*feet, *said]
    plan.table(
        division.table,
        *columns,
        total_label=plan.texts.say("word.total"),
        feet=tuple(feet),
    )


def _names(plan: Plan, division: Division) -> Column:
    """Return the column of names under the header of its source, or ours where that is taken."""
    taken = {text for key, text in plan.texts.messages.items() if key.startswith("column.")}
    header = plan.texts.say("column.rfm_segment") if division.by_rfm else division.header
    own = {text.casefold() for text in taken}
    shown = (
        "" if header.casefold() in own and not division.by_rfm else header_on(plan.texts, header)
    )
    labels = division.shown_labels(plan.texts)
    return replace(plan.data("segment", labels, Format.TEXT, header=shown), wrapped=True)


def _feet(plan: Plan, division: Division, seen: dict[str, _Seen]) -> list[Live | str]:
    """Return what stands below the table: the check, several segments, the blended CAC."""
    say = plan.texts.say
    gap = absolute(seen["customers"].whole - plan.ref("fact_customers"))
    gap += absolute(seen["revenue_period"].whole - plan.ref("fact_revenue"))
    state = if_(gap < AGREEING, say("check.ok"), say("check.differs"))
    feet: list[Live | str] = [plan.texts.live("segments.check", state=state), _predicted(plan)]
    several = division.membership.several
    if several:
        by = say(f"segments.{division.by}")
        feet.append(say("segments.several", count=several, by=by))
    if not division.has_cac:
        feet += [_blended(plan), say("segments.no_cac")]
    return feet


def _predicted(plan: Plan) -> Live:
    """Return what is predicted of all customers with its interval, as far as it may be shown."""
    low, high = (plan.ref(f"out_predicted_{side}") for side in ("low", "high"))
    known: dict[str, Live] = {
        "basis": plan.ref("calc_basis"),
        "months": fixed(plan.ref("in_horizon_months")),
        "low": amount_text(plan.texts, low),
        "high": amount_text(plan.texts, high),
    }
    total_text = amount_text(plan.texts, plan.ref("out_predicted_total"))
    sure = plan.texts.live("segments.predicted", total=total_text, **known)
    ranged = plan.texts.live("segments.predicted_range", **known)
    shown = if_(judged(plan, Verdict.SHOWN), sure, ranged)
    return if_(is_number(low), shown, plan.texts.say("segments.not_predicted"))


def _blended(plan: Plan) -> Live:
    names = {"cac": "calc_cac", "value": "calc_new_customer_value", "ratio": "out_clv_cac_ratio"}
    unknown = plan.texts.say("segments.unknown")
    shown = {
        key: if_(is_number(plan.ref(name)), fixed(plan.ref(name), 2), unknown)
        for key, name in names.items()
    }
    return plan.texts.live("segments.blended", **shown)


def add_by_month(plan: Plan, division: Division, name: str, values: Floats) -> None:
    """Add a matrix with a row a month ahead and a column a segment."""
    plan.matrix(
        name,
        constants(values),
        row_heads=[float(month) for month in range(1, len(values) + 1)],
        column_heads=list(division.shown_labels(plan.texts)),
        corner=plan.texts.say("column.month_ahead"),
        shown_as=Format.MONEY_EXACT,
        side_shown_as=Format.MONTHS,
    )


def _add_counts(plan: Plan, facts: CustomerFacts, division: Division) -> dict[str, _Seen]:
    """Add the counts and sums of the segments; return each as the table's formulas see it."""
    found = division.counted
    fields: dict[str, NDArray[np.generic]] = {
        "number": division.numbers,
        "customers": found.customers,
        "active": found.active,
        "active_start": found.active_at_start,
        "retained": found.retained,
        "buyers": found.buyers,
        "orders": found.orders_in_period,
        "paid_orders": found.paid_orders_in_period,
        "revenue_period": found.revenue_in_period,
        "revenue_total": found.revenue,
        "recency_median": found.days_since_last,
        "alive": facts.snapshot.forecast.mean_alive_by(division.membership.codes, division.groups),
    }
    columns = [plan.data("segment", division.shown_labels(plan.texts), Format.TEXT)]
    for key, values in fields.items():
        shown_as = Format.RATE if key in _RATES else Format.COUNT
        shown_as = Format.MONEY_EXACT if key in _MONEY else shown_as
        columns.append(plan.data(f"count_{key}", values, shown_as))
    plan.table(division.data, *columns)
    return {key: _seen(plan, division, f"count_{key}") for key in fields}


def _seen(plan: Plan, division: Division, key: str) -> _Seen:
    column, numbers = plan.of(division.data, key), plan.of(division.data, "count_number")
    here = f"SUMIFS({column.formula},{numbers.formula},{division.number_here(plan).formula})"
    return _Seen(Live(here, column.value), total(column))


def _size_columns(plan: Plan, seen: dict[str, _Seen]) -> list[Column]:
    customers, revenue = seen["customers"], seen["revenue_period"]
    share = if_(revenue.whole > 0, revenue.here / revenue.whole, BLANK)
    of_all = customers.whole / plan.ref("fact_customers")
    of_revenue = ratio(revenue.whole, plan.ref("fact_revenue"))
    return [
        plan.formula("customers", customers.here, Format.COUNT, total=customers.whole),
        plan.formula("customer_share", customers.here / customers.whole, Format.RATE, total=of_all),
        plan.formula("revenue_period", revenue.here, Format.MONEY, total=revenue.whole),
        plan.formula("revenue_share", share, Format.RATE, total=of_revenue),
    ]


def _behaviour_columns(plan: Plan, division: Division, seen: dict[str, _Seen]) -> list[Column]:
    power = plan.ref("calc_annual_power")
    judged = plan.ref("calc_retention_known").equals(1)
    here = {key: count.here for key, count in seen.items()}
    whole = {key: count.whole for key, count in seen.items()}

    def aov(of: dict[str, Live]) -> Live:
        return ratio(of["revenue_period"], of["paid_orders"])

    def frequency(of: dict[str, Live]) -> Live:
        return ratio(of["orders"] * power, of["buyers"])

    def retention(of: dict[str, Live]) -> Live:
        kept = (of["retained"] / of["active_start"]) ** power
        return if_(judged, if_(of["active_start"] > 0, kept, BLANK), BLANK)

    median = float(division.counted.days_since_last_of_all)
    since = here["recency_median"]
    return [
        plan.formula("aov", aov(here), Format.MONEY_EXACT, total=aov(whole)),
        plan.formula("orders_a_year", frequency(here), Format.NUMBER, total=frequency(whole)),
        plan.formula("recency_median", since, Format.COUNT, total=median),
        plan.formula(
            "retention", retention(here), Format.RATE, total=retention(whole), rows=division.groups
        ),
    ]


def _historic_column(plan: Plan, seen: dict[str, _Seen]) -> Column:
    margin, revenue, customers = plan.ref("calc_margin"), seen["revenue_total"], seen["customers"]
    return plan.formula(
        "historic_value",
        margin * revenue.here / customers.here,
        Format.MONEY_EXACT,
        total=margin * revenue.whole / customers.whole,
    )


def _predicted_column(
    plan: Plan, division: Division, seen: dict[str, _Seen], spend: Floats
) -> Column:
    weight = plan.of("Forecast", "weight")
    here = f"INDEX({division.ahead},0,{division.number_here(plan).formula})"
    expected = Live(f"SUMPRODUCT({here},{weight.formula})", spend.T @ weight.value)
    withheld = judged(plan, Verdict.WITHHELD)
    each = plan.ref("calc_margin") * expected / seen["customers"].here
    predicted = if_(withheld, BLANK, each)
    every = plan.ref("out_predicted_value")
    return plan.formula(
        "predicted_value", predicted, Format.MONEY_EXACT, total=every, rows=division.groups
    )


def _alive_column(plan: Plan, facts: CustomerFacts, seen: dict[str, _Seen]) -> Column:
    alive = facts.snapshot.forecast.shown_probability_alive
    known = alive[~np.isnan(alive)]
    mean = float(known.mean()) if known.size else BLANK
    return plan.formula("alive", seen["alive"].here, Format.RATE, total=mean)


def _actions(plan: Plan, division: Division) -> NDArray[np.object_]:
    """Return what to do with each segment: by its name where RFM named it, else by its figures."""
    labels = list(division.counted.labels)
    if not division.by_rfm:
        steps = [plan.texts.say(f"action.{step}") for step in _steps(division)]
        return np.array(steps, dtype=object)
    named = [
        "" if rest else plan.texts.say(f"action.rfm.{slug(label)}")
        for label, rest in zip(labels, division.is_rest, strict=True)
    ]
    return np.array(named, dtype=object)


def _steps(division: Division) -> list[str]:
    """Judge each segment against the whole: value first, then retention."""
    found = division.counted
    kept = np.divide(
        found.retained,
        found.active_at_start,
        out=np.zeros(len(found.labels)),
        where=found.active_at_start > 0,
    )
    well_kept = kept >= found.retained.sum() / max(found.active_at_start.sum(), 1)
    worth = found.revenue / np.maximum(found.customers, 1)
    valuable = worth >= found.revenue.sum() / max(found.customers.sum(), 1)
    steps = np.where(
        valuable,
        np.where(well_kept, "invest", "retain"),
        np.where(well_kept, "develop", "hold_cost"),
    )
    return [str(step) for step in steps]
