"""Predictions straight from orders agree with the models they are made of."""

import math

import numpy as np
import pandas as pd
import pytest

from clv_xl.customers.orders import order_log
from clv_xl.customers.summary import summarise
from clv_xl.errors import InvalidArgumentError
from clv_xl.models import remembered_fits
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.bg_nbd_functions import bg_nbd_expected, bg_nbd_fit
from clv_xl.models.gamma_gamma import fit_gamma_gamma
from clv_xl.models.mbg_nbd import MbgNbdFit, fit_mbg_nbd
from clv_xl.models.order_log_predictions import predict_customers, predict_total
from clv_xl.models.predicted_value import CustomerHistories, predicted_value
from clv_xl.models.remembered_fits import (
    MOST_REMEMBERED,
    fits_remembered,
    purchase_fit,
)
from clv_xl.models.simulated_shop import simulate_shop
from clv_xl.periods import DAYS_PER_MONTH
from tests.models.customer_samples import cdnow_folder

Columns = tuple[list[str], pd.Series, pd.Series]


@pytest.fixture(scope="module")
def orders() -> Columns:
    rows = simulate_shop(600, seed=7).orders
    rows = (
        rows[(rows["amount"] > 0) & (rows["customer_id"] != "")]
        .drop_duplicates("order_id")
        .reset_index(drop=True)
    )
    dates = pd.Series(pd.to_datetime(rows["order_date"]))
    return rows["customer_id"].astype(str).tolist(), dates, rows["amount"]


def test_values_are_those_of_the_models_fitted_to_the_summary(orders: Columns) -> None:
    table = predict_customers(*orders, 12, 0.08, 0.4)
    s = summarise(order_log(*orders))
    x, t_x, age = (np.asarray(c, float) for c in (s.frequency, s.recency, s.T))
    histories = CustomerHistories(x, t_x, age, s.spend_frequency.astype(float), s.spend_mean)
    spend = fit_gamma_gamma(s.spend_frequency, s.spend_mean)
    values = predicted_value(
        fit_mbg_nbd(x, t_x, age), spend, histories, annual_discount_rate=0.08, margin_rate=0.4
    )
    assert table["predicted_value_12_months"].to_numpy() == pytest.approx(values, rel=1e-12)
    assert set(table["basis"]) == {"contribution"}


def test_customers_keep_the_order_of_their_first_appearance(orders: Columns) -> None:
    table = predict_customers(*orders)
    assert table["customer"].tolist() == list(dict.fromkeys(orders[0]))


def test_the_total_is_the_sum_of_the_customers_and_lies_in_its_interval(orders: Columns) -> None:
    each, total = predict_customers(*orders, 24), predict_total(*orders, 24).iloc[0]
    assert total["predicted_total"] == pytest.approx(each["predicted_value_24_months"].sum())
    purchases = each["expected_purchases_24_months"].sum()
    assert total["expected_purchases"] == pytest.approx(purchases)
    assert total["low"] < total["predicted_total"] < total["high"]
    assert total["basis"] == "revenue"
    assert total["horizon_months"] == 24
    assert total["status"] == "OK"


def test_a_wider_level_widens_the_interval_and_leaves_the_verdict(orders: Columns) -> None:
    narrow, wide = (predict_total(*orders, level=level).iloc[0] for level in (0.5, 0.999))
    assert wide["low"] < narrow["low"]
    assert narrow["high"] < wide["high"]
    assert narrow["verdict"] == wide["verdict"]


def test_under_bg_nbd_a_one_time_buyer_has_no_probability_but_a_note(orders: Columns) -> None:
    table = predict_customers(*orders, model="bg_nbd")
    once = table["frequency"] == 0
    assert once.any()
    assert table.loc[once, "probability_alive"].isna().all()
    assert table.loc[once, "note"].str.startswith("one-time buyer").all()
    assert table.loc[~once, "probability_alive"].between(0, 1).all()
    assert predict_customers(*orders)["probability_alive"].notna().all()


def test_too_few_customers_stay_finite_and_are_withheld() -> None:
    total = predict_total(["a", "b"], ["2024-01-01", "2024-03-01"], [10, 20], 60).iloc[0]
    assert math.isfinite(total["predicted_total"])
    assert math.isnan(total["low"])
    assert (total["status"], total["verdict"]) == ("TOO_FEW", "withheld")
    assert "at least 10 are needed" in total["note"]
    assert "more than twice the history of 61 days" in total["note"]


@pytest.mark.parametrize(("amounts", "spend"), [([10, 20, 30, 40], 25), ([0, 20, 0, 40], 30)])
def test_without_any_repeat_spend_the_mean_of_the_first_order_days_stands_in(
    amounts: list[float], spend: float
) -> None:
    orders = list("abcd"), ["2024-01-01", "2024-01-09", "2024-02-01", "2024-03-01"], amounts
    table, total = predict_customers(*orders), predict_total(*orders).iloc[0]

    assert table["expected_spend"].to_numpy() == pytest.approx(np.full(4, spend))
    purchases = table["expected_purchases_12_months"].sum()
    assert table["predicted_value_12_months"].sum() == pytest.approx(spend * purchases, rel=0.1)
    first = "no repeat spend known of anybody: the mean of the first order days"
    assert set(table["note"]) == {first}
    assert total["predicted_total"] == table["predicted_value_12_months"].sum()
    assert "Nobody has a repeat spend: the mean of the first order days stands in." in total["note"]


def test_orders_that_are_all_free_are_worth_nothing() -> None:
    table = predict_customers(["a", "b"], ["2024-01-01", "2024-03-01"], [0, 0])
    assert table["expected_spend"].tolist() == [0, 0]
    assert table["predicted_value_12_months"].tolist() == [0, 0]


def test_one_repeat_spend_is_the_mean_of_all() -> None:
    days = ["2024-01-01", "2024-01-09", "2024-02-01"]
    table = predict_customers(["a", "b", "a"], days, [10, 20, 70])
    assert table["expected_spend"].to_numpy() == pytest.approx([70, 70])
    assert table["note"].tolist() == ["", "no repeat spend known: the mean of all customers"]


def test_what_cannot_be_a_horizon_or_a_model_is_refused(orders: Columns) -> None:
    with pytest.raises(
        InvalidArgumentError, match=r"horizon_months must be a whole number, got 1\.5"
    ):
        predict_customers(*orders, 1.5)  # type: ignore[arg-type]
    with pytest.raises(
        InvalidArgumentError, match="model must be one of mbg_nbd, bg_nbd, pareto_nbd, got pareto"
    ):
        predict_customers(*orders, model="pareto")


def test_the_same_data_are_fitted_once(orders: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = []

    def counted(*columns: object, **unit: str) -> MbgNbdFit:
        fits.append(1)
        return fit_mbg_nbd(*columns, **unit)  # type: ignore[arg-type]

    monkeypatch.setattr(remembered_fits, "FITTERS", {MbgNbdFit: counted})
    shifted = orders[1] + pd.Timedelta(days=1)
    for months in range(1, 6):
        predict_total(orders[0][:-1], shifted[:-1], orders[2][:-1], months)
        predict_customers(orders[0][:-1], shifted[:-1], orders[2][:-1], months)
    assert len(fits) == 1


def test_memory_is_bounded_and_tells_data_and_units_apart() -> None:
    made = {
        (last, unit): purchase_fit(BgNbdFit, [0, 1], [0, 4], [9, last], unit=unit)
        for last in range(10, 110)
        for unit in ("day", "week")
    }
    assert fits_remembered() <= MOST_REMEMBERED
    assert len({fit.alpha for (_, unit), fit in made.items() if unit == "day"}) == 100
    assert made[109, "week"].time_unit == "week"


def test_a_fit_through_a_sheet_predicts_as_the_fit_itself(orders: Columns) -> None:
    s = summarise(order_log(*orders))
    columns = s.frequency, s.recency, s.T
    sheet = bg_nbd_fit(*columns).astype(object).to_numpy().tolist()
    predicted = bg_nbd_expected(sheet, "30 days", *columns)
    assert predicted.name == "expected_purchases_30_days"
    direct = fit_bg_nbd(*columns).expected_purchases(30, *columns)
    assert predicted.to_numpy() == pytest.approx(direct, rel=1e-12)


def test_the_table_of_another_model_is_refused() -> None:
    table = bg_nbd_fit([0, 1], [0, 4], [9, 20])
    table.loc[table["parameter"] == "model", "value"] = "MBG/NBD"
    with pytest.raises(
        InvalidArgumentError, match="must be the table of a BG/NBD fit, got one of a MBG/NBD fit"
    ):
        bg_nbd_expected(table, 10, 0, 0, 10)


def test_the_interval_of_cdnow_holds_chance_but_not_what_the_model_misses() -> None:
    file = cdnow_folder() / "CDNOW_sample.txt"
    log = pd.read_csv(file, sep=r"\s+", header=None, dtype={1: str})
    days = pd.to_datetime(log[2].astype(str), format="%Y%m%d")
    seen = days <= (cut := pd.Timestamp("1997-09-30"))
    total = predict_total(log[1][seen], days[seen], log[4][seen], 9, 0.10, 0.4).iloc[0]

    later = ~seen & log[1].isin(set(log[1][seen]))
    months = np.ceil((days[later] - cut).dt.days / DAYS_PER_MONTH)
    came = float(0.4 * (log[4][later] * 1.1 ** (-(months - 0.5) / 12)).sum())

    expected = total["predicted_total"], total["low"], total["high"], came
    assert [round(value / 1000, 1) for value in expected] == [22.2, 19.4, 25.4, 27.5]
    assert round(total["expected_purchases"]) == 1581
    assert len(log[later].drop_duplicates([1, 2])) == 1882
