import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.activity import activity
from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.segment_table import segment_table
from clv_xl.customers.segments import (
    Membership,
    recent_period,
    segment_membership,
    segments,
)
from clv_xl.errors import DataError, InvalidArgumentError

CUSTOMERS = ["a", "b", "a", "c", "a"]
DAYS = ["2024-01-05", "2024-01-20", "2024-02-10", "2024-02-20", "2024-03-31"]
AMOUNTS = [10, 20, 30, 40, 0]
CHANNELS = ["web", "shop", "shop", "shop", "web"]


def _membership(log: OrderLog, groups: int) -> Membership:
    codes = np.arange(log.n_customers, dtype=np.int64) % groups
    return Membership(codes=codes, labels=np.array([f"s{n}" for n in range(groups)], dtype=object))


@given(st.from_type(OrderLog), st.integers(1, 4), st.integers(0, 900), st.integers(1, 300))
def test_segments_add_up_to_the_whole(log: OrderLog, groups: int, first: int, window: int) -> None:
    last = first + 100
    found = segments(
        log, _membership(log, groups), first_day=first, last_day=last, window_days=window
    )
    whole = activity(log, first, last, window)
    inside = (log.day >= first) & (log.day <= last)

    assert found.customers.sum() == log.n_customers
    assert found.active.sum() == whole.close
    assert found.active_at_start.sum() == whole.start
    assert found.retained.sum() == whole.retained
    assert found.orders.sum() == log.n_orders
    assert found.orders_in_period.sum() == inside.sum()
    assert found.buyers.sum() == len(np.unique(log.customer[inside]))
    assert found.paid_orders.sum() == (log.amount > 0).sum()
    assert found.revenue.sum() == pytest.approx(log.revenue)
    assert found.revenue_in_period.sum() == pytest.approx(log.amount[inside].sum())


def test_the_latest_order_decides_or_the_first_and_several_are_counted() -> None:
    log = order_log(CUSTOMERS, DAYS, AMOUNTS, segments={"channel": CHANNELS})

    latest = segment_membership(log, "channel")
    first = segment_membership(log, "channel", "first")

    assert latest.labels[latest.codes].tolist() == ["web", "shop", "shop"]
    assert first.labels[first.codes].tolist() == ["web", "shop", "shop"]
    assert latest.several == first.several == 1
    moved = order_log(["a", "a"], DAYS[:2], segments={"channel": ["web", "shop"]})
    assert segment_membership(moved, "channel").labels.tolist() == ["shop"]
    assert segment_membership(moved, "channel", "first").labels.tolist() == ["web"]


def test_an_unknown_segment_column_is_refused_with_those_there_are() -> None:
    log = order_log(CUSTOMERS, DAYS, AMOUNTS, segments={"channel": CHANNELS})

    with pytest.raises(InvalidArgumentError, match="column must be one of channel, got country"):
        segment_membership(log, "country")
    with pytest.raises(InvalidArgumentError, match="by must be latest or first"):
        segment_membership(log, "channel", "last")  # type: ignore[arg-type]


def test_the_table_counts_shares_and_values_without_calling_revenue_a_contribution() -> None:
    table = segment_table(CUSTOMERS, DAYS, AMOUNTS, CHANNELS)

    assert table["segment"].tolist() == ["shop", "web", "Total"]
    assert table["customers"].tolist() == [2, 1, 3]
    assert table["customer_share"].tolist() == pytest.approx([2 / 3, 1 / 3, 1])
    assert table["revenue"].tolist() == [60, 40, 100]
    assert table["average_order_value"].tolist() == [30, 20, 25]  # the free order is not paid
    assert table["days_since_last"].tolist() == [55.5, 0, 40]
    assert table["historic_revenue"].tolist() == pytest.approx([30, 40, 100 / 3])
    assert not table.columns.str.contains("contribution|cac").any()


def test_with_a_margin_the_value_is_a_contribution() -> None:
    table = segment_table(CUSTOMERS, DAYS, AMOUNTS, CHANNELS, 0.5)

    assert table["historic_contribution"].tolist() == pytest.approx([15, 20, 50 / 3])
    assert "historic_revenue" not in table


def test_acquisition_costs_stand_beside_the_segment_of_the_first_order() -> None:
    channels = ["web", "shop", "shop", "shop", "shop"]
    costs = [["segment", "CAC"], ["shop", 5], ["web", 8]]

    table = segment_table(CUSTOMERS, DAYS, AMOUNTS, channels, 0.5, costs)

    assert table["segment"].tolist() == ["shop", "web", "Total"]
    assert table["cac"].tolist() == [5, 8, 6]  # the total weighs by customers
    assert table["historic_contribution_to_cac"].tolist() == pytest.approx([3, 2.5, 50 / 18])


def test_a_segment_without_costs_leaves_its_cells_and_the_total_empty() -> None:
    table = segment_table(
        CUSTOMERS, DAYS, AMOUNTS, CHANNELS, None, pd.DataFrame({"s": ["shop"], "c": [5.0]})
    )

    assert table["cac"].isna().tolist() == [False, True, True]
    assert table["historic_revenue_to_cac"].isna().tolist() == [False, True, True]


def test_costs_of_an_unknown_segment_are_refused() -> None:
    with pytest.raises(DataError, match="cac names radio, but the segments are web, shop"):
        segment_table(CUSTOMERS, DAYS, AMOUNTS, CHANNELS, None, [["radio", 5]])
    with pytest.raises(InvalidArgumentError, match="cac must be two columns"):
        segment_table(CUSTOMERS, DAYS, AMOUNTS, CHANNELS, None, [["web", 5, 6]])
    with pytest.raises(InvalidArgumentError, match="cac must be at least 0"):
        segment_table(CUSTOMERS, DAYS, AMOUNTS, CHANNELS, None, [["web", -5]])


def test_a_margin_in_per_cent_is_refused_with_a_hint() -> None:
    with pytest.raises(InvalidArgumentError, match=r"did you mean 0\.40"):
        segment_table(CUSTOMERS, DAYS, AMOUNTS, CHANNELS, 40)


def test_one_order_makes_a_table_whose_undefined_rates_are_empty() -> None:
    table = segment_table(["a"], ["2024-01-01"], [0], ["web"], 0.5, [["web", 0]])

    assert table["segment"].tolist() == ["web", "Total"]
    undefined = [
        "revenue_share",
        "average_order_value",
        "retention",
        "historic_contribution_to_cac",
    ]
    assert table[undefined].isna().all(axis=None)


def test_the_recent_period_is_a_year_or_the_later_half() -> None:
    long = order_log(["a", "a"], ["2021-01-01", "2024-01-01"])
    short = order_log(["a", "a"], ["2024-01-01", "2024-03-01"])

    assert recent_period(long) == (long.as_of - 364, long.as_of)
    assert recent_period(short) == (short.as_of - 29, short.as_of)
