import pytest

from clv_xl.models.purchase_models import Status
from tests.reports.inputs import CASES, inputs, report, texts


def notes(case: str) -> dict[str, str]:
    return dict(report(case).notes)


@pytest.mark.parametrize("case", CASES)
def test_a_withheld_prediction_says_why(case: str) -> None:
    made, found = report(case), notes(case)
    status = made.value("fact_model_status")
    why = "wide" if status == Status.OK else status.lower()

    if made.value("calc_verdict") == "withheld":
        said = texts().say(f"note.withheld.{why}")
        assert found["predicted_value"] == found["clv"] == said
    else:
        assert "predicted_value" not in found
    assert ("prediction_range" in found) == (made.value("calc_verdict") == "range")


def test_each_reason_to_withhold_is_seen() -> None:
    statuses = {report(case).value("fact_model_status") for case in CASES}

    assert statuses == {str(status) for status in Status}
    verdicts = {report(case).value("calc_verdict") for case in CASES}
    assert verdicts == {"shown", "range", "withheld"}


@pytest.mark.parametrize("case", CASES)
def test_the_basis_is_noted_where_no_margin_rate_was_given(case: str) -> None:
    given, found = inputs(case).assumptions, notes(case)

    assert ("basis" in found) == (given.margin_rate is None)
    assert ("clv" in found) == (report(case).value("out_clv") is None)


@pytest.mark.parametrize("case", CASES)
def test_an_unknown_cac_and_an_unrated_ratio_are_noted(case: str) -> None:
    made, found = report(case), notes(case)

    assert ("cac" in found) == (made.value("calc_cac") is None)
    assert ("clv_cac_ratio" in found) == (made.value("out_clv_cac_ratio") is None)
    months = made.value("out_payback_months")
    assert ("payback_months" in found) == (months is None or isinstance(months, str))


@pytest.mark.parametrize("case", CASES)
def test_what_the_period_cannot_tell_is_noted(case: str) -> None:
    made, found = report(case), notes(case)
    retention = made.value("out_retention_rate")

    assert ("previous_period" in found) == ("src_previous_from" not in made.figures)
    assert ("retention_rate" in found) == (retention is None)
    assert ("repeat_purchase_rate" in found) == (made.value("out_repeat_rate") is None)
    uncovered = retention is not None and not made.value("fact_window_covered")
    assert ("retention_window" in found) == uncovered


def test_a_period_asked_for_beyond_the_report_is_noted_with_its_end() -> None:
    assert "2025-03-31" in notes("range")["period"]
    assert all("period" not in notes(case) for case in CASES if case != "range")


@pytest.mark.parametrize("case", CASES)
def test_customers_from_before_the_log_and_a_missing_currency_are_noted(case: str) -> None:
    log, found = inputs(case).log, notes(case)

    assert ("truncated_fit" in found) == bool(log.existing_before_window.any())
    assert ("currency" in found) == (log.currency is None)


@pytest.mark.parametrize("case", CASES)
def test_what_was_said_while_reading_the_orders_is_kept(case: str) -> None:
    log, found = inputs(case).log, notes(case)

    said = {key: str(remark) for key, remark in log.cleaning.notes.items()}
    assert said.items() <= found.items()


def test_regular_gaps_are_called_a_probable_subscription() -> None:
    assert "subscription" in notes("left_truncated")
    assert "subscription" not in notes("full")


@pytest.mark.parametrize("case", CASES)
def test_every_note_stands_on_the_data_quality_sheet(case: str) -> None:
    lines = [str(line) for line in report(case).lines["reading"].lines]

    late = {"average_order_value", "purchase_frequency", "break_even_retention"}
    assert {key for key, note in notes(case).items() if note not in lines} - late == set()
