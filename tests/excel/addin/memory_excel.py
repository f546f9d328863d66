"""Excel in memory, which runs the add-in's VBA as it is shipped.

`pyopenvba` runs VBA against workbooks in memory. It knows neither the cell that calls a function
nor libraries of Windows, so those two stand here: `MemoryExcel.caller`, and `Python` in the place
of the started Python. The modules are those of the built file, their wizard texts left out.
"""

import re
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from pyopenvba.apps.excel import Application, ExcelApplication, Range, SheetView, Workbook
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import (
    MISSING,
    Interpreter,
    VBAArray,
    VBAErrorValue,
    VBAObject,
    member,
    method,
)

from clv_xl.excel.addin.vba_text import procedures
from tests.excel import pywin32_stand_in as stand_in
from tests.excel.addin.vba_reading import sources

NO_CELL = VBAErrorValue(2023)
"""What Excel says of the caller where VBA calls, not a cell."""
VALUE_ERROR, NOT_AVAILABLE = "Error 2015", "Error 2042"
_ERROR_TEXTS = {2007: "#DIV/0!", 2015: "#VALUE!", 2042: "#N/A"}
_ATTRIBUTE = re.compile(r"^Attribute .*\n", re.MULTILINE)
_PYTHON = "Public Function XLPy() As Object\n    Set XLPy = RunningPython\nEnd Function\n"
_HELD = ("LastLine", "UnsafeCharacter")
_FUNCTION_MODULES = ("ClvRanges", "ClvSentences", "ClvCalls", "ClvFunctions")

Reply = Callable[[str, list[Any]], object]


class Python(VBAObject):
    """The Python that VBA has started, as far as it is asked."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.calls: list[tuple[Any, ...]] = []

    @method
    def CallUDF(  # noqa: N802 - as xlwings names it
        self, module: str, name: str, given: VBAArray, book: object, caller: object
    ) -> object:
        self.calls.append((module, name, given, book, caller))
        return self.reply(name, list(given.elements()))


class _Toolbar(VBAObject):
    enabled = True

    @method
    def Controls(self, _: object) -> "_Toolbar":  # noqa: N802
        return self

    @member
    def Enabled(self) -> bool:  # noqa: N802
        return self.enabled


class _Application(Application):
    caller: object = NO_CELL
    toolbar: _Toolbar | None = _Toolbar()

    @member
    def Caller(self) -> object:  # noqa: N802
        return self.caller

    @method
    def CommandBars(self, _: object) -> _Toolbar:  # noqa: N802
        if self.toolbar is None:
            raise VBARuntimeError(5, "Invalid procedure call or argument")
        return self.toolbar


class _Bridge(ExcelBridge):
    python: Python

    def global_object(self, name: str) -> object:
        return self.python if name == "runningpython" else super().global_object(name)


class MemoryExcel(ExcelApplication):
    """Excel with the add-in loaded and one workbook open."""

    def __init__(self, addin: bytes, reply: Reply) -> None:
        self.application = _Application()
        bridge = _Bridge(self.application)
        self.python = bridge.python = Python(reply)
        self.interpreter = self.application.interpreter = Interpreter(bridge)
        self.book: Workbook = self.add_workbook()
        self.cells: SheetView = self.sheet(1)
        self._spilled: dict[str, list[tuple[int, int]]] = {}
        shipped = sources(addin)
        held = procedures(shipped["ClvBridge"])
        self.add_module(_PYTHON + "".join(held[name] for name in _HELD), name="ClvBridge")
        for name in _FUNCTION_MODULES:
            self.add_module(_ATTRIBUTE.sub("", shipped[name]), name=name)

    def range(self, address: str, sheet: SheetView | None = None) -> Range:
        return (sheet or self.cells).sheet.vba_get("Range", [address])

    def add_sheet(self) -> SheetView:
        """Add a sheet to the workbook and return it."""
        before = set(self.book.sheets_)
        self.book.vba_get("Worksheets").vba_get("Add")
        (added,) = set(self.book.sheets_) - before
        return SheetView(added)

    def enter(self, address: str, function: str, *arguments: object, formula: str = "") -> object:
        """Calculate a cell whose formula calls one function, and return what the cell shows."""
        home = self.range(address)
        cell = self.cells.sheet.cell(home.vba_get("Row"), home.vba_get("Column"), create=True)
        cell.formula = formula or f"={function}(...)"
        self.application.caller = home
        cell.value = self.interpreter.run(function, list(arguments))
        self.application.caller = NO_CELL
        shown: object = cell.value
        return str(shown) if isinstance(shown, VBAErrorValue) else shown

    def spill(self, address: str, function: str, *arguments: object) -> list[list[object]]:
        """Calculate a cell whose formula spills, and return the rows that it fills.

        What it spilled before goes first. A text of no letters fills a cell, as it does in Excel.
        """
        home = self.range(address)
        for place in self._spilled.pop(address, ()):
            self.cells.sheet.cells_.pop(place, None)
        answer = self._answer(home, function, *arguments)
        self._spilled[address] = self._show(home, answer)
        return answer

    def fill(self, address: str, function: str, *arguments: object) -> list[list[object]]:
        """Calculate an array formula that was entered into cells, and return what they show.

        What it gives beyond them is lost; cells for which it gives nothing show #N/A.
        """
        home = self.range(address)
        height = int(home.vba_get("Rows").vba_get("Count"))
        self._show(home, [[0.0]] * height)
        answer = self._answer(home, function, *arguments)
        missing = [[NOT_AVAILABLE] * len(answer[0])] * (height - len(answer))
        shown = [*answer[:height], *missing]
        self._show(home, shown)
        return shown

    def _answer(self, home: Range, function: str, *arguments: object) -> list[list[Any]]:
        self.application.caller = home
        answer = self.interpreter.run(function, list(arguments))
        self.application.caller = NO_CELL
        if isinstance(answer, VBAArray) and len(answer.bounds) == 1:
            return [list(answer.elements())]
        return cells_of(answer) if isinstance(answer, VBAArray) else [[answer]]

    def _show(self, home: Range, rows: list[list[Any]]) -> list[tuple[int, int]]:
        top, left = home.vba_get("Row"), home.vba_get("Column")
        places = []
        for r, cells in enumerate(rows, start=top):
            for c, value in enumerate(cells, start=left):
                self.put(r, c, value)
                places.append((r, c))
        return places

    def put(self, row: int, column: int, value: Any) -> None:  # noqa: ANN401 - whatever a cell holds
        """Let a cell of the first sheet show a value."""
        self.cells.sheet.cell(row, column, create=True).value = value

    @property
    def last_used_row(self) -> int:
        """The last row of the first sheet that holds anything."""
        return int(self.cells.sheet.used_bounds()[2])

    def given(self) -> list[object]:
        """Return the arguments of the last call as Python got them, ranges as their addresses."""
        elements = list(self.python.calls[-1][2].elements())
        return [e.vba_get("Address") if isinstance(e, Range) else e for e in elements]

    def open_wizard(self) -> None:
        self.application.toolbar = _Toolbar()
        self.application.toolbar.enabled = False


def classic_xlwings(module: ModuleType) -> Reply:
    """Return a Python that answers through the real code of classic xlwings."""

    def reply(name: str, given: list[Any]) -> object:
        answer = stand_in.call(module, name, [_handed_over(argument) for argument in given])
        return _as_vba(answer)

    return reply


def _handed_over(argument: Any) -> object:  # noqa: ANN401 - whatever VBA hands over
    if argument is MISSING:
        return stand_in.MISSING
    if not isinstance(argument, Range):
        return argument
    values = argument.vba_get("Value")
    rows = cells_of(values) if isinstance(values, VBAArray) else [[values]]
    return stand_in.FakeRange([[_cell(value) for value in row] for row in rows])


def cells_of(values: VBAArray) -> list[list[Any]]:
    """Return a two-dimensional array of VBA as rows."""
    (top, bottom), (left, right) = values.bounds
    return [[values.get([r, c]) for c in range(left, right + 1)] for r in range(top, bottom + 1)]


def _cell(value: Any) -> object:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, VBAErrorValue):
        return _ERROR_TEXTS[value.number]
    return value if isinstance(value, str | float | int | bool) else None


def _as_vba(answer: Any) -> object:  # noqa: ANN401 - whatever a function gives
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        return answer
    rows = (
        answer if isinstance(answer[0], Sequence) and not isinstance(answer[0], str) else [answer]
    )
    array = VBAArray([(1, len(rows)), (1, len(rows[0]))])
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells, start=1):
            array.set([row, column], cell)
    return array
