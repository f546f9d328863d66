"""Cells of cohorts of few customers: empty, with their money in the next that is shown."""

import random

import numpy as np
import pytest

from clv_xl.customers.cohorts import cohorts
from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.reports.cohort_tables import cohort_period
from clv_xl.reports.shown_cohorts import shown_revenue

FEWEST = 5


def small_log(seed: int) -> OrderLog:
    chance = random.Random(seed)  # noqa: S311 - rows for a test
    rows = [
        (f"c{who}", 18_000 + chance.randrange(700), chance.uniform(1, 9))
        for who in range(40)
        for _ in range(chance.randrange(1, 7))
    ]
    who, days, amounts = zip(*rows, strict=True)
    return order_log(list(who), np.array(days).astype("datetime64[D]"), list(amounts))


@pytest.mark.parametrize("seed", range(5))
def test_sums_to_date_are_right_in_every_cell_that_is_shown(seed: int) -> None:
    log = small_log(seed)
    found = cohorts(log, "quarter")
    rows = np.flatnonzero(found.size >= FEWEST)

    shown = shown_revenue(log, found, rows, FEWEST, [])

    true = np.where(found.mature[rows], found.revenue[rows], np.nan).cumsum(axis=1)
    there = ~np.isnan(shown)
    np.testing.assert_allclose(np.nan_to_num(shown).cumsum(axis=1)[there], true[there])
    assert 0 < there.sum() < np.isfinite(true).sum()


@pytest.mark.parametrize("seed", range(5))
def test_where_single_customers_may_be_seen_nothing_is_changed(seed: int) -> None:
    log = small_log(seed)
    found = cohorts(log, "month")
    rows = np.arange(len(found.size))

    shown = shown_revenue(log, found, rows, 1, [])

    np.testing.assert_array_equal(shown, np.where(found.mature, found.revenue, np.nan))


def test_cohorts_are_as_long_as_it_takes_to_show_most_customers() -> None:
    log = small_log(1)

    assert cohort_period(log) == "month"
    longer = cohorts(log, cohort_period(log, FEWEST)).size
    monthly = cohorts(log, "month").size
    assert longer[longer >= FEWEST].sum() > monthly[monthly >= FEWEST].sum()
