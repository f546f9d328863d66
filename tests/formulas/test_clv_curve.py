import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.lifetime_value import clv_curve, discounted_clv

margins = st.floats(-1e6, 1e6)
retentions = st.floats(0, 0.99)
discounts = st.floats(0, 0.99)
timings = st.sampled_from(("now", "renewal", "end"))


@given(margins, retentions, discounts, st.integers(1, 200), timings)
def test_the_curve_adds_up_to_the_value_at_every_horizon(
    margin: float, retention: float, discount: float, periods: int, timing: str
) -> None:
    curve = clv_curve(margin, retention, discount, periods, timing)

    assert curve["period"].tolist() == list(range(1, periods + 1))
    added = curve["present_value"].cumsum()
    np.testing.assert_allclose(curve["cumulative_clv"], added, rtol=1e-9, atol=1e-9)
    last = discounted_clv(margin, retention, discount, periods, timing)
    assert curve["cumulative_clv"].iloc[-1] == pytest.approx(last, rel=1e-12)


def test_the_curve_knows_how_much_of_the_lifetime_a_horizon_holds() -> None:
    share = clv_curve(100, 0.8, 0.1, 10).set_index("period")["share_of_lifetime"]

    assert share[[3, 5, 10]].round(3).tolist() == [0.615, 0.797, 0.959]


def test_a_curve_takes_one_customer_and_a_sane_horizon() -> None:
    with pytest.raises(InvalidArgumentError, match="margin_per_period must be one number, got 2"):
        clv_curve([100, 200], 0.8, 0.1, 5)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="at least 1 and at most 10000, got 20000"):
        clv_curve(100, 0.8, 0.1, 20_000)
