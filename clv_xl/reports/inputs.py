"""The cells a reader may change, and the settings that only a new computation can change."""

from clv_xl.arrays import day_of
from clv_xl.customers.orders import OrderLog
from clv_xl.remarks import Remark
from clv_xl.reports.assumptions import LONGEST_HORIZON_MONTHS, Assumptions
from clv_xl.reports.forecast import RANGE_WITHIN, SHOWN_WITHIN
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Allowed, Format
from clv_xl.reports.reporting_period import ReportingPeriod

CUT_OFFS = (1.0, 3.0, 5.0)
LONGEST_TEXT_OF_A_NAME = 250


def add_inputs(plan: Plan, assumptions: Assumptions) -> None:
    """Add every input that formulas follow."""
    given, default = (plan.texts.say(f"source.{key}") for key in ("given", "default"))
    rate, money = Allowed(at_least=0, at_most=1), Allowed(at_least=0)
    margin, cac = assumptions.margin_rate, assumptions.cac
    plan.input("in_margin_rate", margin, Format.RATE, rate, given if margin is not None else "")
    discount = assumptions.annual_discount_rate
    plan.input(
        "in_discount_rate", discount, Format.RATE, rate, _source(discount, 0.10, given, default)
    )
    horizon = assumptions.horizon_months
    months = Allowed(at_least=1, at_most=LONGEST_HORIZON_MONTHS, whole=True)
    plan.input(
        "in_horizon_months", horizon, Format.MONTHS, months, _source(horizon, 12, given, default)
    )
    plan.input("in_cac", cac, Format.MONEY_EXACT, money, given if cac is not None else "")
    plan.input(
        "in_cac_lag_months", 0, Format.MONTHS, Allowed(at_least=0, at_most=12, whole=True), default
    )
    target = assumptions.target_ratio
    plan.input(
        "in_target_ratio", target, Format.NUMBER, Allowed(at_least=0.1, at_most=100), default
    )
    for name, cut in zip(("low", "good", "high"), CUT_OFFS, strict=True):
        plan.input(f"in_ratio_{name}", cut, Format.NUMBER, money, default)
    plan.input("in_shown_within", SHOWN_WITHIN, Format.RATE, rate, default)
    plan.input("in_range_within", RANGE_WITHIN, Format.RATE, rate, default)


def _source(value: float, usual: float, given: str, default: str) -> str:
    return default if value == usual else given


def add_settings(
    plan: Plan, log: OrderLog, assumptions: Assumptions, period: ReportingPeriod, window: int
) -> None:
    """Add what the figures were computed with; changing it needs a new computation."""
    say = plan.texts.say
    plan.setting("src_as_of", day_of(log.as_of), Format.DATE)
    plan.setting("src_refreshed", assumptions.refreshed, Format.MOMENT)
    plan.setting("src_period_from", day_of(period.first_day), Format.DATE)
    plan.setting("src_period_to", day_of(period.last_day), Format.DATE)
    kind = "incomplete" if period.incomplete else period.kind
    plan.setting("src_period_kind", say(f"period.{kind}"), Format.TEXT)
    if period.previous_first_day is not None and period.previous_last_day is not None:
        plan.setting("src_previous_from", day_of(period.previous_first_day), Format.DATE)
        plan.setting("src_previous_to", day_of(period.previous_last_day), Format.DATE)
    suggested = assumptions.activity_window_days is None
    source = say("source.suggested") if suggested else say("source.given")
    plan.setting("src_activity_window", window, Format.COUNT, source)
    plan.setting("src_model", say(f"model.{assumptions.model}"), Format.TEXT)
    plan.setting("src_currency", log.currency or say("currency.unnamed"), Format.TEXT)
    plan.setting("src_tax", say(f"tax.{log.tax.value}"), Format.TEXT)
    plan.setting("src_file", _shortened(assumptions.source) or say("source.memory"), Format.TEXT)
    if assumptions.source_table:
        plan.setting("src_table", assumptions.source_table, Format.TEXT)
    plan.setting("src_options", assumptions.options, Format.TEXT)
    plan.setting("src_hash", assumptions.source_hash or say("source.memory"), Format.TEXT)
    for role, header in assumptions.mapping.items():
        _column_setting(plan, role, header)
    for rule, value in assumptions.rules.items():
        plan.setting(f"src_rule_{rule}", _said(plan, value), Format.TEXT)


def _column_setting(plan: Plan, role: str, header: str | Remark) -> None:
    """Add which column plays a role, named after the role."""
    plan.setting(f"src_column_{role}", _shortened(_said(plan, header)), Format.TEXT)


def _said(plan: Plan, words: str | Remark) -> str:
    return plan.texts.remark(words) if isinstance(words, Remark) else words


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT_OF_A_NAME else text[: LONGEST_TEXT_OF_A_NAME - 1] + "…"
