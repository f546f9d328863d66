"""What docs/excel.md says of functions, of the workbench and of other pages is so."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from clv_xl.catalogue import CATALOGUE, call_entry
from clv_xl.errors import ClvError
from clv_xl.excel.lite.single_file import closed_entries
from clv_xl.excel.workbench.plan import plan_workbench
from clv_xl.excel.workbench.shop_tables import serial, shop_tables

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "excel.md").read_text(encoding="utf-8")
NAMES = [entry.excel_name for entry in CATALOGUE]


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as the usual readers of Markdown make them."""
    heads = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


def test_every_function_on_the_page_exists() -> None:
    assert set(re.findall(r"\bCLV_[A-Z_]+[A-Z]\b", PAGE)) <= set(NAMES)


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", PAGE)

    assert len(links) > 15
    for file, anchor in links:
        target = (DOCS / file).resolve() if file else DOCS / "excel.md"
        assert target.is_file(), file
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), anchor


def test_the_first_formula_gives_what_the_page_says() -> None:
    assert PAGE.count("CLV_SIMPLE(50,4,3,0.4)") >= 2
    assert "it shows 240" in PAGE
    assert call_entry("CLV_SIMPLE", [50, 4, 3, 0.4]) == 240


def test_the_sentence_of_the_checklist_is_the_one_that_comes() -> None:
    with pytest.raises(ClvError) as fault:
        call_entry("CLV_SIMPLE", [50, 4, 3, 40])

    assert f'"{fault.value}"' in PAGE


def test_the_checklist_knows_the_workbench() -> None:
    workbench = plan_workbench()
    first = workbench.blocks["Value"][0]
    cohorts = next(b for b in workbench.shown() if b.entry.excel_name == "CLV_COHORT")

    assert f'says "{len(NAMES)} of {len(NAMES)} functions agree"' in PAGE
    assert f"`={first.formula}`" in PAGE
    assert first.arguments[0].reference == "C8"
    assert cohorts.sheet == "Retention"
    assert call_entry("CLV_SIMPLE", [75, 4, 3, 0.4]) == 360


def test_the_order_of_the_checklist_makes_the_cohorts_one_row_longer() -> None:
    orders = shop_tables()[0].columns
    customers, days = [*orders["customer"]], [*orders["date"]]
    before = call_entry("CLV_COHORT", [customers, iso(days), None, "quarter", "rate", "2024-12-31"])
    days.append(days[-1] + 20)  # type: ignore[operator]
    after = call_entry(
        "CLV_COHORT", [[*customers, "new"], iso(days), None, "quarter", "rate", "2025-03-31"]
    )

    assert after.shape == (before.shape[0] + 1, before.shape[1] + 1)


def iso(days: Sequence[object]) -> list[str]:
    epoch = date(1970, 1, 1)
    return [str(epoch + timedelta(days=float(str(day)) - serial(epoch))) for day in days]


def test_the_mean_of_the_large_range_is_as_the_checklist_says() -> None:
    assert "50000.5" in PAGE
    assert call_entry("CLV_AOV", [list(range(1, 100_001))]) == 50000.5


def test_what_the_single_file_has_is_as_the_page_says() -> None:
    subjects = {entry.category.value for entry in closed_entries()}

    assert "prediction" not in subjects
    assert {"value", "rates", "retention", "acquisition", "sentiment"} <= subjects


def test_the_checklist_has_a_box_in_every_step() -> None:
    steps = re.findall(r"^\| (\d+) \|.*\| ☐ \|$", PAGE, re.MULTILINE)

    assert [int(step) for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) > 20
    minutes = [int(found) for found in re.findall(r"\*\* \((\d+) minutes?\)", PAGE)]
    assert sum(minutes) == 20
