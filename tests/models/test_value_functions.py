"""CLV_VALUE_AHEAD gives from tables what the Python functions give from fits."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from clv_xl.catalogue import call_entry
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.predicted_value import customer_histories, predicted_value
from clv_xl.models.value_functions import value_ahead

SPEND = GammaGammaFit(p=6.2488, q=3.7446, gamma=15.4478)
FITS = [
    BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week"),
    MbgNbdFit(r=0.5248, alpha=43.3, a=0.8914, b=1.614),
    ParetoNbdFit(r=0.5533, alpha=2.43, s=0.6061, beta=2.68, time_unit="month"),
    BgBbFit(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783, time_unit="year"),
]
_PARETO = FITS[2].table()
X, LAST, AGE, MEAN = [2, 0, 3], [5, 0, 9], [6, 4, 9], [22.35, 0, 80]


@pytest.mark.parametrize("fit", FITS, ids=lambda fit: fit.model)
@pytest.mark.parametrize("horizon", ["2 years", "infinite"])
def test_values_from_tables_are_those_from_fits(fit: FittedPurchases, horizon: str) -> None:
    spend = SPEND.expected_spend(X, MEAN)
    found = value_ahead(fit.table(), horizon, X, LAST, AGE, spend, margin_rate=0.4)
    histories = customer_histories(X, LAST, AGE, X, MEAN)
    expected = predicted_value(fit, SPEND, histories, horizon=horizon, margin_rate=0.4)
    assert isinstance(found, pd.Series)
    assert found.name == f"predicted_value_{horizon.replace(' ', '_')}"
    assert_allclose(found, expected, rtol=1e-12)
    single = value_ahead(fit.table(), horizon, X[0], LAST[0], AGE[0], spend[0], 0.1, 0.4)
    assert single == pytest.approx(expected[0])


def test_one_spend_stands_for_all_customers() -> None:
    table = FITS[0].table()
    one, each = (value_ahead(table, 26, X, LAST, AGE, spend) for spend in (30, np.full(3, 30.0)))
    assert_allclose(one, each)


@pytest.mark.parametrize(
    ("table", "rest", "said"),
    [
        ([["r", 1], ["alpha", 2]], (12, 1, 1, 2, 30), "whose row model is one of .*, got no such"),
        (SPEND.table(), (12, 1, 1, 2, 30), "got Gamma-Gamma"),
        (FITS[0].table(), ("infinite", 1, 1, 2, 30, 0), r"above 0 where a is at most 1"),
        (FITS[0].table(), (12, [1, 1], [1, 1], [2, 2], [30]), "spend must be as long as frequency"),
        (FITS[0].table(), (12, 1, 1, 2, -1), "spend must be at least 0, got -1"),
        (FITS[0].table(), (12, 1, 1, 2, 30, 0.1, 40), r"margin_rate .*\(did you mean 0.40\?\)"),
    ],
)
def test_what_cannot_be_valued_is_refused(
    table: object, rest: tuple[object, ...], said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        value_ahead(table, *rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("CLV_BGNBD_FIT", ([1], [12], [10]), "recency must be at most age"),
        ("CLV_MBGNBD_FIT", ([1, 2], [5, 6], [10]), "age must be as long as frequency"),
        ("CLV_PNBD_FIT", ([1], [5], [10], [1], "weeks"), r"^unit must be .* mean week\?"),
        ("CLV_BGNBD_FIT", ([1], [5], [10], [1], "other"), "^unit must be .* got other$"),
        ("CLV_PNBD_ALIVE", (_PARETO, 2, 30, 20), "recency must be at most age"),
        ("CLV_PNBD_EXPECTED", (_PARETO, 10, 2, 30, 20), "recency must be at most age"),
        ("CLV_PNBD_DERT", (_PARETO, 0.1, 2, 30, 20), "recency must be at most age"),
        ("CLV_VALUE_AHEAD", (_PARETO, 10, 2, 30, 20, 5), "recency must be at most age"),
        ("CLV_VALUE_AHEAD", (_PARETO, "ever", 2, 10, 20, 5), '"12 months" or "infinite"'),
        ("CLV_VALUE_AHEAD", (_PARETO, "1201 months", 2, 10, 20, 5), "at most 1200 months"),
        ("CLV_DISCOUNTED", ("nan", 0.8, 0.1), "margin_per_period must be a number, got 'nan'"),
    ],
)
def test_refusals_name_the_arguments_of_the_worksheet(
    name: str, arguments: tuple[Any, ...], said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        call_entry(name, list(arguments))


def test_an_endless_horizon_has_several_names() -> None:
    values = {
        call_entry("CLV_VALUE_AHEAD", [_PARETO, horizon, 2, 10, 20, 5])
        for horizon in ("infinite", "inf", "Infinity", "∞")
    }
    assert len(values) == 1
