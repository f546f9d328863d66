import math

import pytest

from clv_xl.customers.orders import order_log
from clv_xl.customers.quality import assess
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.live import Live
from clv_xl.reports.plan import Plan
from clv_xl.reports.quality_tables import add_checks
from clv_xl.reports.report import Format, Report
from tests.reports.inputs import CASES, column, inputs, report, texts

OK, DIFFERS = (texts().say(f"check.{state}") for state in ("ok", "differs"))


def states(made: Report | Plan) -> list[str]:
    rows = made.matrices["calc_checks"].cells
    return [str(row[2].value) for row in rows if isinstance(row[2], Live)]


@pytest.mark.parametrize("case", CASES)
def test_two_ways_lead_to_the_same_figure(case: str) -> None:
    made = report(case)

    assert set(states(made)) == {OK}
    assert made.value("calc_checks_failed") == 0
    tables = [name for name in made.tables if name.startswith("Segments") and "_data" not in name]
    assert len(states(made)) == 3 + 2 * len(tables)


def test_a_figure_that_differs_is_seen() -> None:
    plan = Plan(texts())
    facts = {"rows_read": 10, "rows_kept": 8, "active_start": 5, "active_new": 3, "active_lost": 2}
    facts |= {"active_reactivated": 1, "active_close": 8, "customers": 3, "total_revenue": 100}
    for name, value in facts.items():
        plan.fact(f"fact_{name}", value, Format.COUNT)
    plan.derive("calc_customers_revenue", Live("SUM(x)", 100.0), Format.MONEY)
    plan.table("Dropped", plan.data("rows", [1.0], Format.COUNT))

    add_checks(plan, {})

    assert states(plan) == [DIFFERS, DIFFERS, OK]
    assert plan.figures["calc_checks_failed"].value == 2


@pytest.mark.parametrize("case", CASES)
def test_rows_left_out_have_their_reasons_in_words_and_their_shares(case: str) -> None:
    made, log = report(case), inputs(case).log
    rows = column(made, "Dropped", "rows")

    assert rows.sum() == made.value("fact_rows_read") - made.value("fact_rows_kept")
    assert sorted(rows) == sorted(n for n in log.cleaning.dropped.values() if n)
    shares = column(made, "Dropped", "row_share")
    assert shares.tolist() == pytest.approx((rows / made.value("fact_rows_read")).tolist())
    assert all("_" not in reason for reason in column(made, "Dropped", "reason"))


@pytest.mark.parametrize("case", CASES)
def test_findings_and_score_are_those_of_the_data(case: str) -> None:
    made, quality = report(case), assess(inputs(case).log)

    assert made.value("fact_quality_score") == quality.score
    sentences = [finding.sentence for finding in quality.findings]
    assert column(made, "Findings", "finding").tolist() == sentences
    assert column(made, "Findings", "points_off").tolist() == [f.points for f in quality.findings]


@pytest.mark.parametrize(("gate", "key"), [(0, "badge"), (100, "badge_low")])
def test_the_badge_says_when_the_data_are_below_the_gate(gate: float, key: str) -> None:
    log = order_log(["a", "", "b"], ["2024-01-01", "2024-01-02", ""], [1, 2, 3])
    made = build_report(log, Assumptions(gate=gate), texts())

    (badge,) = made.lines["data_badge"].lines

    score = math.floor(made.value("fact_quality_score"))  # 99.6 is not yet all there is
    assert made.value("fact_quality_score") < 100
    assert badge == texts().say(f"quality.{key}", score=score)
    assert isinstance(made.cover, Live)
    assert str(badge) in made.cover.value
