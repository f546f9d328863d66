"""The table of renewals under contract and its chart: what was seen, and how it goes on."""

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.reports.assumptions import ContractName
from clv_xl.reports.contract_retention import BILLED, ContractRetention, fitted
from clv_xl.reports.live_functions import if_, product_to, ratio
from clv_xl.reports.plan import Plan, label_step
from clv_xl.reports.report import Chart, Column, Format, Line, Series


def add_contract(plan: Plan, contract: ContractRetention | None, asked: ContractName) -> None:
    """Add the table of renewals and, where retention can be projected, its chart."""
    if contract is None:
        return
    say = plan.texts.say
    source = say("source.seen" if asked == "auto" else "source.given")
    plan.setting(
        "src_rule_contract", plan.texts.remark(BILLED[contract.seen.period]), Format.TEXT, source
    )
    if contract.fit is None:
        return
    _add_table(plan, contract)
    if contract.usable:
        _add_chart(plan, contract.seen.period, contract.periods_shown)


def _add_table(plan: Plan, contract: ContractRetention) -> None:
    seen = contract.periods_shown
    rows = 2 * seen if contract.usable else seen
    number = plan.data("renewal", np.arange(rows + 1.0), Format.COUNT)
    counts, none = contract.counts, np.full(rows - seen, np.nan)
    due = np.concatenate([[np.nan], counts.due[:seen], none])
    kept = np.concatenate([[counts.customers], counts.kept[:seen], none])
    due_column = plan.data("renewal_due", due, Format.COUNT)
    kept_column = plan.data("renewal_kept", kept, Format.COUNT)
    here = plan.here("Renewals", due_column)
    share = plan.formula(
        "renewal_rate", ratio(plan.here("Renewals", kept_column), here), Format.RATE
    )
    rate, row = plan.whole("Renewals", share), plan.here("Renewals", number)
    left = if_(row.equals(0), 1.0, if_(here > 0, product_to(rate, row), ""))
    projected = _projected(plan, contract, number.values) if contract.usable else []
    survived = plan.formula("renewal_left", left, Format.RATE)
    plan.table("Renewals", number, due_column, kept_column, share, survived, *projected)


def _projected(plan: Plan, contract: ContractRetention, number: Floats) -> list[Column]:
    """Return the renewal rate and the curve of the model, with the interval of the curve."""
    fit = fitted(contract)
    rate = np.append(np.nan, np.asarray(fit.retention(number[1:])))
    low, high = fit.survival_interval(number) or (None, None)
    columns = {
        "renewal_rate_projected": rate,
        "renewal_left_projected": fit.survival(number),
        "renewal_left_low": low,
        "renewal_left_high": high,
    }
    return [plan.data(key, values, Format.RATE) for key, values in columns.items()]


def _add_chart(plan: Plan, period: str, seen: int) -> None:
    say = plan.texts.say
    lines = {
        "renewal_left_projected": Line.DASHED,  # the longest goes first: it labels the axis
        "renewal_left": Line.SOLID,
        "renewal_left_low": Line.BAND,
        "renewal_left_high": Line.BAND,
    }
    series = tuple(
        Series(
            title=say(f"chart.renewals_series.{key}"),
            values=f"Renewals.{key}",
            categories="Renewals.renewal",
            rows=seen + 1 if line is Line.SOLID else None,  # a blank text would be drawn as 0
            line=line,
        )
        for key, line in lines.items()
    )
    plan.charts["renewals"] = Chart(
        key="renewals",
        kind="line",
        title=say("chart.renewals"),
        series=series,
        x_title=say(f"chart.renewals_x.{period}"),
        y_title="",
        y_format=Format.SHARE,
        x_every=label_step(2 * seen + 1),
        y_most=1.0,
        alt_text=say("chart.alt.renewals"),
    )
