"""Values of customers as extreme as a log can hold, under parameters as extreme as a fit can be."""

from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.predicted_value import customer_histories, new_customer_value, predicted_value

MODELS: list[type[FittedPurchases]] = [BgNbdFit, MbgNbdFit, ParetoNbdFit, BgBbFit]

shapes = st.one_of(st.floats(1e-3, 1e4), st.sampled_from([1e-3, 0.5, 1.0, 1e4]))


@st.composite
def valid_customers(draw: st.DrawFn) -> tuple[int, float, float]:
    """Return a customer as extreme as a log can hold."""
    age = draw(st.floats(0, 20_000))
    x = draw(st.one_of(st.integers(0, 10_000), st.sampled_from([0, 1])))
    last = draw(st.sampled_from([0.0, 0.5, 1.0])) * age if x else 0.0
    return x, last, age


@settings(deadline=None, max_examples=150)
@given(
    kind=st.sampled_from(MODELS),
    parameters=st.tuples(shapes, shapes, shapes, shapes),
    p_q=st.tuples(shapes, shapes),
    customer=valid_customers(),
    spend=st.floats(1e-6, 1e9),
    horizon=st.sampled_from(["1 month", "1 year", "100 years", "infinite"]),
    rate=st.sampled_from([1e-6, 0.1, 0.99]),
)
@example(
    kind=BgNbdFit,
    parameters=(95.0, 1e-3, 2.0, 1e-3),
    p_q=(1.0, 1.0),
    customer=(0, 0.0, 5.0),
    spend=1.0,
    horizon="infinite",
    rate=1e-6,
)
def test_no_value_is_negative_or_without_end_whatever_the_customer(
    kind: type[FittedPurchases],
    parameters: tuple[float, ...],
    p_q: tuple[float, float],
    customer: tuple[int, float, float],
    spend: float,
    horizon: str,
    rate: float,
) -> None:
    x, t_x, age = customer
    unit = "day"
    if kind is BgBbFit:
        unit, age = "month", float(int(age) // 100)
        x = min(x, int(age))
        t_x = age if x else 0.0
    fit = kind(**dict[str, Any](zip(kind.parameter_names, parameters, strict=True)), time_unit=unit)
    p, q = p_q
    spends = GammaGammaFit(p=p, q=q, gamma=spend, observed_mean=spend)
    one = customer_histories([x], [t_x], [age], [min(x, 1)], [spend if x else 0.0])
    found = predicted_value(fit, spends, one, horizon=horizon, annual_discount_rate=rate)
    new = new_customer_value(fit, spend, spend, horizon=horizon, annual_discount_rate=rate)
    assert np.isfinite([*found, new]).all()
    assert (found >= 0).all()
    assert new >= spend
    half = predicted_value(
        fit, spends, one, horizon=horizon, annual_discount_rate=rate, margin_rate=0.5
    )
    assert_allclose(half, found / 2)
