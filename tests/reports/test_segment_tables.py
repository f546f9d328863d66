from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.segments import segment_membership
from clv_xl.customers.summary import summarise
from clv_xl.models.gamma_gamma import fit_gamma_gamma
from clv_xl.models.mbg_nbd import fit_mbg_nbd
from clv_xl.models.predicted_value import new_customer_purchases_by_month
from clv_xl.models.segment_fits import fit_segments
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.divisions import MOST_SEGMENTS
from clv_xl.reports.live import Live
from clv_xl.reports.report import Report
from tests.reports.inputs import CASES, column, inputs, report, shop, shop_log, shop_spend, texts

DIVIDED = ["full", "plain", "bg_nbd", "left_truncated", "uncertain", "withheld", "many_segments"]
DIVIDED += ["many_columns", "no_money", "wild_texts", "few", "one_order"]
ACQUISITION = {"new_customers", "clv", "cac", "clv_cac_ratio"}


def tables(made: Report) -> list[str]:
    return [name for name in made.tables if name.startswith("Segments") and "_data" not in name]


def keys(made: Report, table: str = "Segments") -> set[str]:
    return {found.key for found in made.tables[table].columns}


def total(made: Report, table: str, key: str) -> Any:  # noqa: ANN401 - whatever a cell holds
    content = made.tables[table].column(key).total
    return content.value if isinstance(content, Live) else content


def by_segment(
    log: OrderLog, made: Report, header: str, by: Literal["latest", "first"] = "latest"
) -> pd.DataFrame:
    """Count customers, orders and money of each segment anew."""
    first, last = (
        int(np.datetime64(made.value(f"src_period_{end}"), "D").astype(int))
        for end in ("from", "to")
    )
    member = segment_membership(log, header, by)
    orders = pd.DataFrame(
        {
            "segment": member.labels[member.codes[log.customer]].astype(str),
            "customer": log.customer,
            "amount": log.amount,
            "inside": (log.day >= first) & (log.day <= last),
        }
    )
    groups, inside = orders.groupby("segment"), orders[orders["inside"]].groupby("segment")
    paid = orders[orders["inside"] & (orders["amount"] > 0)].groupby("segment")
    found = pd.DataFrame(
        {"customers": groups["customer"].nunique(), "revenue": groups["amount"].sum()}
    )
    found["revenue_period"] = inside["amount"].sum()
    found["orders"] = inside.size()
    found["buyers"] = inside["customer"].nunique()
    found["aov"] = paid["amount"].mean()
    return found.fillna({"revenue_period": 0.0, "orders": 0, "buyers": 0})


@pytest.mark.parametrize("case", DIVIDED)
def test_the_segments_add_up_to_the_cards(case: str) -> None:
    made = report(case)
    for table in tables(made):
        customers = column(made, table, "customers").sum()
        revenue = column(made, table, "revenue_period").sum()
        assert customers == total(made, table, "customers") == made.value("fact_customers")
        assert revenue == pytest.approx(made.value("fact_revenue"))
        assert total(made, table, "revenue_period") == pytest.approx(made.value("fact_revenue"))
        assert column(made, table, "customer_share").sum() == pytest.approx(1)
        if made.value("fact_revenue"):
            assert column(made, table, "revenue_share").sum() == pytest.approx(1)
            assert total(made, table, "revenue_share") == pytest.approx(1)


@pytest.mark.parametrize("case", DIVIDED)
def test_the_total_row_says_what_the_whole_log_says(case: str) -> None:
    made = report(case)
    same = {
        "aov": "out_aov",
        "orders_a_year": "out_frequency",
        "retention": "out_retention_rate",
        "historic_value": "out_historic_value",
        "predicted_value": "out_predicted_value",
    }
    for table in tables(made):
        for key in same.keys() & keys(made, table):
            value = made.value(same[key])
            assert total(made, table, key) == ("" if value is None else pytest.approx(value)), key


@pytest.mark.parametrize(
    ("case", "header", "table"),
    [
        ("full", "channel", "Segments"),
        ("full", "country", "Segments_2"),
        ("left_truncated", "team", "Segments"),
        ("withheld", "channel", "Segments"),
        ("many_columns", "attribute 11", "Segments_12"),
    ],
)
def test_each_segment_counts_its_own_customers(case: str, header: str, table: str) -> None:
    made = report(case)
    known = by_segment(inputs(case).log, made, header).loc[list(column(made, table, "segment"))]
    power = made.value("calc_annual_power")

    np.testing.assert_array_equal(column(made, table, "customers"), known["customers"])
    np.testing.assert_allclose(column(made, table, "revenue_period"), known["revenue_period"])
    np.testing.assert_allclose(column(made, table, "aov"), known["aov"])
    margin = made.value("calc_margin")
    each = margin * known["revenue"] / known["customers"]
    np.testing.assert_allclose(column(made, table, "historic_value"), each)
    often = (known["orders"] * power / known["buyers"]).to_numpy()
    np.testing.assert_allclose(column(made, table, "orders_a_year"), often)


@pytest.mark.parametrize("case", ["full", "plain", "bg_nbd", "uncertain"])
def test_what_the_segments_are_expected_to_bring_adds_up(case: str) -> None:
    made = report(case)
    for table in tables(made):
        each, customers = (column(made, table, k) for k in ("predicted_value", "customers"))
        assert each @ customers == pytest.approx(made.value("out_predicted_total"), rel=1e-9)


def test_a_withheld_prediction_is_withheld_for_every_segment() -> None:
    for case in ("withheld", "few", "many_segments"):
        made = report(case)
        if "predicted_value" in keys(made):
            assert np.isnan(column(made, "Segments", "predicted_value")).all()


def test_an_endless_name_is_cut_where_it_is_drawn() -> None:
    names = ["x" * 32_000] * 9 + ["web"] * 3
    log = order_log([f"c{n}" for n in range(12)], ["2024-01-05"] * 12, segments={"shop": names})

    made = build_report(log, Assumptions(segment_columns=("shop",)), texts())

    labels = list(column(made, "Segments", "segment"))
    assert [len(label) for label in labels] == [200, 3]
    assert labels[0].endswith("x…")


def test_of_segments_of_one_size_the_one_that_brought_most_comes_first() -> None:
    names, amounts = ["a", "b", "c"] * 2, [1.0, 9.0, 5.0] * 2
    who, days = [f"c{n}" for n in range(6)], ["2024-01-05"] * 6
    log = order_log(who, days, amounts, segments={"shop": names})

    made = build_report(log, Assumptions(segment_columns=("shop",)), texts())

    assert list(column(made, "Segments", "segment")) == ["b", "c", "a"]


def test_the_largest_segment_comes_first_and_is_numbered_so() -> None:
    made = report("full")
    customers = column(made, "Segments", "customers")

    assert (np.diff(customers) <= 0).all()
    assert column(made, "Segments", "number").tolist() == list(range(1, len(customers) + 1))


def moved(by: Literal["latest", "first"]) -> Report:
    """Return the report of three customers, two of whom moved from Rome to the web."""
    days = ["2024-01-05", "2024-01-06", "2024-01-07", "2024-06-01", "2024-06-02"]
    shops = ["Rome", "Rome", "Rome", "web", "web"]
    log = order_log(list("abcab"), days, [10, 20, 30, 40, 50], segments={"shop": shops})
    return build_report(log, Assumptions(segment_columns=("shop",), segment_by=by), texts())


def test_the_latest_or_the_first_order_decides_the_segment() -> None:
    latest, first = moved("latest"), moved("first")

    counts = [column(made, "Segments", "customers").tolist() for made in (latest, first)]
    assert counts == [[2, 1], [3]]
    assert column(latest, "Segments", "segment").tolist() == ["web", "Rome"]
    assert column(first, "Segments", "segment").tolist() == ["Rome"]


def test_how_many_customers_had_several_segments_is_said_below_the_table() -> None:
    def said(made: Report) -> str:
        feet = made.tables["Segments"].feet
        return " ".join(str(foot.value if isinstance(foot, Live) else foot) for foot in feet)

    words = {by: texts().say(f"segments.{by}") for by in ("latest", "first")}
    for by, made in (("latest", moved("latest")), ("first", moved("first"))):
        assert texts().say("segments.several", count=2, by=words[by]) in said(made)


def test_more_segments_than_can_be_read_are_put_together() -> None:
    made = report("many_segments")
    labels = column(made, "Segments", "segment")

    assert len(labels) == MOST_SEGMENTS
    known = by_segment(inputs("many_segments").log, made, "city")
    assert column(made, "Segments", "customers")[-1] == known.drop(labels[:-1])["customers"].sum()
    assert labels[-1] == texts().say("segments.rest", count=len(known) - MOST_SEGMENTS + 1)


def test_cac_stands_by_segment_only_where_the_spend_has_that_column() -> None:
    made = report("full")

    assert keys(made, "Segments") >= ACQUISITION
    assert keys(made, "Segments_2").isdisjoint(ACQUISITION)
    assert keys(report("given_cac")).isdisjoint(ACQUISITION)


@pytest.mark.parametrize(("by", "allowed"), [("latest", False), ("first", True)])
def test_cac_stands_by_segment_only_where_it_is_fixed_at_acquisition(
    by: Literal["latest", "first"],
    allowed: bool,  # noqa: FBT001
) -> None:
    log = shop_log(shop(60, 5))
    moving = log.segments["channel"]
    several = replace(moving, codes=np.roll(moving.codes, 1))
    log = replace(log, segments={"channel": several})
    given = Assumptions(
        margin_rate=0.4,
        spend=shop_spend(shop(60, 5)),
        segment_columns=("channel",),
        segment_by=by,
    )

    made = build_report(log, given, texts())

    assert (keys(made) >= ACQUISITION) == allowed


def test_the_cac_of_a_segment_is_its_spend_for_each_of_its_new_customers() -> None:
    made, given = report("full"), inputs("full")
    spend = given.assumptions.spend
    assert spend is not None
    assert spend.segments is not None
    first, last = (np.datetime64(made.value(f"src_period_{e}"), "D") for e in ("from", "to"))
    months = spend.months.to_numpy("datetime64[D]")
    inside = (months >= first) & (months <= last)
    spent = spend.amounts[inside].groupby(spend.segments[inside]).sum()

    labels, new = column(made, "Segments", "segment"), column(made, "Segments", "new_customers")

    np.testing.assert_allclose(column(made, "Segments", "cac"), spent.loc[list(labels)] / new)
    assert new.sum() == made.value("fact_new_customers") == total(made, "Segments", "new_customers")
    assert total(made, "Segments", "cac") == made.value("calc_cac")
    assert total(made, "Segments", "clv") == made.value("out_clv")
    ratio = column(made, "Segments", "clv") / column(made, "Segments", "cac")
    np.testing.assert_allclose(column(made, "Segments", "clv_cac_ratio"), ratio)


def test_small_segments_are_drawn_towards_all_and_it_is_said() -> None:
    made, given = report("full"), inputs("full")
    assert column(made, "Segments", "customers").min() < 100
    log, labels = given.log, list(column(made, "Segments", "segment"))
    member, known = segment_membership(log, "channel", "latest"), summarise(log)
    columns = known.frequency, known.recency, known.T
    found = fit_segments(fit_mbg_nbd(*columns), member.labels[member.codes], *columns)
    shares = [found.own_shares[list(found.names).index(label)] for label in labels]
    own = np.array(made.matrices["data_own_1"].cells, dtype=np.float64)
    np.testing.assert_allclose(own, [shares])
    assert made.matrices["data_own_1"].column_heads == labels
    spend = fit_gamma_gamma(known.spend_frequency, known.spend_mean)
    paid = spend.expected_spend(known.spend_frequency, known.spend_mean)
    for place, label in enumerate(labels):
        each = paid[member.labels[member.codes] == label].mean()
        ahead = new_customer_purchases_by_month(found.named(label), 60) * each
        cells = np.array(made.matrices["data_new_1"].cells, dtype=np.float64)
        np.testing.assert_allclose(cells[:, place], ahead)
    if any(shares):
        ends = {
            "least": round(100 * min(shares)), "least_of": labels[int(np.argmin(shares))],
            "most": round(100 * max(shares)), "most_of": labels[int(np.argmax(shares))],
        }  # fmt: skip
        said = texts().say("segments.own_data", **ends)
    else:
        said = texts().say("segments.alike")
    assert said in made.tables["Segments"].feet
    assert said not in made.tables["Segments_2"].feet


def test_channels_that_buy_differently_have_a_say_of_their_own() -> None:
    log = shop_log(shop())
    channel = log.segments["channel"]
    often = np.bincount(log.customer)[log.customer] > 2
    divided = replace(channel, codes=often.astype(channel.codes.dtype))
    spend = shop_spend(shop())
    given = Assumptions(margin_rate=0.4, spend=spend, segment_columns=("channel",))

    made = build_report(replace(log, segments={"channel": divided}), given, texts())

    shares = np.array(made.matrices["data_own_1"].cells, dtype=np.float64)[0]
    assert (shares > 0.5).all()
    ends = (f"{100 * share:.0f} %" for share in sorted(shares))
    said = " ".join(str(foot) for foot in made.tables["Segments"].feet)
    assert all(end in said for end in ends)


def test_a_segment_that_cost_nothing_has_no_ratio() -> None:
    made = report("free_channel")
    free = column(made, "Segments", "segment") == "Email"

    np.testing.assert_array_equal(np.isnan(column(made, "Segments", "clv_cac_ratio")), free)
    assert np.isfinite(column(made, "Segments", "clv")).all()


def test_without_a_segment_column_the_rfm_segments_divide_the_customers() -> None:
    made = report("plain")
    names = {texts().say(f"rfm.{key}") for key in ("champions", "loyal", "hibernating")}

    assert names <= set(column(made, "Segments", "segment"))
    rfm = dict(
        zip(
            column(made, "Rfm_segments", "segment"),
            column(made, "Rfm_segments", "customers"),
            strict=True,
        )
    )
    for name, count in zip(
        column(made, "Segments", "segment"), column(made, "Segments", "customers"), strict=True
    ):
        assert rfm[name] == count


def test_a_segment_column_that_is_called_rfm_is_a_column_like_any_other() -> None:
    log = order_log(list("abc"), ["2024-01-01"] * 3, [1, 2, 3], segments={"RFM": ["x", "y", "x"]})

    made = build_report(log, Assumptions(segment_columns=("RFM",)), texts())

    assert column(made, "Segments", "segment").tolist() == ["x", "y"]


@pytest.mark.parametrize("case", CASES)
def test_every_column_of_every_table_is_as_long_as_the_table(case: str) -> None:
    for table in report(case).tables.values():
        every = [found.key for found in table.columns]
        shapes = {key: column(report(case), table.name, key).shape for key in every}
        assert {key for key, shape in shapes.items() if shape != (table.rows,)} == set(), table.name
        assert len({found.header.casefold() for found in table.columns}) == len(table.columns)


def test_the_chart_of_segments_follows_the_first_table() -> None:
    chart = report("full").charts["segments"]

    assert {series.categories for series in chart.series} == {"Segments.segment"}
    assert "channel" in chart.title
    assert "channel" in chart.alt_text
