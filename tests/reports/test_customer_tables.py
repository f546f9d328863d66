from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.purchase_gaps import purchase_gaps
from clv_xl.reports import at_risk, customer_tables
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.customer_list import customer_list
from clv_xl.reports.report import Report
from tests.reports.inputs import CASES, column, inputs, report, texts

YES = texts().say("word.yes")


def frame(made: Report, table: str = "Customers") -> pd.DataFrame:
    keys = [found.key for found in made.tables[table].columns]
    return pd.DataFrame({key: column(made, table, key) for key in keys}).set_index("customer")


def counted(log: OrderLog) -> pd.DataFrame:
    """Count what is known of each customer anew."""
    day = log.day.astype("datetime64[D]")
    orders = pd.DataFrame(
        {"customer": log.customer_ids[log.customer], "day": day, "amount": log.amount}
    )
    orders["paid"] = orders["amount"].where(orders["amount"] > 0)
    recent = log.day > log.as_of - 365
    by = orders.groupby("customer", sort=False)
    found = pd.DataFrame(
        {
            "first_order": by["day"].min(),
            "last_order": by["day"].max(),
            "orders": by["amount"].size(),
            "order_days": by["day"].nunique(),
            "revenue": by["amount"].sum(),
            "average_order": by["paid"].mean(),
        }
    )
    found["revenue_last_year"] = orders[recent].groupby("customer")["amount"].sum()
    found["frequency"] = found["order_days"] - 1
    found["recency"] = (found["last_order"] - found["first_order"]).dt.days
    as_of = pd.Timestamp(np.datetime64(log.as_of, "D"))
    found["age"] = (as_of - found["first_order"]).dt.days
    found["days_since_last"] = (as_of - found["last_order"]).dt.days
    return found.fillna({"revenue_last_year": 0.0})


@pytest.mark.parametrize("case", CASES)
def test_every_customer_has_a_row_with_what_the_orders_say(case: str) -> None:
    made, log = report(case), inputs(case).log
    rows, known = frame(made), counted(log)

    assert set(rows.index) == set(known.index)
    known = known.loc[rows.index]
    for key in known.columns:
        if key.endswith("_order") and key != "average_order":
            assert (
                rows[key].to_numpy("datetime64[D]") == known[key].to_numpy("datetime64[D]")
            ).all()
        else:
            np.testing.assert_allclose(rows[key].astype(float), known[key].astype(float))


@pytest.mark.parametrize("case", CASES)
def test_the_most_valuable_customer_comes_first(case: str) -> None:
    revenue = column(report(case), "Customers", "revenue")

    assert (np.diff(revenue) <= 0).all()


@pytest.mark.parametrize("case", CASES)
def test_those_at_risk_are_valuable_overdue_and_bought_within_a_year(case: str) -> None:
    made, log = report(case), inputs(case).log
    rows, risk = frame(made), frame(made, "AtRisk")
    overdue = dict(zip(log.customer_ids, purchase_gaps(log).overdue, strict=True))
    late = np.array([overdue[customer] for customer in rows.index], dtype=np.bool_)
    valuable = rows["tier"].isin(["Platinum", "Gold"]) & (rows["revenue_last_year"] > 0)
    expected = rows[valuable.to_numpy() & late]

    assert set(risk.index) == set(expected.index)
    assert made.value("fact_at_risk_customers") == len(expected)
    assert (np.diff(risk["revenue_last_year"]) <= 0).all()
    worth = made.value("calc_margin") * expected["revenue_last_year"].sum()
    assert made.value("out_value_at_risk") == pytest.approx(worth)
    assert (risk["owner"] == "").all()
    assert (risk["days_overdue"] > 0).all()
    assert (rows["overdue"] == YES).to_dict() == overdue


def test_customers_beyond_a_sheet_are_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_tables, "MOST_ROWS", 50)
    monkeypatch.setattr(at_risk, "MOST_AT_RISK", 2)
    given, whole = inputs("full"), report("full")

    made = build_report(given.log, given.assumptions, texts())

    assert made.value("fact_listed_customers") == made.tables["Customers"].rows == 50
    rest = column(whole, "Customers", "revenue")[50:].sum()
    assert made.value("fact_unlisted_revenue") == pytest.approx(rest)
    assert made.value("calc_customers_revenue") == pytest.approx(made.value("fact_total_revenue"))
    assert made.tables["AtRisk"].rows == 2
    assert made.value("fact_at_risk_customers") == whole.value("fact_at_risk_customers") > 2
    assert made.value("out_value_at_risk") == pytest.approx(whole.value("out_value_at_risk"))
    assert made.value("calc_checks_failed") == 0


def test_columns_of_the_source_keep_their_names_and_never_repeat_one_of_ours() -> None:
    headers = [found.header for found in report("full").tables["Customers"].columns]

    assert headers[:2] == ["Customer", "Name"]
    assert {"channel", "country", "Email", "revenue (2)"} <= set(headers)
    assert len({header.casefold() for header in headers}) == len(headers)


def with_kept(**kept: Any) -> OrderLog:  # noqa: ANN401 - columns of texts
    log = order_log(["a", "b"], ["2024-01-01", "2024-01-02"], [1, 2])
    columns = {header: np.array(values, dtype=object) for header, values in kept.items()}
    return replace(log, kept=columns)


def test_the_list_of_customers_loses_no_column_to_a_name_of_ours() -> None:
    log = with_kept(tier=["gold", "tin"], Revenue=["x", "y"], email=["a@b.c", ""])

    found = customer_list(log, Assumptions(), texts())

    assert found["customer"].tolist() == ["a", "b"]
    assert found["revenue"].tolist() == [1.0, 2.0]
    assert found["tier (2)"].tolist() == ["gold", "tin"]
    assert found["Revenue (2)"].tolist() == ["x", "y"]
    assert found["email"].tolist() == ["a@b.c", ""]
    assert len({name.casefold() for name in found.columns}) == len(found.columns)


def test_the_list_of_customers_is_in_the_order_of_the_source() -> None:
    given = inputs("full")

    found = customer_list(given.log, given.assumptions, texts())

    assert found["customer"].tolist() == given.log.customer_ids.tolist()
    assert found["revenue"].sum() == pytest.approx(given.log.revenue)
    assert {"channel", "country", "tier", "overdue", "expected_next"} <= set(found.columns)


@pytest.mark.parametrize("case", ["full", "bg_nbd"])
def test_what_is_expected_of_each_customer_adds_up_to_the_forecast(case: str) -> None:
    made = report(case)
    rows = frame(made)

    undiscounted = column(made, "Forecast", "existing_orders")[:12].sum()
    assert rows["orders_ahead"].sum() == pytest.approx(undiscounted)
    spend = column(made, "Forecast", "existing_spend")[:12].sum()
    assert rows["spend_ahead"].sum() == pytest.approx(spend)
    blind = rows["probability_alive"].isna()
    once = rows["order_days"] == 1
    assert (blind == (once if case == "bg_nbd" else once & False)).all()


def test_without_a_reliable_model_nothing_is_said_of_single_customers() -> None:
    keys = {found.key for found in report("few").tables["Customers"].columns}

    assert keys.isdisjoint({"probability_alive", "orders_ahead", "spend_ahead"})


def test_the_owner_column_is_the_only_one_to_fill_in() -> None:
    filled = [
        found.key
        for table in report("full").tables.values()
        for found in table.columns
        if found.is_input
    ]

    assert filled == ["owner"]
