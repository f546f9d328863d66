"""An order log and assumptions become a report."""

from types import MappingProxyType
from typing import Any

from clv_xl.customers.activity import suggested_window
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.quality import assess
from clv_xl.reports.acquisition_spend import add_cac, add_spend
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.at_risk import add_at_risk, add_risk_before
from clv_xl.reports.cards import add_cards
from clv_xl.reports.cohort_tables import add_cohorts
from clv_xl.reports.contract_retention import ContractRetention, contract_of
from clv_xl.reports.contract_tables import add_contract
from clv_xl.reports.customer_tables import (
    CustomerFacts,
    add_customers,
    facts_of_customers,
)
from clv_xl.reports.divisions import RFM_HEADER, Division, divide, rfm_membership
from clv_xl.reports.facts import add_log_facts, add_period_facts, add_period_figures
from clv_xl.reports.inputs import add_inputs, add_settings
from clv_xl.reports.methods import add_methods
from clv_xl.reports.narrative import add_next_steps, add_readings, cover_line
from clv_xl.reports.notes import add_notes
from clv_xl.reports.plan import Plan
from clv_xl.reports.quality_tables import add_checks, add_quality
from clv_xl.reports.record import record_of, record_of_contract
from clv_xl.reports.report import Report
from clv_xl.reports.reporting_period import ReportingPeriod
from clv_xl.reports.rfm_tables import add_rfm, add_value_spread
from clv_xl.reports.segment_charts import add_segment_chart
from clv_xl.reports.segment_tables import add_division
from clv_xl.reports.snapshot import Snapshot, take_snapshot
from clv_xl.reports.texts import Texts
from clv_xl.reports.told_days import report_period, told_days
from clv_xl.reports.value_figures import add_acquisition, add_forecast, add_margin, add_values
from clv_xl.reports.what_if import add_what_if


def build_report(log: OrderLog, assumptions: Assumptions, texts: Texts) -> Report:
    """Return the report of an order log.

    Parameters
    ----------
    log
        Validated orders.
    assumptions
        Rates, horizon, costs, period, model and names.
    texts
        The message catalogue in the reader's language.
    """
    plan = Plan(texts, assumptions.entered)
    period = report_period(log, assumptions)
    window = assumptions.activity_window_days or suggested_window(log).days
    now = take_snapshot(
        log, period.first_day, period.last_day, window, assumptions.model, assumptions.fewest
    )
    before = _before(log, period, window, assumptions)
    facts = facts_of_customers(now, assumptions)
    quality = assess(log)
    add_inputs(plan, assumptions)
    add_settings(plan, log, assumptions, period, window)
    _add_figures(plan, now, before, facts)
    divisions = _add_customers(plan, facts, assumptions)
    contract = contract_of(log, facts.gaps, assumptions.contract)
    add_cohorts(plan, facts, told_days(period))
    add_contract(plan, contract, assumptions.contract)
    _add_analysis(plan, facts, contract)
    add_notes(plan, facts, assumptions, period)
    add_quality(plan, log, quality, assumptions)
    add_checks(plan, {d.table: d.shown_header(plan.texts) for d in divisions})
    add_cards(plan)
    add_readings(plan)
    add_next_steps(plan, facts)
    record = record_of(plan, now, quality, [division.table for division in divisions])
    record |= record_of_contract(contract)
    return _frozen(plan, assumptions, record)


def _before(
    log: OrderLog, period: ReportingPeriod, window: int, assumptions: Assumptions
) -> Snapshot | None:
    """Return the same picture at the end of the period before, from the orders known then."""
    first, last = period.previous_first_day, period.previous_last_day
    if first is None or last is None or last < log.first_day:
        return None
    until = log.until(last)
    return take_snapshot(until, first, last, window, assumptions.model, assumptions.fewest)


def _add_figures(plan: Plan, now: Snapshot, before: Snapshot | None, facts: CustomerFacts) -> None:
    add_period_facts(plan, now, "fact")
    add_period_figures(plan, "fact", "out")
    if before is not None:
        add_period_facts(plan, before, "prev")
        add_period_figures(plan, "prev", "prev")
        add_risk_before(plan, facts_of_customers(before, Assumptions(fewest=facts.fewest)))
    add_log_facts(plan, facts)
    add_margin(plan)
    add_forecast(plan, now, before)
    add_values(plan, now, before)


def _add_customers(plan: Plan, facts: CustomerFacts, assumptions: Assumptions) -> list[Division]:
    """Add customers, segments and what acquiring them cost."""
    add_customers(plan, facts, listed=assumptions.listing == "all")
    add_at_risk(plan, facts, listed=assumptions.listing != "none")
    divisions = _divisions(facts, assumptions)
    split = next((d for d in divisions if d.has_cac), None)
    add_spend(plan, assumptions.spend, list(split.membership.labels) if split else None)
    add_cac(plan, assumptions.spend)
    add_acquisition(plan)
    for division in divisions:
        add_division(plan, facts, division)
    add_segment_chart(plan, divisions[0])
    return divisions


def _divisions(facts: CustomerFacts, assumptions: Assumptions) -> list[Division]:
    """Return a division a segment column; without any, the RFM segments."""
    spend = assumptions.spend
    by = spend.by_segment if spend is not None else None
    named = facts.memberships or {RFM_HEADER: rfm_membership(facts)}
    return [
        divide(
            facts,
            number,
            header,
            membership,
            has_cac=header == by and (membership.several == 0 or assumptions.segment_by == "first"),
            by=assumptions.segment_by,
        )
        for number, (header, membership) in enumerate(named.items(), start=1)
    ]


def _add_analysis(plan: Plan, facts: CustomerFacts, contract: ContractRetention | None) -> None:
    add_rfm(plan, facts)
    add_value_spread(plan, facts)
    add_what_if(plan)
    add_methods(plan, facts, contract)


def _frozen(plan: Plan, assumptions: Assumptions, record: dict[str, Any]) -> Report:
    title = assumptions.title or plan.texts.say("cover.title")
    return Report(
        title=title,
        cover=cover_line(plan),
        figures=MappingProxyType(plan.figures),
        tables=MappingProxyType(plan.tables),
        matrices=MappingProxyType(plan.matrices),
        cards=MappingProxyType(plan.cards),
        charts=MappingProxyType(plan.charts),
        lines=MappingProxyType(plan.lines),
        notes=MappingProxyType(plan.notes),
        record=MappingProxyType(record),
        properties=MappingProxyType({"title": title, "subject": plan.texts.say("cover.subject")}),
    )
