from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clv_xl.customers.cohorts import Cohorts, cohorts
from clv_xl.customers.n_day import n_day
from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.cohort_tables import (
    DASHBOARD_COHORTS,
    DASHBOARD_PERIODS,
    MOST_COHORTS,
    cohort_period,
)
from clv_xl.reports.live import Live
from clv_xl.reports.n_day_table import N_DAYS
from clv_xl.reports.report import Content, Report
from clv_xl.workbooks.templates import load_layout
from clv_xl.workbooks.write import write_workbook
from tests.proof.rules import violations
from tests.reports.inputs import CASES, column, inputs, report, texts

MATRICES = ("calc_cohort_rate", "calc_cohort_contribution", "data_cohort_active")


def number(content: Content) -> float:
    value: Any = content.value if isinstance(content, Live) else content
    return np.nan if value in {None, ""} else float(value)


def cells(made: Report, matrix: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([[number(cell) for cell in row] for row in made.matrices[matrix].cells])


def known(case: str) -> Cohorts:
    log = inputs(case).log
    return cohorts(log, cohort_period(log))


def shown(values: Any, made: Report) -> Any:  # noqa: ANN401 - an array of any kind
    """Return the latest cohorts and the first periods: what the matrices have room for."""
    rows, columns = cells(made, "data_cohort_active").shape
    return values[-rows:, :columns]


def log_of_months(months: int, every: int = 1) -> OrderLog:
    """Return a log with a new customer every so many months, who orders twice."""
    start = np.datetime64("2010-01", "M") + np.arange(0, months, every)
    days = np.concatenate([start.astype("datetime64[D]") + 3, start.astype("datetime64[D]") + 40])
    return order_log(np.tile([f"c{n}" for n in range(len(start))], 2), days, [10] * len(days))


@pytest.mark.parametrize("case", CASES)
def test_rates_and_counts_are_those_of_the_cohorts(case: str) -> None:
    made, found = report(case), known(case)

    np.testing.assert_allclose(
        cells(made, "calc_cohort_rate"), shown(found.measured("rate"), made), rtol=1e-12
    )
    np.testing.assert_array_equal(
        cells(made, "data_cohort_active"), shown(found.measured("customers"), made)
    )
    np.testing.assert_allclose(
        cells(made, "data_cohort_revenue"), shown(found.measured("revenue"), made)
    )


@pytest.mark.parametrize("case", CASES)
def test_cells_whose_time_is_not_over_are_empty_and_never_zero(case: str) -> None:
    made, found = report(case), known(case)
    immature = ~shown(found.mature, made)

    for matrix in MATRICES:
        empty = [[cell is None for cell in row] for row in made.matrices[matrix].cells]
        np.testing.assert_array_equal(np.array(empty), immature)


@pytest.mark.parametrize("case", CASES)
def test_contribution_to_date_is_the_margin_of_what_a_cohort_has_paid(case: str) -> None:
    made, found = report(case), known(case)

    each = made.value("calc_margin") * found.measured("cumulative_per_customer")

    np.testing.assert_allclose(
        cells(made, "calc_cohort_contribution"), shown(each, made), rtol=1e-9, atol=1e-12
    )
    assert made.matrices["calc_cohort_contribution"].outline_at_least == "calc_cac"


@pytest.mark.parametrize("case", CASES)
def test_pooled_retention_divides_all_who_ordered_by_all_who_could(case: str) -> None:
    made, found = report(case), known(case)
    periods = column(made, "Curve", "periods_since").astype(int)

    np.testing.assert_allclose(column(made, "Curve", "pooled_rate"), found.pooled_rate[periods])
    assert (found.pooled_eligible[periods] > 0).all()
    assert 0 not in periods


@pytest.mark.parametrize("case", CASES)
def test_the_heat_map_shows_the_latest_cohorts_after_their_first_period(case: str) -> None:
    made = report(case)
    heat, rate = made.matrices["calc_heat_map"], made.matrices["calc_cohort_rate"]

    assert list(heat.row_heads) == list(rate.row_heads)[-DASHBOARD_COHORTS:]
    expected = cells(made, "calc_cohort_rate")[-DASHBOARD_COHORTS:, 1 : DASHBOARD_PERIODS + 1]
    width = len(heat.column_heads)
    shown_cells = cells(made, "calc_heat_map").reshape(len(expected), width)
    np.testing.assert_array_equal(shown_cells, expected[:, :width])
    assert np.isnan(expected[:, width:]).all(), "what is left out is empty"
    sizes = [number(cell) for cell in heat.lead[0].cells]
    assert sizes == column(made, "Cohort_sizes", "cohort_size")[-DASHBOARD_COHORTS:].tolist()


@pytest.mark.parametrize("case", CASES)
def test_sizes_and_repeat_shares_stand_left_of_the_matrix(case: str) -> None:
    made, found = report(case), known(case)
    rows = len(made.matrices["calc_cohort_rate"].cells)
    size = column(made, "Cohort_sizes", "cohort_size")

    np.testing.assert_array_equal(size, found.size[-rows:])
    repeat = column(made, "Cohort_sizes", "repeat_share")
    np.testing.assert_allclose(repeat, found.repeat_customers[-rows:] / size)
    led = {
        lead.head: [number(c) for c in lead.cells]
        for lead in made.matrices["calc_cohort_rate"].lead
    }
    assert led[texts().say("column.cohort_size")] == size.tolist()
    assert led[texts().say("column.repeat_share")] == pytest.approx(repeat)
    assert (texts().say("column.cohort_cac") in led) == ("Spend" in made.tables)


@pytest.mark.parametrize("case", CASES)
def test_days_since_the_first_order_count_those_followed_for_so_long(case: str) -> None:
    made, log = report(case), inputs(case).log
    found = n_day(log, N_DAYS, cohort_period(log))
    followed = column(made, "Days_since_first", "n_day_customers")

    np.testing.assert_array_equal(followed, found.eligible.sum(axis=0))
    each = made.value("calc_margin") * found.revenue.sum(axis=0)
    each = np.divide(each, followed, out=np.full(len(N_DAYS), np.nan), where=followed > 0)
    np.testing.assert_allclose(column(made, "Days_since_first", "n_day_contribution"), each)


def test_customers_from_before_the_log_are_in_no_cohort() -> None:
    made = report("left_truncated")
    existing = made.value("fact_existing_customers")

    assert existing == inputs("left_truncated").log.existing_before_window.sum() > 0
    size = column(made, "Cohort_sizes", "cohort_size").sum()
    assert size + existing == made.value("fact_customers")


@pytest.mark.parametrize(
    ("months", "every", "period"),
    [(3, 1, "month"), (50, 1, "month"), (60, 1, "quarter"), (160, 5, "quarter"), (200, 7, "year")],
)
def test_the_longer_the_log_the_longer_the_cohorts(months: int, every: int, period: str) -> None:
    log = log_of_months(months, every)

    made = build_report(log, Assumptions(), texts())

    assert cohort_period(log) == period
    assert len(made.matrices["calc_cohort_rate"].cells) <= MOST_COHORTS
    assert len(made.matrices["calc_cohort_rate"].column_heads) <= MOST_COHORTS + 1
    assert texts().say(f"chart.periods_since.{period}") == made.charts["retention"].x_title


@pytest.mark.parametrize("case", CASES)
def test_value_by_days_is_drawn_once_somebody_was_followed_so_long(case: str) -> None:
    followed = column(report(case), "Days_since_first", "n_day_customers")

    assert ("n_day" in report(case).charts) == bool(followed.any())


def test_the_table_of_sizes_has_the_cohorts_of_the_matrix_in_time_order() -> None:
    made = report("full")
    labels = column(made, "Cohort_sizes", "cohort").tolist()

    assert labels == list(made.matrices["calc_cohort_rate"].row_heads) == sorted(labels)


def test_without_any_cohort_it_is_said_and_the_rest_of_the_report_stands(tmp_path: Path) -> None:
    log = inputs("left_truncated").log
    log = replace(log, existing_before_window=np.ones(log.n_customers, dtype=np.bool_))

    made = build_report(log, Assumptions(margin_rate=0.4, cac=20), texts())
    write_workbook(made, load_layout("executive"), texts(), tmp_path / "made.xlsx")

    assert made.notes["cohorts"] == texts().say("note.no_cohorts")
    assert made.record["cohorts"] == []
    assert made.value("fact_new_customers") == 0
    assert made.value("fact_first_order_value") == 0
    assert violations(tmp_path / "made.xlsx") == []
