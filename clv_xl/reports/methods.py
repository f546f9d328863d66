"""Methods: each formula as used, the models with their parameters, and how well they held."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clv_xl import __version__
from clv_xl.arrays import day_of
from clv_xl.models.holdout import CalibrationSplit
from clv_xl.models.model_comparison import compared, last_quarter
from clv_xl.models.model_names import NAMES
from clv_xl.models.prediction_interval import Verdict
from clv_xl.models.purchase_models import FittedModel, Status
from clv_xl.remarks import Remark
from clv_xl.reports.contract_retention import ContractRetention, contract_lines
from clv_xl.reports.customer_tables import CustomerFacts
from clv_xl.reports.forecast import Forecast
from clv_xl.reports.holdout_tables import Tested, add_holdout, held_out
from clv_xl.reports.live import BLANK
from clv_xl.reports.live_functions import if_
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Content, Format, Lines
from clv_xl.reports.verdicts import judged, verdict_of, why_withheld

METHODS = (
    "revenue", "active", "retention", "repeat_rate", "aov", "frequency", "historic", "clv",
    "predicted", "interval", "cac", "ratio", "payback", "max_cac", "break_even", "at_risk",
    "cohorts", "rfm", "tiers", "overdue", "what_if", "quality",
)  # fmt: skip

_WHY = {
    "mbg_nbd": "methods.why_mbg_nbd",
    "bg_nbd": "methods.why_bg_nbd",
    "pareto_nbd": "methods.why_pareto_nbd",
}


def add_methods(
    plan: Plan, facts: CustomerFacts, contract: ContractRetention | None = None
) -> None:
    """Add formulas, parameters, the holdout line and what identifies the computation."""
    now = facts.snapshot
    say = plan.texts.say
    used = METHODS if contract is None else (*METHODS, "renewals")
    keys = np.array([say(f"method.{key}") for key in used], dtype=object)
    formulas = np.array([say(f"method_formula.{key}") for key in used], dtype=object)
    plan.table(
        "Methods",
        plan.data("method", keys, Format.TEXT),
        replace(plan.data("method_formula", formulas, Format.TEXT), wrapped=True),
    )
    ahead = now.forecast
    fits: list[FittedModel] = [ahead.fit, ahead.other_fit, ahead.spend_fit]
    if contract is not None and contract.fit is not None:
        fits.append(contract.fit)
    _add_parameters(plan, fits)
    plan.setting("src_version", __version__, Format.TEXT)
    truncated = bool(now.log.existing_before_window.any())
    calibration = last_quarter(now.log)
    found = held_out(calibration, NAMES[now.forecast.fit.model])
    add_holdout(plan, found, facts.fewest)
    lines: list[Content] = [
        *_why_this_model(plan, now.forecast, truncated=truncated),
        *map(plan.texts.remark, _compared(now.forecast, calibration)),
        *_holdout_lines(plan, found, calibration),
        *([] if contract is None else contract_lines(plan, contract)),
    ]
    plan.lines["models"] = Lines(key="models", lines=tuple(lines))


def _add_parameters(plan: Plan, fits: Sequence[FittedModel]) -> None:
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


def _why_this_model(plan: Plan, ahead: Forecast, *, truncated: bool) -> list[Content]:
    remarks = [
        Remark(_WHY[NAMES[ahead.fit.model]]),
        *ahead.fit.remarks,
        *ahead.spend_fit.remarks,
    ]
    if truncated:
        remarks.append(Remark("note.truncated_fit"))
    return [*map(plan.texts.remark, remarks), *_withheld(plan, ahead)]


def _withheld(plan: Plan, ahead: Forecast) -> list[Content]:
    """Return why the prediction is withheld; the line goes when another horizon changes that."""
    if verdict_of(plan) is not Verdict.WITHHELD:
        return []
    said = plan.texts.say(why_withheld(ahead.status))
    return [said if not ahead.usable else if_(judged(plan, Verdict.WITHHELD), said, BLANK)]


def _compared(ahead: Forecast, calibration: CalibrationSplit | None) -> list[Remark]:
    """Return how the models do on these orders; nothing where the one in use has no maximum.

    At the boundary a simpler model does as well, and says so; the others would be searched for
    long, on a ridge without an end.
    """
    if ahead.fit.status is not Status.OK:
        return []
    found = compared(ahead.summary, calibration)
    fits = [model.fit for model in found.models]
    each = tuple(Remark("methods.compared_model", model=fit.model, aic=fit.aic) for fit in fits)
    best = found.chosen
    key = "methods.compared_untested" if best.holdout is None else "methods.compared"
    used = ahead.fit.model
    other = Remark("methods.not_the_best", used=used, best=best.fit.model, name=best.name)
    return [
        Remark(key, models=each, best=best.fit.model),
        *([other] if used != best.fit.model else []),
    ]


def _holdout_lines(
    plan: Plan, found: Tested | None, calibration: CalibrationSplit | None
) -> list[str]:
    if calibration is None:
        return [plan.texts.say("methods.short_holdout")]
    if found is None:
        return [plan.texts.say("methods.no_holdout")]
    result = found.result
    known: dict[str, object] = {"split": day_of(calibration.split), "days": calibration.days}
    known |= {"predicted": result.predicted, "actual": result.actual}
    notes = [
        plan.texts.say("methods.held_out_fit", **known, remark=plan.texts.remark(remark))
        for remark in found.fit.remarks
    ]
    error = result.relative_error
    if error is None:
        return [plan.texts.say("methods.holdout_without_orders", **known), *notes]
    return [plan.texts.say("methods.holdout", **known, error=100 * error), *notes]
