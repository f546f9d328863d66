"""What cannot be known from these orders, and what must be read with care: key and sentence."""

import numpy as np

from clv_xl.customers.renewals import nearly_regular_period
from clv_xl.models.prediction_interval import Verdict
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.plan import Plan
from clv_xl.reports.reporting_period import ReportingPeriod
from clv_xl.reports.snapshot import Snapshot
from clv_xl.reports.verdicts import verdict_of, why_withheld


def add_notes(
    plan: Plan, facts: CustomerFacts, assumptions: Assumptions, period: ReportingPeriod
) -> None:
    """Add a note for every figure that is undefined, and for what limits the others."""
    now = facts.snapshot
    _add_period_notes(plan, now, period)
    _add_prediction_notes(plan, now)
    _add_acquisition_notes(plan, assumptions)
    if assumptions.contract == "auto":
        _add_contract_note(plan, facts)
    if now.log.existing_before_window.any():
        plan.note("truncated_fit", "note.truncated_fit")
    if now.log.currency is None:
        plan.note("currency", "note.no_currency")
    for key, remark in now.log.cleaning.notes.items():
        plan.notes.setdefault(key, plan.texts.remark(remark))


def _add_contract_note(plan: Plan, facts: CustomerFacts) -> None:
    """Say that the log looks like a subscription, or nearly."""
    log, gaps = facts.snapshot.log, facts.gaps
    period = nearly_regular_period(log, gaps)
    if gaps.probable_subscription:
        taken = "src_rule_contract" in plan.figures
        plan.note("subscription", "note.contract" if taken else "note.subscription")
    elif period is not None and gaps.median is not None:
        plan.note("subscription", "note.nearly_contract", days=round(gaps.median), period=period)


def _unknown(plan: Plan, name: str) -> bool:
    return plan.figures[name].value is None


def _add_period_notes(plan: Plan, now: Snapshot, period: ReportingPeriod) -> None:
    if "src_previous_from" not in plan.figures:
        plan.note("previous_period", "note.no_previous")
    if period.incomplete:
        plan.note("period", "note.period_incomplete", last=np.datetime64(period.asked_until, "D"))
    if _unknown(plan, "out_retention_rate"):
        if not plan.figures["calc_retention_known"].value:
            plan.note("retention_rate", "note.no_lapse", days=now.activity.window_days)
        else:
            first = plan.figures["src_period_from"].value
            plan.note("retention_rate", "note.no_retention", day=first)
    elif not now.activity.window_covered:
        plan.note("retention_window", "note.window_uncovered", days=now.activity.window_days)
    if now.followed == 0:
        plan.note("repeat_purchase_rate", "note.no_follow_up")


def _add_prediction_notes(plan: Plan, now: Snapshot) -> None:
    verdict = verdict_of(plan)
    if verdict is Verdict.WITHHELD:
        plan.note("predicted_value", why_withheld(now.forecast.status))
        plan.notes["clv"] = plan.notes["predicted_value"]
    elif verdict is Verdict.RANGE:
        plan.note("prediction_range", "note.wide_range")


def _add_acquisition_notes(plan: Plan, assumptions: Assumptions) -> None:
    if assumptions.margin_rate is None:
        plan.note("basis", "note.revenue_basis")
        plan.notes.setdefault("clv", plan.texts.say("note.no_margin"))
    if _unknown(plan, "calc_cac"):
        plan.note("cac", "note.no_cac" if assumptions.spend is None else "note.no_spend")
    if _unknown(plan, "out_clv_cac_ratio"):
        reason = str(plan.figures["calc_rating"].value).lstrip("– ")
        plan.note("clv_cac_ratio", "note.no_ratio", reason=reason)
        plan.notes["payback_months"] = plan.notes["clv_cac_ratio"]
    elif isinstance(plan.figures["out_payback_months"].value, str):
        plan.notes["payback_months"] = str(plan.figures["out_payback_months"].value)
