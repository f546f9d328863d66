"""The CDNOW logs, whose figures are published, through the whole main path."""

import json
from datetime import date
from importlib.util import find_spec
from math import log
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import Word, done, run

_FOUND = find_spec("lifetimes")
pytestmark = pytest.mark.skipif(_FOUND is None, reason="lifetimes, which brings CDNOW, is missing")

WEEK = 7
KEYS = [
    "orders", "order_days", "customers", "revenue", "first_order", "last_order", "as_of",
    "average_order_value", "purchase_frequency", "repeat_purchase_rate", "retention_rate",
    "historic_value", "predicted_value", "clv", "cac", "clv_cac_ratio", "payback_months",
    "basis", "bg_nbd", "mbg_nbd", "model", "gamma_gamma", "quality", "segments", "cohorts",
    "notes",
]  # fmt: skip
FIT = {"r", "alpha", "a", "b", "log_likelihood", "status", "customers", "unique_rows", "time_unit"}
RATES = ("repeat_purchase_rate", "retention_rate", "annual_discount_rate", "margin_rate")
DATES = ("first_order", "last_order", "as_of")


def _log(name: str) -> Path:
    assert _FOUND is not None
    assert _FOUND.origin is not None
    return Path(_FOUND.origin).parent / "datasets" / name


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("master")
    source = _log("CDNOW_master.txt")
    done("dashboard", source, "-o", folder / "m.xlsx", "--json", folder / "m.json")
    found: dict[str, Any] = json.loads((folder / "m.json").read_text())
    return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Read the sample up to the day at which the published fit looks at it."""
    folder = tmp_path_factory.mktemp("sample")
    columns = ["--no-header", "--customer", "2", "--date", "3", "--amount", "5"]
    outputs: list[Word] = ["-o", folder / "s.xlsx", "--json", folder / "s.json"]
    source = _log("CDNOW_sample.txt")
    done("dashboard", source, *outputs, *columns, "--as-of", "1997-09-30")
    found: dict[str, Any] = json.loads((folder / "s.json").read_text())
    return found


def test_the_whole_log_has_its_known_counts(master: dict[str, Any]) -> None:
    assert master["orders"] == 69_659
    assert master["order_days"] == 67_591
    assert master["customers"] == 23_570
    assert master["revenue"] == pytest.approx(2_500_315.63, abs=0.005)
    assert [master[key] for key in DATES] == ["1997-01-01", "1998-06-30", "1998-06-30"]
    assert master["quality"]["rows_read"] == master["quality"]["rows_kept"] == 69_659
    assert master["quality"]["dropped"] == {}


def test_orders_of_amount_zero_count_as_orders_and_not_in_the_average(
    master: dict[str, Any], tmp_path: Path
) -> None:
    source, record = _log("CDNOW_master.txt"), tmp_path / "m.json"
    done("dashboard", source, "-o", tmp_path / "m.xlsx", "--json", record, "--zero", "drop")
    without = json.loads(record.read_text())
    assert without["quality"]["dropped"] == {"zero_amount": 80}
    assert without["orders"] == 69_659 - 80
    assert without["average_order_value"] == master["average_order_value"]
    assert master["average_order_value"] == pytest.approx(2_500_315.63 / (69_659 - 80), abs=1e-9)


def test_the_sample_up_to_the_calibration_day_is_known(sample: dict[str, Any]) -> None:
    assert sample["customers"] == 2_357
    assert sample["quality"]["rows_read"] == 6_919
    kept, late = sample["quality"]["rows_kept"], sample["quality"]["dropped"]["after_as_of"]
    assert kept + late == 6_919
    assert sample["as_of"] == "1997-09-30"


def test_the_bg_nbd_fit_of_the_sample_is_the_published_one(sample: dict[str, Any]) -> None:
    """Fader, Hardie and Lee (2005), table 2, which counts in weeks."""
    fit = sample["bg_nbd"]
    published = {"r": 0.24259, "alpha": 4.41353 * WEEK, "a": 0.79289, "b": 2.42575}
    assert {name: fit[name] for name in published} == pytest.approx(published, rel=5e-4)
    assert (fit["status"], fit["customers"], fit["time_unit"]) == ("OK", 2_357, "day")
    repeats = sample["order_days"] - sample["customers"]
    assert fit["log_likelihood"] + repeats * log(WEEK) == pytest.approx(-9_582.4, abs=0.05)


def test_the_mbg_nbd_fit_of_the_sample_is_the_published_one(sample: dict[str, Any]) -> None:
    """The figures of the R package BTYDplus, in weeks and to three decimals."""
    fit = sample["mbg_nbd"]
    assert fit["r"] == pytest.approx(0.525, abs=5e-4)
    assert fit["alpha"] / WEEK == pytest.approx(6.183, abs=1e-3)
    assert fit["a"] == pytest.approx(0.891, abs=1e-3)
    assert fit["b"] == pytest.approx(1.614, abs=1e-3)
    assert fit["status"] == "OK"


def test_the_figures_agree_with_lifetimes(sample: dict[str, Any]) -> None:
    lifetimes = pytest.importorskip("lifetimes.datasets")
    summary = lifetimes.load_cdnow_summary()
    assert sample["customers"] == len(summary)
    assert sample["order_days"] == int(summary["frequency"].sum()) + len(summary)


@pytest.mark.parametrize("log_of", ["master", "sample"])
def test_the_figures_for_programs_are_complete(log_of: str, request: pytest.FixtureRequest) -> None:
    record = request.getfixturevalue(log_of)
    assert [key for key in KEYS if key not in record] == []
    for model in ("bg_nbd", "mbg_nbd"):
        assert record[model].keys() >= FIT
    assert {"p", "q", "gamma", "status"} <= record["gamma_gamma"].keys()
    assert {"rows_read", "rows_kept", "dropped", "score"} <= record["quality"].keys()
    assert record["model"] == "MBG/NBD"
    assert record["segments"]
    assert record["cohorts"]


@pytest.mark.parametrize("log_of", ["master", "sample"])
def test_rates_are_decimals_dates_are_iso_and_what_is_undefined_has_a_note(
    log_of: str, request: pytest.FixtureRequest
) -> None:
    record = request.getfixturevalue(log_of)
    assert all(record[rate] is None or 0 <= record[rate] <= 1 for rate in RATES)
    for key in DATES:
        assert date.fromisoformat(record[key]).isoformat() == record[key]
    undefined = [key for key in KEYS if record[key] is None]
    assert "clv" in undefined  # no margin rate was given
    assert [key for key in undefined if not record["notes"].get(key)] == []
    assert record["basis"] == "revenue"


def test_segments_and_cohorts_add_up_to_all_customers(master: dict[str, Any]) -> None:
    assert sum(segment["customers"] for segment in master["segments"]) == 23_570
    assert sum(cohort["size"] for cohort in master["cohorts"]) == 23_570
    for cohort in master["cohorts"]:
        known = [active for active in cohort["active"] if active is not None]
        assert known[0] == cohort["size"]
        assert all(0 <= active <= cohort["size"] for active in known)


def test_a_log_without_a_header_says_how_to_name_its_columns(tmp_path: Path) -> None:
    answer = run("dashboard", _log("CDNOW_sample.txt"), "-o", tmp_path / "s.xlsx")
    assert answer.code == 2
    assert "--no-header" in answer.complaint
