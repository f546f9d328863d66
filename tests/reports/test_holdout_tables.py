import numpy as np
import pytest

from clv_xl.customers.orders import order_log
from clv_xl.models.model_comparison import last_quarter
from clv_xl.models.purchase_models import Status
from clv_xl.models.simulated_shop import simulate_shop
from clv_xl.reports.forecast import forecast
from clv_xl.reports.holdout_tables import MOST_POINTS, held_out, highest_shown, shown_weeks
from clv_xl.reports.live import Live
from clv_xl.reports.report import Line
from tests.reports.inputs import CASES, column, inputs, report


@pytest.mark.parametrize("case", CASES)
def test_the_tables_and_the_chart_are_there_where_the_model_was_tested(case: str) -> None:
    made = report(case)
    found = held_out(last_quarter(inputs(case).log), inputs(case).assumptions.model)

    there = [*({"Holdout", "Tracking"} & set(made.tables)), *({"tracking"} & set(made.charts))]
    assert len(there) == (0 if found is None else 3)


@pytest.mark.parametrize("case", ["full", "bg_nbd"])
def test_customers_by_frequency_add_up_to_the_sentence(case: str) -> None:
    made = report(case)
    found = held_out(last_quarter(inputs(case).log), inputs(case).assumptions.model)
    assert found is not None
    result = found.result
    sums = {key: column(made, "Holdout", f"holdout_{key}").sum() for key in ("actual", "predicted")}
    total = made.tables["Holdout"].column("holdout_actual").total

    assert sums == pytest.approx({"actual": result.actual, "predicted": result.predicted})
    assert column(made, "Holdout", "holdout_customers").sum() == result.customers
    assert isinstance(total, Live)
    assert total.value == result.actual
    assert column(made, "Holdout", "holdout_frequency").tolist() == [*"0123456", "7 or more"]


def test_purchases_are_tested_where_spend_cannot_be_fitted() -> None:
    shop = simulate_shop(600, seed=7).orders
    rows = shop[(shop["amount"] > 0) & (shop["customer_id"] != "")]
    days = np.asarray(rows["order_date"], dtype="datetime64[D]")
    ids = rows["customer_id"].astype(str).tolist()
    alike, priced = (
        order_log(ids, days, money) for money in (np.full(len(rows), 9.0), rows["amount"])
    )

    found, usual = (held_out(last_quarter(log), "mbg_nbd") for log in (alike, priced))

    assert found is not None
    assert usual is not None
    assert not forecast(found.calibration.summary, "mbg_nbd").usable
    assert found.fit.status is Status.OK
    assert found.result.predicted == usual.result.predicted


@pytest.mark.parametrize("fewest", [2, 5, 40, 10_000])
def test_rows_of_too_few_customers_are_shown_together(fewest: int) -> None:
    often = np.array([0] * 60 + [1] * 30 + [2] * 45 + [3] * 6 + [7] * 3 + [20], dtype=float)
    highest = highest_shown(often, fewest)
    rows = np.bincount(np.minimum(often, highest).astype(int))
    assert all(row == 0 or row >= fewest for row in rows) or highest == 0
    assert highest == {2: 7, 5: 3, 40: 1, 10_000: 0}[fewest]


@pytest.mark.parametrize("case", ["full", "bg_nbd"])
def test_the_weeks_end_where_the_holdout_does(case: str) -> None:
    made = report(case)
    found = held_out(last_quarter(inputs(case).log), inputs(case).assumptions.model)
    assert found is not None
    seen, predicted = (
        column(made, "Tracking", f"holdout_{key}") for key in ("actual", "predicted")
    )
    until = column(made, "Tracking", "tracking_until")

    assert seen[-1] == found.result.actual
    assert predicted[-1] == pytest.approx(found.result.predicted)
    assert (np.diff(seen) >= 0).all()
    assert (np.diff(predicted) > 0).all()
    assert until[-1].astype(np.int64) == inputs(case).log.as_of


def test_what_is_predicted_is_dashed() -> None:
    lines = {s.values: s.line for s in report("full").charts["tracking"].series}

    assert lines == {
        "Tracking.holdout_actual": Line.SOLID,
        "Tracking.holdout_predicted": Line.DASHED,
    }


@pytest.mark.parametrize("weeks", [1, 2, 59, 60, 61, 119, 130, 1000])
def test_many_weeks_are_thinned_evenly_down_to_the_last(weeks: int) -> None:
    shown = shown_weeks(weeks)

    assert len(shown) <= MOST_POINTS
    assert shown[-1] == weeks - 1
    assert len(set(np.diff(shown))) <= 1
    assert len(shown) == weeks or weeks > MOST_POINTS
