"""Retention under contract through `clv-xl call`: the published figures, from files and numbers."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from clv_xl.cli import main
from tests.models.contract_samples import COHORTS, HIGH_END

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `clv-xl call` with these words, and return what it prints."""

    def printed(*words: str) -> str:
        code = main(["call", *words])
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        return captured.out

    return printed


def written(folder: Path, name: str, frame: pd.DataFrame) -> str:
    """Write a file, and return the argument that names its columns."""
    path = folder / f"{name}.csv"
    frame.to_csv(path, index=False)
    return f"@{path}:{','.join(map(str, frame.columns))}"


def parameters(table: str) -> dict[str, str]:
    return dict(pd.read_csv(StringIO(table), index_col="parameter")["value"])


def test_the_published_cohort_and_its_projection(run: Run, tmp_path: Path) -> None:
    survivors = written(tmp_path, "high_end", pd.DataFrame({"left": HIGH_END}))
    fit = parameters(run("CLV_SBG_FIT", survivors))
    alpha, beta = fit["alpha"], fit["beta"]
    assert [float(alpha), float(beta)] == pytest.approx([0.66809, 3.80609], abs=5e-4)
    assert fit["status"] == "OK"
    projected = [float(run("CLV_SBG_SURVIVAL", alpha, beta, str(t))) for t in range(8, 13)]
    assert projected == pytest.approx([0.4604, 0.4358, 0.4142, 0.3951, 0.3780], abs=5e-5)
    first = float(alpha) / (float(alpha) + float(beta))
    assert float(run("CLV_SBG_RETENTION", alpha, beta, "1")) == pytest.approx(1 - first, rel=1e-12)
    payments = written(tmp_path, "payments", pd.DataFrame({"n": [1, 2, 3, 4, 5, 8]}))
    lifetimes = pd.read_csv(StringIO(run("CLV_SBG_DERL", alpha, beta, payments, "0.1")))
    assert lifetimes.iloc[:, 0].tolist() == pytest.approx(
        [5.4145, 5.9014, 6.2939, 6.6199, 6.8967, 7.5296], abs=1e-4
    )
    worth = float(run("CLV_SBG_VALUE", alpha, beta, "100", "0.1"))
    assert worth == pytest.approx(100 * (1 + 5.4145 / 1.1), abs=0.01)


def test_the_published_base_of_cohorts_and_its_value(run: Run, tmp_path: Path) -> None:
    rows = [dict(enumerate(cohort)) for cohort in COHORTS]
    survivors = written(tmp_path, "cohorts", pd.DataFrame(rows).add_prefix("year_"))
    fit = parameters(run("CLV_SBG_FIT", survivors))
    assert [float(fit[name]) for name in ("alpha", "beta")] == pytest.approx(
        [3.798, 15.192], abs=5e-4
    )
    left = [10_000, *(cohort[-1] for cohort in reversed(COHORTS))]
    payments = written(tmp_path, "payments", pd.DataFrame({"n": [1, 2, 3, 4, 5]}))
    lifetimes = pd.read_csv(StringIO(run("CLV_SBG_DERL", "3.80", "15.20", payments, "0.1")))
    assert round(sum(lifetimes.iloc[:, 0] * left)) == 120_543


def test_the_survival_of_members_and_its_mean(run: Run, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"months": [3, 5, 5, 8, 10], "gone": [1, 1, 0, 1, 0], "n": [1, 2, 1, 1, 1]}
    )
    written(tmp_path, "members", frame)
    months, gone, count = (f"@{tmp_path / 'members.csv'}:{name}" for name in frame)
    curve = pd.read_csv(StringIO(run("CLV_KM", months, gone, count, "0.9")))
    assert curve["survival"].tolist() == pytest.approx([1, 5 / 6, 1 / 2, 1 / 4, 1 / 4])
    assert float(run("CLV_KM_MEAN", months, gone, "10")) == pytest.approx(7)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["CLV_SBG_DERL", "0.7", "3.8", "1", "0"],
            "alpha must be above 1 where discount_per_period",
        ),
        (["CLV_SBG_DERL", "0.7", "3.8", "0", "0.1"], "n must be at least 1, got 0"),
        (["CLV_SBG_VALUE", "0.7", "3.8", "100", "10"], "got 10 (did you mean 0.10?)"),
        (["CLV_SBG_SURVIVAL", "0", "3.8", "1"], "alpha must be above 0, got 0"),
        (["CLV_SBG_RETENTION", "0.7", "3.8", "1.5"], "t must be a whole number, got 1.5"),
        (["CLV_KM_MEAN", "5", "0", "6"], "horizon must be at most 5, the longest tenure seen"),
    ],
)
def test_a_call_that_has_no_answer_is_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["call", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
