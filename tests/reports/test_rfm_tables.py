import numpy as np
import pytest

from clv_xl.customers.rfm import RFM_MAP, rfm
from clv_xl.reports.live import Live
from clv_xl.reports.texts import slug
from tests.reports.inputs import CASES, column, inputs, report, texts


def cells(case: str, matrix: str) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    rows = report(case).matrices[matrix].cells
    values = [[c.value if isinstance(c, Live) else c for c in row] for row in rows]
    return np.array(values, dtype=object)


@pytest.mark.parametrize("case", CASES)
def test_the_grid_holds_every_customer_and_all_money_once(case: str) -> None:
    made = report(case)
    customers, money = cells(case, "data_rfm_customers"), cells(case, "data_rfm_revenue")

    assert customers.sum() == made.value("fact_customers")
    assert money.sum() == pytest.approx(made.value("fact_total_revenue"))
    assert customers.shape == money.shape == (5, 5)


@pytest.mark.parametrize("case", CASES)
def test_the_most_recent_and_most_frequent_stand_in_the_upper_right_corner(case: str) -> None:
    made, scored = report(case), rfm(inputs(case).log)
    matrix = made.matrices["data_rfm_customers"]

    best = (scored.recency_score == 5) & (scored.frequency_score == 5)

    assert cells(case, "data_rfm_customers")[0, 4] == best.sum()
    assert matrix.row_heads[0] == texts().say("rfm.recency", score=5)
    assert matrix.column_heads[4] == texts().say("rfm.frequency", score=5)
    assert cells(case, "data_rfm_names")[0, 4] == texts().say(f"rfm.{slug(RFM_MAP[4][4])}")


@pytest.mark.parametrize("case", CASES)
def test_shares_of_revenue_are_those_of_the_grid(case: str) -> None:
    made, shares = report(case), cells(case, "calc_rfm_share")

    if not made.value("fact_total_revenue"):
        assert set(shares.ravel()) == {""}
        return
    money = cells(case, "data_rfm_revenue").astype(float)
    np.testing.assert_allclose(shares.astype(float), money / money.sum())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("table", ["Rfm_segments", "Tiers", "Abc"])
def test_classes_add_up_to_all_customers_and_all_revenue(case: str, table: str) -> None:
    made = report(case)

    assert column(made, table, "customers").sum() == made.value("fact_customers")
    revenue = column(made, table, "revenue")
    assert revenue.sum() == pytest.approx(made.value("fact_total_revenue"))
    assert column(made, table, "customer_share").sum() == pytest.approx(1)
    if made.value("fact_total_revenue"):
        assert column(made, table, "revenue_share").sum() == pytest.approx(1)


@pytest.mark.parametrize("case", CASES)
def test_the_whale_curve_rises_to_everybody_and_everything(case: str) -> None:
    made = report(case)
    people, money = (column(made, "Whale", f"curve_{k}_share") for k in ("customer", "value"))

    assert people[-1] == 1
    assert (np.diff(people) >= 0).all()
    if made.value("fact_total_revenue"):
        assert money[-1] == pytest.approx(1)
        assert (np.diff(money) >= -1e-12).all()
        assert (money >= people - 1e-9).all(), "the most valuable come first"


def test_the_top_tenth_is_a_point_of_the_customers_table() -> None:
    made = report("full")
    revenue, count = column(made, "Customers", "revenue"), made.value("fact_top_tenth_customers")

    assert count == 40
    share = revenue[:count].sum() / revenue.sum()
    assert made.value("out_top_tenth_share") == pytest.approx(share)
