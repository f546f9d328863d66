import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import SourceError
from clv_xl.workbooks.areas import Area, cell_reference
from clv_xl.workbooks.cells import BLANK, Cell, RawCell, content_of, written
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.shared_texts import EMPTY, SharedTexts
from clv_xl.workbooks.sheet_cells import SheetCells
from clv_xl.workbooks.sheet_order import added, inserted

HEAD = '<worksheet xmlns="m"><dimension ref="A1:B2"/>'
TAIL = '<pageMargins left="1"/></worksheet>'
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
VALUES = st.one_of(
    TEXTS, st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-9, 9)
)


def sheet(rows: str) -> SheetCells:
    return SheetCells(f"{HEAD}<sheetData>{rows}</sheetData>{TAIL}", "Data")


ROWS = (
    '<row r="1" spans="1:2" ht="20" customHeight="1"><c r="A1" s="3" t="s"><v>0</v></c>'
    '<c r="B1"><f>A1*2</f><v>4</v></c></row><row r="3" hidden="1"/>'
    '<row r="5"><c r="C5" s="1"/></row>'
)


def test_what_nobody_touches_is_written_as_it_was() -> None:
    cells = sheet(ROWS)
    assert cells.xml() == f"{HEAD}<sheetData>{ROWS}</sheetData>{TAIL}"
    cells.touched = True
    assert "<row" in cells.xml()
    assert ROWS in cells.xml()


def test_a_row_that_is_read_is_still_written_as_it_was() -> None:
    cells = sheet(ROWS)
    assert cells.get(1, 2) == RawCell("", "<f>A1*2</f><v>4</v>")
    assert cells.get(5, 3) == RawCell(' s="1"')
    assert cells.get(2, 1) is None
    assert not cells.touched


def test_a_cell_that_is_put_in_stands_in_order_and_the_sheet_grows() -> None:
    cells = sheet(ROWS)
    cells.put(1, 4, RawCell("", "<v>1</v>"))
    cells.put(9, 1, RawCell("", "<v>2</v>"))
    xml = cells.xml()
    assert '<c r="B1"><f>A1*2</f><v>4</v></c><c r="D1"><v>1</v></c></row>' in xml
    assert '<row r="9"><c r="A9"><v>2</v></c></row></sheetData>' in xml
    assert '<dimension ref="A1:D9"/>' in xml
    assert "spans" not in xml


def test_rows_that_move_take_their_height_and_their_cells_with_them() -> None:
    cells = sheet(ROWS)
    cells.move(Move.of_rows("Data", 1, 2))
    xml = cells.xml()
    assert '<row r="3" spans="1:2" ht="20" customHeight="1"><c r="A3" s="3" t="s">' in xml
    assert '<row r="5" hidden="1"/><row r="7"><c r="C7" s="1"/></row>' in xml
    cells.move(Move.of_rows("Data", 3, -1))
    assert "ht=" not in cells.xml()


def test_some_cells_move_and_the_others_stay() -> None:
    cells = sheet(ROWS)
    cells.move(Move(Area("Data", 1, 2, 1, 2), down=4))
    assert cells.get(1, 1) is not None
    assert cells.get(1, 2) is None
    assert cells.get(5, 2) == RawCell("", "<f>A1*2</f><v>4</v>")


@pytest.mark.parametrize("rows", ["<!-- a comment -->", "<row><c><v><![CDATA[1]]></v></c></row>"])
def test_a_sheet_in_a_form_that_is_not_understood_is_refused(rows: str) -> None:
    with pytest.raises(SourceError, match="the sheet Data is written in a form"):
        sheet(rows)
    with pytest.raises(SourceError, match="save it again"):
        SheetCells("<x:worksheet><x:sheetData/></x:worksheet>", "Data")


def test_rows_and_cells_without_numbers_count_on() -> None:
    cells = sheet('<row><c><v>1</v></c><c><v>2</v></c></row><row r="7"><c><v>3</v></c></row>')
    assert cells.get(1, 2) == RawCell("", "<v>2</v>")
    assert cells.get(7, 1) == RawCell("", "<v>3</v>")


@given(VALUES, st.booleans())
def test_what_is_written_is_read_back(value: float | str | bool, formula: bool) -> None:  # noqa: FBT001
    cell = Cell('A1&"<x>"' if formula else None, value)
    shared = SharedTexts(EMPTY)
    number = shared.number(value) if isinstance(value, str) else None
    raw = written(cell, "7", number)
    assert raw.style == "7"
    assert content_of(raw, shared.texts) == cell
    assert cell.same(content_of(raw, shared.texts))


def test_cells_are_alike_up_to_the_last_digits() -> None:
    assert Cell("A1", 0.1 + 0.2).same(Cell("A1", 0.3))
    assert not Cell("A1", 0.3).same(Cell("A2", 0.3))
    assert not Cell(None, 1.0).same(Cell(None, value=True))
    assert not Cell(None, 0.0).same(BLANK)
    assert BLANK.same(Cell(None, ""))
    assert not Cell("A1", None).same(Cell("A1", ""))
    assert not Cell("A1", "#N/A", error=True).same(Cell("A1", "#N/A"))


def test_a_formatted_or_inline_text_is_read_whole() -> None:
    rich = "<sst><si><r><t>A </t></r><r><t>&amp; B</t></r></si><si><t>x</t></si></sst>"
    shared = SharedTexts(rich)
    assert shared.texts == ["A & B", "x"]
    assert shared.number("A & B") == 2, "a text with formats of its own is not used for another"
    assert shared.number("x") == 1
    inline = RawCell(' t="inlineStr"', "<is><r><t>one</t></r><r><t> two</t></r></is>")
    assert content_of(inline, []) == Cell(None, "one two")


def test_texts_that_nobody_needs_are_emptied() -> None:
    kept = "<si><t>B</t></si>"
    shared = SharedTexts(f'<sst count="2" uniqueCount="2"><si><t>Ada</t></si>{kept}</sst>')
    shared.number("C & D")
    new = f"<si><t/></si>{kept}<si><t>C &amp; D</t></si>"
    assert shared.xml({1, 2}, 2) == f'<sst count="2" uniqueCount="3">{new}</sst>'


def test_a_column_is_read_without_taking_rows_apart() -> None:
    cells = sheet(ROWS)
    assert list(cells.column(2, range(1, 4))) == [RawCell("", "<f>A1*2</f><v>4</v>"), None, None]
    assert cells.rows[1].body is not None


def test_elements_behind_the_cells_keep_their_order() -> None:
    after = '<mergeCells count="1"><mergeCell/></mergeCells><drawing/></worksheet>'
    assert inserted(after, "hyperlinks", "<h/>").index("<h/>") == after.index("<drawing")
    assert added(after, "mergeCells", ["<m/>"]).count("</mergeCells>") == 1
    assert added("</worksheet>", "tableParts", ["<t/>"]).startswith('<tableParts count="1"><t/>')


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_references_are_read_as_they_are_written(row: int, column: int) -> None:
    area = Area("Bob's data", row, column, row, column)
    assert Area.parsed(area.reference) == area
    assert Area.parsed(cell_reference(row, column), "Bob's data") == area


@pytest.mark.parametrize("text", ["#REF!", "A0", "B2:A1", "XFE1", "Data!#REF!", "", "SUM(A1)"])
def test_what_is_no_area_is_none(text: str) -> None:
    assert Area.parsed(text) is None
