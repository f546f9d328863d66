from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.reports.build import build_report
from clv_xl.reports.forecast import forecast
from clv_xl.reports.report import Origin, Report
from clv_xl.reports.snapshot import Snapshot, take_snapshot
from tests.reports.inputs import CASES, column, inputs, report, texts

COMPARED = ["full", "plain", "bg_nbd", "month", "uncertain", "few"]
NOT_OF_A_PERIOD = {"prev_predicted_total": "calc_predicted_total", "prev_cac": "calc_cac"}
NOT_OF_A_PERIOD |= {"prev_clv_cac_ratio": "out_clv_cac_ratio"}


def known_then(log: OrderLog, day: date) -> OrderLog:
    """Return the log that someone would have made on a day, from the orders known to them."""
    known = log.day <= (day - date(1970, 1, 1)).days
    return order_log(
        log.customer_ids[log.customer[known]],
        log.day[known].astype("datetime64[D]"),
        log.amount[known],
        rules=OrderRules(as_of=day),
    )


def made_then(case: str) -> Report:
    """Return the report of the period before, made with the same window, model and inputs."""
    given, made = inputs(case), report(case)
    first, last = made.value("src_previous_from"), made.value("src_previous_to")
    then = replace(
        given.assumptions,
        period=f"{first}..{last}",
        activity_window_days=made.value("src_activity_window"),
        segment_columns=(),
    )
    return build_report(known_then(given.log, last), then, texts())


def same_figure(name: str, then: Report) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Return what a figure of the period before is in its own report."""
    if name == "prev_new_customer_value":  # compared even where it was too uncertain to be shown
        orders = column(then, "Forecast", "weight") @ column(then, "Forecast", "new_orders")
        later = then.value("fact_expected_spend") * orders
        return then.value("calc_margin") * (then.value("fact_first_order_value") + later)
    if name == "prev_revenue_at_risk":
        return then.value("out_value_at_risk") / then.value("calc_margin")
    bare = name.removeprefix("prev_")
    names = [NOT_OF_A_PERIOD.get(name, ""), f"out_{bare}", f"fact_{bare}", f"calc_{bare}"]
    return then.value(next(n for n in names if n in then.figures))


@pytest.mark.parametrize("case", COMPARED)
def test_the_period_before_is_what_a_report_made_then_would_have_said(case: str) -> None:
    made, then = report(case), made_then(case)
    before = [name for name in made.figures if name.startswith("prev_")]
    assert "prev_revenue" in before

    told = {name: made.value(name) for name in before}

    expected = {name: same_figure(name, then) for name in before}
    assert told == {
        name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for name, value in expected.items()
    }


def test_the_predictions_before_are_among_what_is_compared() -> None:
    assert NOT_OF_A_PERIOD.keys() <= report("full").figures.keys()


def test_without_an_earlier_period_nothing_is_compared() -> None:
    made = report("one_order")

    assert [name for name in made.figures if name.startswith("prev_")] == []
    assert "previous_period" in made.notes


def orders_of(log: OrderLog) -> pd.DataFrame:
    return pd.DataFrame({"customer": log.customer, "day": log.day, "amount": log.amount})


def snapshot_of(case: str) -> Snapshot:
    log, made = inputs(case).log, report(case)
    first, last = (
        int(np.datetime64(made.value(f"src_period_{end}"), "D").astype(int))
        for end in ("from", "to")
    )
    return take_snapshot(log, first, last, made.value("src_activity_window"), "mbg_nbd")


@pytest.mark.parametrize("case", CASES)
def test_counts_and_sums_are_those_of_the_orders_of_the_period(case: str) -> None:
    found = snapshot_of(case)
    orders = orders_of(found.log)
    first, last = found.activity.first_day, found.activity.last_day
    inside = orders[(orders["day"] >= first) & (orders["day"] <= last)]

    assert found.orders == len(inside)
    assert found.paid_orders == (inside["amount"] > 0).sum()
    assert found.revenue == pytest.approx(inside["amount"].sum())
    assert found.buyers == inside["customer"].nunique()
    assert found.period_days == last - first + 1
    assert report(case).value("fact_revenue") == pytest.approx(found.revenue)


@pytest.mark.parametrize("case", CASES)
def test_the_repeat_rate_asks_those_who_were_followed_for_a_year(case: str) -> None:
    found, made = snapshot_of(case), report(case)
    log = found.log
    days = orders_of(log).drop_duplicates(["customer", "day"]).groupby("customer")["day"]
    first = days.min().to_numpy()
    followed = (log.as_of - first >= 365) & ~log.existing_before_window
    back = days.apply(lambda d: bool(((d > d.min()) & (d <= d.min() + 365)).any())).to_numpy()

    assert found.followed == followed.sum()
    assert found.repeated == (followed & back).sum()
    rate = found.repeated / found.followed if found.followed else None
    assert made.value("out_repeat_rate") == rate


@pytest.mark.parametrize("case", CASES)
def test_the_ends_of_a_period_hold_the_same_customers(case: str) -> None:
    made = report(case)
    names = ("start", "new", "reactivated", "lost", "close")
    start, new, back, lost, close = (made.value(f"fact_active_{name}") for name in names)

    assert start + new + back - lost == close
    assert made.value("fact_retained") == start - lost


@pytest.mark.parametrize("case", CASES)
def test_retention_is_a_rate_a_year_of_those_active_at_the_start(case: str) -> None:
    made = report(case)
    start, kept = made.value("fact_active_start"), made.value("fact_retained")
    days, observed = made.value("fact_period_days"), made.value("fact_days_observed")
    power = 1 if days in {365, 366} else 365.25 / days
    window, reach = made.value("src_activity_window"), made.value("fact_days_before")

    found = made.value("out_retention_rate")

    if start == 0 or observed <= window or reach < window / 2:
        assert found is None
        assert "retention_rate" in made.notes
    else:
        assert found == pytest.approx((kept / start) ** power)


def test_the_length_of_the_log_is_counted_in_months() -> None:
    found = snapshot_of("one_order")

    assert found.history_months == pytest.approx(1 / (365.25 / 12))
    assert found.days_observed == 1


def test_the_model_asked_for_stands_first_and_the_other_beside_it() -> None:
    summary = snapshot_of("full").summary

    for model, name in (("mbg_nbd", "MBG/NBD"), ("bg_nbd", "BG/NBD")):
        ahead = forecast(summary, "bg_nbd" if model == "bg_nbd" else "mbg_nbd")
        assert ahead.fit.model == name
        assert ahead.other_fit.model != name


def test_one_time_buyers_are_not_judged_by_bg_nbd() -> None:
    summary = snapshot_of("full").summary
    once = summary.frequency == 0

    judged = ~np.isnan(forecast(summary, "bg_nbd").shown_probability_alive)

    np.testing.assert_array_equal(judged, ~once)
    assert not np.isnan(forecast(summary, "mbg_nbd").shown_probability_alive).any()


def test_facts_are_constants_and_what_follows_from_them_is_a_formula() -> None:
    for figure in report("full").figures.values():
        if figure.name.startswith("fact_"):
            assert figure.origin is Origin.FACT
        if figure.name.startswith(("out_", "calc_")):
            assert figure.origin is Origin.DERIVED
