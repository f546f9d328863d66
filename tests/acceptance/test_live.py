"""The demo's workbook without Python: inputs are changed in the file, LibreOffice calculates."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from tests.acceptance.conftest import Demo
from tests.proof import office
from tests.ready_workbooks import FOLDER

MONTHS = 60
READY = FOLDER / "executive.xlsx"
CHANGES: dict[str, dict[str, object]] = {
    "a margin": {"in_margin_rate": 0.25},
    "a long horizon without discount": {"in_horizon_months": 60, "in_discount_rate": 0.0},
    "a high discount and a short horizon": {"in_discount_rate": 0.35, "in_horizon_months": 3},
    "every input": {
        "in_margin_rate": 0.62,
        "in_cac": 55.5,
        "in_horizon_months": 24,
        "in_discount_rate": 0.07,
        "in_target_ratio": 2.0,
        "in_change_retention": 12.0,
        "in_change_margin": -7.0,
        "in_change_aov": 0.15,
        "in_change_cac": -0.2,
    },
    "a cost never earned back": {"in_cac": 5_000.0, "in_target_ratio": 4.5},
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The constants of the workbook: what a model expects, and what was counted."""

    new_orders: list[float]
    existing_spend: list[float]
    errors: list[float]
    new_errors: list[float]
    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """Return a named constant or input."""
        return self.values[name]

    def discounted(self, monthly: list[float]) -> float:
        """Return the value of what comes in the middle of each month up to the horizon."""
        rate, horizon = self["in_discount_rate"], int(self["in_horizon_months"])
        return math.fsum(
            amount / (1 + rate) ** ((month - 0.5) / 12)
            for month, amount in enumerate(monthly[:horizon], start=1)
        )

    def earned_by(self, month: int) -> float:
        """Return the contribution of a new customer up to the end of a month, undiscounted."""
        spend = self["fact_expected_spend"] * math.fsum(self.new_orders[:month])
        return self["in_margin_rate"] * (self["fact_first_order_value"] + spend)

    @property
    def clv(self) -> float:
        repeat = self["fact_expected_spend"] * self.discounted(self.new_orders)
        return self["in_margin_rate"] * (self["fact_first_order_value"] + repeat)

    @property
    def payback(self) -> float | None:
        if self.earned_by(0) >= self["in_cac"]:
            return 0
        reached = (m for m in range(1, MONTHS + 1) if self.earned_by(m) >= self["in_cac"])
        return next(reached, None)

    @property
    def yearly_margin(self) -> float:
        aov = self["fact_revenue"] / self["fact_paid_orders"]
        orders = self["fact_orders"] / self["fact_buyers"] * self.periods_a_year
        return self["in_margin_rate"] * aov * orders

    @property
    def retention(self) -> float:
        kept = self["fact_retained"] / self["fact_active_start"]
        return float(kept**self.periods_a_year)

    @property
    def periods_a_year(self) -> float:
        """One for twelve months, leap year or not."""
        days = self["fact_period_days"]
        return 1.0 if abs(days - 365.25) < 1 else 365.25 / days

    @property
    def break_even_retention(self) -> float | str:
        if self.yearly_margin >= self["in_cac"]:
            return 0.0
        rate = (1 + self["in_discount_rate"]) * (1 - self.yearly_margin / self["in_cac"])
        return rate if rate < 1 else "above 100 %"


def constants(book: Workbook, changes: Mapping[str, object]) -> Facts:
    sheet = next(s for s in book.worksheets if "Forecast" in s.tables)
    header, *rows = [[cell.value for cell in row] for row in sheet[sheet.tables["Forecast"].ref]]
    months = {name: [float(row[at]) for row in rows] for at, name in enumerate(header[:9])}
    assert months["Month"] == [float(month) for month in range(1, MONTHS + 1)]
    names = [name for name in book.defined_names if name.startswith(("fact_", "in_"))]
    values = {name: office.named_value(book, name) for name in names} | dict(changes)
    return Facts(
        new_orders=months["Repeat orders, new"],
        existing_spend=months["Spend, existing"],
        errors=months["Relative error"],
        new_errors=months["Relative error, new"],
        values=values,
    )


@pytest.fixture(scope="module", params=CHANGES)
def changed(request: pytest.FixtureRequest, demo: Demo) -> tuple[Workbook, Facts]:
    """Return the workbook after a change, and its constants with the inputs as changed."""
    inputs = {"in_cac": 42.0, **CHANGES[request.param]}
    book = office.recalculated_with(demo.workbook, inputs)
    return book, constants(book, inputs)


Changed = tuple[Workbook, Facts]


def found(book: Workbook, name: str) -> Any:  # noqa: ANN401 - whatever the cell holds
    return office.named_value(book, name)


def close(number: float) -> object:
    """Return what a number that LibreOffice calculates must equal."""
    return pytest.approx(number, rel=1e-9, abs=1e-9)


def test_value_follows_margin_discount_and_horizon(changed: Changed) -> None:
    book, facts = changed
    total = facts["in_margin_rate"] * facts.discounted(facts.existing_spend)
    assert found(book, "out_clv") == close(facts.clv)
    assert found(book, "out_predicted_total") == close(total)
    assert found(book, "out_predicted_value") == close(total / facts["fact_customers"])
    historic = facts["in_margin_rate"] * facts["fact_total_revenue"] / facts["fact_customers"]
    assert found(book, "out_historic_value") == close(historic)


def test_the_intervals_follow_margin_discount_and_horizon(changed: Changed) -> None:
    book, facts = changed
    error, new_error = (
        e[int(facts["in_horizon_months"]) - 1] for e in (facts.errors, facts.new_errors)
    )
    total, first = found(book, "out_predicted_total"), facts.earned_by(0)
    for side, sign in (("low", -1), ("high", 1)):
        end = total * math.exp(sign * 1.959964 * error)
        assert found(book, f"out_predicted_{side}") == close(end)
        assert found(book, f"out_predicted_value_{side}") == close(end / facts["fact_customers"])
        new = first + (facts.clv - first) * math.exp(sign * 1.959964 * new_error)
        assert found(book, f"calc_new_{side}") == close(new)
        for months in (24, 36):
            wide = math.exp(sign * 1.959964 * facts.errors[months - 1])
            within = found(book, f"out_predicted_{months}m")
            assert found(book, f"out_predicted_{months}m_{side}") == close(within * wide)


def test_what_acquisition_may_cost_follows(changed: Changed) -> None:
    book, facts = changed
    assert found(book, "out_clv_cac_ratio") == close(facts.clv / facts["in_cac"])
    assert found(book, "out_max_cac") == close(facts.clv / facts["in_target_ratio"])
    assert found(book, "calc_max_cac_12m") == close(facts.earned_by(12))
    months = found(book, "out_payback_months")
    if facts.payback is None:
        assert months == "not within 60 months"
    else:
        assert months == facts.payback


def test_the_rating_follows_the_target_and_the_cost_that_is_typed_in() -> None:
    book = office.opened(READY, values=True)
    inputs = {"in_cac": found(book, "out_clv") / 3.3, "in_target_ratio": 4.0}
    missed = office.recalculated_with(READY, inputs)
    met = office.recalculated_with(READY, inputs | {"in_target_ratio": 3.0})

    assert found(missed, "calc_rating") == "◆ below target, 4.0 : 1"
    assert found(met, "calc_rating") == "● healthy"
    assert change_of_cac(book).startswith(("▲", "▼", "="))
    assert not change_of_cac(missed), "another period's spend is nothing like it"


def change_of_cac(book: Workbook) -> str:
    ((sheet, cells),) = book.defined_names["at_card_cac"].destinations
    return book[sheet][cells.replace("$", "")][2][0].value or ""


def test_retention_that_breaks_even_follows(changed: Changed) -> None:
    book, facts = changed
    assert found(book, "out_retention_rate") == close(facts.retention)
    needed = facts.break_even_retention
    shown = found(book, "out_break_even_retention")
    assert shown == (needed if isinstance(needed, str) else close(needed))


def test_what_if_starts_from_the_card_and_follows(changed: Changed) -> None:
    book, facts = changed
    discount = 1 + facts["in_discount_rate"]
    then = min(facts.retention + facts["in_change_retention"] / 100, 0.999)
    longer = (discount - facts.retention) / (discount - then)
    richer = (facts["in_margin_rate"] + facts["in_change_margin"] / 100) / facts["in_margin_rate"]
    value = facts.clv * longer * richer * (1 + facts["in_change_aov"])
    cac = facts["in_cac"] * (1 + facts["in_change_cac"])
    constant = facts.yearly_margin * discount / (discount - facts.retention)
    assert found(book, "calc_changed_value") == close(value)
    assert found(book, "calc_changed_cac") == close(cac)
    assert found(book, "calc_changed_ratio") == close(value / cac)
    assert found(book, "calc_constant_retention_clv") == close(constant)
    assert found(book, "calc_bridge") == close(constant - facts.clv)


def test_the_uplift_table_and_the_grid_follow(changed: Changed) -> None:
    book, facts = changed
    discount = 1 + facts["in_discount_rate"]
    sheet = next(s for s in book.worksheets if "Uplift" in s.tables)
    _, *uplift = [[cell.value for cell in row] for row in sheet[sheet.tables["Uplift"].ref]]
    assert [row[0] for row in uplift] == list(range(1, 11))
    for points, retention, value, *_ in uplift:
        then = min(facts.retention + points / 100, 0.999)
        assert retention == close(then)
        assert value == close(facts.clv * (discount - facts.retention) / (discount - then))
    for retention, row in zip(cells(book, "calc_grid_row_heads"), grid(book), strict=True):
        for rate, value in zip(cells(book, "calc_grid_column_heads"), row, strict=True):
            assert value == close(facts.yearly_margin * (1 + rate) / (1 + rate - retention))


def grid(book: Workbook) -> list[list[Any]]:
    ((sheet, area),) = book.defined_names["calc_grid"].destinations
    return [[cell.value for cell in row] for row in book[sheet][area]]


def cells(book: Workbook, name: str) -> list[Any]:
    ((sheet, area),) = book.defined_names[name].destinations
    return [cell.value for row in book[sheet][area] for cell in row]


def test_without_a_margin_nothing_is_called_clv() -> None:
    book = office.recalculated_with(READY, {"in_margin_rate": None, "in_cac": 42.0})
    facts = constants(book, {"in_margin_rate": 1.0})
    assert found(book, "calc_basis") == "revenue"
    for name in ("clv", "clv_cac_ratio", "max_cac", "payback_months", "break_even_retention"):
        assert found(book, f"out_{name}") in {None, ""}
    assert found(book, "calc_new_customer_value") == close(facts.clv)
    total = facts.discounted(facts.existing_spend)
    assert found(book, "out_predicted_total") == close(total)
    assert "margin" in found(book, "calc_rating")


def test_without_a_cac_input_it_is_spend_by_new_customers() -> None:
    book = office.recalculated_with(READY, {"in_cac": None})
    cac = found(book, "calc_spend") / found(book, "fact_new_customers")
    assert found(book, "calc_cac") == close(cac)
    assert found(book, "out_clv_cac_ratio") == close(found(book, "out_clv") / cac)


def test_cut_offs_decide_whether_a_prediction_is_shown() -> None:
    inputs = {"in_shown_within": 0.001, "in_range_within": 0.002}
    book = office.recalculated_with(READY, inputs)
    assert found(book, "calc_verdict") == "withheld"
    assert found(book, "out_predicted_total") in {None, ""}
    assert found(book, "out_clv") in {None, ""}
    ends = [name for name in book.defined_names if re.fullmatch(r"(out|calc)_.*_(low|high)", name)]
    assert len(ends) == 14
    assert {found(book, name) for name in ends} <= {None, ""}
    assert found(book, "out_historic_value") > 0
