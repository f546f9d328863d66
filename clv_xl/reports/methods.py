"""Methods: each formula as used, the models with their parameters, and how well they held."""

from dataclasses import replace

import numpy as np

from clv_xl import __version__
from clv_xl.arrays import Ints, day_of
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.summary import summarise
from clv_xl.models.holdout import Holdout, holdout
from clv_xl.models.purchase_models import FittedModel
from clv_xl.remarks import Remark
from clv_xl.reports.forecast import Forecast, forecast
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Format, Lines
from clv_xl.reports.snapshot import Snapshot

METHODS = (
    "revenue", "active", "retention", "repeat_rate", "aov", "frequency", "historic", "clv",
    "predicted", "interval", "cac", "ratio", "payback", "max_cac", "break_even", "at_risk",
    "cohorts", "rfm", "tiers", "overdue", "what_if", "quality",
)  # fmt: skip
_SHORTEST_HOLDOUT_DAYS = 28


def add_methods(plan: Plan, now: Snapshot) -> None:
    """Add formulas, parameters, the holdout line and what identifies the computation."""
    say = plan.texts.say
    keys = np.array([say(f"method.{key}") for key in METHODS], dtype=object)
    formulas = np.array([say(f"method_formula.{key}") for key in METHODS], dtype=object)
    plan.table(
        "Methods",
        plan.data("method", keys, Format.TEXT),
        replace(plan.data("method_formula", formulas, Format.TEXT), wrapped=True),
    )
    _add_parameters(plan, now.forecast)
    plan.setting("src_version", __version__, Format.TEXT)
    truncated = bool(now.log.existing_before_window.any())
    why = _why_this_model(plan, now.forecast, truncated=truncated)
    lines = [why, *_holdout_lines(plan, now.log, now.forecast)]
    plan.lines["models"] = Lines(key="models", lines=tuple(lines))


def _add_parameters(plan: Plan, ahead: Forecast) -> None:
    fits: list[FittedModel] = [ahead.fit, ahead.other_fit, ahead.spend_fit]
    rows: list[tuple[str, str, float, float]] = []
    for fit in fits:
        for name, value in fit.parameters.items():
            rows.append((fit.model, name, value, fit.standard_errors.get(name, np.nan)))
        rows.append(
            (fit.model, plan.texts.say("parameter.log_likelihood"), fit.log_likelihood, np.nan)
        )
    models, names, values, errors = zip(*rows, strict=True)
    statuses = {fit.model: str(fit.status) for fit in fits}
    plan.table(
        "Parameters",
        plan.data("model", np.array(models, dtype=object), Format.TEXT),
        plan.data("parameter", np.array(names, dtype=object), Format.TEXT),
        plan.data("estimate", np.array(values, dtype=float), Format.PARAMETER),
        plan.data("standard_error", np.array(errors, dtype=float), Format.PARAMETER),
        plan.data("status", np.array([statuses[m] for m in models], dtype=object), Format.TEXT),
    )


def _why_this_model(plan: Plan, ahead: Forecast, *, truncated: bool) -> str:
    key = "methods.why_mbg_nbd" if ahead.fit.model == "MBG/NBD" else "methods.why_bg_nbd"
    remarks = [Remark(key), *ahead.fit.remarks, *ahead.spend_fit.remarks]
    if truncated:
        remarks.append(Remark("note.truncated_fit"))
    return " ".join(map(plan.texts.remark, remarks))


def _holdout_lines(plan: Plan, log: OrderLog, ahead: Forecast) -> list[str]:
    found = tested(log, "mbg_nbd" if ahead.fit.model == "MBG/NBD" else "bg_nbd")
    if found is None:
        return [plan.texts.say("methods.no_holdout")]
    result, split, days = found
    known: dict[str, object] = {"split": day_of(split), "days": days}
    known |= {"predicted": result.predicted, "actual": result.actual}
    error = result.relative_error
    if error is None:
        return [plan.texts.say("methods.holdout_without_orders", **known)]
    return [plan.texts.say("methods.holdout", **known, error=100 * error)]


def tested(log: OrderLog, model: str) -> tuple[Holdout, int, int] | None:
    """Return the model's prediction of the last quarter of the log from the orders before it."""
    days = (log.as_of - log.first_day) // 4
    split = log.as_of - days
    if days < _SHORTEST_HOLDOUT_DAYS:
        return None
    known = log.until(split)
    summary = summarise(known)
    ahead = forecast(summary, "mbg_nbd" if model == "mbg_nbd" else "bg_nbd")
    if not ahead.usable:
        return None
    actual = _later_order_days(log, known, split)
    s = summary
    return holdout(ahead.fit, days, s.frequency, s.recency, s.T, actual), split, days


def _later_order_days(log: OrderLog, known: OrderLog, split: int) -> Ints:
    """Return for each customer known at the split how many order days followed."""
    days = order_days(log)
    before = days.first <= split
    code = np.cumsum(before) - 1
    later = (days.day > split) & before[days.customer]
    return np.bincount(code[days.customer[later]], minlength=known.n_customers)
