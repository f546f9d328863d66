"""The workbook of any shop opens without a complaint, and calculates what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import done
from tests.acceptance.conftest import Demo
from tests.acceptance.shops import SHOPS, Shop, simulated
from tests.proof import office, rules, sdk

FEWEST_FORMULAS = 150
MAY_BE_UNDEFINED = (
    "average_order_value",
    "purchase_frequency",
    "repeat_purchase_rate",
    "retention_rate",
    "historic_value",
    "predicted_value",
    "clv",
    "cac",
    "clv_cac_ratio",
    "payback_months",
)


def made(shop: Shop, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return a shop's workbook and its figures."""
    workbook, record = folder / "made.xlsx", folder / "made.json"
    done(*shop.words(folder), "-o", workbook, "--json", record)
    figures: dict[str, Any] = json.loads(record.read_text())
    return workbook, figures


def faults(workbook: Path) -> list[str]:
    """Return what is wrong with a workbook; nothing where it is right."""
    found = [f"the SDK says {fault}" for fault in sdk.errors(workbook)]
    found += rules.violations(workbook)
    found += [str(difference) for difference in office.differences(workbook)]
    formulas = office.formula_count(workbook, except_sheets=["Customers"])
    if formulas < FEWEST_FORMULAS:
        found.append(f"there are only {formulas} formulas outside the customers sheet")
    return found


@pytest.mark.parametrize("kind", SHOPS)
def test_the_workbook_of_a_shop_holds(kind: str, tmp_path: Path) -> None:
    workbook, figures = made(SHOPS[kind], tmp_path)

    assert faults(workbook) == []
    undefined = [key for key in MAY_BE_UNDEFINED if figures[key] is None]
    assert [key for key in undefined if not figures["notes"].get(key)] == []


def test_the_workbook_of_the_demo_holds(demo: Demo) -> None:
    assert faults(demo.workbook) == []


@pytest.mark.parametrize("kind", ["with spend by channel", "without anything", "of one order"])
def test_the_same_orders_give_the_same_bytes(kind: str, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    one, other = (made(SHOPS[kind], folder)[0] for folder in folders)
    assert one.read_bytes() == other.read_bytes()


def test_no_prediction_is_shown_where_too_little_is_known(tmp_path: Path) -> None:
    for kind in ("of one customer", "of one-time buyers", "of one day", "where all is free"):
        folder = tmp_path / kind
        folder.mkdir()
        _, figures = made(SHOPS[kind], folder)
        assert (figures["predicted_value"], figures["clv"]) == (None, None)
        assert figures["notes"]["predicted_value"] == figures["notes"]["clv"]
        assert figures["historic_value"] == pytest.approx(
            0.4 * figures["revenue"] / figures["customers"]
        )


def test_buyers_at_regular_intervals_look_like_subscribers(tmp_path: Path) -> None:
    _, figures = made(SHOPS["of regular buyers"], tmp_path)
    assert "subscription" in figures["notes"]["subscription"]


def test_customers_from_before_the_log_are_neither_new_nor_in_a_cohort(tmp_path: Path) -> None:
    _, figures = made(SHOPS["begun before the log"], tmp_path)
    assert "left_truncated" in figures["notes"]
    assert sum(cohort["size"] for cohort in figures["cohorts"]) == 60
    assert figures["customers"] == 180


def test_without_a_margin_nothing_is_called_clv_or_contribution(tmp_path: Path) -> None:
    workbook, figures = made(SHOPS["without margin"], tmp_path)
    assert figures["basis"] == "revenue"
    board = office.opened(workbook, values=True)["Dashboard"]
    shown = [str(cell.value).lower() for row in board for cell in row if cell.value is not None]
    said = [text for text in shown if "contribution" in text or "profit" in text]
    assert said == []
    assert any("revenue basis" in text for text in shown)
    assert any("no margin rate" in text for text in shown)


def test_money_of_another_size_scales_every_figure(tmp_path: Path) -> None:
    assert simulated() is simulated()
    shown = {}
    for kind in ("without spend", "in a very small money"):
        folder = tmp_path / kind
        folder.mkdir()
        shown[kind] = made(SHOPS[kind], folder)[1]
    small, plain = shown["in a very small money"], shown["without spend"]
    for key in ("revenue", "clv", "predicted_value", "historic_value", "average_order_value"):
        assert small[key] == pytest.approx(1e9 * plain[key], rel=1e-6)
    for key in ("retention_rate", "repeat_purchase_rate", "purchase_frequency"):
        assert small[key] == plain[key]
