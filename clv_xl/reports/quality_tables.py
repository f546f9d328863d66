"""Data quality: what was read, kept and left out, what was found, and checks that must agree."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from clv_xl.customers.drop_reasons import reason_said
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.quality import Quality
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.live import Live, live
from clv_xl.reports.live_functions import absolute, if_, total
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Content, Format, Lines
from clv_xl.reports.segment_tables import AGREEING


def add_quality(plan: Plan, log: OrderLog, quality: Quality, assumptions: Assumptions) -> None:
    """Add the score, the rows by reason, the findings and what the reader inferred."""
    cleaning = log.cleaning
    plan.fact("fact_quality_score", quality.score, Format.NUMBER)
    plan.setting("src_quality_gate", assumptions.gate, Format.NUMBER)
    plan.fact("fact_rows_read", cleaning.rows_read, Format.COUNT)
    plan.fact("fact_rows_kept", cleaning.rows_kept, Format.COUNT)
    plan.fact("fact_duplicates", cleaning.duplicates, Format.COUNT)
    plan.fact("fact_same_day_merged", cleaning.same_day_merged, Format.COUNT)
    plan.fact("fact_span_months", quality.span_months, Format.NUMBER)
    plan.fact("fact_freshness_days", quality.freshness_days, Format.COUNT)
    _add_dropped(plan, log)
    _add_findings(plan, quality)
    say = plan.texts.say
    read = map(plan.texts.remark, assumptions.reading_notes)
    notes = dict.fromkeys([*read, *plan.notes.values()])
    plan.lines["reading"] = Lines(key="reading", lines=tuple(notes) or (say("quality.no_notes"),))
    plan.lines["data_badge"] = Lines(key="data_badge", lines=(data_badge(plan),))


def data_badge(plan: Plan) -> str:
    """Return the quality of the data in a few words."""
    score = plan.figures["fact_quality_score"].value
    gate = plan.figures["src_quality_gate"].value
    return plan.texts.say(
        "quality.badge" if score >= gate else "quality.badge_low", score=f"{math.floor(score)}"
    )


def _add_dropped(plan: Plan, log: OrderLog) -> None:
    reasons = [reason for reason, rows in log.cleaning.dropped.items() if rows]
    rows = plan.data("rows", [float(log.cleaning.dropped[r]) for r in reasons], Format.COUNT)
    texts = [plan.texts.remark(reason_said(reason)) for reason in reasons]
    read = plan.ref("fact_rows_read")
    plan.table(
        "Dropped",
        plan.data("reason", np.array(texts, dtype=object), Format.TEXT),
        rows,
        plan.formula("row_share", plan.here("Dropped", rows) / read, Format.RATE),
    )


def _add_findings(plan: Plan, quality: Quality) -> None:
    say, found = plan.texts.say, quality.findings
    sentences = np.array([plan.texts.remark(f.remark) for f in found], dtype=object)
    severities = [say(f"severity.{finding.severity}") for finding in found]
    plan.table(
        "Findings",
        replace(plan.data("finding", sentences, Format.TEXT), wrapped=True),
        plan.data("points_off", np.array([f.points for f in found], dtype=float), Format.NUMBER),
        plan.data("severity", np.array(severities, dtype=object), Format.TEXT),
    )


def add_checks(plan: Plan, divisions: Mapping[str, str]) -> None:
    """Add the checks: two ways to the same figure; `divisions` has the header of each table."""
    ref, say = plan.ref, plan.texts.say
    start, new, back, lost = (
        ref(f"fact_active_{k}") for k in ("start", "new", "reactivated", "lost")
    )
    dropped = total(plan.of("Dropped", "rows"))
    checks: list[tuple[str, Live, Live]] = [
        (say("check.rows"), ref("fact_rows_read"), ref("fact_rows_kept") + dropped),
        (say("check.activity"), start + new + back - lost, ref("fact_active_close")),
        (say("check.customers_revenue"), ref("calc_customers_revenue"), ref("fact_total_revenue")),
    ]
    for name, header in divisions.items():
        data = f"{name}_data"
        customers = total(plan.of(data, "count_customers"))
        revenue = total(plan.of(data, "count_revenue_period"))
        checks += [
            (say("check.segment_customers", header=header), customers, ref("fact_customers")),
            (say("check.segment_revenue", header=header), revenue, ref("fact_revenue")),
        ]
    _check_matrix(plan, checks)


def _check_matrix(plan: Plan, checks: list[tuple[str, Live, Live]]) -> None:
    say = plan.texts.say
    cells: list[list[Content]] = []
    for _, one, other in checks:
        agrees = absolute(one - other) < AGREEING
        cells.append([one, other, if_(agrees, say("check.ok"), say("check.differs"))])
    plan.matrix(
        "calc_checks",
        cells,
        row_heads=[name for name, _, _ in checks],
        column_heads=[say(f"column.check_{side}") for side in ("one", "other", "state")],
        corner=say("column.check"),
        shown_as=Format.COUNT,
    )
    differing = sum(row[2].value != say("check.ok") for row in cells if isinstance(row[2], Live))
    count = Live(f"COUNTIF(calc_checks,{live(say('check.differs')).formula})", float(differing))
    plan.derive("calc_checks_failed", count, Format.COUNT)
