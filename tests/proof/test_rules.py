"""Every rule finds the fault it is for, and nothing in a right workbook."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.proof import sdk
from tests.proof.package import rewritten
from tests.proof.rules import violations
from tests.proof.workbook_rules import format_fault

BOOK, STYLES, CORE = "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"
DATA, BOARD = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
TABLE, OTHER, CHART = "xl/tables/table1.xml", "xl/tables/table2.xml", "xl/charts/chart1.xml"
STRINGS, DRAWING = "xl/sharedStrings.xml", "xl/drawings/drawing1.xml"
FORMULA = "<f>SUM(Sales[amount])*rate</f>"


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules") / "right.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2025, 1, 1, tzinfo=UTC)})
        _write_data(book)
        _write_board(book)
        book.define_name("rate", "='The board'!$B$1")
    return path


def _write_data(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Data")
    names = [{"header": "customer", "total_string": "All"}]
    amounts = [{"header": "amount", "total_function": "sum", "total_value": 6}]
    options = {"name": "Sales", "columns": names + amounts, "total_row": True}
    sheet.add_table("A1:B4", {**options, "data": [["Ann", 1.5], ["Bob & Co", 4.5]]})
    sheet.add_table("D1:D3", {"name": "Other", "columns": [{"header": "o"}]})
    sheet.set_column("A:B", 12)
    sheet.set_column("D:D", 9)


def _write_board(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("The board")
    shown = book.add_format({"num_format": '[Red]$#,##0.00" a year";-0.0%'})
    sheet.write_row("A1", ["rate", 0.5])
    sheet.write_formula("B2", "=SUM(Sales[amount])*rate", shown, 3)
    sheet.write_formula(
        "B3",
        "=_xlfn.STDEV.S(Data!$B$2:$B$3)",
        None,
        2.1,
    )
    sheet.write_formula("B4", '=COUNTIF(Sales[amount],">1;2")', None, 0)
    sheet.write_formula("B5", "=IF(TRUE,SUM(Data!B:B),{1,2;3,4})", None, 12)
    sheet.merge_range("D1:E1", "merged")
    sheet.merge_range("D3:E3", "merged too")
    sheet.data_validation("B1", {"validate": "list", "source": ["0.5", "0.6"], "input_title": "t"})
    sheet.conditional_format("B2:B4", {"type": "cell", "criteria": ">", "value": "rate"})
    sheet.write_url("A9", "internal:'Data'!A1", string="to the data")
    sheet.add_sparkline("F2", {"range": "Data!B2:B3"})
    sheet.insert_textbox("H20", "", {"textlink": "='The board'!$B$2"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$B$2:$B$3"})
    sheet.insert_chart("H1", chart)


def test_a_right_workbook_breaks_no_rule(right: Path) -> None:
    assert violations(right) == []
    assert sdk.errors(right) == []


FAULTS = {
    # tables
    "headers: table Sales: A1 says": (TABLE, 'name="customer"', 'name="Customer"'),
    "headers: table Other": (DATA, '<c r="D1" t="s"><v>5</v></c>', '<c r="D1"><v>5</v></c>'),
    "columns: table Sales: 2 columns": (TABLE, 'name="customer"', 'name="AMOUNT"'),
    "columns: table Sales: two columns have one id": (TABLE, 'Column id="2"', 'Column id="1"'),
    "columns: table Sales: counts": (TABLE, '<tableColumns count="2"', '<tableColumns count="3"'),
    "areas: table Other: the range": (OTHER, 'ref="D1:D3" ', 'ref="D3:D1" '),
    "areas: table Other: D1:E3 is not": (OTHER, 'ref="D1:D3"', 'ref="D1:E3"'),
    "areas: table Other: D1:D1 has no data": (OTHER, 'ref="D1:D3"', 'ref="D1:D1"'),
    "areas: table Sales: the filter": (TABLE, 'autoFilter ref="A1:B3"', 'autoFilter ref="A1:B4"'),
    "identities: 2 tables": (OTHER, 'id="2"', 'id="1"'),
    "totals: table Sales": (TABLE, 'totalsRowLabel="All"', 'totalsRowLabel="Each"'),
    "table_overlaps: Data: A1:B4 and B1:B3": (OTHER, 'ref="D1:D3"', 'ref="B1:B3"'),
    # names
    "defined_names: the name 'CLV12'": (BOOK, 'name="rate"', 'name="CLV12"'),
    "defined_names: the name 'R1C1'": (BOOK, 'name="rate"', 'name="R1C1"'),
    "defined_names: the name 'c'": (BOOK, 'name="rate"', 'name="c"'),
    "defined_names: the name 'a rate'": (BOOK, 'name="rate"', 'name="a rate"'),
    "defined_names: the name '1st'": (BOOK, 'name="rate"', 'name="1st"'),
    "defined_names: the name 'True'": (BOOK, 'name="rate"', 'name="True"'),
    "defined_names: the name '_xlnm.Own'": (BOOK, 'name="rate"', 'name="_xlnm.Own"'),
    "defined_names: the name or table 'sales'": (BOOK, 'name="rate"', 'name="sales"'),
    "defined_names: the name rate belongs": (BOOK, 'name="rate"', 'name="rate" localSheetId="2"'),
    "defined_names: the name rate stands": (BOOK, ">'The board'!$B$1<", "><"),
    "defined_names: the table 'AB1'": (OTHER, 'displayName="Other"', 'displayName="AB1"'),
    # formulas
    "form: The board!B2: the formula has": (BOARD, FORMULA, f"<f>{'1+' * 4096}1</f>"),
    "form: The board!B2: the formula starts": (BOARD, FORMULA, "<f>=1</f>"),
    "form: The board!B2: ( is not": (BOARD, FORMULA, "<f>SUM(1</f>"),
    "form: The board!B2: ) closes": (BOARD, FORMULA, "<f>SUM(1))</f>"),
    "form: The board!B2: } closes": (BOARD, FORMULA, "<f>SUM(1})</f>"),
    'form: The board!B2: " stands': (BOARD, FORMULA, '<f>"a</f>'),
    "form: The board!B2: ' stands": (BOARD, FORMULA, "<f>'Data!A1</f>"),
    "form: The board!B2: [ is not": (BOARD, FORMULA, "<f>SUM(Sales[amount)</f>"),
    "references: The board!B2: [amount] is": (BOARD, FORMULA, "<f>[amount]</f>"),
    "references: Data!B4: the table Sales": (DATA, "109,[amount]", "109,[cost]"),
    "form: The board!B2: # stands": (BOARD, FORMULA, "<f>SUM(A1#)</f>"),
    "form: The board!B2: arguments": (BOARD, FORMULA, "<f>SUM(1;2)</f>"),
    "form: The board!B2: a text": (BOARD, FORMULA, f'<f>"{"x" * 256}"</f>'),
    "form: The board!B2: the formula is more": (BOARD, FORMULA, f"<f>{'(' * 65}1{')' * 65}</f>"),
    "form: name rate: ( is not": (BOOK, ">'The board'!$B$1<", ">SUM(1<"),
    "functions: The board!B3: STDEV.S": (BOARD, "_xlfn.STDEV.S", "STDEV.S"),
    "functions: The board!B3: _xlfn.XLOOKUP": (BOARD, "_xlfn.STDEV.S", "_xlfn.XLOOKUP"),
    "functions: The board!B3: LET": (BOARD, "_xlfn.STDEV.S", "LET"),
    "functions: The board!B3: _xlfn._xlws.FILTER": (BOARD, "_xlfn.STDEV", "_xlfn._xlws.FILTER"),
    "functions: The board!B3: SUMM is no": (BOARD, "_xlfn.STDEV.S", "SUMM"),
    "functions: The board!B3: _xlfn.SUM is no": (BOARD, "_xlfn.STDEV.S", "_xlfn.SUM"),
    "references: The board!B3: there is no sheet Dat": (BOARD, "S(Data!", "S(Dat!"),
    "references: The board!B3: there is no sheet It's": (BOARD, "S(Data!", "S('It''s'!"),
    "references: The board!B2: there is no name rat": (BOARD, ")*rate", ")*rat"),
    "references: The board!B2: there is no name XFE1": (BOARD, ")*rate", ")*XFE1"),
    "references: The board!B2: there is no name A ": (BOARD, ")*rate", ")*A"),
    "references: The board!B2: #REF!": (BOARD, ")*rate", ")*Data!#REF!"),
    "references: The board!B2: there is no table Sale ": (BOARD, "(Sales[amount])*", "(Sale[a])*"),
    "references: The board!B2: the table Sales": (BOARD, "[amount])*", "[[#Data],[cost]])*"),
    "references: The board!B2: the table Sales has no column #Row": (
        BOARD,
        "[amount])*",
        "[#Row])*",
    ),
    "references: The board!B2: @": (BOARD, "[amount])*", "[@amount])*"),
    "references: xl/charts/chart1.xml": (CHART, "Data!$B", "Date!$B"),
    "references: xl/drawings/drawing1.xml": (DRAWING, "The board", "The bored"),
    "references: The board!A9": (BOARD, "'Data'!A1", "'Date'!A1"),
    "references: The board extension": (BOARD, "f>Data!B2", "f>Date!B2"),
    "references: The board conditional": (BOARD, "<formula>rate", "<formula>rat"),
    "references: name rate": (BOOK, ">'The board'!$B$1<", ">'The bored'!$B$1<"),
    "plain_references: xl/charts": (CHART, "Data!$B$2:$B$3", "Sales[amount]"),
    "plain_references: The board cond": (BOARD, "<formula>rate", "<formula>Sales[amount]"),
    "plain_references: The board!B1 val": (BOARD, '<formula1>"0.5,0.6"', "<formula1>Sales[amount]"),
    # cells
    "values: The board!B1: nan": (BOARD, '<c r="B1"><v>0.5<', '<c r="B1"><v>nan<'),
    "values: The board!B1: inf": (BOARD, '<c r="B1"><v>0.5<', '<c r="B1"><v>inf<'),
    "values: The board!B1: 1e999": (BOARD, '<c r="B1"><v>0.5<', '<c r="B1"><v>1e999<'),
    "values: The board!B1: true": (BOARD, '<c r="B1"><v>0.5<', '<c r="B1" t="b"><v>true<'),
    "values: The board!B1: #OOPS": (BOARD, '<c r="B1"><v>0.5<', '<c r="B1" t="e"><v>#OOPS<'),
    "values: The board!B1: there is no shared": (BOARD, 'B1"><v>0.5<', 'B1" t="s"><v>99<'),
    "values: The board!B1: there is no style": (BOARD, '<c r="B1"', '<c r="B1" s="77"'),
    "values: Data!A3: a text of 40000": (STRINGS, "Bob &amp; Co", "B" * 40_000),
    "order: The board: row 3 after 3": (BOARD, '<row r="2"', '<row r="3"'),
    "order: The board: row 1048577 is": (BOARD, '<row r="9"', '<row r="1048577"'),
    "order: The board: the cell B4 in": (BOARD, '<c r="B3"', '<c r="B4"'),
    "order: The board: the cell B1 is": (BOARD, '<c r="A1"', '<c r="C1"'),
    "cached_values: The board!B2": (BOARD, "rate</f><v>3</v>", "rate</f>"),
    "cached_values: The board!B4": (BOARD, "</f><v>0</v>", "</f><v></v>"),
    "merges: The board: D1:E1 and D1:E3": (BOARD, '"D3:E3"', '"D1:E3"'),
    "ranges: The board: the conditionalF": (BOARD, 'sqref="B2:B4"', 'sqref="B4:B2"'),
    "ranges: The board: the dataValidation": (BOARD, 'sqref="B1"', 'sqref="B1,B2"'),
    "ranges: The board: the mergeCell": (BOARD, '"D3:E3"', '"D3:XFE3"'),
    "ranges: The board: the sqref": (BOARD, ">F2<", ">$F$2<"),
    "validations: The board!B1: a list of": (BOARD, '"0.5,0.6"', f'"{"0.5," * 64}"'),
    "validations: The board!B1: the promptT": (BOARD, 'Title="t"', f'Title="{"t" * 33}"'),
    "columns: Data: the widths": (DATA, 'min="4" max="4"', 'min="2" max="4"'),
    # the workbook
    "sheet_names: a sheet cannot be named 'Da": (BOOK, 'sheet name="Data"', 'sheet name="Da/ta"'),
    "sheet_names: a sheet cannot be named 'DDD": (BOOK, 'name="Data"', f'name="{"D" * 32}"'),
    "sheet_names: a sheet cannot be named 'History": (BOOK, 'name="Data"', 'name="History"'),
    "sheet_names: a sheet cannot be named \"'": (BOOK, 'name="Data"', 'name="\'Data"'),
    "sheet_names: the sheet 'the board'": (BOOK, 'name="Data"', 'name="THE BOARD"'),
    "number_formats: xl/styles.xml": (STYLES, "-0.0%", "-0.0% off"),
    "number_formats: the number format": (STYLES, 'numFmtId="164" f', 'numFmtId="14" f'),
    "core_dates: docProps/core.xml": (CORE, "2025-01-01T", "2025-13-01T"),
}


@pytest.mark.parametrize("finding", FAULTS)
def test_a_planted_fault_is_found(right: Path, tmp_path: Path, finding: str) -> None:
    part, old, new = FAULTS[finding]
    found = violations(rewritten(right, tmp_path, {part: (old, new)}))
    assert [one for one in found if one.startswith(finding)], found


def test_a_stamp_without_its_type_is_found(right: Path, tmp_path: Path) -> None:
    broken = rewritten(right, tmp_path, {CORE: (' xsi:type="dcterms:W3CDTF"', "")})
    assert len(violations(broken)) == 2


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "#,##0.00",
        "0.0%",
        "0.00E+00",
        "yyyy-mm-dd hh:mm:ss.000",
        "[h]:mm",
        "h:mm AM/PM",
        '#,##0 "days"',
        "[$€-407] #,##0",
        "[Color10]0;[Red]-0;0;@",
        '[>=1000000]0.0,,"M";[>=1000]0.0,"k";0',
        r"0\x",
        "_-* #,##0_-",
        "mmm yy",
    ],
)
def test_a_right_number_format_has_no_fault(code: str) -> None:
    assert format_fault(code) == ""


@pytest.mark.parametrize(
    "code",
    ["", "0" * 256, '0 "days', "0 [Pink]", "0;0;0;0;0", "0 days", "0.0x", "0 yyyy", "[0", "0\\"],
)
def test_a_wrong_number_format_has_a_fault(code: str) -> None:
    assert format_fault(code)
