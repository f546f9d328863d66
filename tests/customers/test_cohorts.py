import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.cohorts import MEASURES, cohort_table, cohorts, retention_curve_table
from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.errors import InvalidArgumentError

periods = st.sampled_from(["month", "quarter", "year"])
_PANDAS_PERIOD = {"month": "M", "quarter": "Q", "year": "Y"}


def _by_pandas(log: OrderLog, period: str) -> pd.DataFrame:
    days = pd.Series(log.day.astype("datetime64[D]").astype("datetime64[s]"))
    orders = pd.DataFrame(
        {
            "customer": log.customer,
            "period": days.dt.to_period(_PANDAS_PERIOD[period]),
            "amount": log.amount,
        }
    )
    orders["cohort"] = orders.groupby("customer")["period"].transform("min")
    orders["since"] = [
        (ordered - first).n
        for ordered, first in zip(orders["period"], orders["cohort"], strict=True)
    ]
    grouped = orders.groupby(["cohort", "since"])
    return grouped.agg(active=("customer", "nunique"), revenue=("amount", "sum"))


@given(st.from_type(OrderLog), periods)
def test_every_mature_cell_equals_a_plain_group_by(log: OrderLog, period: str) -> None:
    found = cohorts(log, period)
    plain = _by_pandas(log, period)
    cohort_names = plain.index.get_level_values("cohort").unique()

    assert len(found.labels) == len(cohort_names)
    for row, cohort in enumerate(cohort_names):
        for since in np.flatnonzero(found.mature[row]):
            there = (cohort, since) in plain.index
            active = plain.loc[(cohort, since), "active"] if there else 0
            revenue = plain.loc[(cohort, since), "revenue"] if there else 0
            assert found.active[row, since] == active
            assert found.revenue[row, since] == pytest.approx(revenue)


@given(st.from_type(OrderLog), periods)
def test_everybody_is_active_in_the_period_of_the_first_order(log: OrderLog, period: str) -> None:
    found = cohorts(log, period)

    np.testing.assert_array_equal(found.active[:, 0], found.size)
    assert found.size.sum() == log.n_customers
    assert (found.repeat_customers <= found.size).all()


@given(st.from_type(OrderLog), periods)
def test_a_cell_is_mature_when_its_period_is_complete(log: OrderLog, period: str) -> None:
    found = cohorts(log, period)
    code = _PANDAS_PERIOD[period]
    after = pd.Timestamp(log.as_of + 1, unit="D")

    for row, label in enumerate(found.labels):
        first = pd.Period(label.replace("-Q", "Q"), freq=code)
        for since in range(found.mature.shape[1]):
            complete = (first + since).end_time < after
            assert found.mature[row, since] == complete


@given(st.from_type(OrderLog), periods)
def test_the_pooled_rate_is_the_mean_of_the_cohorts_weighted_by_size(
    log: OrderLog, period: str
) -> None:
    found = cohorts(log, period)
    rate = found.measured("rate")

    for since, pooled in enumerate(found.pooled_rate):
        mature = found.mature[:, since]
        if mature.any():
            mean = np.average(rate[mature, since], weights=found.size[mature])
            assert pooled == pytest.approx(mean)
        else:
            assert np.isnan(pooled)


def test_immature_cells_are_empty_and_never_0() -> None:
    customers, days = ["a", "b", "a"], ["2024-01-05", "2024-02-20", "2024-03-15"]

    table = cohort_table(customers, days, measure="rate")

    assert table["cohort"].tolist() == ["2024-01", "2024-02"]
    np.testing.assert_array_equal(table[0], [1.0, 1.0])
    np.testing.assert_array_equal(table[1], [0.0, np.nan])  # March is not over
    assert 2 not in table.columns


def test_a_log_younger_than_a_period_shows_sizes_only() -> None:
    table = cohort_table(["a", "b"], ["2024-01-05", "2024-01-20"])

    assert table["size"].tolist() == [2]
    assert table[0].isna().all()
    assert retention_curve_table(["a", "b"], ["2024-01-05", "2024-01-20"]).empty


def test_revenue_accumulates_and_is_spread_over_the_whole_cohort() -> None:
    customers = ["a", "b", "a", "b"]
    days = ["2024-01-05", "2024-01-20", "2024-02-10", "2024-03-31"]
    amounts = [10, 20, 30, 40]

    rows = {
        measure: cohort_table(customers, days, amounts, measure=measure)[[0, 1, 2]].to_numpy()[0]
        for measure in MEASURES
    }

    assert {measure: row.tolist() for measure, row in rows.items()} == {
        "customers": [2, 1, 1],
        "rate": [1.0, 0.5, 0.5],
        "revenue": [30, 30, 40],
        "cumulative": [30, 60, 100],
        "cumulative_per_customer": [15, 30, 50],
    }


def test_as_of_makes_a_period_complete_in_which_nobody_ordered_last() -> None:
    early = cohort_table(["a"], ["2024-01-05"])
    later = cohort_table(["a"], ["2024-01-05"], as_of="2024-02-29")

    assert early[0].isna().all()
    assert later[[0, 1]].to_numpy().tolist() == [[1, 0]]


def test_customers_from_before_the_log_belong_to_no_cohort() -> None:
    rng = np.random.default_rng(1)
    day = np.concatenate([rng.integers(0, 20, 200), rng.integers(40, 400, 60)])
    customers = [f"c{n}" for n in range(260)]

    truncated = cohorts(order_log(customers, day.astype("datetime64[D]")))
    rules = OrderRules(history_complete=True)
    complete = cohorts(order_log(customers, day.astype("datetime64[D]"), rules=rules))

    assert truncated.existing >= 200
    assert truncated.size.sum() == 260 - truncated.existing
    assert "1970-01" not in truncated.labels
    assert (complete.existing, complete.size.sum()) == (0, 260)


def test_quarters_and_years_are_named_as_such() -> None:
    customers, days = ["a", "b"], ["2023-11-05", "2024-02-20"]

    assert cohort_table(customers, days, period="quarter")["cohort"].tolist() == [
        "2023-Q4",
        "2024-Q1",
    ]
    assert cohort_table(customers, days, period="year")["cohort"].tolist() == ["2023", "2024"]


def test_an_unknown_measure_or_period_is_refused_by_name() -> None:
    with pytest.raises(InvalidArgumentError, match="measure must be one of customers, rate"):
        cohort_table(["a"], ["2024-01-05"], measure="orders")
    with pytest.raises(InvalidArgumentError, match="period must be one of month, quarter, year"):
        cohort_table(["a"], ["2024-01-05"], period="week")
    with pytest.raises(InvalidArgumentError, match="amounts must be given for the measure revenue"):
        cohort_table(["a"], ["2024-01-05"], measure="revenue")


def test_the_three_cohorts_of_cdnow_have_their_known_sizes(cdnow: OrderLog) -> None:
    found = cohorts(cdnow)

    assert found.labels.tolist() == ["1997-01", "1997-02", "1997-03"]
    assert found.size.tolist() == [7846, 8476, 7248]
    assert found.active.shape == (3, 18)
    assert found.mature.sum(axis=1).tolist() == [18, 17, 16]
    assert found.revenue.sum() == pytest.approx(2_500_315.63)
