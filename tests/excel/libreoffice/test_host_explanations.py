"""CLV_WHY in LibreOffice: the sentence of whatever cell shows an error."""

from pathlib import Path

import xlsxwriter

from tests.excel.libreoffice.host import host
from tests.proof import office

RATE = "must be at least 0 and below 1, got 80 (did you mean 0.80?)"
EXPLAINED = {
    # formula: why it shows an error; empty where it shows none of ours
    "=CLV_MARGIN_MULTIPLE(80,0.1)": f"retention {RATE}",
    "=CLV_MARGIN_MULTIPLE(Inputs!A1,0.1)": f"retention {RATE}",
    "=ROUND(1+CLV_MARGIN_MULTIPLE(Inputs!A1,0.1),2)": f"retention {RATE}",
    "=CLV_MAX_CAC(300)+CLV_MARGIN_MULTIPLE(Inputs!A1,0.1)": f"retention {RATE}",
    "=CLV_MAX_CAC(CLV_MARGIN_MULTIPLE(80,0.1))": f"retention {RATE}",
    "=CLV_MARGIN_MULTIPLE(retention,0.1)": f"retention {RATE}",
    "=CLV_AOV(orders[net amount])": "row 2: amounts is the text 'ten': give a number",
    '=CLV_MARGIN_MULTIPLE(0.8,0.1,"later (""soon"")")': (
        "timing must be one of now, renewal, end, got 'later (\"soon\")'"
    ),
    "=CLV_SIMPLE(50,,3)": (
        "CLV_SIMPLE needs orders_per_year: "
        "CLV_SIMPLE(average_order_value, orders_per_year, lifespan_years, [margin_rate])"
    ),
    "=CLV_MAX_CAC(1,2,3)": "CLV_MAX_CAC takes at most 2 arguments, got 3: "
    "CLV_MAX_CAC(clv, [target_ratio])",
    "=CLV_AOV(Inputs!B1:B3)": "row 2: amounts is #DIV/0!: mend the cell or leave it out",
    "=CLV_AOV(Inputs!B:B)": "row 2: amounts is #DIV/0!: mend the cell or leave it out",
    "=CLV_NPS(Inputs!B1:B3)": "row 2: scores is #DIV/0!: mend the cell or leave it out",
    "=CLV_MAX_CAC(Inputs!B2)": "clv is #DIV/0!: mend the cell or leave it out",
    "=CLV_MAX_CAC(Inputs!D1)": "clv must be a number, got the text 'ten'",
    "=CLV_MAX_CAC(300,Inputs!E1)": "target_ratio must be above 0, got 0",
    "=CLV_MAX_CAC(A1)": f"retention {RATE}",
    "=CLV_MARGIN_MULTIPLE({80;0.5},0.1)": "retention must be at least 0 and below 1, "
    "got 80 (row 1) (did you mean 0.80?)",
    "=CLV_MAX_CAC(300,Inputs!A1-80)": (
        "an argument of CLV_MAX_CAC is worked out in the formula ($Inputs.A1-80): give it a cell "
        "of its own and point to that, to see what is wrong"
    ),
    "=CLV_CURVE(100,80,0.1,3)": f"retention {RATE}",
    "=CLV_MAX_CAC(300)": "",
    "=CLV_MAX_CAC(300)/0": "",
    "=1/0": "",
    '="no error"': "",
}


def test_why_tells_what_is_wrong_in_a_cell_that_shows_an_error(tmp_path: Path) -> None:
    path = tmp_path / "why.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, inputs = book.add_worksheet("Sheet"), book.add_worksheet("Inputs")
        book.define_name("retention", "=Inputs!$A$1")
        inputs.write("A1", 80)
        inputs.write_column("B1", [1, "=1/0", 3])
        inputs.write("D1", "ten")
        columns = [{"header": "day"}, {"header": "net amount"}]
        data = [[1, 20], [2, "ten"]]
        inputs.add_table("G1:H3", {"name": "orders", "columns": columns, "data": data})
        for row, formula in enumerate(EXPLAINED):
            sheet.write_formula(row, 0, formula)
            sheet.write_formula(row, 1, f"=CLV_WHY(A{row + 1})")
        sheet.write_array_formula(50, 0, 51, 0, "=CLV_MAX_CAC(Inputs!B1:B3)")
        sheet.write_formula(51, 1, "=CLV_WHY(A52)")

    found = office.recalculated(path, host())["Sheet"]

    told = {text: found.cell(row, 2).value or "" for row, text in enumerate(EXPLAINED, start=1)}
    assert told == EXPLAINED
    assert found["A52"].value == "#VALUE!"
    assert found["B52"].value == "row 2: clv is #DIV/0!: mend the cell or leave it out"
