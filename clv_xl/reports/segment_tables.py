"""A table for each way of dividing the customers, with a total row that must agree with the cards."""

from dataclasses import dataclass

import numpy as np

from clv_xl.customers.rfm import RFM_SEGMENTS
from clv_xl.customers.segments import Membership, Segments, segments
from clv_xl.reports.acquisition_spend import spent_in
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.live import BLANK, Live, if_, is_number, ratio, total
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Column, Format

MOST_SEGMENTS = 40
"""Beyond this many, the smallest are put together: a table nobody reads decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Division:
    """One way of dividing the customers."""

    number: int
    header: str
    membership: Membership
    counted: Segments
    has_cac: bool

    @property
    def table(self) -> str:
        """Name of its table."""
        return "Segments" if self.number == 1 else f"Segments_{self.number}"

    @property
    def data(self) -> str:
        """Name of the table of its counts and sums."""
        return f"{self.table}_data"

    @property
    def ahead(self) -> str:
        """Name of the matrix of its expected spend: a row a month, a column a segment."""
        return f"data_spend_{self.number}"


def divide(
    facts: CustomerFacts, number: int, header: str, membership: Membership, *, has_cac: bool
) -> Division:
    """Return a division with its counts and sums, the largest segments first."""
    active = facts.snapshot.activity
    ordered = _by_size(membership)
    counted = segments(
        facts.snapshot.log,
        ordered,
        first_day=active.first_day,
        last_day=active.last_day,
        window_days=active.window_days,
    )
    return Division(
        number=number, header=header, membership=ordered, counted=counted, has_cac=has_cac
    )


def _by_size(membership: Membership) -> Membership:
    """Return the segments by number of customers, the many smallest as one."""
    sizes = np.bincount(membership.codes, minlength=len(membership.labels))
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    labels = membership.labels[order]
    codes = rank[membership.codes]
    if len(labels) > MOST_SEGMENTS:
        rest = f"({len(labels) - MOST_SEGMENTS + 1} others)"
        labels = np.append(labels[: MOST_SEGMENTS - 1], np.array([rest], dtype=object))
        codes = np.minimum(codes, MOST_SEGMENTS - 1)
    return Membership(codes=codes, labels=labels, several=membership.several)


def rfm_membership(facts: CustomerFacts) -> Membership:
    """Return the RFM segments as a division, for logs without a segment column."""
    codes = facts.rfm.segment
    if codes is None:
        codes = np.zeros(len(facts.rfm.total), dtype=np.int64)
    used, compact = np.unique(codes, return_inverse=True)
    return Membership(codes=compact, labels=np.array(RFM_SEGMENTS, dtype=object)[used])


def add_division(plan: Plan, facts: CustomerFacts, division: Division) -> None:
    """Add a division: its data, its expected spend by month, and the table the reader sees."""
    counts = _add_counts(plan, facts, division)
    spend = facts.snapshot.forecast.spend_by(
        division.membership.codes, len(division.membership.labels)
    )
    plan.matrix(
        division.ahead,
        constants(spend),
        row_heads=[float(month) for month in range(1, len(spend) + 1)],
        column_heads=list(division.membership.labels),
        corner=plan.texts.say("column.month_ahead"),
        shown_as=Format.MONEY_EXACT,
        side_shown_as=Format.MONTHS,
    )
    _add_table(plan, facts, division, counts, spend)


def _add_counts(plan: Plan, facts: CustomerFacts, division: Division) -> dict[str, Live]:
    """Add the counts and sums; return each as the row of a segment sees it, by its number."""
    found = division.counted
    alive = facts.snapshot.forecast.mean_alive_by(
        division.membership.codes, len(division.membership.labels)
    )
    fields = {
        "number": np.arange(1, len(found.labels) + 1),
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
        "alive": alive,
    }
    money, rate = {"revenue_period", "revenue_total"}, {"alive"}
    columns = [plan.data("segment", found.labels, Format.TEXT)]
    for key, values in fields.items():
        shown_as = (
            Format.MONEY_EXACT if key in money else Format.RATE if key in rate else Format.COUNT
        )
        columns.append(plan.data(f"count_{key}", values, shown_as))
    plan.table(division.data, *columns)
    number = Live(
        f"{division.table}[[#This Row],[{plan.texts.say('column.number')}]]", fields["number"]
    )
    return {key: _looked_up(plan, division, f"count_{key}", number) for key in fields}


def _looked_up(plan: Plan, division: Division, key: str, number: Live) -> Live:
    """Return a count by the segment's number, so that sorting the table moves nothing astray."""
    column = plan.of(division.data, key)
    numbers = plan.of(division.data, "count_number")
    return Live(f"SUMIFS({column.formula},{numbers.formula},{number.formula})", column.value)


def _add_table(
    plan: Plan, facts: CustomerFacts, division: Division, counts: dict[str, Live], spend: object
) -> None:
    number = plan.data(
        "number",
        division.counted.customers * 0 + np.arange(1, len(division.counted.labels) + 1),
        Format.COUNT,
    )
    columns = [
        plan.data("segment", division.counted.labels, Format.TEXT),
        number,
        *_size_columns(plan, division, counts),
        *_behaviour_columns(plan, division, counts),
        *_value_columns(plan, facts, division, counts, np.asarray(spend)),
        plan.data("action", _actions(plan, facts, division), Format.TEXT),
    ]
    plan.table(division.table, *columns, total_label=plan.texts.say("word.total"))


def _all(plan: Plan, division: Division, key: str) -> Live:
    return total(plan.of(division.data, f"count_{key}"))


def _size_columns(plan: Plan, division: Division, counts: dict[str, Live]) -> list[Column]:
    customers, revenue = _all(plan, division, "customers"), _all(plan, division, "revenue_period")
    every = counts["customers"]
    return [
        plan.formula("customers", every, Format.COUNT, total=customers),
        plan.formula(
            "customer_share",
            every / customers,
            Format.RATE,
            total=customers / plan.ref("fact_customers"),
        ),
        plan.formula("revenue_period", counts["revenue_period"], Format.MONEY, total=revenue),
        plan.formula(
            "revenue_share",
            if_(revenue > 0, counts["revenue_period"] / revenue, BLANK),
            Format.RATE,
            total=ratio(revenue, plan.ref("fact_revenue")),
        ),
    ]


def _behaviour_columns(plan: Plan, division: Division, counts: dict[str, Live]) -> list[Column]:
    days = plan.ref("fact_period_days")
    all_of_them = {
        key: _all(plan, division, key)
        for key in ("revenue_period", "paid_orders", "orders", "buyers", "active_start", "retained")
    }

    def aov(of: dict[str, Live]) -> Live:
        return ratio(of["revenue_period"], of["paid_orders"])

    def frequency(of: dict[str, Live]) -> Live:
        return ratio(of["orders"] * 365.25 / days, of["buyers"])

    def retention(of: dict[str, Live]) -> Live:
        kept = (of["retained"] / of["active_start"]) ** (365.25 / days)
        return if_(of["active_start"] > 0, kept, BLANK)

    median = float(division.counted.days_since_last_of_all)
    return [
        plan.formula("aov", aov(counts), Format.MONEY_EXACT, total=aov(all_of_them)),
        plan.formula(
            "orders_a_year", frequency(counts), Format.NUMBER, total=frequency(all_of_them)
        ),
        plan.formula("recency_median", counts["recency_median"], Format.COUNT, total=median),
        plan.formula("retention", retention(counts), Format.RATE, total=retention(all_of_them)),
    ]


def _value_columns(
    plan: Plan,
    facts: CustomerFacts,
    division: Division,
    counts: dict[str, Live],
    spend: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> list[Column]:
    margin, customers = plan.ref("calc_margin"), _all(plan, division, "customers")
    historic = margin * counts["revenue_total"] / counts["customers"]
    all_historic = margin * _all(plan, division, "revenue_total") / customers
    columns = [plan.formula("historic_value", historic, Format.MONEY_EXACT, total=all_historic)]
    if facts.snapshot.forecast.usable:
        columns += _prediction_columns(plan, facts, division, counts, spend)
    if division.has_cac:
        columns += _cac_columns(plan, facts, division)
    return columns


def _prediction_columns(
    plan: Plan,
    facts: CustomerFacts,
    division: Division,
    counts: dict[str, Live],
    spend: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> list[Column]:
    weight, margin = plan.of("Forecast", "weight"), plan.ref("calc_margin")
    number = plan.texts.say("column.number")
    here = f"INDEX({division.ahead},0,{division.table}[[#This Row],[{number}]])"
    expected = Live(f"SUMPRODUCT({here},{weight.formula})", spend.T @ weight.value)
    withheld = plan.ref("calc_verdict").equals("withheld")
    predicted = if_(withheld, BLANK, margin * expected / counts["customers"])
    alive = facts.snapshot.forecast.shown_probability_alive
    known = alive[~np.isnan(alive)]
    return [
        plan.formula(
            "predicted_value", predicted, Format.MONEY_EXACT, total=plan.ref("out_predicted_value")
        ),
        plan.formula(
            "alive",
            counts["alive"],
            Format.RATE,
            total=float(known.mean()) if known.size else BLANK,
        ),
    ]


def _cac_columns(plan: Plan, facts: CustomerFacts, division: Division) -> list[Column]:
    """CAC and CLV:CAC by segment, where the segment is fixed at acquisition and the spend is split."""
    number = Live(
        f"{division.table}[[#This Row],[{plan.texts.say('column.number')}]]",
        np.arange(1.0, len(division.counted.labels) + 1),
    )
    spent = spent_in(plan, "src_period", number)
    acquired = _acquired(facts, division)
    new = plan.data("new_customers", acquired, Format.COUNT, total=float(acquired.sum()))
    here = plan.here(division.table, new)
    cac = plan.formula("cac", ratio(spent, here), Format.MONEY_EXACT, total=plan.ref("calc_cac"))
    clv = _segment_clv(plan, facts, division)
    cac_here, clv_here = plan.here(division.table, cac), plan.here(division.table, clv)
    rate = if_(is_number(cac_here), if_(is_number(clv_here), clv_here / cac_here, BLANK), BLANK)
    share = plan.formula("clv_cac_ratio", rate, Format.RATIO, total=plan.ref("out_clv_cac_ratio"))
    return [new, clv, cac, share]


def _acquired(
    facts: CustomerFacts, division: Division
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    active, log = facts.snapshot.activity, facts.snapshot.log
    first = facts.snapshot.summary.first_day
    new = (first >= active.first_day) & (first <= active.last_day) & ~log.existing_before_window
    return np.bincount(division.membership.codes[new], minlength=len(division.counted.labels))


def _segment_clv(plan: Plan, facts: CustomerFacts, division: Division) -> Column:
    """CLV of a new customer of the segment: own first order, own expected repeat spend by month."""
    first, ahead = facts.snapshot.forecast.new_customers_by(
        division.membership.codes,
        len(division.counted.labels),
        facts.snapshot.summary,
        facts.snapshot.log.existing_before_window,
    )
    name = f"data_new_{division.number}"
    plan.matrix(
        name,
        constants(ahead),
        row_heads=[float(month) for month in range(1, len(ahead) + 1)],
        column_heads=list(division.membership.labels),
        corner=plan.texts.say("column.month_ahead"),
        shown_as=Format.MONEY_EXACT,
        side_shown_as=Format.MONTHS,
    )
    plan.matrix(
        f"data_first_{division.number}",
        constants(first[None, :]),
        row_heads=[plan.texts.say("figure.fact_first_order_value.label")],
        column_heads=list(division.membership.labels),
        corner=plan.texts.say("column.segment"),
        shown_as=Format.MONEY_EXACT,
    )
    weight = plan.of("Forecast", "weight")
    here = f"{division.table}[[#This Row],[{plan.texts.say('column.number')}]]"
    repeat = Live(f"SUMPRODUCT(INDEX({name},0,{here}),{weight.formula})", ahead.T @ weight.value)
    start = Live(f"INDEX(data_first_{division.number},1,{here})", first)
    value = plan.ref("calc_margin") * (start + repeat)
    named = if_(is_number(plan.ref("out_clv")), value, BLANK)
    return plan.formula("clv", named, Format.MONEY_EXACT, total=plan.ref("out_clv"))


def _actions(
    plan: Plan, facts: CustomerFacts, division: Division
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return what to do with each segment: by its name where RFM named it, else by its figures."""
    by_name = {name: plan.texts.get(f"action.rfm.{slug(name)}") for name in RFM_SEGMENTS}
    if all(label in by_name for label in division.counted.labels):
        return np.array([by_name[label] for label in division.counted.labels], dtype=object)
    return np.array(
        [plan.texts.say(f"action.{key}") for key in _steps(facts, division)], dtype=object
    )


def _steps(facts: CustomerFacts, division: Division) -> list[str]:
    """Judge each segment against the whole: retention first, then value."""
    found = division.counted
    kept = np.divide(
        found.retained,
        found.active_at_start,
        out=np.zeros(len(found.labels)),
        where=found.active_at_start > 0,
    )
    mean_kept = found.retained.sum() / max(found.active_at_start.sum(), 1)
    worth = found.revenue / np.maximum(found.customers, 1)
    mean_worth = found.revenue.sum() / max(found.customers.sum(), 1)
    steps = np.where(
        worth >= mean_worth,
        np.where(kept >= mean_kept, "invest", "retain"),
        np.where(kept >= mean_kept, "develop", "hold_cost"),
    )
    return [str(step) for step in steps]


def slug(name: str) -> str:
    """Return a name as a key of the message catalogue.

    Examples
    --------
    >>> slug("Can't lose")
    'cant_lose'
    """
    return name.lower().replace("'", "").replace(" ", "_")
