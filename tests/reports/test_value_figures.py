from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from clv_xl.arrays import Floats
from clv_xl.customers.summary import CustomerSummary, summarise
from clv_xl.delivery.shown_values import now
from clv_xl.models.bg_nbd import fit_bg_nbd
from clv_xl.models.gamma_gamma import fit_gamma_gamma
from clv_xl.models.mbg_nbd import fit_mbg_nbd
from clv_xl.models.predicted_value import (
    customer_histories,
    month_ends,
    new_customer_value,
    predicted_value,
)
from clv_xl.models.purchase_models import PurchaseFit, SpendFit
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.report import Report
from tests.reports.inputs import CASES, MARGIN, column, inputs, report, texts

PREDICTED = ["full", "plain", "bg_nbd", "range", "month", "uncertain"]
MONTHS = np.arange(1, 61)


def weights(assumptions: Assumptions, horizon: int | None = None) -> Floats:
    """Return what money of each month is worth today, nothing beyond the horizon."""
    worth = (1 + assumptions.annual_discount_rate) ** (-(MONTHS - 0.5) / 12)
    last = horizon or assumptions.horizon_months
    return np.where(last >= MONTHS, worth, 0.0)


def margin(assumptions: Assumptions) -> float:
    return 1.0 if assumptions.margin_rate is None else assumptions.margin_rate


def fits(case: str) -> tuple[PurchaseFit, SpendFit, CustomerSummary]:
    """Fit the models of a case anew."""
    given = inputs(case)
    s = summarise(given.log)
    fitter = fit_bg_nbd if given.assumptions.model == "bg_nbd" else fit_mbg_nbd
    spend = fit_gamma_gamma(s.spend_frequency, s.spend_mean)
    return fitter(s.frequency, s.recency, s.T), spend, s


def first_order_value(case: str) -> float:
    """Average the first order day of every customer whose first order the log holds."""
    log = inputs(case).log
    orders = pd.DataFrame({"customer": log.customer, "day": log.day, "amount": log.amount})
    on_first_day = orders["day"] == orders.groupby("customer")["day"].transform("min")
    first = orders[on_first_day].groupby("customer")["amount"].sum().to_numpy()
    return float(first[~log.existing_before_window].mean())


@pytest.mark.parametrize("case", ["full", "left_truncated", "many_segments"])
def test_the_first_order_is_averaged_over_those_whose_first_order_is_known(case: str) -> None:
    made = report(case)

    assert made.value("fact_first_order_value") == pytest.approx(first_order_value(case))


@pytest.mark.parametrize("case", PREDICTED)
def test_a_new_customer_is_worth_the_first_order_and_the_discounted_repeat_orders(
    case: str,
) -> None:
    fit, spend, _ = fits(case)
    given, made = inputs(case).assumptions, report(case)
    orders = np.diff(fit.expected_purchases_new(month_ends(fit, 60)), prepend=0.0)
    population = spend.expected_spend([0], [0])[0]

    repeat = (orders * weights(given)).sum() * population
    worth = margin(given) * (first_order_value(case) + repeat)

    assert made.value("calc_new_customer_value") == pytest.approx(worth, rel=1e-9)
    same = new_customer_value(
        fit,
        first_order_value(case),
        population,
        horizon_months=given.horizon_months,
        annual_discount_rate=given.annual_discount_rate,
        margin_rate=given.margin_rate,
    )
    assert worth == pytest.approx(same, rel=1e-9)
    assert made.value("out_clv") == (None if given.margin_rate is None else pytest.approx(worth))


@pytest.mark.parametrize("case", PREDICTED)
def test_the_predicted_total_is_the_sum_over_the_customers(case: str) -> None:
    fit, spend, s = fits(case)
    given, made = inputs(case).assumptions, report(case)
    people = customer_histories(s.frequency, s.recency, s.T, s.spend_frequency, s.spend_mean)

    each = predicted_value(
        fit,
        spend,
        people,
        horizon_months=given.horizon_months,
        annual_discount_rate=given.annual_discount_rate,
        margin_rate=given.margin_rate,
    )

    assert made.value("out_predicted_total") == pytest.approx(each.sum(), rel=1e-9)
    assert made.value("out_predicted_value") == pytest.approx(each.mean(), rel=1e-9)


@pytest.mark.parametrize("case", PREDICTED)
@pytest.mark.parametrize("months", [24, 36])
def test_longer_horizons_are_the_same_sums_over_more_months(case: str, months: int) -> None:
    given, made = inputs(case).assumptions, report(case)
    worth = weights(given, months)

    total = margin(given) * (column(made, "Forecast", "existing_spend") * worth).sum()
    repeat = (column(made, "Forecast", "new_orders") * worth).sum()
    first = made.value("fact_first_order_value")
    new = margin(given) * (first + made.value("fact_expected_spend") * repeat)

    assert made.value(f"out_predicted_{months}m") == pytest.approx(total)
    assert made.value(f"calc_new_customer_{months}m") == pytest.approx(new)


@pytest.mark.parametrize("case", CASES)
def test_the_historic_value_is_the_margin_of_what_was_paid_to_date(case: str) -> None:
    log, given, made = inputs(case).log, inputs(case).assumptions, report(case)

    total = margin(given) * log.amount.sum()

    assert made.value("out_historic_total") == pytest.approx(total)
    assert made.value("out_historic_value") == pytest.approx(total / log.n_customers)


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_judges_the_width_of_the_interval(case: str) -> None:
    made = report(case)
    half, verdict = made.value("calc_half_width"), made.value("calc_verdict")
    low, high = made.value("out_predicted_low"), made.value("out_predicted_high")

    if made.value("fact_model_status") != "OK":
        assert (half, verdict) == (None, "withheld")
    if half is not None:
        graded = "shown" if half <= 0.3 else "range" if half <= 0.6 else "withheld"
        assert verdict == graded
        assert half == pytest.approx(np.exp(1.959964 * made.value("calc_relative_error")) - 1)
    if verdict == "withheld":
        assert (low, high) == (None, None)
    else:
        total = made.value("out_predicted_total")
        assert total / low == pytest.approx(high / total) == pytest.approx(1 + half)


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_predicted_where_the_verdict_withholds_it(case: str) -> None:
    made = report(case)
    names = ["out_predicted_total", "out_predicted_value", "calc_new_customer_value"]
    names += ["out_predicted_24m", "out_predicted_36m", "calc_new_customer_24m"]

    withheld = made.value("calc_verdict") == "withheld"

    assert [made.value(name) is None for name in names] == [withheld] * len(names)


@pytest.mark.parametrize("case", CASES)
def test_without_a_margin_rate_nothing_is_called_clv(case: str) -> None:
    made, given = report(case), inputs(case).assumptions
    named = ["out_clv", "out_clv_cac_ratio", "out_max_cac", "out_payback_months"]
    named += ["calc_max_cac_12m", "out_break_even_retention", "calc_changed_ratio"]
    if "prev_clv_cac_ratio" in made.figures:
        named.append("prev_clv_cac_ratio")

    if given.margin_rate is None:
        assert [name for name in named if made.value(name) is not None] == []
        assert made.value("calc_basis") == texts().say("basis.revenue")
        assert made.value("calc_margin") == 1
        assert made.value("calc_rating") == texts().say("rating.no_margin")
    else:
        assert made.value("calc_basis") == texts().say("basis.contribution")
        assert made.value("calc_margin") == given.margin_rate
        assert (made.value("out_clv") is None) == (made.value("calc_verdict") == "withheld")


@cache
def with_cac(cac: float, *, target_ratio: float = 3.0, margin_rate: float = MARGIN) -> Report:
    given = replace(
        inputs("given_cac").assumptions, cac=cac, target_ratio=target_ratio, margin_rate=margin_rate
    )
    return build_report(inputs("given_cac").log, given, texts())


@pytest.mark.parametrize(
    ("ratio", "rating"),
    [
        (0.999, "loss"),
        (1.001, "thin"),
        (2.957, "thin"),
        (2.999, "thin"),
        (3.001, "good"),
        (4.99, "good"),
        (5.01, "under_invested"),
    ],
)
def test_the_rating_changes_at_the_cut_offs(ratio: float, rating: str) -> None:
    clv = report("given_cac").value("out_clv")

    made = with_cac(clv / ratio)

    assert made.value("out_clv_cac_ratio") == pytest.approx(ratio)
    assert made.value("calc_rating") == texts().say(f"rating.{rating}")


@pytest.mark.parametrize(
    ("ratio", "target", "rating"),
    [
        (0.9, 4, "loss"),
        (2.5, 2, "thin"),  # the cut-offs still speak
        (2.9, 4, "thin"),
        (3.3, 4, "below_target"),
        (3.996, 4, "below_target"),
        (4.1, 4, "good"),
        (5.5, 8, "below_target"),
        (8.1, 8, "under_invested"),
    ],
)
def test_what_misses_the_target_is_not_called_healthy(
    ratio: float, target: float, rating: str
) -> None:
    clv = report("given_cac").value("out_clv")

    made = with_cac(clv / ratio, target_ratio=target)

    places = {"target": f"{target:.1f}"} if rating == "below_target" else {}
    assert made.value("calc_rating") == texts().say(f"rating.{rating}", **places)


@pytest.mark.parametrize("ratio", [0.996, 0.999, 2.957, 2.996, 2.9999, 4.996])
def test_a_ratio_that_misses_a_cut_off_is_not_shown_as_if_it_reached_it(ratio: float) -> None:
    made = with_cac(report("given_cac").value("out_clv") / ratio)

    shown = made.cards["ratio"].value

    assert ratio - 0.01 < float(f"{now(shown):.2f}") < ratio


@pytest.mark.parametrize("share", [0.5, 0.999, 1.001, 1.2, 1.5, 2.0, 50.0])
def test_the_payback_is_the_first_month_that_covers_the_cac(share: float) -> None:
    fit, spend, _ = fits("given_cac")
    first = first_order_value("given_cac")
    cac = share * MARGIN * first
    orders = fit.expected_purchases_new(month_ends(fit, 60))
    to_date = MARGIN * (first + spend.expected_spend([0], [0])[0] * orders)

    found = with_cac(cac).value("out_payback_months")

    if MARGIN * first >= cac:
        assert found == 0
    elif to_date[-1] < cac:
        assert found == texts().say("payback.not_reached", months=60)
    else:
        assert found == next(month for month in MONTHS if to_date[month - 1] >= cac)
        assert found > 0


def test_the_highest_cac_meets_the_target_and_covers_the_first_year() -> None:
    made = with_cac(20, target_ratio=4)

    assert made.value("out_max_cac") == pytest.approx(made.value("out_clv") / 4)
    paid = column(made, "Forecast", "contribution_to_date")
    assert made.value("calc_max_cac_12m") == paid[11]
    first = made.value("fact_first_order_value") * MARGIN
    spend = made.value("fact_expected_spend") * MARGIN
    np.testing.assert_allclose(
        paid, first + spend * np.cumsum(column(made, "Forecast", "new_orders"))
    )


def test_a_margin_of_nothing_makes_everything_worth_nothing() -> None:
    made = with_cac(20, margin_rate=0)

    assert made.value("out_clv") == made.value("out_clv_cac_ratio") == 0
    assert made.value("calc_rating") == texts().say("rating.loss")
    assert made.value("out_payback_months") == texts().say("payback.not_reached", months=60)


@pytest.mark.parametrize("case", CASES)
def test_an_unrated_ratio_says_why(case: str) -> None:
    made = report(case)
    if made.value("out_clv_cac_ratio") is not None:
        return
    why = "no_prediction"
    why = "no_cac" if made.value("calc_cac") is None else why
    why = "no_margin" if made.value("in_margin_rate") is None else why

    assert made.value("calc_rating") == texts().say(f"rating.{why}")


@pytest.mark.parametrize("case", CASES)
def test_the_forecast_weighs_the_months_of_the_horizon(case: str) -> None:
    made = report(case)

    weight = column(made, "Forecast", "weight")

    np.testing.assert_allclose(weight, weights(inputs(case).assumptions), rtol=1e-12)
    np.testing.assert_array_equal(column(made, "Forecast", "month_ahead"), MONTHS)
