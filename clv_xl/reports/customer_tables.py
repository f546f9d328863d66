"""The list of customers, and those of value whose next order is overdue."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.order_log import BLANK_LABEL, Labels
from clv_xl.customers.purchase_gaps import PurchaseGaps, purchase_gaps
from clv_xl.customers.rfm import RFM_SEGMENTS, Rfm, rfm
from clv_xl.customers.segments import Membership, segment_membership
from clv_xl.customers.value_distribution import ABC, TIERS, ValueDistribution, value_distribution
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.live_functions import total
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Column, Format
from clv_xl.reports.snapshot import Snapshot
from clv_xl.reports.texts import Texts, slug

MOST_ROWS = 1_048_575
OWN = "own."
"""Begins the key of a column that comes from the source."""
VALUABLE_TIERS = 2
"""The tiers of the most valuable fifth of the customers: Platinum and Gold."""
_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CustomerFacts:
    """What is known of each customer, one array entry a customer."""

    snapshot: Snapshot
    rfm: Rfm
    spread: ValueDistribution
    gaps: PurchaseGaps
    memberships: dict[str, Membership]
    fewest: int = 1
    """Customers that a group or a sum of money must be of to be shown."""

    @property
    def last_year(self) -> Floats:
        """Revenue of each customer in the 365 days up to the report's day."""
        log = self.snapshot.log
        recent = log.day > log.as_of - _YEAR_DAYS
        return np.bincount(
            log.customer[recent], log.amount[recent], minlength=log.n_customers
        ).astype(np.float64)

    @property
    def at_risk(self) -> Bools:
        """Whether a customer is valuable, was active within a year, and is overdue."""
        return self.gaps.overdue & (self.spread.tier < VALUABLE_TIERS) & (self.last_year > 0)

    def segment_names(self, texts: Texts) -> NDArray[np.object_]:
        """Return the name of each customer's RFM segment."""
        named = [texts.say(f"rfm.{slug(name)}") for name in RFM_SEGMENTS]
        names = np.array(named, dtype=object)
        codes = self.rfm.segment
        return names[codes] if codes is not None else np.full(len(self.rfm.total), "", dtype=object)


def add_customers(plan: Plan, facts: CustomerFacts, *, listed: bool = True) -> None:
    """Add the table of customers, the most valuable first; who is not listed is summed."""
    most = MOST_ROWS if listed else 0
    order = np.argsort(-facts.snapshot.summary.total, kind="stable")
    shown, rest = order[:most], order[most:]
    plan.fact("fact_listed_customers", len(shown), Format.COUNT)
    unlisted = float(facts.snapshot.summary.total[rest].sum())
    revenue = plan.fact("fact_unlisted_revenue", unlisted, Format.MONEY)
    if listed:
        columns = columns_of_customers(plan.texts, facts)
        plan.table("Customers", *(_taken(column, shown) for column in columns), filtered=True)
        revenue = total(plan.of("Customers", "revenue")) + revenue
    plan.derive("calc_customers_revenue", revenue, Format.MONEY)


def columns_of_customers(texts: Texts, facts: CustomerFacts) -> list[Column]:
    """Return everything known of each customer, in order of first appearance."""
    plan = Plan(texts)
    return [
        *_identity(plan, facts),
        *_history(plan, facts),
        *_classes(plan, facts),
        *_outlook(plan, facts),
    ]


def facts_of_customers(now: Snapshot, assumptions: Assumptions) -> CustomerFacts:
    """Return scores, classes, gaps and segments of the customers of a snapshot."""
    log = now.log
    memberships = {
        column: segment_membership(log, column, assumptions.segment_by)
        for column in assumptions.segment_columns
    }
    return CustomerFacts(
        snapshot=now,
        rfm=rfm(log),
        spread=value_distribution(log),
        gaps=purchase_gaps(log),
        memberships=memberships,
        fewest=assumptions.fewest,
    )


def _taken(column: Column, rows: Ints) -> Column:
    return Column(
        key=column.key,
        header=column.header,
        values=column.values[rows],
        shown_as=column.shown_as,
        is_input=column.is_input,
    )


def _identity(plan: Plan, facts: CustomerFacts) -> list[Column]:
    log = facts.snapshot.log
    columns = [plan.data("customer", log.customer_ids, Format.TEXT)]
    if log.names is not None:
        columns.append(plan.data("name", log.names, Format.TEXT))
    taken = {column.header.casefold() for column in columns} | _own_headers(plan)
    names = {name: _names_of(m, plan.texts) for name, m in facts.memberships.items()}
    for header, values in (names | dict(log.kept)).items():
        shown = unique_header(header_on(plan.texts, header), taken)
        columns.append(plan.data(f"{OWN}{header}", values, Format.TEXT, header=shown))
    return columns


def _own_headers(plan: Plan) -> set[str]:
    """Return the headers of our own columns, which a column of the source must not repeat."""
    texts = plan.texts.messages
    return {text.casefold() for key, text in texts.items() if key.startswith("column.")}


def _names_of(membership: Membership, texts: Texts) -> Labels:
    """Return the name of each customer's segment as the reader sees it."""
    named = [segment_name(str(label), texts) for label in membership.labels]
    return np.array(named, dtype=object)[membership.codes]


def segment_name(label: str, texts: Texts) -> str:
    """Return a segment as the reader sees it: its label, or that it has none."""
    return texts.say("segments.none") if label == BLANK_LABEL else label


def header_on(texts: Texts, header: str) -> str:
    """Return a header of the source that a table can have: on one line, short, not empty."""
    return " ".join(header.split())[:200] or texts.say("word.column")


def unique_header(header: str, taken: set[str]) -> str:
    """Return a header no other column has: Excel compares them without regard to case."""
    shown, number = header, 2
    while shown.casefold() in taken:
        shown, number = f"{header} ({number})", number + 1
    taken.add(shown.casefold())
    return shown


def _history(plan: Plan, facts: CustomerFacts) -> list[Column]:
    summary = facts.snapshot.summary
    paid = np.bincount(
        facts.snapshot.log.customer[facts.snapshot.log.amount > 0],
        minlength=len(summary.total),
    )
    average = np.divide(summary.total, paid, out=np.full(len(paid), np.nan), where=paid > 0)
    return [
        plan.data("first_order", summary.first_day.astype("datetime64[D]"), Format.DATE),
        plan.data("last_order", summary.last_day.astype("datetime64[D]"), Format.DATE),
        plan.data("orders", summary.orders, Format.COUNT),
        plan.data("order_days", summary.order_days, Format.COUNT),
        plan.data("revenue", summary.total, Format.MONEY_EXACT),
        plan.data("average_order", average, Format.MONEY_EXACT),
        plan.data("revenue_last_year", facts.last_year, Format.MONEY_EXACT),
        plan.data("frequency", summary.frequency, Format.COUNT),
        plan.data("recency", summary.recency, Format.COUNT),
        plan.data("age", summary.T, Format.COUNT),
        plan.data("days_since_last", summary.days_since_last, Format.COUNT),
    ]


def _classes(plan: Plan, facts: CustomerFacts) -> list[Column]:
    rfm, spread = facts.rfm, facts.spread
    return [
        plan.data("recency_score", rfm.recency_score, Format.COUNT),
        plan.data("frequency_score", rfm.frequency_score, Format.COUNT),
        plan.data("monetary_score", rfm.monetary_score, Format.COUNT),
        plan.data("rfm_segment", facts.segment_names(plan.texts), Format.TEXT),
        plan.data("tier", tier_names(plan.texts)[spread.tier], Format.TEXT),
        plan.data("abc", np.array(ABC, dtype=object)[spread.abc], Format.TEXT),
    ]


def _outlook(plan: Plan, facts: CustomerFacts) -> list[Column]:
    ahead, gaps = facts.snapshot.forecast, facts.gaps
    yes = np.where(gaps.overdue, plan.texts.say("word.yes"), "").astype(object)
    columns = [
        plan.data("typical_gap", np.round(gaps.typical), Format.COUNT),
        plan.data("expected_next", day_column(gaps.expected_next), Format.DATE),
        plan.data("overdue", yes, Format.TEXT),
    ]
    if not ahead.reliable:
        return columns
    return [
        *columns,
        plan.data("probability_alive", ahead.shown_probability_alive, Format.RATE),
        plan.data("orders_ahead", ahead.customer_orders, Format.NUMBER),
        plan.data("spend_ahead", ahead.customer_spend, Format.MONEY_EXACT),
    ]


def day_column(numbers: Floats) -> NDArray[np.datetime64]:
    """Return day numbers as dates, NaN as no date."""
    known = np.isfinite(numbers)
    days = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[D]")
    days[known] = np.round(numbers[known]).astype(np.int64).astype("datetime64[D]")
    return days


def tier_names(texts: Texts) -> NDArray[np.object_]:
    """Return the names of the value tiers, the highest first."""
    return np.array([texts.say(f"tier.{slug(tier)}") for tier in TIERS], dtype=object)
