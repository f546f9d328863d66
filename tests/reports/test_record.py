import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from clv_xl.customers.cohorts import cohorts
from clv_xl.customers.summary import summarise
from clv_xl.models.bg_nbd import fit_bg_nbd
from clv_xl.models.mbg_nbd import fit_mbg_nbd
from clv_xl.reports.build import build_report
from clv_xl.reports.cohort_tables import cohort_period
from tests.reports.inputs import CASES, column, inputs, report, texts

UNDEFINED_WITH_NOTE = [
    "average_order_value",
    "purchase_frequency",
    "repeat_purchase_rate",
    "retention_rate",
    "historic_value",
    "predicted_value",
    "clv",
    "cac",
    "clv_cac_ratio",
    "payback_months",
]
PROMISED = {
    *UNDEFINED_WITH_NOTE,
    *[
        "orders",
        "order_days",
        "customers",
        "revenue",
        "first_order",
        "last_order",
        "as_of",
        "basis",
    ],
    *["bg_nbd", "mbg_nbd", "model", "gamma_gamma", "quality", "segments", "cohorts", "notes"],
}
OF_A_FIT = [
    "r",
    "alpha",
    "a",
    "b",
    "log_likelihood",
    "status",
    "customers",
    "unique_rows",
    "time_unit",
]


def record(case: str) -> dict[str, Any]:
    """Return the record as a program reads it."""
    text = json.dumps(dict(report(case).record), allow_nan=False)
    read: dict[str, Any] = json.loads(text)
    return read


@pytest.mark.parametrize("case", CASES)
def test_the_record_is_plain_json_with_everything_that_is_promised(case: str) -> None:
    found = record(case)

    assert found.keys() >= PROMISED
    for model in ("bg_nbd", "mbg_nbd"):
        assert found[model].keys() >= set(OF_A_FIT)
    assert found["gamma_gamma"].keys() >= {"p", "q", "gamma", "status"}
    assert found["quality"].keys() >= {"rows_read", "rows_kept", "dropped", "score"}


@pytest.mark.parametrize("case", CASES)
def test_what_is_undefined_is_null_and_has_its_note(case: str) -> None:
    found = record(case)
    undefined = {key for key, value in found.items() if value is None}

    assert undefined - found["notes"].keys() == set()
    assert all(isinstance(note, str) and note for note in found["notes"].values())
    assert found["notes"] == dict(report(case).notes)


@pytest.mark.parametrize("case", CASES)
def test_counts_and_dates_are_those_of_the_log(case: str) -> None:
    found, log = record(case), inputs(case).log
    days = {(c, d) for c, d in zip(log.customer.tolist(), log.day.tolist(), strict=True)}

    assert found["orders"] == len(log.amount)
    assert found["order_days"] == len(days)
    assert found["customers"] == len(set(log.customer.tolist()))
    assert found["revenue"] == pytest.approx(log.amount.sum(), abs=1e-6)
    ends = {"first_order": log.day.min(), "last_order": log.day.max(), "as_of": log.as_of}
    for key, day in ends.items():
        assert date.fromisoformat(found[key]).toordinal() - date(1970, 1, 1).toordinal() == day


@pytest.mark.parametrize("case", CASES)
def test_rates_are_those_of_the_orders(case: str) -> None:
    found, log = record(case), inputs(case).log
    paid = log.amount[log.amount > 0]
    days = min(365, log.as_of - log.first_day + 1)
    recent = log.day > log.as_of - days
    buyers = len(np.unique(log.customer[recent]))

    assert found["average_order_value"] == (pytest.approx(paid.mean()) if paid.size else None)
    often = recent.sum() / buyers * 365 / days if buyers else None
    assert found["purchase_frequency"] == (pytest.approx(often) if buyers else None)
    assert ("purchase_frequency" in found["notes"]) == (days < 365 or not buyers)
    assert found["retention_rate"] == report(case).value("out_retention_rate")
    assert found["repeat_purchase_rate"] == report(case).value("out_repeat_rate")


@pytest.mark.parametrize("case", CASES)
def test_values_are_the_figures_of_the_workbook(case: str) -> None:
    found, made = record(case), report(case)
    same = {
        "historic_value": "out_historic_value",
        "predicted_value": "out_predicted_value",
        "clv": "out_clv",
        "cac": "calc_cac",
        "clv_cac_ratio": "out_clv_cac_ratio",
        "basis": "calc_basis",
    }

    assert {key: found[key] for key in same} == {key: made.value(n) for key, n in same.items()}
    months = made.value("out_payback_months")
    assert found["payback_months"] == (None if isinstance(months, str) else months)
    if isinstance(months, str):
        assert found["notes"]["payback_months"] == months


@pytest.mark.parametrize("case", ["full", "bg_nbd", "few", "one_order"])
def test_both_models_stand_in_the_record_whichever_is_used(case: str) -> None:
    found, s = record(case), summarise(inputs(case).log)

    for key, fitter in (("bg_nbd", fit_bg_nbd), ("mbg_nbd", fit_mbg_nbd)):
        fit = fitter(s.frequency, s.recency, s.T)
        assert found[key]["r"] == pytest.approx(fit.parameters["r"])
        assert found[key]["status"] == fit.status
        assert found[key]["customers"] == len(s.T)
        assert found[key]["time_unit"] == "day"
    used = inputs(case).assumptions.model
    assert found["model"] == {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD"}[used]


@pytest.mark.parametrize("case", CASES)
def test_rows_read_are_rows_kept_and_rows_dropped(case: str) -> None:
    quality = record(case)["quality"]

    assert quality["rows_read"] == quality["rows_kept"] + sum(quality["dropped"].values())
    assert 0 <= quality["score"] <= 100
    assert 0 not in quality["dropped"].values()


@pytest.mark.parametrize("case", CASES)
def test_every_segment_is_a_row_with_its_table(case: str) -> None:
    made, rows = report(case), record(case)["segments"]

    for table in {row["table"] for row in rows}:
        of_table = [row for row in rows if row["table"] == table]
        assert [row["segment"] for row in of_table] == column(made, table, "segment").tolist()
        assert sum(row["customers"] for row in of_table) == made.value("fact_customers")
    assert {row["table"] for row in rows} == {
        name for name in made.tables if name.startswith("Segments") and "_data" not in name
    }


@pytest.mark.parametrize("case", CASES)
def test_cohorts_hold_counts_and_null_where_their_time_is_not_over(case: str) -> None:
    log, rows = inputs(case).log, record(case)["cohorts"]
    known = cohorts(log, cohort_period(log))

    assert [row["cohort"] for row in rows] == known.labels[-len(rows) :].tolist()
    for row, size, active, mature in zip(
        rows,
        known.size[-len(rows) :],
        known.active[-len(rows) :],
        known.mature[-len(rows) :],
        strict=True,
    ):
        assert row["size"] == size
        expected = [int(a) if m else None for a, m in zip(active, mature, strict=True)]
        assert row["active"] == expected[: len(row["active"])]


@pytest.mark.parametrize("case", CASES)
def test_the_period_says_what_it_covers(case: str) -> None:
    period, made = record(case)["period"], report(case)

    assert period["from"] == str(made.value("src_period_from"))
    assert period["to"] == str(made.value("src_period_to"))
    assert period["days"] == made.value("fact_period_days")
    assert period["revenue"] == pytest.approx(made.value("fact_revenue"))


def test_the_same_input_gives_the_same_record() -> None:
    given = inputs("full")

    again = build_report(given.log, given.assumptions, texts())

    assert json.dumps(dict(again.record)) == json.dumps(dict(report("full").record))
