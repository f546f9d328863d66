from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clv_xl.reports.acquisition_spend import add_cac, add_spend, spent_between, spent_in
from clv_xl.reports.assumptions import Spend
from clv_xl.reports.live import Live
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Allowed, Format
from tests.reports.inputs import column, inputs, report, texts

DAYS = st.dates(date(2021, 1, 1), date(2024, 12, 31))
ROWS = st.lists(st.tuples(DAYS, st.integers(0, 900), st.sampled_from("abc")), min_size=1)
LABELS = ["a", "b", "c"]


@dataclass(frozen=True)
class Row:
    """What the spend file says of a month and a segment."""

    day: date
    spend: float
    segment: str = "a"
    stated: float = 0.0


def spend_of(rows: list[Row], *, split: bool = True, stated: bool = False) -> Spend:
    return Spend(
        months=pd.Series([np.datetime64(row.day) for row in rows]),
        amounts=pd.Series([row.spend for row in rows], dtype=float),
        by_segment="channel" if split else None,
        segments=pd.Series([row.segment for row in rows]) if split else None,
        new_customers=pd.Series([row.stated for row in rows]) if stated else None,
    )


def plan_for(
    spend: Spend | None,
    first: date,
    last: date,
    *,
    lag: int = 0,
    new: int = 10,
    cac: float | None = None,
) -> Plan:
    """Return a plan that holds only what the cost of acquisition rests on."""
    plan = Plan(texts())
    plan.input("in_cac", cac, Format.MONEY_EXACT, Allowed())
    plan.input("in_cac_lag_months", lag, Format.MONTHS, Allowed())
    for name, day in (("src_period_from", first), ("src_period_to", last)):
        plan.setting(name, day, Format.DATE)
    plan.fact("fact_new_customers", new, Format.COUNT)
    add_spend(plan, spend, LABELS)
    add_cac(plan, spend)
    return plan


def moved(day: date, months: int) -> pd.Timestamp:
    return pd.Timestamp(day) - pd.DateOffset(months=months)


def spent(rows: list[Row], first: date, last: date, lag: int = 0) -> float:
    """Sum the spend of a period moved back by the lag, day by day as a calendar has it."""
    begins, ends = moved(first, lag), moved(last + timedelta(days=1), lag)
    inside = (begins <= pd.Timestamp(row.day) < ends for row in rows)
    return float(sum(row.spend for row, held in zip(rows, inside, strict=True) if held))


def value(plan: Plan, name: str) -> float | None:
    found = plan.figures[name].value
    return None if found is None else float(found)


@given(ROWS, DAYS, st.integers(0, 400), st.integers(0, 12), st.integers(0, 50))
def test_the_cac_is_the_spend_of_the_period_moved_by_the_lag_for_each_new_customer(
    rows: list[tuple[date, int, str]], first: date, length: int, lag: int, new: int
) -> None:
    last = (pd.Timestamp(first) + pd.Timedelta(days=length)).date()
    spends = [Row(*row) for row in rows]
    plan = plan_for(spend_of(spends), first, last, lag=lag, new=new)

    every = spent(spends, first, last, lag)

    assert value(plan, "calc_spend") == every
    assert value(plan, "calc_cac") == (every / new if every and new else None)


@given(ROWS, DAYS, st.integers(0, 12))
def test_the_spend_of_the_segments_adds_up_to_the_spend_of_all(
    rows: list[tuple[date, int, str]], first: date, lag: int
) -> None:
    last, spends = date(2024, 12, 31), [Row(*row) for row in rows]
    plan = plan_for(spend_of(spends), first, last, lag=lag)

    each = spent_in(plan, "src_period", Live("number", np.array([1, 2, 3]))).value

    alone = [spent([r for r in spends if r.segment == s], first, last, lag) for s in LABELS]
    np.testing.assert_allclose(each, alone)
    assert each.sum() == pytest.approx(plan.figures["calc_spend"].value)


def test_the_last_day_of_a_month_moves_to_the_last_day_of_a_shorter_one() -> None:
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 1)]
    rows = [Row(day, 10.0**position) for position, day in enumerate(days)]

    plan = plan_for(spend_of(rows), date(2024, 3, 31), date(2024, 4, 30), lag=1)

    assert value(plan, "calc_spend") == 10 + 100, "29 February to 31 March"


@settings(max_examples=20)
@given(st.integers(0, 12), st.integers(1, 12))
def test_months_that_follow_each_other_share_the_spend_between_them(lag: int, month: int) -> None:
    days = np.arange("2022-06-01", "2025-06-01", dtype="datetime64[D]")
    rows = [Row(day.item(), 1.0) for day in days]
    first, after, last = (
        date(2024, month, 1),
        date(2024 + month // 12, month % 12 + 1, 1),
        (date(2025, 3, 31)),
    )

    one = plan_for(spend_of(rows), first, after - timedelta(days=1), lag=lag)
    other = plan_for(spend_of(rows), after, last, lag=lag)
    both = plan_for(spend_of(rows), first, last, lag=lag)

    pair = [plan.figures["calc_spend"].value for plan in (one, other)]
    assert sum(pair) == both.figures["calc_spend"].value
    assert pair[0] == (moved(after, lag) - moved(first, lag)).days


def test_a_segment_the_orders_do_not_know_is_in_no_row_but_in_the_whole() -> None:
    rows = [Row(date(2024, 1, 1), 100, "a"), Row(date(2024, 1, 1), 50, "elsewhere")]
    plan = plan_for(spend_of(rows), date(2024, 1, 1), date(2024, 1, 31))

    numbers = column(plan, "Spend", "spend_segment_number").tolist()

    assert numbers == [1, 0]
    assert spent_in(plan, "src_period", Live("n", np.array([1, 2, 3]))).value.tolist() == [
        100,
        0,
        0,
    ]
    assert value(plan, "calc_spend") == 150


def test_a_cac_that_is_typed_in_goes_before_the_spend() -> None:
    rows = [Row(date(2024, 1, 1), 100)]
    period = (date(2024, 1, 1), date(2024, 1, 31))

    assert value(plan_for(spend_of(rows), *period), "calc_cac") == 10
    assert value(plan_for(spend_of(rows), *period, cac=7), "calc_cac") == 7
    assert value(plan_for(None, *period, cac=7), "calc_cac") == 7
    assert value(plan_for(None, *period), "calc_cac") is None


def test_nothing_spent_or_a_typed_zero_is_no_cost_of_zero() -> None:
    rows = [Row(date(2023, 1, 1), 100)]
    period = (date(2024, 1, 1), date(2024, 1, 31))

    assert value(plan_for(spend_of(rows), *period), "calc_cac") is None
    assert value(plan_for(None, *period, cac=0), "calc_cac") is None
    assert value(plan_for(spend_of(rows), *period, cac=0), "calc_cac") is None


def test_a_month_without_an_amount_counts_nothing() -> None:
    rows = [Row(date(2024, 1, 1), float("nan")), Row(date(2024, 1, 1), 30)]

    plan = plan_for(spend_of(rows), date(2024, 1, 1), date(2024, 1, 31))

    assert value(plan, "calc_spend") == 30


def test_new_customers_of_the_spend_file_stand_beside_first_orders_of_the_log() -> None:
    rows = [Row(date(2024, 1, 1), 100, stated=12), Row(date(2024, 2, 1), 100, stated=5)]

    plan = plan_for(spend_of(rows, stated=True), date(2024, 1, 1), date(2024, 1, 31))

    assert value(plan, "calc_stated_new_customers") == 12
    assert (
        "calc_stated_new_customers"
        not in plan_for(spend_of(rows), date(2024, 1, 1), date(2024, 1, 31)).figures
    )


def test_spend_that_is_not_split_makes_no_segment_columns() -> None:
    rows = [Row(date(2024, 1, 1), 100)]

    plan = plan_for(spend_of(rows, split=False), date(2024, 1, 1), date(2024, 1, 31))

    assert [column.key for column in plan.tables["Spend"].columns] == [
        "spend_month",
        "spend_amount",
    ]


def test_the_spend_between_two_days_counts_both() -> None:
    rows = [Row(date(2024, month, 1), 10.0 ** (month - 1)) for month in (1, 2, 3)]
    plan = plan_for(spend_of(rows), date(2024, 1, 1), date(2024, 12, 31))
    begins = Live("begins", np.array(["2024-01-01", "2024-02-02"], dtype="datetime64[D]"))
    ends = Live("ends", np.array(["2024-02-01", "2024-03-01"], dtype="datetime64[D]"))

    assert spent_between(plan, begins, ends).value.tolist() == [11, 100]


def test_a_report_compares_the_cac_with_that_of_the_period_before() -> None:
    made, spend = report("full"), inputs("full").assumptions.spend
    assert spend is not None
    rows = zip(pd.to_datetime(spend.months), spend.amounts, strict=True)
    every = [Row(day.date(), amount) for day, amount in rows]

    for period, result, new in (
        ("src_period", "calc_cac", "fact_new_customers"),
        ("src_previous", "prev_cac", "prev_new_customers"),
    ):
        first, last = made.value(f"{period}_from"), made.value(f"{period}_to")
        assert made.value(result) == pytest.approx(spent(every, first, last) / made.value(new))


def test_each_cohort_has_the_cac_of_its_own_months_and_none_where_nothing_is_known() -> None:
    for case in ("full", "old_spend"):
        keys = ("cohort_from", "cohort_to", "cohort_size", "cohort_cac")
        columns = [column(report(case), "Cohort_sizes", key) for key in keys]
        spend = inputs(case).assumptions.spend
        assert spend is not None
        months = spend.months.to_numpy("datetime64[D]")
        for first, last, size, found in zip(*columns, strict=True):
            cost = spend.amounts[(months >= first) & (months <= last)].sum() / size
            assert found == pytest.approx(cost) if cost else np.isnan(found)
