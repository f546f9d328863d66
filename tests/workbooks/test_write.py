import os
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string
from openpyxl.workbook import Workbook

from clv_xl.reports.assumptions import Spend
from clv_xl.reports.report import Figure, Origin, Report
from clv_xl.workbooks import write
from clv_xl.workbooks.styles import INPUT_FILL
from clv_xl.workbooks.templates import load_layout
from clv_xl.workbooks.write import write_workbook
from tests.proof.office import named_value, opened, recalculated_with
from tests.proof.package import Package
from tests.proof.rules import violations
from tests.reports.inputs import column, inputs, report, texts

LAYOUT = load_layout("executive")
FROZEN = {"At risk": "C5", "Segments": "C4", "Cohorts": "C1", "Customers": "B2"}
ODD = ["wild_texts", "no_money", "many_columns", "old_spend", "one_order", "idle"]
A4, LETTER = "9", "1"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the fullest report once."""
    target = tmp_path_factory.mktemp("written") / "full.xlsx"
    write_workbook(report("full"), LAYOUT, texts(), target)
    return target


@pytest.fixture(scope="module")
def package(path: Path) -> Package:
    return Package(path)


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return opened(path)


@pytest.fixture(scope="module")
def cached(path: Path) -> Workbook:
    return opened(path, values=True)


def cell_of(package: Package, name: str) -> tuple[str, str]:
    """Return the sheet and the cell that a name stands for."""
    (element,) = (e for e in package.names if e.get("name") == name)
    found = re.fullmatch(r"'(.+)'!\$([A-Z]+)\$(\d+)", element.text or "")
    assert found, element.text
    return found[1], f"{found[2]}{found[3]}"


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Return a value as openpyxl reads it."""
    if value is None:
        return ""
    return datetime(value.year, value.month, value.day) if hasattr(value, "year") else value  # noqa: DTZ001


def test_every_figure_has_one_name_and_its_cell_holds_its_value(
    package: Package, cached: Workbook
) -> None:
    names = [element.get("name", "") for element in package.names]
    assert len({name.casefold() for name in names if not name.startswith("_xlnm.")}) == len(
        [name for name in names if not name.startswith("_xlnm.")]
    )
    for name, figure in report("full").figures.items():
        held = plain(named_value(cached, name))
        if isinstance(figure.value, float):
            assert held == pytest.approx(figure.value, rel=1e-12), name
        else:
            assert held == plain(figure.value), name


def test_every_matrix_has_a_name_as_large_as_it_is(package: Package) -> None:
    named = {element.get("name"): element.text or "" for element in package.names}

    for name, matrix in report("full").matrices.items():
        area = openpyxl.utils.cell.range_boundaries(named[name].split("!")[1])
        left, top, right, bottom = (int(edge or 0) for edge in area)
        assert bottom - top + 1 == max(len(matrix.cells), 1)
        assert right - left + 1 == len(matrix.column_heads)


def inputs_of(made: Report) -> list[Figure]:
    return [figure for figure in made.figures.values() if figure.origin is Origin.INPUT]


def test_every_input_is_validated_and_coloured_and_nothing_else_is_validated(
    package: Package, book: Workbook
) -> None:
    rules = {
        (sheet.title, str(rule.sqref)): rule
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation
    }
    cells = {cell_of(package, figure.name): figure for figure in inputs_of(report("full"))}

    assert cells.keys() <= rules.keys()
    for place, figure in cells.items():
        rule, allowed = rules[place], figure.allowed
        assert allowed is not None
        assert rule.type == ("whole" if allowed.whole else "decimal")
        assert float(rule.formula1) == (allowed.at_least or 0)
        if allowed.at_most is None:
            assert (rule.operator, rule.formula2) == ("greaterThanOrEqual", None)
        else:
            assert float(rule.formula2) == allowed.at_most
        assert rule.error
        sheet, address = place
        assert book[sheet][address].fill.fgColor.rgb.endswith(INPUT_FILL.lstrip("#"))
    others = set(rules) - set(cells)
    assert all(sheet == "What-if" for sheet, _ in others), "the heads of the grid"


def test_what_a_formula_makes_is_a_formula_and_what_the_orders_say_is_not(
    package: Package, book: Workbook
) -> None:
    for name, figure in report("full").figures.items():
        sheet, address = cell_of(package, name)
        assert (book[sheet][address].data_type == "f") == (figure.origin is Origin.DERIVED), name


KEPT_TOGETHER = {"Cohorts", "RFM", "What-if", "Methods"}
PRINTED_CUSTOMERS = 200


def test_heads_stay_in_sight(book: Workbook) -> None:
    frozen = {sheet.title: sheet.freeze_panes for sheet in book.worksheets if sheet.freeze_panes}

    assert frozen == FROZEN


def test_every_sheet_is_set_up_for_print(package: Package, book: Workbook) -> None:
    for sheet in package.sheets:
        setup = sheet.root.find("{*}pageSetup")
        assert setup is not None
        assert setup.get("paperSize") == A4
        assert setup.get("orientation") == "landscape"
        fits = sheet.root.find("{*}sheetPr/{*}pageSetUpPr[@fitToPage='1']") is not None
        assert fits != (sheet.name in KEPT_TOGETHER)
        assert sheet.root.findtext("{*}headerFooter/{*}oddFooter")
    assert book["Dashboard"].page_setup.fitToHeight in {None, 1}, "one page"
    assert book["Customers"].print_title_rows == "$1:$1"
    assert book["At risk"].print_title_rows == "$4:$4"
    assert book["Segments"].page_setup.fitToWidth == 2
    assert book["Segments"].print_title_cols == "$B:$B"


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_no_printed_page_ends_within_a_block_that_fits_on_a_page(
    paper: str, tmp_path: Path
) -> None:
    write_workbook(report("full"), LAYOUT, texts(), tmp_path / "made.xlsx", paper=paper)
    made = load_workbook(tmp_path / "made.xlsx")
    tall = {"a4": 8.27, "letter": 8.5}[paper] - 1.1

    for name in KEPT_TOGETHER:
        sheet = made[name]
        points = tall * 72 * 100 / int(sheet.page_setup.scale or 100)
        ends = [one.id for one in sheet.row_breaks.brk]
        for first, last in blocks_on(made, name):
            inside = [row for row in ends if first <= row < last]
            assert inside == [], f"{name}: rows {first} to {last}"
            begin = max((row + 1 for row in ends if row < first), default=1)
            rows = range(begin, last + 1)
            assert sum(sheet.row_dimensions[row].height or 15 for row in rows) <= points
        assert ends, "the sheet takes several pages"


def blocks_on(made: Workbook, name: str) -> list[tuple[int, int]]:
    """Return the first and last rows of what stands on a sheet, headings with what they head."""
    found = []
    for mark, defined in made.defined_names.items():
        ((sheet, cells),) = defined.destinations if mark.startswith("at_") else [("", "")]
        if sheet == name:
            rows = [int(row) for row in re.findall(r"\d+", cells)]
            found.append((rows[0], rows[-1], mark))
    found.sort()
    joined = []
    for (first, last, mark), below in zip(found, [*found[1:], None], strict=True):
        if mark.startswith("at_heading") and below is not None:
            joined.append((first, below[1]))
        else:
            joined.append((first, last))
    return joined


def test_everything_on_the_dashboard_is_printed_and_fills_the_page(book: Workbook) -> None:
    sheet: Any = book["Dashboard"]
    area = re.fullmatch(r"'Dashboard'!\$A\$1:\$([A-Z]+)\$(\d+)", str(sheet.print_area))
    assert area
    columns, rows = column_index_from_string(area[1]), int(area[2])

    ends = [(chart.anchor.to.col + 1, chart.anchor.to.row + 1) for chart in sheet._charts]  # noqa: SLF001
    assert max(column for column, _ in ends) <= columns
    assert max(row for _, row in ends) == rows
    assert sheet.max_column == columns

    widths = sheet.column_dimensions.values()
    width = sum((one.max - one.min + 1) * one.width * 7 for one in widths)
    height = sum(sheet.row_dimensions[n].height or 15 for n in range(1, rows + 1)) * 96 / 72
    assert 0.8 < (height / width) / ((8.27 - 1.1) / (11.69 - 0.8)) <= 1


def test_a_long_list_of_customers_is_printed_down_to_the_most_valuable(tmp_path: Path) -> None:
    write_workbook(report("full"), LAYOUT, texts(), tmp_path / "made.xlsx")
    rows = report("full").tables["Customers"].rows

    assert rows > PRINTED_CUSTOMERS
    made = load_workbook(tmp_path / "made.xlsx")
    assert made["Customers"].print_area == f"'Customers'!$A$1:$M${PRINTED_CUSTOMERS + 1}"
    assert made["Dashboard"].print_area.startswith("'Dashboard'!$A$1:$AO$")


def test_letter_paper_is_another_number(tmp_path: Path) -> None:
    write_workbook(report("few"), LAYOUT, texts(), tmp_path / "us.xlsx", paper="letter")

    sheets = Package(tmp_path / "us.xlsx").sheets
    papers = {setup.get("paperSize") for s in sheets for setup in s.root.iterfind("{*}pageSetup")}
    assert papers == {LETTER}


def test_every_chart_says_what_it_shows_to_those_who_cannot_see_it(package: Package) -> None:
    charts = [part for part in package.parts if part.startswith("xl/charts/chart")]
    said = [
        frame.get("descr", "")
        for part in package.parts
        if part.startswith("xl/drawings/drawing")
        for frame in package.root(part).iterfind(".//{*}graphicFrame//{*}cNvPr")
    ]

    assert sorted(said) == sorted(chart.alt_text for chart in report("full").charts.values())
    assert len(said) == len(charts) == 6


def test_lines_that_are_expected_are_dashed_and_a_band_is_dotted_and_not_in_the_legend(
    tmp_path: Path,
) -> None:
    write_workbook(report("contract"), LAYOUT, texts(), tmp_path / "made.xlsx")
    made = Package(tmp_path / "made.xlsx")
    title = texts().say("chart.renewals")
    (chart,) = [
        made.root(part)
        for part in made.parts
        if part.startswith("xl/charts/chart") and title in "".join(made.root(part).itertext())
    ]
    dashes = [
        None if found is None else found.get("val")
        for line in chart.iterfind(".//{*}ser/{*}spPr/{*}ln")
        for found in [line.find("{*}prstDash")]
    ]
    unnamed = [one.get("val") for one in chart.iterfind(".//{*}legendEntry/{*}idx")]

    assert dashes == ["dash", None, "sysDot", "sysDot"]
    assert unnamed == ["2", "3"]


def test_a_chart_below_other_blocks_covers_no_cell_that_is_filled(book: Workbook) -> None:
    sheet: Any = book["Methods"]
    (chart,) = sheet._charts  # noqa: SLF001 - openpyxl has no other way
    rows = range(chart.anchor._from.row + 1, chart.anchor.to.row + 1)  # noqa: SLF001

    assert len(rows) == 15
    assert all(cell.value is None for row in rows for cell in sheet[row])
    assert sheet.cell(rows[0] - 1, 2).value == texts().say("heading.tracking")
    assert sheet.cell(rows[-1] + 2, 2).value == texts().say("heading.holdout")


def test_the_file_says_what_it_is_and_not_when_it_was_made(book: Workbook) -> None:
    made = report("full")

    assert book.properties.title == made.title
    assert book.properties.subject == texts().say("cover.subject")
    assert book.properties.created == datetime(2000, 1, 1)  # noqa: DTZ001 - as openpyxl reads it


def test_the_customers_stand_on_a_sheet_of_their_own_without_formulas(book: Workbook) -> None:
    sheet, made = book["Customers"], report("full")
    ids = column(made, "Customers", "customer").tolist()

    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2, max_col=1)] == ids
    heads = [found.header for found in made.tables["Customers"].columns]
    assert [cell.value for cell in sheet[1]] == heads
    (table,) = sheet.tables.values()
    assert table.ref == sheet.dimensions
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_same_report_gives_the_same_bytes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.chdir(tmp_path)

    write_workbook(report("full"), LAYOUT, texts(), Path("again.xlsx"))

    assert Path("again.xlsx").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("step", ["_skeleton", "splice_rows"])
def test_a_failing_write_leaves_the_old_file(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise OSError("no space left")

    target = tmp_path / "report.xlsx"
    target.write_bytes(b"old")
    monkeypatch.setattr(write, step, fail)

    with pytest.raises(OSError, match="no space left"):
        write_workbook(report("few"), LAYOUT, texts(), target)

    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["report.xlsx"]  # noqa: PTH208 - hidden ones too


@pytest.mark.parametrize("case", ODD)
def test_excel_opens_gladly_what_odd_orders_make(case: str, tmp_path: Path) -> None:
    write_workbook(report(case), LAYOUT, texts(), tmp_path / "odd.xlsx")

    assert violations(tmp_path / "odd.xlsx") == []


def test_texts_of_the_orders_are_texts_wherever_they_stand(tmp_path: Path) -> None:
    write_workbook(report("wild_texts"), LAYOUT, texts(), tmp_path / "wild.xlsx")
    cells = [c for s in opened(tmp_path / "wild.xlsx").worksheets for r in s.iter_rows() for c in r]

    for wild in ("=1+1", "+x", "@x", "-x", "＝1", "@orders.csv"):
        found = [cell for cell in cells if cell.value == wild]
        assert found, wild
        assert {cell.data_type for cell in found} == {"s"}


def test_right_to_left_texts_turn_every_sheet(tmp_path: Path) -> None:
    write_workbook(
        report("few"), LAYOUT, replace(texts(), right_to_left=True), tmp_path / "rtl.xlsx"
    )

    views = [
        s.root.find("{*}sheetViews/{*}sheetView") for s in Package(tmp_path / "rtl.xlsx").sheets
    ]
    assert {None if view is None else view.get("rightToLeft") for view in views} == {"1"}


def test_the_lag_of_the_spend_and_an_unknown_cac_are_followed_without_python(path: Path) -> None:
    spend = inputs("full").assumptions.spend
    assert isinstance(spend, Spend)
    months = spend.months.to_numpy("datetime64[M]").astype(str)
    total = spend.amounts.to_numpy()[(months >= "2023-10") & (months < "2024-10")].sum()

    lagged = recalculated_with(path, {"in_cac_lag_months": 3})
    empty = recalculated_with(path, {"in_cac": 0, "in_cac_lag_months": 12, "in_margin_rate": None})

    new = named_value(lagged, "fact_new_customers")
    assert named_value(lagged, "calc_spend") == pytest.approx(total)
    assert named_value(lagged, "calc_cac") == pytest.approx(total / new)
    errors = [
        c for s in empty.worksheets for row in s.iter_rows() for c in row if c.data_type == "e"
    ]
    assert errors == []
    assert named_value(empty, "out_clv") in {None, ""}
