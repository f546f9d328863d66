"""Rows of a sheet as columns of raw cells: the same cells, however the rows are written."""

import pytest

from clv_xl.excel.file_book.raw_columns import in_one_style, most_used, raw_columns
from clv_xl.workbooks.cells import RawCell
from clv_xl.workbooks.sheet_cells import SheetCells

USUAL = '<row r="{n}"><c r="A{n}" s="1" t="s"><v>{n}</v></c><c r="C{n}" s="2"><v>0.5</v></c></row>'
BLANK = '<row r="{n}"><c r="A{n}" s="1"/><c r="C{n}" s="2"><v>0.5</v></c></row>'
PAINTED = '<row r="{n}"><c r="A{n}" s="9" t="s"><v>1</v></c><c r="C{n}" s="2"><v>2</v></c></row>'
FEWER = '<row r="{n}"><c r="C{n}" s="2"><v>3</v></c></row>'
MORE = '<row r="{n}"><c r="A{n}" s="1"/><c r="AB{n}"><f>A1*2</f><v>4</v></c></row>'
INLINE = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>x</t></is></c></row>'
NAMELESS = '<row r="{n}"><c s="1"><v>1</v></c><c><v>2</v></c></row>'
BACKWARDS = '<row r="{n}"><c r="C{n}" s="2"><v>7</v></c><c r="A{n}" s="1"><v>8</v></c></row>'
NOTHING = '<row r="{n}"/>'


def sheet_of(*rows: str) -> SheetCells:
    body = "".join(row.format(n=number) for number, row in enumerate(rows, start=2))
    return SheetCells(f"<worksheet><sheetData>{body}</sheetData></worksheet>", "Data")


@pytest.mark.parametrize(
    "rows",
    [
        (USUAL, USUAL, USUAL),
        (USUAL, BLANK, USUAL),
        (USUAL, NOTHING, USUAL),
        (USUAL, PAINTED, USUAL),
        (FEWER, USUAL, MORE),
        (INLINE, USUAL),
        (NAMELESS, USUAL),
        (BACKWARDS, USUAL),
        (NOTHING,),
    ],
)
@pytest.mark.parametrize("taken_apart", [False, True])
def test_the_columns_hold_the_cells_of_the_rows(
    rows: tuple[str, ...], *, taken_apart: bool
) -> None:
    sheet, other = sheet_of(*rows), sheet_of(*rows)
    numbers = range(1, len(rows) + 3)  # the rows before and after have no cells
    if taken_apart:
        _ = sheet.rows[2].cells
    found: dict[tuple[int, int], RawCell] = {}
    for at, column in raw_columns(sheet, numbers).items():
        assert column.blank() == [raw is None or not raw.inside for raw in column.raw()]
        for number, raw, style in zip(numbers, column.raw(), column.styles(), strict=True):
            assert style == (None if raw is None else raw.style)
            if raw is not None:
                found[number, at] = raw
    expected = {(n, at): raw for n, row in other.rows.items() for at, raw in row.cells.items()}
    assert found == expected


@pytest.mark.parametrize(
    ("rows", "alike"),
    [
        ((USUAL, BLANK, NOTHING, USUAL), True),
        ((USUAL, PAINTED), False),
        ((USUAL, FEWER), False),
        ((USUAL, MORE), False),
    ],
)
def test_rows_with_the_same_columns_in_the_same_styles_are_told(
    rows: tuple[str, ...], *, alike: bool
) -> None:
    assert in_one_style(sheet_of(*rows), range(2, len(rows) + 2)) == alike


def test_the_style_of_most_cells_is_that_of_new_ones() -> None:
    assert most_used([None, None, None, "3", "5", "5"]) == "5"
    assert most_used([None]) == ""
