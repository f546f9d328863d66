"""The catalogue offers every function under the agreed name, arguments and texts."""

import math
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clv_xl import __version__
from clv_xl.arrays import Kind
from clv_xl.catalogue import (
    CATALOGUE,
    CatalogueEntry,
    Category,
    Gives,
    call_entry,
    cell_text,
    find_entry,
)
from clv_xl.errors import CallError, ClvError, InvalidArgumentError
from clv_xl.excel.addin.vba_text import argument_name
from clv_xl.reference_page import reference_markdown, refusals

# R marks a range, as in the list of the add-in's functions.
AGREED = """
CLV_SIMPLE(average_order_value, orders_per_year, lifespan_years, [margin_rate])
CLV_PRODUCT(average_transaction, purchases, [margin_rate])
CLV_SERVICE(monthly_revenue, lifetime_months, [margin_rate])
CLV_DISCOUNTED(margin_per_period, retention, discount_per_period, [periods], [timing], \
[retention_cost])
CLV_SUBSCRIPTION(arpa, margin_rate, churn, [discount_per_period], [timing])
CLV_HISTORIC(customersR, amountsR, [margin_rate])
CLV_CURVE(margin_per_period, retention, discount_per_period, periods, [timing])
CLV_MARGIN_MULTIPLE(retention, discount_per_period, [timing])
CLV_CUSTOMER_EQUITY(clvR, [countsR])
CLV_BREAK_EVEN_RETENTION(margin_per_period, cac, discount_per_period, [timing])
CLV_RETENTION_UPLIFT(margin_per_period, retention, discount_per_period, uplift_points, [cac], \
[timing])
CLV_DISCOUNT_CONVERT(rate, from_period, to_period)
CLV_RETENTION_CONVERT(rate, from_period, to_period)
CLV_LIFETIME(churn)
CLV_RETENTION_RATE(customers_at_start, customers_at_close, new_customers)
CLV_CHURN_RATE(customers_at_start, lost)
CLV_GRR(recurring_at_start, churned, contraction)
CLV_NRR(recurring_at_start, churned, contraction, expansion, [reactivation])
CLV_ACTIVITY(customersR, datesR, from_date, to_date, [window_days])
CLV_REPEAT_RATE(customersR, datesR, [window_days], [as_of])
CLV_COHORT(customersR, datesR, [amountsR], [period], [measure], [as_of])
CLV_NDAY(customersR, datesR, amountsR, [daysR], [as_of])
CLV_RETENTION_CURVE(customersR, datesR, [period], [as_of])
CLV_TIME_BETWEEN(customersR, datesR)
CLV_CAC(spendR, new_customersR)
CLV_CAC_RATIO(clv, cac)
CLV_CAC_RATING(ratio, [low], [good], [high])
CLV_CAC_PAYBACK(cac, margin_per_period, [retention], [discount_per_period])
CLV_MAX_CAC(clv, [target_ratio])
CLV_AOV(amountsR, [ordersR])
CLV_FREQUENCY(customersR, datesR, [ordersR], [as_of], [days])
CLV_ARPA(revenue, customers_at_start, customers_at_close)
CLV_SUMMARY(customersR, datesR, [amountsR], [as_of], [unit], [refunds])
CLV_RFM(customersR, datesR, amountsR, [as_of], [bins])
CLV_RFM_SEGMENT(recency_score, frequency_score)
CLV_SEGMENT_TABLE(customersR, datesR, amountsR, segmentsR, [margin_rate], [cacR], [as_of])
CLV_TIERS(valuesR, [cutsR])
CLV_ABC(valuesR, [a_share], [b_share])
CLV_WHALE_CURVE(valuesR)
CLV_TOP_SHARE(valuesR, share)
CLV_DATA_CHECK(customersR, datesR, amountsR)
CLV_NPS(scoresR)
CLV_CSAT(scoresR, [scale])
CLV_BGNBD_FIT(frequencyR, recencyR, ageR, [weightsR], [unit])
CLV_BGNBD_EXPECTED(fitR, horizon, frequencyR, recencyR, ageR)
CLV_BGNBD_ALIVE(fitR, frequencyR, recencyR, ageR)
CLV_BGNBD_NEW(fitR, horizon)
CLV_MBGNBD_FIT(frequencyR, recencyR, ageR, [weightsR], [unit])
CLV_MBGNBD_EXPECTED(fitR, horizon, frequencyR, recencyR, ageR)
CLV_MBGNBD_ALIVE(fitR, frequencyR, recencyR, ageR)
CLV_MBGNBD_NEW(fitR, horizon)
CLV_PNBD_FIT(frequencyR, recencyR, ageR, [weightsR], [unit])
CLV_PNBD_EXPECTED(fitR, horizon, frequencyR, recencyR, ageR)
CLV_PNBD_ALIVE(fitR, frequencyR, recencyR, ageR)
CLV_PNBD_NEW(fitR, horizon)
CLV_PNBD_DERT(fitR, annual_discount_rate, frequencyR, recencyR, ageR)
CLV_BGBB_FIT(frequencyR, recencyR, periodsR, [weightsR])
CLV_BGBB_EXPECTED(fitR, periods, frequencyR, recencyR, ageR)
CLV_BGBB_ALIVE(fitR, frequencyR, recencyR, ageR)
CLV_GG_FIT(frequencyR, monetaryR)
CLV_GG_SPEND(fitR, frequencyR, monetaryR)
CLV_VALUE_AHEAD(fitR, horizon, frequencyR, recencyR, ageR, spendR, [annual_discount_rate], \
[margin_rate])
CLV_PREDICT(customersR, datesR, amountsR, [horizon_months], [annual_discount_rate], \
[margin_rate], [as_of], [model])
CLV_PREDICT_TOTAL(customersR, datesR, amountsR, [horizon_months], [annual_discount_rate], \
[margin_rate], [level], [as_of])
CLV_MODEL_COMPARE(customersR, datesR, [holdout_days])
CLV_HOLDOUT(customersR, datesR, split_date, [model])
CLV_SBG_FIT(survivorsR)
CLV_SBG_RETENTION(alpha, beta, t)
CLV_SBG_SURVIVAL(alpha, beta, t)
CLV_SBG_DERL(alpha, beta, n, discount_per_period)
CLV_SBG_VALUE(alpha, beta, margin_per_period, discount_per_period)
CLV_KM(tenureR, churnedR, [weightsR], [level])
CLV_KM_MEAN(tenureR, churnedR, horizon)
CLV_ISERR(value)
CLV_WHY(cell)
CLV_FUNCTIONS()
CLV_VERSION()
""".strip().splitlines()

RANGES = {Kind.RANGE, Kind.BLOCK, Kind.TEXTS, Kind.DATES, Kind.NUMBERS, Kind.TABLE}

WRITTEN_DIFFERENTLY_IN_VBA = {"scale": "scale_"}
"""Scale is a word of VBA's own, which no argument may have for its name, and the agreed list above
fixes it all the same. So Excel's function wizard shows it with an underscore; every sentence, every
help text and every other program call it scale. There is to be no second one."""
FILLED_BY_XLWINGS = "caller"
"""An argument of this name never comes from the worksheet."""

every_entry = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.excel_name)


def _bare(signature: str) -> str:
    return re.sub(r"(?<=[a-z])R\b", "", signature)


def test_every_agreed_function_is_there_with_exactly_its_arguments() -> None:
    assert [entry.signature for entry in CATALOGUE] == [_bare(agreed) for agreed in AGREED]


def test_what_is_agreed_to_be_a_range_takes_one() -> None:
    for entry, agreed in zip(CATALOGUE, AGREED, strict=True):
        for parameter in entry.parameters:
            if re.search(rf"\b{parameter.name}R\b", agreed):
                assert parameter.kind in RANGES, (entry.excel_name, parameter.name)


def test_agreed_defaults_hold() -> None:
    assert find_entry("CLV_MARGIN_MULTIPLE").parameters[2].default == "renewal"
    for name in ("CLV_PREDICT", "CLV_PREDICT_TOTAL"):
        assert find_entry(name).parameters[3].default == 12
        assert find_entry(name).parameters[4].default == 0.10


def test_names_are_unique_and_no_cell_references() -> None:
    names = [entry.excel_name for entry in CATALOGUE]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"CLV_[A-Z_]*[A-Z]", name) for name in names)


@every_entry
def test_argument_names_can_be_written_in_vba(entry: CatalogueEntry) -> None:
    names = [parameter.name for parameter in entry.parameters]
    assert len(names) <= 8
    for name in names:
        assert re.fullmatch(r"[a-z][a-z_]*", name)
        assert argument_name(name) == WRITTEN_DIFFERENTLY_IN_VBA.get(name, name)
        assert name != FILLED_BY_XLWINGS
        assert name != entry.excel_name.lower()


def test_what_vba_writes_differently_is_called_by_its_agreed_name_in_every_text() -> None:
    csat = find_entry("CLV_CSAT")

    assert csat.signature == "CLV_CSAT(scores, [scale])"
    with pytest.raises(InvalidArgumentError, match=r"^scale must be "):
        csat.call([[5, 4], "many"])
    assert "scale_" not in reference_markdown()


@every_entry
def test_texts_fit_into_the_function_wizard(entry: CatalogueEntry) -> None:
    texts = [entry.summary, *(parameter.description for parameter in entry.parameters)]
    assert all(1 <= len(text) <= 255 for text in texts)
    assert all(text.endswith(".") for text in texts)
    assert entry.result


@every_entry
def test_an_optional_argument_says_what_holds_when_it_is_left_out(entry: CatalogueEntry) -> None:
    for parameter in entry.parameters:
        if not parameter.required:
            assert re.search(r"default|omitted", parameter.description, re.IGNORECASE)


@every_entry
def test_every_example_runs_and_gives_the_shape_it_promises(entry: CatalogueEntry) -> None:
    result = entry.example_result
    if entry.gives is Gives.TABLE:
        assert isinstance(result, pd.DataFrame)
        assert len(result)
    elif entry.gives is Gives.VALUE:
        assert np.ndim(result) == 0
    assert entry.example.startswith(f"={entry.excel_name}(")


@every_entry
def test_a_wrong_argument_is_refused_with_a_sentence_never_a_traceback(
    entry: CatalogueEntry,
) -> None:
    for sentence in refusals(entry):
        assert "\n" not in sentence
        assert len(sentence) <= 255


WRONG_SHAPES: list[Any] = [[[1, 2], [3, 4]], [1, 2, 3, 4, 5, 6, 7], [], "many", -1.0, [None, None]]


@every_entry
@pytest.mark.parametrize("wrong", WRONG_SHAPES, ids=str)
def test_whatever_stands_in_one_argument_gives_a_result_or_a_sentence(
    entry: CatalogueEntry, wrong: object
) -> None:
    usual = [entry.example_arguments.get(parameter.name) for parameter in entry.parameters]
    for position in range(len(usual)):
        arguments = [*usual[:position], wrong, *usual[position + 1 :]]
        with suppress(ClvError):
            entry.call(arguments)


def test_the_page_of_functions_is_fresh() -> None:
    page = Path(__file__).parents[1] / "docs" / "functions.md"
    written = page.read_text(encoding="utf-8")
    assert written == reference_markdown(), (
        "run python -m clv_xl.reference_page > docs/functions.md"
    )


def test_every_function_tells_its_formula_its_result_and_what_it_refuses() -> None:
    no_formula = {entry.excel_name for entry in CATALOGUE if not entry.formula}
    nothing_refused = {entry.excel_name for entry in CATALOGUE if not list(refusals(entry))}
    helping = {entry.excel_name for entry in CATALOGUE if entry.category is Category.HELP}
    assert no_formula == helping | {"CLV_PREDICT"}, "the total below it has the formula"
    assert nothing_refused == helping | {"CLV_DATA_CHECK"}, "it counts what others refuse"
    assert all(entry.result for entry in CATALOGUE)


def test_blank_arguments_count_as_left_out() -> None:
    assert call_entry("CLV_DISCOUNTED", [100, 0.8, 0.1, None, ""]) == pytest.approx(1100 / 3)
    assert call_entry("CLV_RETENTION_CURVE", [["a"], ["2024-01-31"], ""]) is not None


def test_an_unknown_name_gets_close_ones() -> None:
    with pytest.raises(CallError, match="did you mean CLV_CAC_RATIO"):
        call_entry("CLV_CAC_RATO", [1, 2])


def test_too_many_and_too_few_arguments_are_named() -> None:
    with pytest.raises(CallError, match=r"takes at most 2 arguments, got 3: CLV_CAC_RATIO\("):
        call_entry("CLV_CAC_RATIO", [1, 2, 3])
    with pytest.raises(CallError, match="needs clv, cac"):
        call_entry("CLV_CAC_RATIO", [])


@pytest.mark.parametrize(
    "column",
    [[10.0, 30.0], [[10.0], [30.0]], [[10.0, 30.0]], np.array([[10.0], [30.0]]),
     pd.Series([10.0, 30.0]), pd.DataFrame({"amount": [10.0, 30.0]})],
    ids=["list", "column", "row", "array", "series", "frame"],
)  # fmt: skip
def test_a_column_may_come_in_any_form(column: object) -> None:
    assert call_entry("CLV_AOV", [column]) == 20


def test_one_cell_is_a_column_of_one_row_and_a_range_of_one_cell_a_value() -> None:
    assert call_entry("CLV_AOV", [20.0]) == 20
    assert call_entry("CLV_TOP_SHARE", [[70, 10, 10, 10], [[0.25]]]) == 0.7


def test_a_range_is_no_single_value() -> None:
    with pytest.raises(InvalidArgumentError, match="share must be one value, got 2 cells"):
        call_entry("CLV_TOP_SHARE", [[70, 10], [0.25, 0.5]])


def test_results_one_a_row_keep_the_rows_in_their_order() -> None:
    fit = find_entry("CLV_BGNBD_ALIVE").example_arguments["fit"]
    alone = [
        call_entry("CLV_BGNBD_EXPECTED", [fit, "12 months", *row])
        for row in [(2, 30.43, 38.86), (0, 0, 10), (7, 20, 38)]
    ]
    together = call_entry("CLV_BGNBD_EXPECTED", [fit, "12 months", [2, 0, 7], [30.43, 0, 20],
                                                 [38.86, 10, 38]])  # fmt: skip
    assert together.name == "expected_purchases_12_months"
    assert together.tolist() == pytest.approx(alone, rel=1e-12)


def test_a_bare_horizon_is_in_the_unit_of_the_fit() -> None:
    fit = find_entry("CLV_BGNBD_ALIVE").example_arguments["fit"]
    weeks = call_entry("CLV_BGNBD_NEW", [fit, 52])
    assert weeks == call_entry("CLV_BGNBD_NEW", [fit, "52 weeks"])
    assert weeks == pytest.approx(call_entry("CLV_BGNBD_NEW", [fit, f"{52 * 7} days"]))


def test_an_error_in_a_cell_is_seen_and_explained() -> None:
    sentence = InvalidArgumentError("retention", 80, "below 1").cell_text
    assert call_entry("CLV_ISERR", [sentence]) is True
    assert call_entry("CLV_WHY", [sentence]) == "retention must be below 1, got 80"
    assert call_entry("CLV_ISERR", [""]) is False
    assert call_entry("CLV_WHY", [366.67]) == ""
    assert call_entry("CLV_ISERR", [[sentence, 1.0, None]]).tolist() == [True, False, False]


def test_help_functions_know_the_catalogue_and_the_version() -> None:
    table = call_entry("CLV_FUNCTIONS", [])
    assert table["name"].tolist() == [entry.excel_name for entry in CATALOGUE]
    assert call_entry("CLV_VERSION", []) == __version__


def test_literals_are_written_as_a_worksheet_writes_them() -> None:
    assert cell_text([["r", 0.25], ["b", 2]]) == '{"r",0.25;"b",2}'
    assert cell_text('say "now"') == '"say ""now"""'
    assert math.isclose(float(cell_text(1 / 3)), 1 / 3, rel_tol=1e-14)
