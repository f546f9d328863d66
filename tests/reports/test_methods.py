import numpy as np
import pytest

from clv_xl import __version__
from clv_xl.customers.summary import summarise
from clv_xl.models.mbg_nbd import fit_mbg_nbd
from clv_xl.models.model_comparison import compare_models, last_quarter
from clv_xl.models.purchase_models import Status
from clv_xl.reports.holdout_tables import held_out
from clv_xl.reports.methods import METHODS
from tests.reports.inputs import CASES, column, inputs, report, texts


def test_every_figure_has_the_formula_as_it_is_used() -> None:
    made, say = report("full"), texts().say

    assert "contract" not in made.record
    expected = [(say(f"method.{key}"), say(f"method_formula.{key}")) for key in METHODS]

    names, formulas = (column(made, "Methods", key) for key in ("method", "method_formula"))
    assert list(zip(names, formulas, strict=True)) == expected
    assert len({name for name, _ in expected}) == len(expected)
    assert made.value("src_version") == __version__


@pytest.mark.parametrize("case", CASES)
def test_the_parameters_of_all_fits_are_listed(case: str) -> None:
    made = report(case)
    models = column(made, "Parameters", "model").tolist()
    used = {"mbg_nbd": "MBG/NBD", "bg_nbd": "BG/NBD"}[inputs(case).assumptions.model]

    assert models[0] == used
    under_contract = {"sBG": 3} if "status" in made.record.get("contract", {}) else {}
    assert {model: models.count(model) for model in models} == {
        "MBG/NBD": 5,
        "BG/NBD": 5,
        "Gamma-Gamma": 4,
        **under_contract,
    }
    fit = made.record["mbg_nbd"]
    rows = zip(models, column(made, "Parameters", "parameter"), strict=True)
    found = dict(zip(rows, column(made, "Parameters", "estimate"), strict=True))
    for name in ("r", "alpha", "a", "b"):
        assert found["MBG/NBD", name] == fit[name]
    errors = column(made, "Parameters", "standard_error")
    fitted = column(made, "Parameters", "status") == "OK"
    assert np.isnan(errors[~fitted]).all()


def test_the_model_is_held_against_the_last_quarter_of_the_log() -> None:
    log = inputs("full").log
    found = held_out(last_quarter(log), "mbg_nbd")
    assert found is not None
    result, split, days = found.result, found.calibration.split, found.calibration.days
    known = log.until(split)
    s = summarise(known)
    fit = fit_mbg_nbd(s.frequency, s.recency, s.T)
    later = {
        (customer, day)
        for customer, day in zip(log.customer_ids[log.customer], log.day, strict=True)
        if day > split and customer in set(known.customer_ids)
    }

    assert days == (log.as_of - log.first_day) // 4
    assert split + days == log.as_of
    assert result.actual == len(later)
    predicted = np.sum(fit.expected_purchases(days, s.frequency, s.recency, s.T))
    assert result.predicted == pytest.approx(predicted)


@pytest.mark.parametrize("case", CASES)
def test_the_holdout_or_its_absence_is_said(case: str) -> None:
    log, lines = inputs(case).log, [str(line) for line in report(case).lines["models"].lines]
    found = held_out(last_quarter(log), inputs(case).assumptions.model)

    models = {model.name: model.fit.status for model in compare_models(log).models}
    compared = models[inputs(case).assumptions.model] is Status.OK
    (said,) = [line for line in lines if line.startswith(("Tested on", "The orders of"))]
    assert sum("by AIC" in line for line in lines) == compared
    if last_quarter(log) is None:
        assert said == texts().say("methods.short_holdout")
    elif found is None:
        assert said == texts().say("methods.no_holdout")
    else:
        assert f"{found.result.predicted:,.0f}" in said
        assert f"{found.result.actual:,.0f}" in said
        assert str(np.datetime64(found.calibration.split, "D")) in said


def test_why_the_model_was_chosen_is_said() -> None:
    why = {case: str(report(case).lines["models"].lines[0]) for case in ("full", "bg_nbd")}

    assert why["full"].startswith(texts().say("methods.why_mbg_nbd"))
    assert why["bg_nbd"].startswith(texts().say("methods.why_bg_nbd"))
    truncated = report("left_truncated").lines["models"].lines
    assert texts().say("note.truncated_fit") in truncated


def test_how_the_models_compare_is_said_where_they_can_be_fitted() -> None:
    _, said, _ = map(str, report("full").lines["models"].lines)

    found = compare_models(inputs("full").log)

    for model in found.models:
        assert f"{model.fit.model} {model.fit.aic:,.1f}" in said
    assert said.endswith(f"is {found.chosen.fit.model}.")
    assert not any("AIC" in str(line) for line in report("few").lines["models"].lines)


def test_a_model_that_another_beats_is_said_to_be_used_all_the_same() -> None:
    lines = {case: [str(line) for line in report(case).lines["models"].lines] for case in CASES}

    chosen = compare_models(inputs("bg_nbd").log).chosen
    assert chosen.name == "mbg_nbd"
    (said,) = [line for line in lines["bg_nbd"] if "all the same" in line]
    assert said.startswith("BG/NBD is used")
    assert said.endswith("The setting mbg_nbd would use MBG/NBD.")
    assert not any("all the same" in line for line in lines["full"])


@pytest.mark.parametrize("case", CASES)
def test_orders_held_out_are_spoken_of_only_where_the_model_was_tested_on_them(case: str) -> None:
    lines = [str(line) for line in report(case).lines["models"].lines]
    compared = [line for line in lines if "by AIC" in line]

    tested = any(line.startswith("Tested on") for line in lines)
    assert all(("without a test" not in line) == tested for line in compared)


def test_a_test_of_a_fit_without_a_maximum_says_so() -> None:
    lines = [str(line) for line in report("left_truncated").lines["models"].lines]

    fit = held_out(last_quarter(inputs("left_truncated").log), "mbg_nbd")
    assert fit is not None
    assert fit.fit.status is Status.BOUNDARY
    assert lines[-1] == f"Of the fit tested there: {fit.fit.note}"


@pytest.mark.parametrize("case", CASES)
def test_why_a_prediction_is_withheld_is_said_beside_its_fits(case: str) -> None:
    made = report(case)
    lines = [getattr(line, "value", line) for line in made.lines["models"].lines]
    reasons = {texts().say(f"note.withheld.{why}") for why in ("too_few", "boundary", "wide")}

    said = [line for line in lines if line in reasons]
    assert said == [note for key, note in made.notes.items() if key == "predicted_value"]
    assert bool(said) == (made.value("calc_verdict") == "withheld")
