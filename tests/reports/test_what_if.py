from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.lifetime_value import discounted_clv
from clv_xl.formulas.retention_value import break_even_retention, retention_uplift
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Format
from clv_xl.reports.what_if import DISCOUNTS, POINTS, RETENTIONS, add_what_if
from tests.reports.inputs import CASES, column, report, texts

SHARES = st.floats(0.01, 1)
MONEY = st.floats(0.01, 1e5)
HIGHEST = 0.999


class Typed(Plan):
    """A plan in which a reader has typed other values into some cells."""

    typed: dict[str, float]

    def input(self, name: str, value: Any, *rest: Any, **more: Any) -> Live:  # noqa: ANN401
        """Add a cell with what was typed."""
        return super().input(name, self.typed.get(name, value), *rest, **more)


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the cards say before anything is changed; None where it is not known."""

    margin: float | None = 0.4
    retention: float | None = 0.6
    discount: float = 0.1
    card: float | None = 100.0
    cac: float | None = 20.0
    aov: float | None = 50.0
    frequency: float | None = 3.0
    new: float = 10.0

    def after(self, **typed: float) -> Plan:
        """Return the what-if after a reader has typed changes: `points` stands for retention."""
        plan = Typed(texts())
        plan.typed = {f"in_change_{name}": value for name, value in typed.items()}
        cells = {
            "in_margin_rate": self.margin,
            "calc_margin": 1.0 if self.margin is None else self.margin,
            "in_discount_rate": self.discount,
            "out_retention_rate": self.retention,
            "out_aov": self.aov,
            "out_frequency": self.frequency,
            "calc_new_customer_value": self.card,
            "calc_cac": self.cac,
            "fact_new_customers": self.new,
        }
        for name, value in cells.items():
            plan.derive(name, Live(name, BLANK if value is None else value), Format.NUMBER)
        add_what_if(plan)
        return plan


def value(plan: Plan, name: str) -> Any:  # noqa: ANN401 - whatever a cell holds
    return plan.figures[name].value


@given(st.floats(0, 1), st.floats(0, 0.5), SHARES, MONEY, st.floats(0.1, 50))
def test_the_constant_retention_clv_is_the_closed_form(
    retention: float, discount: float, margin: float, aov: float, frequency: float
) -> None:
    start = Start(
        margin=margin, retention=retention, discount=discount, aov=aov, frequency=frequency
    )
    plan = start.after()
    yearly, kept = margin * aov * frequency, min(retention, HIGHEST)

    worth = discounted_clv(yearly, kept, discount)

    assert value(plan, "calc_yearly_margin") == pytest.approx(yearly)
    assert value(plan, "calc_retention") == kept
    assert value(plan, "calc_constant_retention_clv") == pytest.approx(worth)
    assert value(plan, "calc_bridge") == pytest.approx(worth - 100)


@given(MONEY, st.floats(0, 0.5), MONEY)
def test_the_break_even_retention_is_the_closed_form_or_says_that_there_is_none(
    yearly: float, discount: float, cac: float
) -> None:
    start = Start(margin=1.0, aov=yearly, frequency=1.0, discount=discount, cac=cac)
    rate = (1 + discount) * (1 - yearly / cac)
    assume(abs(rate - 1) > 1e-9)

    found = value(start.after(), "out_break_even_retention")

    try:
        assert found == pytest.approx(break_even_retention(yearly, cac, discount), abs=1e-12)
    except InvalidArgumentError:
        assert rate > 1
        assert found == texts().say("break_even.not_reached")


@given(
    st.floats(0, 0.95),
    st.floats(0, 0.5),
    st.floats(-100, 100),
    st.floats(-100, 100),
    st.floats(-0.9, 10),
    st.floats(-0.9, 10),
)
def test_changes_move_the_card_in_proportion(
    kept: float, discount: float, points: float, margin: float, aov: float, cac: float
) -> None:
    plan = Start(retention=kept, discount=discount).after(
        retention=points, margin=margin, aov=aov, cac=cac
    )
    target = min(max(kept + points / 100, 0), HIGHEST)
    longer = discounted_clv(1, target, discount) / discounted_clv(1, kept, discount)

    worth = 100 * longer * (0.4 + margin / 100) / 0.4 * (1 + aov)

    assert value(plan, "calc_changed_retention") == pytest.approx(target)
    assert value(plan, "calc_retention_effect") == pytest.approx(longer)
    assert value(plan, "calc_changed_value") == pytest.approx(worth, rel=1e-6, abs=1e-9)
    assert value(plan, "calc_changed_cac") == pytest.approx(20 * (1 + cac))
    ratio = worth / (20 * (1 + cac))
    assert value(plan, "calc_changed_ratio") == pytest.approx(ratio, rel=1e-6, abs=1e-9)
    assert value(plan, "calc_changed_gain") == pytest.approx(10 * (worth - 100), rel=1e-6, abs=1e-5)


def test_no_change_leaves_the_card_as_it_is() -> None:
    plan = Start().after(retention=0, margin=0, aov=0, cac=0)

    assert value(plan, "calc_changed_value") == 100
    assert value(plan, "calc_changed_ratio") == 5
    assert value(plan, "calc_changed_gain") == 0


@given(st.floats(0, 0.89), st.floats(0, 0.5))
def test_points_of_retention_lift_the_value_as_the_uplift_formula_has_it(
    kept: float, discount: float
) -> None:
    plan = Start(retention=kept, discount=discount).after()

    changes = column(plan, "Uplift", "change")

    for points, change in zip(POINTS, changes, strict=True):
        table = retention_uplift(1.0, kept, discount, points).set_index("measure")
        assert change == pytest.approx(table["change_rate"]["clv"], rel=1e-6)
    np.testing.assert_allclose(column(plan, "Uplift", "value_then"), 100 * (1 + changes))
    np.testing.assert_allclose(column(plan, "Uplift", "clv_cac_ratio"), 5 * (1 + changes))
    np.testing.assert_allclose(column(plan, "Uplift", "retention"), kept + np.arange(1, 11) / 100)


@pytest.mark.parametrize("kept", [0.0, 0.95, 0.999, 1.0])
def test_extreme_retentions_stay_within_what_can_be_computed(kept: float) -> None:
    for discount in (0.0, 0.1):
        plan = Start(retention=kept, discount=discount).after(retention=10)
        figures = [f.value for f in plan.figures.values() if not isinstance(f.value, str)]
        assert np.isfinite([number for number in figures if number is not None]).all()
        assert value(plan, "calc_changed_retention") <= HIGHEST
        rates = column(plan, "Uplift", "retention")
        assert rates.max() <= HIGHEST
        assert (np.diff(rates) >= 0).all()
        assert np.isfinite(column(plan, "Uplift", "value_then")).all()
    lost_at_once = Start(retention=0.0, discount=0.1).after()
    assert value(lost_at_once, "calc_constant_retention_clv") == pytest.approx(0.4 * 150)


def test_the_grid_is_the_closed_form_at_each_pair_of_rates() -> None:
    plan = Start().after()
    grid = plan.matrices["calc_grid"]

    assert list(grid.row_heads) == list(RETENTIONS)
    assert list(grid.column_heads) == list(DISCOUNTS)
    for row, retention in zip(grid.cells, RETENTIONS, strict=True):
        for cell, discount in zip(row, DISCOUNTS, strict=True):
            assert isinstance(cell, Live)
            assert cell.value == pytest.approx(discounted_clv(0.4 * 150, retention, discount))


@pytest.mark.parametrize(
    ("unknown", "blank"),
    [
        ({"margin": None}, {"out_break_even_retention", "calc_changed_ratio"}),
        ({"cac": None}, {"out_break_even_retention", "calc_changed_cac", "calc_changed_ratio"}),
        ({"card": None}, {"calc_bridge", "calc_changed_value", "calc_changed_gain"}),
        ({"retention": None}, {"calc_retention", "calc_bridge", "calc_changed_value"}),
        ({"aov": None}, {"calc_yearly_margin", "calc_constant_retention_clv", "calc_bridge"}),
        ({"margin": 0.0}, {"calc_margin_effect", "calc_changed_value"}),
    ],
)
def test_what_rests_on_something_unknown_is_blank(
    unknown: dict[str, float | None], blank: set[str]
) -> None:
    every: dict[str, Any] = unknown

    plan = Start(**every).after()

    assert {name for name in blank if value(plan, name) is not None} == set()


def test_a_column_of_unknowns_is_blank_in_every_row() -> None:
    plan = Start(retention=None, card=None).after()

    for key in ("retention", "value_then", "change", "clv_cac_ratio"):
        assert np.isnan(column(plan, "Uplift", key)).all()
        assert len(column(plan, "Uplift", key)) == len(POINTS)


@pytest.mark.parametrize("case", CASES)
def test_the_start_of_a_report_is_the_value_on_its_card(case: str) -> None:
    made = report(case)
    card, constant = (
        made.value(n) for n in ("calc_new_customer_value", "calc_constant_retention_clv")
    )

    if card is None or constant is None:
        assert made.value("calc_bridge") is None
    else:
        assert card + made.value("calc_bridge") == pytest.approx(constant)
    known = card is not None and made.value("calc_retention") is not None
    assert (made.value("calc_changed_value") is None) == (not known)
