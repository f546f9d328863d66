from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.summary import customer_summary, summarise
from clv_xl.errors import DataError, InvalidArgumentError

COLUMNS = ["customer", "orders", "frequency", "recency", "T", "days_since_last", "monetary_value",
           "total"]  # fmt: skip


def test_a_worked_example() -> None:
    log = order_log(
        ["a", "a", "a", "a", "b"],
        ["2024-01-01", "2024-01-11", "2024-01-11", "2024-02-10", "2024-03-01"],
        [10, 20, 30, 0, 40],
    )
    summary = summarise(log)
    assert summary.orders.tolist() == [4, 1]
    assert summary.order_days.tolist() == [3, 1]
    assert summary.frequency.tolist() == [2, 0]
    assert summary.recency.tolist() == [40, 0]
    assert summary.T.tolist() == [60, 0]
    assert summary.days_since_last.tolist() == [20, 0]
    assert summary.monetary_value.tolist() == [25, 0]
    assert summary.spend_frequency.tolist() == [1, 0]
    assert summary.spend_mean.tolist() == [50, 0]
    assert summary.total.tolist() == [60, 40]
    assert summary.first_value.tolist() == [10, 40]
    assert summary.merged_same_day == 1


@given(st.from_type(OrderLog))
def test_the_parts_make_up_the_whole(log: OrderLog) -> None:
    summary = summarise(log)
    assert summary.orders.sum() == log.n_orders
    assert summary.total.sum() == pytest.approx(log.revenue)
    np.testing.assert_array_equal(summary.frequency, summary.order_days - 1)
    np.testing.assert_array_equal(summary.recency + summary.days_since_last, summary.T)
    repeat = summary.frequency * summary.monetary_value
    np.testing.assert_allclose(summary.first_value + repeat, summary.total)
    np.testing.assert_allclose(summary.spend_frequency * summary.spend_mean, repeat)
    assert (summary.spend_frequency <= summary.frequency).all()
    assert summary.merged_same_day == log.cleaning.same_day_merged


@given(st.from_type(OrderLog))
def test_the_summary_agrees_with_sums_by_hand(log: OrderLog) -> None:
    frame = pd.DataFrame({"customer": log.customer, "day": log.day, "amount": log.amount})
    summary = summarise(log)
    for code, orders in frame.groupby("customer"):
        per_day = orders.groupby("day")["amount"].sum()
        repeat = per_day.iloc[1:]
        at = int(str(code))
        assert summary.spend_frequency[at] == (repeat > 0).sum()
        assert summary.monetary_value[at] == pytest.approx(repeat.mean() if len(repeat) else 0)


@settings(deadline=None)  # the first call imports lifetimes
@given(st.from_type(OrderLog))
def test_lifetimes_gives_the_same_summary(log: OrderLog) -> None:
    utils = pytest.importorskip("lifetimes.utils")
    days = pd.Series(log.day.astype("datetime64[D]")).astype("datetime64[ns]")
    frame = pd.DataFrame({"id": log.customer, "day": days, "amount": log.amount})
    end = np.datetime64(log.as_of, "D")
    theirs = utils.summary_data_from_transaction_data(
        frame, "id", "day", "amount", observation_period_end=str(end)
    ).sort_index()
    ours = summarise(log)
    for column in ("frequency", "recency", "T", "monetary_value"):
        np.testing.assert_allclose(getattr(ours, column), theirs[column])


def test_the_published_summary_of_the_cdnow_sample() -> None:
    package = find_spec("lifetimes")
    if package is None or package.origin is None:
        pytest.skip("lifetimes, which brings the CDNOW log, is not installed")
    folder = Path(package.origin).parent / "datasets"
    log = pd.read_csv(folder / "CDNOW_sample.txt", sep=r"\s+", header=None, dtype=str)
    dates = pd.to_datetime(log[2], format="%Y%m%d")
    ours = customer_summary(log[1], dates, log[4].astype(float), as_of="1997-09-30", unit="week")
    theirs = pd.read_csv(folder / "cdnow_customers_summary_with_transactions.csv")
    assert ours["customer"].astype(int).tolist() == theirs["ID"].tolist()
    assert len(ours) == 2357
    assert ours["frequency"].tolist() == theirs["x"].tolist()
    np.testing.assert_allclose(ours["recency"], theirs["t_x"], atol=0.00501)
    np.testing.assert_allclose(ours["T"], theirs["T"], atol=0.00501)
    np.testing.assert_allclose(ours["monetary_value"], theirs["zbar"], atol=0.00501)


def test_lifetimes_gives_the_same_summary_of_cdnow(cdnow: OrderLog) -> None:
    utils = pytest.importorskip("lifetimes.utils")
    days = pd.Series(cdnow.day.astype("datetime64[D]")).astype("datetime64[ns]")
    frame = pd.DataFrame({"id": cdnow.customer, "day": days, "amount": cdnow.amount})
    theirs = utils.summary_data_from_transaction_data(
        frame, "id", "day", "amount", observation_period_end="1998-06-30"
    ).sort_index()
    ours = summarise(cdnow)
    for column in ("frequency", "recency", "T", "monetary_value"):
        np.testing.assert_allclose(getattr(ours, column), theirs[column])


def test_the_worksheet_function_has_its_columns_and_keeps_the_order_of_first_appearance() -> None:
    frame = customer_summary(["z", "a", "z"], ["2024-01-02", "2024-01-01", "2024-01-09"], [1, 2, 3])
    assert list(frame.columns) == COLUMNS
    assert frame["customer"].tolist() == ["z", "a"]
    assert frame["monetary_value"].tolist() == [3, 0]


@pytest.mark.parametrize(("unit", "days"), [("day", 1), ("week", 7), ("month", 30.4375)])
def test_the_unit_scales_the_times_only(unit: str, days: float) -> None:
    customers, dates = ["a", "a", "b"], ["2024-01-01", "2024-03-01", "2024-04-01"]
    plain = customer_summary(customers, dates, [1, 2, 3])
    scaled = customer_summary(customers, dates, [1, 2, 3], unit=unit)
    for time in ("recency", "T", "days_since_last"):
        np.testing.assert_allclose(scaled[time], plain[time] / days)
    assert scaled["total"].tolist() == plain["total"].tolist()


def test_an_unknown_unit_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidArgumentError, match="unit must be one of day, week"):
        customer_summary(["a"], ["2024-01-01"], [1], unit="fortnight")


def test_without_amounts_money_stays_empty() -> None:
    frame = customer_summary(["a", "a"], ["2024-01-01", "2024-01-09"])
    assert frame["frequency"].tolist() == [1]
    assert frame[["monetary_value", "total"]].isna().all(axis=None)


def test_refunds_and_as_of_reach_the_summary() -> None:
    summary = partial(
        customer_summary, ["a"] * 3, ["2024-01-01", "2024-01-09", "2024-01-12"], [10, 20, -5]
    )
    assert summary()["total"].tolist() == [25]
    assert summary(refunds="drop")["total"].tolist() == [30]
    assert summary(as_of="2024-01-10")["total"].tolist() == [30]
    with pytest.raises(DataError, match="row 3"):
        summary(refunds="refuse")


def test_a_later_as_of_day_only_makes_customers_older() -> None:
    log = order_log(["a"], ["2024-01-01"], [1])
    later = summarise(log.until(log.as_of + 30))
    assert later.T.tolist() == [30]
    assert later.days_since_last.tolist() == [30]
