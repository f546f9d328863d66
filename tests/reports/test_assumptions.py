from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.reports.assumptions import LONGEST_HORIZON_MONTHS, Assumptions, Spend
from clv_xl.reports.report import Origin
from tests.reports.inputs import report

SHARES = st.floats(0, 1)
SPEND = Spend(months=pd.Series([np.datetime64("2024-01-01")]), amounts=pd.Series([100.0]))


@given(
    margin_rate=SHARES | st.none(),
    annual_discount_rate=st.floats(0, 0.99),
    horizon_months=st.integers(1, LONGEST_HORIZON_MONTHS),
    cac=st.floats(0.01, 1e9) | st.none(),
    target_ratio=st.floats(0.1, 100),
    activity_window_days=st.integers(1, 3650) | st.none(),
)
def test_what_lies_within_its_bounds_is_kept_as_it_is(**given_values: Any) -> None:  # noqa: ANN401
    made = Assumptions(**given_values)

    assert {name: getattr(made, name) for name in given_values} == given_values


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("margin_rate", 40, r"margin_rate must be .*at most 1, got 40 \(did you mean 0\.40\?\)"),
        ("margin_rate", -0.1, "margin_rate must be at least 0 and at most 1, got -0.1"),
        ("annual_discount_rate", 10, r"discount_rate must be .*got 10 \(did you mean 0\.10\?\)"),
        ("annual_discount_rate", -0.01, "discount_rate must be at least 0"),
        ("annual_discount_rate", float("nan"), "discount_rate must be .*got an empty cell"),
        ("horizon_months", 0, "horizon must be at least 1 and at most 60, got 0"),
        ("horizon_months", 61, "horizon must be at least 1 and at most 60, got 61"),
        ("cac", 0, "cac must be above 0, got 0"),
        ("cac", -5, "cac must be above 0, got -5"),
        ("cac", float("inf"), "cac must be above 0, got inf"),
        ("target_ratio", 0, "target_ratio must be at least 0.1 and at most 100, got 0"),
        ("target_ratio", -3, "target_ratio must be at least 0.1"),
        ("activity_window_days", 0, "activity_window must be at least 1 and at most 3650, got 0"),
        ("title", "x" * 101, "title must be at most 100 characters long, got 101: shorten it"),
        ("activity_window_days", 4000, "activity_window must be .*at most 3650, got 4000"),
    ],
)
def test_what_lies_outside_its_bounds_is_refused_in_one_sentence(
    field: str, value: object, sentence: str
) -> None:
    unfit: dict[str, Any] = {field: value}
    with pytest.raises(InvalidArgumentError, match=sentence) as caught:
        Assumptions(**unfit)
    assert "\n" not in str(caught.value)


def test_a_cac_and_a_spend_file_contradict_each_other() -> None:
    with pytest.raises(InvalidArgumentError, match="cac must be left out where a spend file"):
        Assumptions(cac=20, spend=SPEND)


def test_the_defaults_are_those_that_are_documented() -> None:
    made = Assumptions()

    assert (made.annual_discount_rate, made.horizon_months, made.target_ratio) == (0.10, 12, 3.0)
    assert (made.model, made.segment_by, made.layout) == ("mbg_nbd", "latest", "executive")
    assert (made.margin_rate, made.cac, made.spend, made.period) == (None, None, None, None)


def test_every_assumption_can_be_given_by_name_only() -> None:
    assert all(field.kw_only for field in fields(Assumptions))


def test_an_input_of_the_workbook_accepts_what_the_assumptions_accept() -> None:
    allowed = {name: f.allowed for name, f in report("full").figures.items() if f.allowed}
    bounds = {name: (a.at_least, a.at_most) for name, a in allowed.items()}

    assert bounds["in_margin_rate"] == bounds["in_discount_rate"] == (0, 1)
    assert bounds["in_horizon_months"] == (1, LONGEST_HORIZON_MONTHS)
    assert allowed["in_horizon_months"].whole
    assert bounds["in_target_ratio"] == (0.1, 100)
    for name, figure in report("full").figures.items():
        assert (figure.allowed is not None) == (figure.origin is Origin.INPUT), name
        assert name.startswith("in_") == (figure.origin is Origin.INPUT), name
        assert name.startswith("src_") == (figure.origin is Origin.NEEDS_REFRESH), name


def test_a_value_given_is_told_from_a_default() -> None:
    given, default = report("range").figures, report("plain").figures

    assert given["in_horizon_months"].source != default["in_horizon_months"].source
    assert given["in_cac"].source != default["in_cac"].source == ""
    assert default["in_margin_rate"].value is None
    assert default["in_margin_rate"].source == ""


def test_inputs_that_nobody_gave_hold_nothing_rather_than_zero() -> None:
    figures = report("plain").figures

    assert figures["in_margin_rate"].content is None
    assert figures["in_cac"].content is None
