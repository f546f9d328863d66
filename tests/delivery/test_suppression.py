from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.segments import segment_membership
from clv_xl.delivery.suppression import (
    FEWEST_CUSTOMERS,
    suppress_small_segments,
    suppressed_spend,
)
from clv_xl.reports.assumptions import Spend

OTHER = "Other"


def other(large: tuple[str, ...]) -> str:
    """Name what is merged."""
    return " and ".join([*large, OTHER])


_labels = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60)
_by: st.SearchStrategy[Literal["latest", "first"]] = st.sampled_from(["latest", "first"])


def log_of(labels: list[str], customers: list[int] | None = None) -> OrderLog:
    """Return a log of an order a label; without customers each has one of its own."""
    who = [f"c{number}" for number in customers or range(len(labels))]
    days = (np.arange(len(labels)) + 19_000).astype("datetime64[D]")
    return order_log(who, days, [1.0] * len(labels), segments={"shop": labels})


def sizes(log: OrderLog, by: Literal["latest", "first"] = "latest") -> dict[str, int]:
    membership = segment_membership(log, "shop", by)
    counts = np.bincount(membership.codes, minlength=len(membership.labels))
    return dict(zip(membership.labels, counts.tolist(), strict=True))


@given(_labels, st.data(), _by)
def test_no_segment_among_several_is_small_and_no_customer_is_lost(
    labels: list[str], data: st.DataObject, by: Literal["latest", "first"]
) -> None:
    number = st.integers(0, 25)
    customers = data.draw(st.lists(number, min_size=len(labels), max_size=len(labels)))
    log = log_of(labels, customers)
    before = sizes(log, by)

    after = sizes(suppress_small_segments(log, other, by).log, by)

    assert sum(after.values()) == sum(before.values())
    assert len(after) == 1 or min(after.values()) >= FEWEST_CUSTOMERS
    assert {
        label: size for label, size in after.items() if OTHER not in label
    }.items() <= before.items()


@given(_labels)
def test_segments_that_are_large_enough_are_left_alone(labels: list[str]) -> None:
    log = log_of([label for label in labels for _ in range(FEWEST_CUSTOMERS)])

    found = suppress_small_segments(log, other)

    assert found.merged == {}
    assert sizes(found.log) == sizes(log)


def test_the_next_smallest_joins_so_that_nothing_is_found_by_subtraction() -> None:
    log = log_of(["a"] * 20 + ["b"] * 9 + ["c"] * 2)

    found = suppress_small_segments(log, other)

    assert found.merged["shop"] == {"b", "c"}
    assert sizes(found.log) == {"a": 20, "b and Other": 11}


def test_a_large_segment_is_taken_only_where_it_has_to_hide_a_small_one_and_is_named() -> None:
    log = log_of(["a"] * 20 + ["b"] * 9 + ["c"] * 2)

    assert set(sizes(suppress_small_segments(log, other).log)) == {"a", "b and Other"}


def test_a_segment_of_which_few_bought_in_the_period_is_merged_too() -> None:
    names = ["a"] * 20 + ["b"] * 8 + ["c"] * 9
    log = log_of(names + ["a"] * 20 + ["c"] * 2, [*range(37), *range(20), 28, 29])
    later = (19_037, log.as_of)

    found = suppress_small_segments(log, other, covered=later)

    assert sizes(found.log) == {"b": 8, "a and Other": 29}


def test_the_whole_of_two_segments_is_named_by_the_large_one() -> None:
    assert sizes(suppress_small_segments(log_of(["a"] * 9 + ["b"] * 3), other).log) == {
        "a and Other": 12
    }


def test_small_segments_that_are_enough_together_leave_the_next_alone() -> None:
    log = log_of(["a"] * 20 + ["b"] * 9 + ["c"] * 3 + ["d"] * 2)

    assert sizes(suppress_small_segments(log, other).log) == {"a": 20, "b": 9, OTHER: 5}


def test_a_single_segment_has_nothing_to_be_told_from() -> None:
    assert sizes(suppress_small_segments(log_of(["a"] * 3), other).log) == {"a": 3}


def test_a_segment_that_is_called_as_the_merged_one_keeps_its_name() -> None:
    log = log_of([OTHER] * 6 + ["b"] * 3 + ["c"] * 2)

    assert sizes(suppress_small_segments(log, other).log) == {OTHER: 6, "Other (2)": 5}


@pytest.mark.parametrize("stated", [True, False])
def test_spend_follows_month_by_month(*, stated: bool) -> None:
    found = suppress_small_segments(log_of(["a"] * 9 + ["b"] * 3 + ["c"] * 3), other)
    months = pd.to_datetime(["2024-01-01", "2024-02-01"])
    spend = Spend(
        months=pd.Series([*months, *months, *months]),
        amounts=pd.Series([1.0, 2.0, 10.0, 20.0, 100.0, 200.0]),
        by_segment="shop",
        segments=pd.Series(["a", "a", "b", "b", "c", "c"]),
        new_customers=pd.Series([1.0, 2.0, 3.0, np.nan, 5.0, np.nan]) if stated else None,
    )

    merged = suppressed_spend(spend, found)

    assert merged is not None
    assert merged.segments is not None
    assert merged.segments.tolist() == ["a", "a", OTHER, OTHER]
    assert merged.amounts.tolist() == [1.0, 2.0, 110.0, 220.0]
    assert merged.months.tolist() == [*months, *months]
    if stated:
        assert merged.new_customers is not None
        assert merged.new_customers.fillna(-1).tolist() == [1.0, 2.0, 8.0, -1.0]
    else:
        assert merged.new_customers is None


def test_spend_that_is_not_divided_so_stays_as_it_is() -> None:
    found = suppress_small_segments(log_of(["a"] * 9 + ["b"] * 3), other)
    spend = Spend(months=pd.Series(pd.to_datetime(["2024-01-01"])), amounts=pd.Series([1.0]))

    assert suppressed_spend(spend, found) is spend
    assert suppressed_spend(None, found) is None
