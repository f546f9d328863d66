"""Every published figure through `clv-xl call`; the models' own tests meet them in Python."""

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clv_xl.cli import main
from tests.models.contract_samples import COHORTS
from tests.models.customer_samples import cdnow, cdnow_folder

Run = Callable[..., str]
HALF = {2: 0.005, 3: 5e-4, 4: 5e-5}  # of the last digit printed


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `clv-xl call` with these words, and return what it prints."""

    def printed(*words: str) -> str:
        code = main(["call", *words])
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        return captured.out

    return printed


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write CDNOW's 2,357 customers, in weeks, to a file."""
    customers, spend, bought = cdnow()
    path = tmp_path_factory.mktemp("cdnow") / "summary.csv"
    pd.DataFrame({**customers._asdict(), "money": spend, "later": bought}).to_csv(path, index=False)
    return path


def columns(path: Path) -> list[str]:
    return [f"@{path}:{name}" for name in ("frequency", "recency", "T")]


def fitted(run: Run, function: str, path: Path) -> tuple[str, pd.DataFrame]:
    """Fit, keep the table in a file, and return the argument that names it and the table."""
    text = run(function, *columns(path), "", "week")
    kept = path.with_name(f"{function}.csv")
    kept.write_text(text, encoding="utf-8")
    return f"@{kept}:parameter,value,standard_error", pd.read_csv(kept, index_col="parameter")


def values(table: pd.DataFrame, column: str, names: str) -> list[float]:
    return table.loc[names.split(), column].astype(float).tolist()


PUBLISHED_FITS: Mapping[str, tuple[str, list[float], float]] = {
    "CLV_BGNBD_FIT": ("r alpha a b", [0.24259, 4.41353, 0.79289, 2.42575], -9582.4256),
    "CLV_MBGNBD_FIT": ("r alpha a b", [0.524838, 6.182992, 0.891356, 1.613999], -9582.1327),
    "CLV_PNBD_FIT": ("r alpha s beta", [0.55327, 10.5776, 0.60629, 11.6703], -9594.974),
}


@pytest.mark.parametrize("function", PUBLISHED_FITS)
def test_the_fits_of_cdnow(run: Run, summary: Path, function: str) -> None:
    names, parameters, log_likelihood = PUBLISHED_FITS[function]

    _, table = fitted(run, function, summary)

    # Where printed β falls short of the maximum, by 2 in 10,000, the likelihood is flat.
    assert values(table, "value", names) == pytest.approx(parameters, abs=5e-4, rel=5e-4)
    assert values(table, "value", "log_likelihood") == pytest.approx([log_likelihood], abs=0.01)
    assert table.loc["status", "value"] == "OK"
    if function == "CLV_BGNBD_FIT":
        errors = values(table, "standard_error", names)
        assert errors == pytest.approx([0.01256, 0.37822, 0.18572, 0.70535], abs=5e-4)


@pytest.mark.parametrize(
    ("horizon", "purchases"),
    [(1, 0.0531855), (10, 0.431770), (39, 1.195048), (52, 1.444060), (78, 1.858024)],
)
def test_a_new_customer_of_cdnow(run: Run, summary: Path, horizon: int, purchases: float) -> None:
    fit, _ = fitted(run, "CLV_BGNBD_FIT", summary)
    assert float(run("CLV_BGNBD_NEW", fit, str(horizon))) == pytest.approx(purchases, rel=1e-4)


def test_single_customers_of_cdnow(run: Run, summary: Path) -> None:
    bg, _ = fitted(run, "CLV_BGNBD_FIT", summary)
    pareto, _ = fitted(run, "CLV_PNBD_FIT", summary)
    customer = ["2", "30.43", "38.86"]

    figures = [
        run("CLV_BGNBD_EXPECTED", bg, "39", *customer),
        run("CLV_BGNBD_ALIVE", bg, *customer),
        run("CLV_PNBD_EXPECTED", pareto, "39", *customer),
        run("CLV_PNBD_NEW", pareto, "52"),
    ]

    assert [float(figure) for figure in figures] == pytest.approx(
        [1.22592, 0.72661, 1.45518, 1.47307], rel=5e-4
    )
    best = float(run("CLV_PNBD_EXPECTED", pareto, "52", "26", "30.86", "31"))
    assert best == pytest.approx(25.4549, rel=5e-4)


def test_the_holdout_of_cdnow_by_frequency(run: Run, summary: Path) -> None:
    fit, _ = fitted(run, "CLV_BGNBD_FIT", summary)
    customers = pd.read_csv(summary)

    text = run("CLV_BGNBD_EXPECTED", fit, "39", *columns(summary))

    expected = pd.read_csv(StringIO(text)).iloc[:, 0]
    assert expected.sum() == pytest.approx(1653.4, abs=0.05)
    assert customers["later"].sum() == 1882
    groups = customers.assign(expected=expected).groupby(customers["frequency"].clip(upper=7))
    means = groups[["expected", "later"]].mean()
    predicted = [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157]
    actual = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    assert means["expected"].tolist() == pytest.approx(predicted, abs=6e-4)
    assert means["later"].tolist() == pytest.approx(actual, abs=6e-4)


def test_the_holdout_of_cdnow_from_its_orders_week_by_week(run: Run, tmp_path: Path) -> None:
    log = pd.read_csv(cdnow_folder() / "CDNOW_sample.txt", sep=r"\s+", header=None, dtype=str)
    orders = pd.DataFrame({"who": log[1], "day": pd.to_datetime(log[2], format="%Y%m%d")})
    path = tmp_path / "orders.csv"
    orders.to_csv(path, index=False)

    text = run("CLV_HOLDOUT", f"@{path}:who", f"@{path}:day", "1997-09-30", "bg_nbd")

    parts = dict(list(pd.read_csv(StringIO(text)).groupby("part", sort=False)))
    total, weeks = parts["total"].iloc[0], parts["week"]
    assert (total["customers"], total["actual"]) == (2357, 1882)
    assert total["predicted"] == pytest.approx(1653.4, abs=0.5)
    means = parts["frequency"]["predicted"] / parts["frequency"]["customers"]
    assert means.tolist() == pytest.approx(
        [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157], abs=2e-3
    )
    days = (orders.drop_duplicates()["day"] - pd.Timestamp("1997-09-30")).dt.days
    by_hand = [((days > 0) & (days <= 7 * week)).sum() for week in range(1, 40)]
    assert len(weeks) == 39
    assert weeks["actual"].tolist() == by_hand
    assert (np.diff(weeks["predicted"]) > 0).all()
    assert weeks["predicted"].iloc[-1] == pytest.approx(total["predicted"])


def test_the_spend_of_cdnow(run: Run, summary: Path) -> None:
    known = [f"@{summary}:frequency", f"@{summary}:money"]
    path = summary.with_name("spend.csv")
    path.write_text(run("CLV_GG_FIT", *known), encoding="utf-8")
    table = pd.read_csv(path, index_col="parameter")
    assert values(table, "value", "p q gamma") == pytest.approx([6.2488, 3.7446, 15.4478], abs=5e-4)
    assert values(table, "value", "log_likelihood") == pytest.approx([-4055.923], abs=0.01)
    assert values(table, "value", "customers") == [946]

    text = run("CLV_GG_SPEND", f"@{path}:parameter,value,standard_error", *known)

    first = pd.read_csv(StringIO(text)).iloc[:10, 0].tolist()
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert first == pytest.approx(published, abs=0.011)
    nobody = run("CLV_GG_SPEND", f"@{path}:parameter,value,standard_error", "0", "0")
    assert float(nobody) == pytest.approx(35.171, abs=5e-4)


def test_the_residual_lifetimes_of_a_base_of_cohorts(run: Run, tmp_path: Path) -> None:
    payments = tmp_path / "payments.csv"
    payments.write_text("n\n1\n2\n3\n4\n5\n", encoding="utf-8")

    text = run("CLV_SBG_DERL", "3.80", "15.20", f"@{payments}:n", "0.1")

    lifetimes = pd.read_csv(StringIO(text)).iloc[:, 0]
    assert lifetimes.tolist() == pytest.approx([3.3098, 3.4510, 3.5865, 3.7168, 3.8421], abs=5e-5)
    left = np.array([10_000, *(cohort[-1] for cohort in reversed(COHORTS))])
    assert round(float(lifetimes @ left)) == 120_543
    kept, due = (
        sum(sum(cohort[some]) for cohort in COHORTS) for some in (slice(1, None), slice(-1))
    )
    pooled = float(run("CLV_DISCOUNTED", "1", repr(kept / due), "0.1", "", "renewal"))
    # The published multiple counts from just before the renewals: (1 + d) times as much.
    assert pooled * 1.1 * left.sum() == pytest.approx(103_875, abs=0.5)


CLOSED_FORMS = [
    ("CLV_DISCOUNTED 100 0.8 0.1", 366.667, 3),
    ("CLV_DISCOUNTED 100 0.8 0.1 - renewal", 266.667, 3),
    ("CLV_DISCOUNTED 100 0.8 0.1 - end", 333.333, 3),
    ("CLV_DISCOUNTED 100 0.8 0.1 5", 292.0634, 4),
    ("CLV_DISCOUNTED 100 0.8 0.1 5 renewal", 212.4097, 4),
    ("CLV_DISCOUNTED 100 0.8 0.1 5 end", 265.5122, 4),
    ("CLV_SUBSCRIPTION 50 0.8 0.05", 800, 3),
    ("CLV_SUBSCRIPTION 50 0.8 0.05 0.01 now", 673.333, 3),
    ("CLV_BREAK_EVEN_RETENTION 40 120 0.1 now", 0.7333, 4),
    ("CLV_BREAK_EVEN_RETENTION 40 120 0.1 renewal", 0.8250, 4),
    ("CLV_BREAK_EVEN_RETENTION 40 120 0.1 end", 0.7667, 4),
    *(
        (f"CLV_MARGIN_MULTIPLE {retention} {discount}", multiple, 2)
        for retention, multiples in (
            (0.6, (1.20, 1.15, 1.11, 1.07)), (0.7, (1.75, 1.67, 1.59, 1.52)),
            (0.8, (2.67, 2.50, 2.35, 2.22)), (0.9, (4.50, 4.09, 3.75, 3.46)),
        )
        for discount, multiple in zip((0.10, 0.12, 0.14, 0.16), multiples, strict=True)
    ),
]  # fmt: skip


@pytest.mark.parametrize(("call", "figure", "digits"), CLOSED_FORMS)
def test_the_closed_forms(run: Run, call: str, figure: float, digits: int) -> None:
    words = ["" if word == "-" else word for word in call.split()]
    assert float(run(*words)) == pytest.approx(figure, abs=HALF[digits] + 1e-12)


@pytest.mark.parametrize(
    ("call", "figure"),
    [
        ("CLV_RETENTION_CONVERT 0.95 month year", 0.54036),
        ("CLV_DISCOUNT_CONVERT 0.10 year month", 0.00797414),
        ("CLV_DISCOUNT_CONVERT 0.12 year month", 0.00948879),
    ],
)
def test_rates_convert_as_powers(run: Run, call: str, figure: float) -> None:
    assert float(run(*call.split())) == pytest.approx(figure, rel=1e-5)
