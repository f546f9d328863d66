from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.customers.purchase_gaps import purchase_gaps
from clv_xl.customers.renewals import (
    BILLING_DAYS,
    billing_period,
    nearly_regular_period,
    renewals,
)
from clv_xl.models.renewal_counts import renewal_counts
from tests.models.contract_samples import of_two_periods, subscription_orders


def log_of(customers: list[str], days: Any, as_of: date | None = None) -> OrderLog:  # noqa: ANN401 - as the log takes them
    return order_log(customers, days, rules=OrderRules(as_of=as_of))


def every(days: int, customers: int = 6, payments: int = 6) -> OrderLog:
    """Return customers who order at one interval, all from one day on."""
    moments = np.datetime64("2020-01-06") + np.tile(np.arange(payments) * days, customers)
    return order_log(np.repeat([f"c{n}" for n in range(customers)], payments), moments)


@pytest.mark.parametrize(
    ("days", "period"),
    [
        (7, "week"),
        (14, None),
        (28, "month"),
        (30, "month"),
        (31, "month"),
        (60, None),
        (91, "quarter"),
        (182, None),
        (365, "year"),
    ],
)
def test_the_usual_gap_of_a_subscription_says_how_it_is_billed(
    days: int, period: str | None
) -> None:
    assert billing_period(purchase_gaps(every(days))) == period


def test_orders_at_no_regular_intervals_are_no_contract() -> None:
    random = np.random.default_rng(1)
    days = np.datetime64("2020-01-06") + np.cumsum(random.integers(5, 60, (20, 8)), axis=1)
    log = order_log(np.repeat([f"c{n}" for n in range(20)], 8), days.ravel())

    assert billing_period(purchase_gaps(log)) is None


def test_a_renewal_that_may_still_come_is_no_loss() -> None:
    customers, days = list("aab"), ["2024-01-05", "2024-02-05", "2024-01-20"]
    early, late = date(2024, 3, 6), date(2024, 3, 25)

    pending = renewals(log_of(customers, days, early), "month").survivors
    over = renewals(log_of(customers, days, late), "month").survivors

    assert [cohort.tolist() for cohort in pending] == [[1], [1, 1]]
    assert [cohort.tolist() for cohort in over] == [[], [1, 0], [1, 1, 0]]


def test_who_pays_late_or_skips_a_payment_and_comes_back_survived_in_between() -> None:
    days = ["2024-01-05", "2024-02-14", "2024-05-04", "2024-01-05", "2024-05-20"]
    found = renewals(log_of(list("aaabc"), days, date(2024, 5, 25)), "month")

    assert found.survivors[-1].tolist() == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("days", [28, 30, 365.25 / 12])
def test_short_and_calendar_months_do_not_drift_apart(days: float) -> None:
    customer, day, as_of = subscription_orders(
        5, (1e-6, 1.0), customers=50, months=60, days=days, latest=0
    )
    log = order_log([f"c{n}" for n in customer], day, rules=OrderRules(as_of=as_of))

    found = renewals(log, "month")

    assert found.days == pytest.approx(days, abs=0.1)
    assert renewal_counts(found.survivors).lost.sum() == 0


def test_the_days_of_grace_are_half_a_period_and_thirty_at_most() -> None:
    log = every(30)

    grace = {period: renewals(log, period).grace for period in BILLING_DAYS}

    assert grace["week"] == 3.5
    assert grace["month"] == 15
    assert grace["quarter"] == grace["year"] == 30


def test_customers_of_another_interval_are_counted() -> None:
    days = np.datetime64("2020-01-06") + np.append(np.tile(np.arange(8) * 30, 6), np.arange(8) * 90)
    log = order_log(np.repeat([f"c{n}" for n in range(7)], 8), days)

    assert renewals(log, "month").otherwise == 1


@pytest.mark.parametrize("months", [18, 24, 36])
def test_all_who_pay_twice_by_the_year_are_counted_among_those_who_pay_by_the_month(
    months: int,
) -> None:
    customer, day, as_of = of_two_periods(5, months=months)
    by_year = Counter(name for name in customer if name[0] == "y")

    found = renewals(log_of(customer, day, as_of), "month")

    assert found.otherwise == sum(payments > 1 for payments in by_year.values()) > 40


@pytest.mark.parametrize(("skipped", "most"), [(0.0, 0), (0.1, 2)])
def test_a_payment_skipped_now_and_then_is_no_other_interval(skipped: float, most: int) -> None:
    for seed in range(5):
        log = skipping(seed, skipped)

        assert renewals(log, "month").otherwise <= most


def test_a_single_gap_counts_only_where_it_is_far_from_the_period() -> None:
    days = ["2024-01-05", "2024-03-05", "2024-01-05", "2024-04-08", "2024-01-05", "2024-01-12"]

    assert renewals(log_of(list("aabbcc"), days), "month").otherwise == 2


def skipping(seed: int, share: float) -> OrderLog:
    """Return monthly payments of which a share, the first of each customer apart, did not come."""
    customer, day, as_of = subscription_orders(seed, (0.9, 6.0), customers=600)
    kept = np.random.default_rng(seed).random(len(day)) >= share
    kept |= np.append(True, customer[1:] != customer[:-1])
    return log_of([f"c{n}" for n in customer[kept]], day[kept], as_of)


@pytest.mark.parametrize(("days", "period"), [(7, "week"), (30, "month"), (365, "year")])
def test_a_median_gap_that_is_not_near_the_period_is_told(days: int, period: str) -> None:
    log = every(days)
    told = {name: renewals(log, name).other_gap for name in BILLING_DAYS}

    assert told.pop(period) is None
    assert set(told.values()) == {float(days)}


def test_without_any_gap_no_period_is_contradicted() -> None:
    found = renewals(log_of(list("ab"), ["2024-01-05", "2024-01-06"]), "year")

    assert (found.other_gap, found.otherwise) == (None, 0)


def test_payments_that_are_skipped_hide_a_subscription_that_is_nearly_seen() -> None:
    log = skipping(1, 0.1)
    gaps = purchase_gaps(log)

    assert billing_period(gaps) is None
    assert nearly_regular_period(log, gaps) == "month"


def test_neither_a_subscription_nor_a_shop_is_nearly_a_contract() -> None:
    random = np.random.default_rng(3)
    random_days = np.datetime64("2020-01-06") + np.cumsum(random.integers(5, 60, (20, 8)), axis=1)
    shop = log_of([f"c{n}" for n in range(20) for _ in range(8)], random_days.ravel())
    few = every(30, customers=4, payments=9)

    for log in (every(30), shop, few, every(60)):
        assert nearly_regular_period(log, purchase_gaps(log)) is None


def test_cdnow_is_not_nearly_a_contract(cdnow: OrderLog) -> None:
    assert nearly_regular_period(cdnow, purchase_gaps(cdnow)) is None


def test_customers_from_before_the_log_are_left_out() -> None:
    log = every(30)
    object.__setattr__(log, "existing_before_window", np.arange(6) < 2)

    found = renewals(log, "month")

    assert found.existing == 2
    assert sum(int(cohort[0]) for cohort in found.survivors if cohort.size) == 4


@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(BILLING_DAYS)))
def test_cohorts_never_grow_and_hold_every_customer(seed: int, period: str) -> None:
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 60))
    customer = random.integers(0, 12, size)
    day = np.datetime64("2020-01-06") + random.integers(0, 900, size)
    log = order_log([f"c{n}" for n in customer], day)

    found = renewals(log, period).survivors

    members = [int(cohort[0]) for cohort in found if cohort.size]
    assert sum(members) == log.n_customers - int(log.existing_before_window.sum())
    for due, cohort in enumerate(found):
        assert cohort.size in {0, due + 1}
        assert (np.diff(cohort) <= 0).all()
