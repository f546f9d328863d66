"""LibreOffice itself works out our functions: what its cells show is what Python gives."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from clv_xl.catalogue import CATALOGUE, find_entry, why
from clv_xl.excel.cells import call
from tests.acceptance.command import done
from tests.excel.libreoffice import sheets
from tests.excel.libreoffice.host import built, host, installed
from tests.excel.libreoffice.sheets import Cases
from tests.proof import office

CUSTOMERS, AMOUNTS = ["ada", "bob", "ada", "cyd"], [10.0, 20.0, 30.0, 40.0]
DATES = [date(2024, 1, 5), date(2024, 1, 9), date(2024, 2, 10), date(2024, 3, 31)]


def python(name: str, *arguments: object) -> Any:  # noqa: ANN401 - each function its own
    return call(find_entry(name), arguments)


def down(*cells: object) -> list[list[object]]:
    return [[cell] for cell in cells]


SUMMARY = python("CLV_SUMMARY", down(*CUSTOMERS), down(*DATES), down(*AMOUNTS))


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write every function with the arguments of its example: as constants, and as cells."""
    path = tmp_path_factory.mktemp("examples") / "examples.xlsx"
    with xlsxwriter.Workbook(path) as book:
        cells, constants, inputs = map(book.add_worksheet, ("Cells", "Constants", "Inputs"))
        above = below = 0
        for entry, arguments in sheets.place_examples(inputs, CATALOGUE):
            answer = call(entry, [None if a is None else a.value for a in arguments])
            below = sheets.write_answer(cells, below, sheets.formula(entry, arguments), answer)
            if entry.function is not why:  # it takes a cell
                above = sheets.write_answer(constants, above, entry.example, answer)
    return path


def test_every_function_gives_in_libreoffice_what_it_gives_in_python(examples: Path) -> None:
    formulas = {cell.value for row in office.opened(examples)["Cells"].rows for cell in row}

    assert office.formula_count(examples, except_sheets=["Constants"]) > len(formulas) > 1
    assert [str(found) for found in office.differences(examples, host())] == []


def test_the_workbench_shows_in_libreoffice_what_it_shows_in_python(tmp_path: Path) -> None:
    path = tmp_path / "workbench.xlsx"
    done("workbench", "-o", path)

    written = " ".join(
        str(getattr(cell.value, "text", cell.value))
        for sheet in office.opened(path).worksheets
        for row in sheet.rows
        for cell in row
        if cell.data_type == "f"
    )
    called = set(re.findall(r"CLV_[A-Z_]+(?=\()", written))
    assert called == {entry.excel_name for entry in CATALOGUE}
    assert [str(found) for found in office.differences(path, host())] == []


def test_a_wrong_value_of_a_function_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheets.write_answer(sheet, 0, "=CLV_MAX_CAC(300)", 100.000001)
        sheets.write_answer(sheet, 1, "=CLV_NOTHING(300)", 1.0)

    assert [found.cell for found in office.differences(path, host())] == ["S!A1", "S!A2"]


def test_formulas_stay_what_they_are_when_libreoffice_saves_them(
    examples: Path, tmp_path: Path
) -> None:
    own = office.convert(examples, "ods", tmp_path, program=host())
    saved = office.convert(own, "xlsx", tmp_path, program=host())

    before, after = office.opened(examples)["Cells"]["A1"], office.opened(saved)["Cells"]["A1"]
    assert before.value == after.value == "=CLV_SIMPLE(Inputs!A1,Inputs!B1,Inputs!C1,Inputs!D1)"
    assert office.opened(saved, values=True)["Cells"]["A1"].value == 240


def test_a_result_goes_into_other_formulas(tmp_path: Path) -> None:
    cases = Cases(tmp_path / "within.xlsx")
    cases.add("=CLV_MAX_CAC(300)+1", 101.0)
    cases.add("=SUM(CLV_MAX_CAC(300),CLV_MAX_CAC(600))", 300.0)
    cases.add('=IF(CLV_MAX_CAC(300)>50,"dear","cheap")', "dear")
    cases.add('="at most "&ROUND(CLV_MAX_CAC(200),2)', "at most 66.67")
    cases.add('=INDEX(CLV_NPS({10;9;0}),1,1)="nps"', answer=True)
    cases.add("=CLV_MARGIN_MULTIPLE(CLV_RETENTION_RATE(200,210,50),0.1)", 0.8 / 0.3)
    cases.add("=IFERROR(CLV_MAX_CAC(-1),0)", 0.0)

    assert cases.wrong(host()) == []


def test_a_fit_is_handed_on_from_cells_and_from_the_formula_itself(tmp_path: Path) -> None:
    cases = Cases(tmp_path / "fit.xlsx")
    history = down(2.0, 0.0, 1.0, 3.0), down(30.0, 0.0, 12.0, 33.0), down(*[40.0] * 4)
    names = [
        sheets.place(cases.inputs, column, values).text for column, values in enumerate(history)
    ]
    fit = python("CLV_MBGNBD_FIT", *history)
    new = python("CLV_MBGNBD_NEW", fit, "12 months")
    placed = sheets.place(cases.inputs, 10, fit)
    cases.add(f'=CLV_MBGNBD_NEW({placed.text},"12 months")', new)
    cases.add(f'=CLV_MBGNBD_NEW(CLV_MBGNBD_FIT({",".join(names)}),"12 months")', new)

    assert cases.wrong(host()) == []


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_are_dates_from_whichever_day_a_workbook_counts(
    tmp_path: Path, *, since_1904: bool
) -> None:
    cases = Cases(tmp_path / "dates.xlsx", height=5, width=9, date_1904=since_1904)
    day = cases.book.add_format({"num_format": "yyyy-mm-dd"})
    cases.inputs.write_column("A1", ["customer", *CUSTOMERS])
    cases.inputs.write_column("B1", ["day", *DATES], day)
    cases.inputs.write_column("C1", ["amount", *AMOUNTS])
    cases.inputs.write_column("D1", ["as text", *map(str, DATES)])
    cases.inputs.write_datetime("E1", DATES[-1], day)
    cases.add("=CLV_SUMMARY(Inputs!A2:A5,Inputs!B2:B5,Inputs!C2:C5,Inputs!E1)", SUMMARY)
    cases.add("=CLV_SUMMARY(Inputs!A1:A5,Inputs!B1:B5,Inputs!C1:C5)", SUMMARY)
    cases.add("=CLV_SUMMARY(Inputs!A1:A9,Inputs!B1:B9,Inputs!C1:C9,Inputs!F1)", SUMMARY)
    cases.add("=CLV_SUMMARY(Inputs!A2:A5,Inputs!D2:D5,Inputs!C2:C5)", SUMMARY)

    assert cases.wrong(host()) == []


def test_whole_columns_may_be_given(tmp_path: Path) -> None:
    cases = Cases(tmp_path / "columns.xlsx", height=5, width=9)
    day = cases.book.add_format({"num_format": "yyyy-mm-dd"})
    cases.inputs.write_column("A1", ["customer", *CUSTOMERS])
    cases.inputs.write_column("B1", ["day", *DATES], day)
    cases.inputs.write_column("C1", ["amount", *AMOUNTS])
    cases.add("=CLV_SUMMARY(Inputs!A:A,Inputs!B:B,Inputs!C:C)", SUMMARY)
    cases.add("=CLV_TIERS(Inputs!C:C)", python("CLV_TIERS", down("amount", *AMOUNTS)))
    cases.add("=CLV_AOV(Inputs!C2:C1048576)", 25.0)
    cases.add("=CLV_AOV(Inputs!Z:Z)", "#VALUE!")

    assert cases.wrong(host()) == []


def test_without_the_packages_a_cell_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "bare.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("S").write_formula("A1", "=CLV_SIMPLE(50,4,3,0.4)")
    bare = installed(built(tmp_path / "clv_xl.oxt"))

    told = office.recalculated(path, bare)["S"]["A1"].value

    assert str(told).startswith("#CLV! LibreOffice's Python 3.")
    assert str(told).endswith(
        ": install numpy, pandas and scipy for it with pip, as docs/excel.md tells, and start "
        "LibreOffice anew"
    )
