"""The figures of a report as plain values, for programs: what ``--json`` writes."""

import math
from typing import Any

import numpy as np

from clv_xl.customers.orders import OrderLog
from clv_xl.customers.quality import Quality
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.model_names import NAMES
from clv_xl.models.purchase_models import PurchaseFit
from clv_xl.reports.contract_retention import ContractRetention
from clv_xl.reports.plan import Plan
from clv_xl.reports.snapshot import Snapshot
from clv_xl.reports.verdicts import verdict_of

_YEAR_DAYS = 365
_OR_A_REASON = {
    "payback_months": "out_payback_months",
    "break_even_retention": "out_break_even_retention",
}
"""Figures whose cell may hold the reason why there is no number."""
_SAME_REASON = {
    "predicted_total": "predicted_value",
    "predicted_low": "predicted_value",
    "predicted_high": "predicted_value",
    "new_customer_value": "predicted_value",
    "new_customer_low": "predicted_value",
    "new_customer_high": "predicted_value",
    "max_cac": "clv",
    "break_even_retention": "clv_cac_ratio",
    "margin_rate": "basis",
}
"""Figures that are undefined for the reason of another."""


def record_of(plan: Plan, now: Snapshot, quality: Quality, segments: list[str]) -> dict[str, Any]:
    """Return the figures by name: rates decimal, dates ISO, None where a note says why."""
    log = now.log
    record = {
        **_counts(log, now),
        **_rates(plan, log),
        **_values(plan),
        **_models(now),
        "period": _period(plan, now),
        "quality": _quality(plan, log, quality),
        "segments": [row for name in segments for row in _rows(plan, name)],
        "cohorts": _cohorts(plan),
    }
    for key, reason in _SAME_REASON.items():
        if record[key] is None and reason in plan.notes:
            plan.notes.setdefault(key, plan.notes[reason])
    for key, value in record.items():
        if value is None:
            plan.notes.setdefault(key, plan.texts.say("note.undefined"))
    return record | {"notes": dict(plan.notes)}


def record_of_contract(contract: ContractRetention | None) -> dict[str, Any]:
    """Return what is known of the renewals; nothing at all where there is no contract."""
    if contract is None:
        return {}
    fit, seen = contract.fit, contract.seen
    known: dict[str, Any] = {"period": seen.period, "days": seen.days, "usable": contract.usable}
    if fit is not None:
        known |= {name: _finite(value) for name, value in fit.parameters.items()}
        known |= {"status": str(fit.status), "customers": fit.customers, "lost": fit.lost}
        known |= {"standard_errors": dict(fit.standard_errors)}
    if contract.usable:
        known |= {"next_renewal": contract.next_renewal}
    return {"contract": known}


def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _counts(log: OrderLog, now: Snapshot) -> dict[str, Any]:
    return {
        "orders": log.n_orders,
        "order_days": int(now.summary.order_days.sum()),
        "customers": log.n_customers,
        "revenue": round(log.revenue, 6),
        "currency": log.currency,
        "first_order": _iso(log.first_day),
        "last_order": _iso(log.last_day),
        "as_of": _iso(log.as_of),
    }


def _rates(plan: Plan, log: OrderLog) -> dict[str, Any]:
    paid = int((log.amount > 0).sum())
    if not paid:
        plan.notes.setdefault("average_order_value", plan.texts.say("note.no_paid_order"))
    return {
        "average_order_value": log.revenue / paid if paid else None,
        "purchase_frequency": _purchase_frequency(plan, log),
        "repeat_purchase_rate": plan.figures["out_repeat_rate"].value,
        "retention_rate": plan.figures["out_retention_rate"].value,
    }


def _purchase_frequency(plan: Plan, log: OrderLog) -> float | None:
    """Return orders per active customer and year: the last 365 days, or all of a shorter log."""
    days = min(_YEAR_DAYS, log.as_of - log.first_day + 1)
    recent = log.day > log.as_of - days
    if days < _YEAR_DAYS:
        plan.notes["purchase_frequency"] = plan.texts.say("note.short_frequency", days=days)
    buyers = len(np.unique(log.customer[recent]))
    if not buyers:
        plan.notes["purchase_frequency"] = plan.texts.say("note.no_recent_order")
        return None
    return float(recent.sum() / buyers * _YEAR_DAYS / days)


def _values(plan: Plan) -> dict[str, Any]:
    names = {
        "historic_value": "out_historic_value",
        "predicted_value": "out_predicted_value",
        "predicted_total": "out_predicted_total",
        "predicted_low": "out_predicted_low",
        "predicted_high": "out_predicted_high",
        "new_customer_low": "calc_new_low",
        "new_customer_high": "calc_new_high",
        "clv": "out_clv",
        "new_customer_value": "calc_new_customer_value",
        "cac": "calc_cac",
        "clv_cac_ratio": "out_clv_cac_ratio",
        "max_cac": "out_max_cac",
        "value_at_risk": "out_value_at_risk",
        "horizon_months": "in_horizon_months",
        "annual_discount_rate": "in_discount_rate",
        "margin_rate": "in_margin_rate",
    }
    values = {key: plan.figures[name].value for key, name in names.items()}
    for key, name in _OR_A_REASON.items():
        value = plan.figures[name].value
        values[key] = None if isinstance(value, str) else value
        if isinstance(value, str):
            plan.notes.setdefault(key, value)
    basis = "revenue" if values["margin_rate"] is None else "contribution"
    return values | {"verdict": str(verdict_of(plan)), "basis": basis}


def _models(now: Snapshot) -> dict[str, Any]:
    ahead = now.forecast
    fits = {NAMES[fit.model]: fit for fit in (ahead.fit, ahead.other_fit)}
    return {
        "model": ahead.fit.model,
        **{name: _purchase_fit(fits[name]) for name in sorted(fits)},
        "gamma_gamma": _spend_fit(ahead.spend_fit),
    }


def _purchase_fit(fit: PurchaseFit) -> dict[str, Any]:
    return {
        **{name: _finite(value) for name, value in fit.parameters.items()},
        "log_likelihood": _finite(fit.log_likelihood),
        "standard_errors": {name: _finite(v) for name, v in fit.standard_errors.items()},
        "status": str(fit.status),
        "customers": int(fit.customers),
        "unique_rows": fit.unique_rows,
        "time_unit": fit.time_unit,
    }


def _spend_fit(fit: GammaGammaFit) -> dict[str, Any]:
    return {
        **{name: _finite(value) for name, value in fit.parameters.items()},
        "log_likelihood": _finite(fit.log_likelihood),
        "status": str(fit.status),
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _period(plan: Plan, now: Snapshot) -> dict[str, Any]:
    active = now.activity
    return {
        "from": _iso(active.first_day),
        "to": _iso(active.last_day),
        "days": active.days,
        "revenue": now.revenue,
        "orders": now.orders,
        "average_order_value": plan.figures["out_aov"].value,
        "orders_a_year": plan.figures["out_frequency"].value,
        "new_customers": active.acquired,
        "activity_window_days": active.window_days,
        "active_start": active.start,
        "active_new": active.new,
        "active_reactivated": active.reactivated,
        "active_lost": active.lost,
        "active_close": active.close,
        "retained": active.retained,
    }


def _quality(plan: Plan, log: OrderLog, quality: Quality) -> dict[str, Any]:
    cleaning = log.cleaning
    return {
        "rows_read": cleaning.rows_read,
        "rows_kept": cleaning.rows_kept,
        "dropped": {reason: rows for reason, rows in cleaning.dropped.items() if rows},
        "duplicates": cleaning.duplicates,
        "score": quality.score,
        "findings": [plan.texts.remark(finding.remark) for finding in quality.findings],
    }


def _rows(plan: Plan, table: str) -> list[dict[str, Any]]:
    columns = plan.tables[table].columns
    return [
        {"table": table, **{column.key: _plain(column.values[row]) for column in columns}}
        for row in range(plan.tables[table].rows)
    ]


def _plain(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return None
    return None if isinstance(plain, str) and plain == "" else plain


def _cohorts(plan: Plan) -> list[dict[str, Any]]:
    if "data_cohort_active" not in plan.matrices:
        return []
    matrix, sizes = plan.matrices["data_cohort_active"], plan.tables["Cohort_sizes"]
    return [
        {
            "cohort": str(label),
            "size": int(sizes.column("cohort_size").values[row]),
            "repeat_customers": int(sizes.column("cohort_repeat").values[row]),
            "active": [None if cell is None else int(cell) for cell in matrix.cells[row]],  # type: ignore[arg-type] # counts
        }
        for row, label in enumerate(matrix.row_heads)
    ]
