import numpy as np
import pandas as pd
import pytest

from clv_xl.arrays import day_number
from clv_xl.catalogue import call_entry
from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.summary import summarise
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.holdout import holdout, split_at
from clv_xl.models.model_comparison import ComparedModel, ModelComparison, compare_models
from clv_xl.models.model_names import MODELS
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.purchase_models import Status
from tests.models.customer_samples import cdnow, cdnow_folder

Orders = tuple[pd.Series, pd.Series]


@pytest.fixture(scope="module")
def orders() -> Orders:
    file = cdnow_folder() / "CDNOW_sample.txt"
    table = pd.read_csv(file, sep=r"\s+", header=None, dtype={1: str, 2: str})
    return table[1], pd.to_datetime(table[2], format="%Y%m%d")


@pytest.fixture(scope="module")
def log(orders: Orders) -> OrderLog:
    return order_log(*orders)


def test_the_published_holdout_by_frequency_is_met() -> None:
    customers, _, bought = cdnow()
    fit = fit_bg_nbd(*customers, time_unit="week")

    found = holdout(fit, 39, *customers, bought)

    counts, actual, predicted = found.by_frequency()
    published = [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157]
    assert predicted / counts == pytest.approx(published, abs=2e-3)
    seen = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    assert actual / counts == pytest.approx(seen, abs=1e-3)
    assert (found.actual, found.customers) == (1882, 2357)
    assert found.predicted == pytest.approx(1653.4, abs=0.5)
    assert found.relative_error == pytest.approx(1653.4 / 1882 - 1, abs=1e-3)


def test_the_errors_are_those_of_the_single_customers() -> None:
    fit = BgNbdFit(r=0.24, alpha=4.4, a=0.8, b=2.4)
    x, t_x, age, actual = [0, 2, 9], [0, 20, 60], [30, 40, 70], [1.0, 0.0, 4.0]

    found = holdout(fit, 30, x, t_x, age, actual)

    missed = np.asarray(fit.expected_purchases(30, x, t_x, age)) - actual
    assert found.mean_absolute_error == pytest.approx(np.abs(missed).mean())
    assert found.root_mean_squared_error == pytest.approx(np.sqrt((missed**2).mean()))
    counts, *sums = found.by_frequency()
    assert counts.tolist() == [1, 0, 1, 0, 0, 0, 0, 1]
    assert [column.sum() for column in sums] == pytest.approx([found.actual, found.predicted])


def test_a_log_is_cut_into_what_was_known_and_what_followed(log: OrderLog) -> None:
    split = split_at(log, day_number("split", "1997-09-30"))

    known = log.until(split.split)
    assert split.summary.frequency.tolist() == summarise(known).frequency.tolist()
    assert split.split + split.days == log.as_of
    assert split.bought.sum() == split.by_day.sum() == 1882
    ends = split.week_ends
    assert ends[-1] == split.days
    assert split.bought_until(ends)[-1] == 1882
    assert (np.diff(split.bought_until(ends)) >= 0).all()


def test_the_weeks_lead_to_the_total(log: OrderLog) -> None:
    split = split_at(log, day_number("split", "1997-09-30"))
    s = split.summary
    fit = fit_bg_nbd(s.frequency, s.recency, s.T)

    tracked = split.tracked(fit)

    assert len(tracked) == len(split.week_ends)
    assert (np.diff(tracked) > 0).all()
    assert tracked[-1] == pytest.approx(split.held_against(fit).predicted, rel=1e-9)


@pytest.mark.parametrize("day", ["1996-12-31", "1998-06-30", "2020-01-01"])
def test_a_split_outside_the_log_is_refused(log: OrderLog, day: str) -> None:
    with pytest.raises(InvalidArgumentError, match="split_date must be from the first order, 1997"):
        split_at(log, day_number("split_date", day))


def test_every_model_is_compared_on_the_same_orders(log: OrderLog) -> None:
    found = compare_models(log, 273)

    assert [model.name for model in found.models] == list(MODELS)
    assert {model.fit.customers for model in found.models} == {2357}
    assert all(model.fit.status is Status.OK for model in found.models)
    held = [model.holdout for model in found.models]
    assert {round(h.actual) for h in held if h is not None} == {1882}
    assert not any(other.beats(found.chosen) for other in found.models)


def _compared(
    kind: type[BgNbdFit | ParetoNbdFit],
    likelihood: float,
    missed: float | None,
    status: Status = Status.OK,
) -> ComparedModel:
    values = dict.fromkeys(kind.parameter_names, 1.0)
    fit = kind(**values, log_likelihood=likelihood, status=status)  # type: ignore[arg-type]
    if missed is None:
        return ComparedModel(fit, None)
    expected = fit.expected_purchases(10, [1], [3], [9])
    return ComparedModel(fit, holdout(fit, 10, [1], [3], [9], expected + missed))


@pytest.mark.parametrize(
    ("likelihood", "missed", "status", "beaten"),
    [
        (-97.0, 0.1, Status.OK, True),
        (-99.5, 0.1, Status.OK, False),  # one unit of AIC is not clearly better
        (-97.0, 0.9, Status.OK, False),  # explains better, predicts worse
        (-97.0, None, Status.OK, True),  # nothing to test on
        (-97.0, 0.1, Status.TOO_FEW, False),
    ],
)
def test_a_model_is_beaten_by_one_that_explains_clearly_better_and_predicts_no_worse(
    likelihood: float, missed: float | None, status: Status, *, beaten: bool
) -> None:
    simple = _compared(BgNbdFit, -100.0, 0.5)

    assert _compared(ParetoNbdFit, likelihood, missed, status).beats(simple) is beaten


@pytest.mark.parametrize(
    ("likelihood", "missed", "status", "first", "second"),
    [
        (-97.0, 0.1, Status.OK, "better (AIC lower by 6.0) and predicts", "Used: the first"),
        (-97.0, None, Status.OK, "nothing could be tested", "Used: the first"),
        (-97.0, 0.1, Status.BOUNDARY, "Not used: Pareto/NBD", "no standard errors"),
        (
            -97.0,
            0.9,
            Status.OK,
            "lower by 6.0) but predicts the orders held out worse",
            "it does not",
        ),
        (
            -99.5,
            0.1,
            Status.OK,
            "Used: the first in this order",
            "does not beat BG/NBD, which stands",
        ),
        (-97.0, 0.1, Status.TOO_FEW, "Used: the first in this order", "does not beat BG/NBD"),
    ],
)
def test_why_a_model_is_used_or_not_is_said(
    likelihood: float, missed: float | None, status: Status, first: str, second: str
) -> None:
    models = _compared(BgNbdFit, -100.0, 0.5), _compared(ParetoNbdFit, likelihood, missed, status)
    found = ModelComparison(models, None)

    said = [" ".join(map(str, found.reasons(model))) for model in models]

    assert first in said[0]
    assert second in said[1]
    assert ["Used:" in text for text in said] == [model is found.chosen for model in models]


@pytest.mark.parametrize("days", [0, 1.5, 546, -3])
def test_a_holdout_that_does_not_fit_the_log_is_refused(log: OrderLog, days: float) -> None:
    with pytest.raises(InvalidArgumentError, match="holdout_days must be a whole number from 1"):
        compare_models(log, days)  # type: ignore[arg-type]


def test_the_worksheet_compares_and_names_one(orders: Orders) -> None:
    table = call_entry("CLV_MODEL_COMPARE", [*orders, 273])

    assert table["model"].tolist() == list(MODELS)
    assert table["used"].sum() == 1
    assert (table["actual"] == 1882).all()
    assert (table["holdout_days"] == 273).all()
    assert table["note"].str.startswith("Used:").tolist() == table["used"].tolist()
    assert table["aic"].tolist() == pytest.approx((8 - 2 * table["log_likelihood"]).tolist())


@pytest.mark.parametrize("model", MODELS)
def test_the_worksheet_holds_a_model_against_later_orders(orders: Orders, model: str) -> None:
    table = call_entry("CLV_HOLDOUT", [*orders, "1997-09-30", model])
    parts = dict(list(table.groupby("part", sort=False)))

    assert list(parts) == ["total", "status", "note", "frequency", "week", "error"]
    assert (parts["status"]["group"].item(), parts["note"]["group"].item()) == ("OK", "")
    total = parts["total"].iloc[0]
    assert (total["customers"], total["actual"]) == (2357, 1882)
    assert 1500 < total["predicted"] < 1882
    assert parts["frequency"]["group"].tolist() == [*"0123456", "7+"]
    for part in ("actual", "predicted", "customers"):
        assert parts["frequency"][part].sum() == pytest.approx(total[part])
    assert parts["week"]["predicted"].iloc[-1] == pytest.approx(total["predicted"], rel=1e-9)
    assert (parts["error"]["predicted_per_customer"] > 0).all()


def test_a_holdout_of_a_stand_in_says_that_it_is_one(orders: Orders) -> None:
    table = call_entry("CLV_HOLDOUT", [*orders, "1997-01-01"])

    assert table["part"].tolist()[:3] == ["total", "status", "note"]
    assert table["group"].tolist()[1] == "TOO_FEW"
    assert "at least 10 are needed" in table["group"].tolist()[2]
