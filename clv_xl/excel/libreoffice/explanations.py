"""What is wrong in a cell that shows an error: its formula is read, and its calls are made again.

LibreOffice keeps no sentence beside an error. The same arguments give the same sentence, so it is
found from the formula, whenever it is asked for: also where LibreOffice itself refused a range with
an error in it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from clv_xl.catalogue import find_entry, why
from clv_xl.errors import CELL_MARK, CallError
from clv_xl.excel.cells import Answer, call, sentence
from clv_xl.excel.libreoffice.arguments import Rows, taken
from clv_xl.excel.libreoffice.interface import IMPLEMENTATION

_CALL = re.compile(rf"{re.escape(IMPLEMENTATION.upper())}\.(CLV_[A-Z_]+)\(")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(E[-+]?\d+)?")
_TRUTHS = {"TRUE()": 1.0, "FALSE()": 0.0}
_OPENING, _CLOSING = "({", ")}"
_CIRCULAR = frozenset({522, 523})
_ERROR_TEXTS = {
    503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32_767: "#N/A",
}  # fmt: skip


def explained(cells: Any, document: Any) -> str:  # noqa: ANN401 - LibreOffice's
    """Return the sentence that says what is wrong in the first of some cells; empty where nothing.

    Parameters
    ----------
    cells
        LibreOffice's object for a range of a sheet.
    document
        LibreOffice's document.
    """
    cell = cells.getCellByPosition(0, 0)
    if not cell.getError():
        ((content,),) = cells.getCellRangeByPosition(0, 0, 0, 0).getDataArray()
        return why(content)
    for found in _calls(cell.getFormula()):
        try:
            _called(found, cells.getSpreadsheet(), document)
        except Exception as fault:  # noqa: BLE001 - whatever failed is what was asked for
            return why(sentence(fault))
    return ""


def _calls(formula: str) -> Iterator[re.Match[str]]:
    """Walk over the functions of ours in a formula that stand in no other one."""
    place = 0
    while found := _CALL.search(formula, place):
        yield found
        _, place = _parts(formula, found.end())


def _called(found: re.Match[str], sheet: Any, document: Any) -> Answer:  # noqa: ANN401
    """Return what a function of ours in a formula gives, or raise what it says."""
    entry = find_entry(found[1])
    parts, _ = _parts(found.string, found.end())
    values = [_value(part, entry.excel_name, sheet, document) for part in parts]
    return call(entry, taken(entry, values, document))


def _parts(formula: str, start: int) -> tuple[list[str], int]:
    """Return the arguments from a place on, and the place behind their closing bracket."""
    parts, depth, quote, first = [], 0, "", start
    for place in range(start, len(formula)):
        letter = formula[place]
        if quote or letter in "\"'":
            quote = "" if letter == quote else quote or letter
        elif depth == 0 and letter in ";)":
            parts.append(formula[first:place].strip())
            first = place + 1
            if letter == ")":
                break
        else:
            depth += (letter in _OPENING) - (letter in _CLOSING)
    return ([] if parts == [""] else parts), first


def _value(text: str, function: str, sheet: Any, document: Any) -> Any:  # noqa: ANN401
    """Return what an argument of a formula stands for."""
    if (constant := _constant(text)) is not None or not text:
        return constant
    if text.startswith("{"):
        rows = [_split(row, ";") for row in _split(text[1:-1], "|")]
        return tuple(tuple(map(_constant, row)) for row in rows)
    if (found := _CALL.match(text)) and _parts(text, found.end())[1] == len(text):
        return _called(found, sheet, document)
    cells = _pointed_at(text, sheet, document)
    if cells is None:
        raise CallError(
            f"an argument of {function} is worked out in the formula ({text}): give it a cell of "
            f"its own and point to that, to see what is wrong"
        )
    return _content(cells, document, alone=":" not in cells.AbsoluteName)


def _pointed_at(text: str, sheet: Any, document: Any) -> Any:  # noqa: ANN401
    """Return the cells that an address, a name or a column of a table stands for; else None."""
    ways: list[Callable[[], Any]] = [
        lambda: sheet.getCellRangeByName(text),
        lambda: document.getSheets().getCellRangesByName(text)[0],  # of another sheet
        lambda: document.getPropertyValue("NamedRanges").getByName(text).getReferredCells(),
        lambda: _column(text, document),
    ]
    for way in ways:
        try:
            cells = way()
        except Exception:  # noqa: BLE001, S112 - only LibreOffice's Python knows UNO's errors
            continue
        if cells is not None and cells.AbsoluteName:
            return cells
    return None


def _column(text: str, document: Any) -> Any:  # noqa: ANN401
    """Return the cells of a column of a table, as in `orders[amount]`, without its header."""
    table, _, header = text.rstrip("]").partition("[")
    cells = document.getPropertyValue("DatabaseRanges").getByName(table).getReferredCells()
    headers, *others = cells.getDataArray()
    across = headers.index(header)
    return cells.getCellRangeByPosition(across, 1, across, len(others))


def _content(cells: Any, document: Any, *, alone: bool) -> Any:  # noqa: ANN401
    """Return the content of cells; where one of ours shows an error, the sentence it stands for."""
    if not alone:
        return _shown(cells)
    cell = cells.getCellByPosition(0, 0)
    code = cell.getError()
    if code and code not in _CIRCULAR and (told := explained(cells, document)):
        return f"{CELL_MARK} {told}"
    if code:
        return _error_text(code)
    ((content,),) = cells.getDataArray()
    return content if cell.getFormula() else 0.0  # a blank cell


def _constant(text: str) -> float | str | None:
    """Return a number, a text or a truth value as a formula writes it; None for anything else."""
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _NUMBER.fullmatch(text):
        return float(text)
    if text[:1] == text[-1:] == '"' and len(text) > 1:
        return text[1:-1].replace('""', '"')
    return None


def _split(text: str, mark: str) -> list[str]:
    """Split a text at a mark, except within quotes."""
    return re.split(rf'{re.escape(mark)}(?=(?:[^"]*"[^"]*")*[^"]*$)', text)


def _shown(cells: Any) -> Rows:  # noqa: ANN401 - LibreOffice's
    """Return the content of cells of a sheet, errors as texts such as #N/A."""
    rows: Rows = cells.getDataArray()
    return tuple(
        tuple(
            _error_text(cells.getCellByPosition(across, down).getError()) if cell is None else cell
            for across, cell in enumerate(row)
        )
        if None in row
        else row
        for down, row in enumerate(rows)
    )


def _error_text(code: int) -> str:
    """Return what Excel shows for an error code of LibreOffice."""
    return _ERROR_TEXTS.get(code, "#VALUE!")
