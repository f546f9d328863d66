import re
from dataclasses import replace
from datetime import date
from typing import get_args

import numpy as np
import pytest

from clv_xl.arrays import Floats
from clv_xl.customers.orders import OrderRules, order_log
from clv_xl.customers.purchase_gaps import purchase_gaps
from clv_xl.customers.renewals import BILLING_DAYS
from clv_xl.models.contract_value import sbg_derl, sbg_retention, sbg_survival
from clv_xl.reports.assumptions import Assumptions, ContractName
from clv_xl.reports.build import build_report
from clv_xl.reports.contract_retention import (
    FEWEST_DUE,
    MOST_SEEN,
    ContractRetention,
    contract_of,
    payments_said,
)
from clv_xl.reports.report import Line, Report
from clv_xl.sources.recorded_options import OPTIONS
from tests.models.contract_samples import HIGH_END, LATER, of_two_periods, subscription_orders
from tests.reports.inputs import CASES, column, inputs, report, texts

UNDER_CONTRACT = ["contract", "contract_yearly", "contract_few"]


def said(made: Report) -> str:
    return " ".join(map(str, made.lines["models"].lines))


def high_end(periods: int = len(HIGH_END) - 1) -> Report:
    """Return the report on the published cohort, whose customers all pay by the year."""
    lifetimes = np.repeat(np.arange(1, periods + 2), -np.diff([*HIGH_END[: periods + 1], 0]))
    customer = np.repeat(np.arange(len(lifetimes)), lifetimes)
    number = np.concatenate([np.arange(life) for life in lifetimes])
    years = (np.datetime64("2010", "Y") + number).astype("datetime64[D]") + 14
    as_of = (np.datetime64("2010", "Y") + periods).astype("datetime64[D]") + 60
    rules = OrderRules(as_of=as_of.item())
    log = order_log([f"c{n}" for n in customer], years, [50.0] * len(customer), rules=rules)
    return build_report(log, Assumptions(), texts())


@pytest.mark.parametrize("case", CASES)
def test_without_a_contract_nothing_of_one_is_in_the_report(case: str) -> None:
    if "src_rule_contract" in report(case).figures:
        assert case.startswith("contract")
        return
    made = report(case)

    assert "Renewals" not in made.tables
    assert "renewals" not in made.charts
    assert "contract" not in made.record
    assert "sBG" not in column(made, "Parameters", "model")
    assert "contract" not in said(made)


@pytest.mark.parametrize("case", UNDER_CONTRACT)
def test_the_table_counts_who_was_due_and_who_renewed(case: str) -> None:
    made, given = report(case), inputs(case)
    contract = contract_of(given.log, purchase_gaps(given.log), given.assumptions.contract)
    assert contract is not None
    seen = contract.periods_shown
    due, kept = (column(made, "Renewals", f"renewal_{key}") for key in ("due", "kept"))
    rate, left = (column(made, "Renewals", f"renewal_{key}") for key in ("rate", "left"))

    np.testing.assert_array_equal(due[1 : seen + 1], contract.counts.due[:seen])
    np.testing.assert_allclose(rate[1 : seen + 1], kept[1 : seen + 1] / due[1 : seen + 1])
    np.testing.assert_allclose(left[: seen + 1], np.cumprod([1, *rate[1 : seen + 1]]))
    assert np.isnan(left[seen + 1 :]).all()
    assert seen == 1 or (due[1 : seen + 1] >= FEWEST_DUE).all()
    assert seen <= MOST_SEEN


@pytest.mark.parametrize("case", UNDER_CONTRACT[:2])
def test_the_projection_goes_twice_as_far_within_its_band(case: str) -> None:
    made = report(case)
    fit = made.record["contract"]
    names = ("left", "left_projected", "left_low", "left_high", "rate_projected")
    left, projected, low, high, rate = (
        column(made, "Renewals", f"renewal_{name}") for name in names
    )
    number = np.arange(len(projected))

    assert len(number) == 2 * np.isfinite(left[1:]).sum() + 1
    np.testing.assert_allclose(projected, sbg_survival(fit["alpha"], fit["beta"], number))
    np.testing.assert_allclose(rate[1:], sbg_retention(fit["alpha"], fit["beta"], number[1:]))
    assert ((low <= projected) & (projected <= high)).all()
    assert (np.diff(high - low)[:2] > 0).all()


def test_the_chart_shows_what_was_seen_and_dashed_what_is_projected() -> None:
    chart = report("contract").charts["renewals"]
    seen = np.isfinite(column(report("contract"), "Renewals", "renewal_left")).sum()
    drawn = {series.values.split(".")[1]: (series.line, series.rows) for series in chart.series}

    assert drawn == {
        "renewal_left_projected": (Line.DASHED, None),
        "renewal_left": (Line.SOLID, seen),
        "renewal_left_low": (Line.BAND, None),
        "renewal_left_high": (Line.BAND, None),
    }


def test_too_few_losses_are_not_projected_and_methods_says_why() -> None:
    made = report("contract_few")

    assert made.record["contract"]["status"] == "TOO_FEW"
    assert "renewals" not in made.charts
    assert "renewal_left_projected" not in {c.key for c in made.tables["Renewals"].columns}
    assert "retention is not projected" in said(made)
    assert "at least 10 are needed" in said(made)


def test_one_churn_for_all_is_a_boundary_that_is_not_projected() -> None:
    customer, day, as_of = subscription_orders(2, (2e5, 8e5), customers=400, months=12)
    log = order_log([f"c{n}" for n in customer], day, rules=OrderRules(as_of=as_of))

    made = build_report(log, Assumptions(), texts())

    assert made.record["contract"]["status"] == "BOUNDARY"
    assert "renewals" not in made.charts
    assert "leave at one rate" in said(made)


def test_before_the_first_renewal_there_is_only_a_sentence() -> None:
    made = report("contract_early")

    assert "Renewals" not in made.tables
    assert "no first renewal has fallen due yet" in said(made)


def test_the_published_cohort_is_projected_as_published_from_orders_alone() -> None:
    made = high_end()
    fit = made.record["contract"]
    low, high = (column(made, "Renewals", f"renewal_left_{end}") for end in ("low", "high"))
    due = column(made, "Renewals", "renewal_due")
    later = np.array(LATER) / HIGH_END[0]

    assert fit["period"] == "year"
    np.testing.assert_array_equal(due[1:8], HIGH_END[:-1])
    assert fit["alpha"] == pytest.approx(0.668, abs=5e-4)
    assert fit["beta"] == pytest.approx(3.806, abs=5e-3)
    assert ((low[8:13] < later) & (later < high[8:13])).all()


def test_what_methods_says_are_the_figures_of_the_fit() -> None:
    made = high_end()
    fit = made.record["contract"]
    alpha, beta = fit["alpha"], fit["beta"]
    lost = -np.diff([*HIGH_END, 0])

    for renewal in (1, 2, 3):
        expected = sbg_retention(alpha, beta, renewal)
        seen = HIGH_END[renewal] / HIGH_END[renewal - 1]
        assert f"{expected:.1%} at renewal {renewal} ({seen:.1%} seen)" in said(made)
    there = sbg_retention(alpha, beta, len(HIGH_END))
    assert f"today it expects {there:.1%} to make their next renewal" in said(made)
    assert fit["customers"] == lost.sum()
    new, known = (sbg_derl(alpha, beta, n, 0.1) for n in (1, len(HIGH_END)))
    spoken = said(made)
    assert f"{new:.1f} (95 %: " in spoken
    assert f"{known:.1f} (95 %: " in spoken


def test_without_a_discount_methods_says_why_an_infinite_lifetime_is_not_said() -> None:
    made = report("contract_yearly")

    assert made.record["contract"]["alpha"] < 1
    assert "Payments still to come are not said at 0.0% discount" in said(made)
    assert f"alpha {made.record['contract']['alpha']:.3f}" in said(made)


def test_a_discount_too_steep_for_the_payments_is_said() -> None:
    contract = contract_of_days(430, "year")

    assert contract.payments_to_come(0.95) is None
    assert "which is 100 % or more" in str(payments_said(contract, 0.95))
    assert "which is 100 % or more" not in str(payments_said(contract, 0.1))


def contract_of_days(days: int, period: ContractName) -> ContractRetention:
    """Return what is known of subscribers who pay in steps of so many days."""
    customer, day, as_of = subscription_orders(
        3, (0.9, 6.0), customers=300, months=96, days=days, start=date(2012, 1, 2)
    )
    log = order_log([f"c{n}" for n in customer], day, rules=OrderRules(as_of=as_of))
    contract = contract_of(log, purchase_gaps(log), period)
    assert contract is not None
    assert contract.usable
    return contract


@pytest.mark.parametrize("months", [24, 36])
def test_a_model_that_does_not_follow_what_was_seen_is_not_drawn(months: int) -> None:
    customer, day, as_of = of_two_periods(5, months=months)
    log = order_log(customer, day, rules=OrderRules(as_of=as_of))

    made = build_report(log, Assumptions(contract="month"), texts())

    known = made.record["contract"]
    left = column(made, "Renewals", "renewal_left")
    named = re.search(r"after renewal (\d+) ([\d.]+%) were left", said(made))
    assert named is not None
    assert (known["status"], known["usable"]) == ("OK", False)
    assert "renewals" not in made.charts
    assert "renewal_left_projected" not in {c.key for c in made.tables["Renewals"].columns}
    assert f"{left[int(named[1])]:.1%}" == named[2]
    expected = sbg_survival(known["alpha"], known["beta"], int(named[1]))
    assert f"the model expects {expected:.1%}" in said(made)
    assert "will make" not in said(made)


def test_no_refuses_a_contract_that_the_orders_look_like() -> None:
    given = inputs("contract")
    made = build_report(given.log, replace(given.assumptions, contract="no"), texts())

    assert "src_rule_contract" not in made.figures
    assert "Renewals" not in made.tables
    assert "subscription" not in made.notes


def test_a_contract_that_was_seen_is_noted_and_one_that_was_asked_for_is_not() -> None:
    assert report("contract").notes["subscription"] == texts().say("note.contract")
    assert "subscription" not in report("contract_yearly").notes
    sources = {c: report(c).figures["src_rule_contract"].source for c in UNDER_CONTRACT}
    assert sources["contract"] == texts().say("source.seen")
    assert sources["contract_few"] == texts().say("source.given")


def test_a_period_that_was_given_and_is_not_seen_is_kept_and_contradicted() -> None:
    log = inputs("contract").log

    weekly, monthly = (
        build_report(log, Assumptions(contract=period), texts()) for period in ("week", "month")
    )

    assert weekly.record["contract"]["period"] == "week"
    assert "the median gap between payments is 31 days, not 7" in said(weekly)
    assert "the median gap" not in said(monthly)
    assert "a log of their own" not in said(weekly), "it is not a part of the log that pays so"


def test_customers_of_another_period_are_said_with_what_becomes_of_them() -> None:
    customer, day, as_of = of_two_periods(5)
    log = order_log(customer, day, rules=OrderRules(as_of=as_of))

    made = build_report(log, Assumptions(contract="month"), texts())

    assert "100 customers pay at clearly shorter or longer intervals" in said(made)
    assert "count as lost 15 days after the first payment that does not come" in said(made)
    assert "shorter or longer intervals" not in said(report("contract"))


def test_a_log_that_is_nearly_a_subscription_is_told_which_contract_to_try() -> None:
    log = inputs("contract").log
    number = np.arange(log.n_orders)
    first = np.append(True, log.customer[1:] != log.customer[:-1])
    kept = first | (number % 9 != 0)
    nearly = order_log([f"c{n}" for n in log.customer[kept]], log.day[kept].astype("datetime64[D]"))

    made = build_report(nearly, Assumptions(), texts())

    assert "src_rule_contract" not in made.figures
    assert "median of 31 days" in made.notes["subscription"]
    assert "run with --contract month" in made.notes["subscription"]
    refused = build_report(nearly, Assumptions(contract="no"), texts())
    assert "subscription" not in refused.notes


def test_every_billing_period_can_be_asked_for() -> None:
    assert set(get_args(ContractName)) == {*BILLING_DAYS, "auto", "no"}
    assert OPTIONS["contract"].choices == get_args(ContractName)


@pytest.mark.parametrize(("customers", "months"), [(1500, 18), (150, 24)])
def test_the_band_holds_the_true_curve_as_often_as_it_says(customers: int, months: int) -> None:
    shape, held = (0.9, 6.0), []
    for seed in range(60):
        found = _projected(seed, shape, customers, months)
        if found is not None:
            low, high = found
            true = sbg_survival(*shape, np.arange(1.0, len(low) + 1))
            held.append((low <= true) & (true <= high))
    shares = np.array([held_one[: min(map(len, held))] for held_one in held]).mean(axis=0)

    assert len(held) > 50
    assert shares.min() >= 0.85
    assert 0.9 <= shares.mean() <= 0.99


def _projected(
    seed: int, shape: tuple[float, float], customers: int, months: int
) -> tuple[Floats, Floats] | None:
    customer, day, as_of = subscription_orders(seed, shape, customers=customers, months=months)
    log = order_log([f"c{n}" for n in customer], day, rules=OrderRules(as_of=as_of))
    contract = contract_of(log, purchase_gaps(log), "auto")
    if contract is None or contract.fit is None:
        return None
    band = contract.fit.survival_interval(np.arange(1.0, 2 * contract.periods_shown + 1))
    return None if band is None else (np.asarray(band[0]), np.asarray(band[1]))
