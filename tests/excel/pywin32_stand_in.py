"""Excel for Windows as Python sees it, where there is none: the classic xlwings code runs anywhere.

xlwings' own decorators, its conversion of cells, its COM server and its generator of VBA wrappers
need pywin32, which exists on Windows alone. `install` puts in its place the few names that this
code touches. Nothing of xlwings is replaced or copied.

- `install()` once, before the module with the worksheet functions is imported: xlwings'
  decorators do something only afterwards.
- `call(module, "clv_simple", [60, FakeRange([[1.0], [2.0]])])` is a worksheet's call of a function.
- `FakeRange(rows)` is a range of cells; texts like ``"#N/A"`` are error cells, None a blank one.
- `vba_wrappers(module)` is the VBA text that xlwings writes for the functions of a module.

Not stood in for: coroutines, the ``caller`` argument, and ``expand``, which need a live Excel.
"""

import ctypes
import datetime as dt
import importlib
import io
import sys
from collections.abc import Sequence
from types import ModuleType, SimpleNamespace
from typing import Any, Final

MISSING: Final = -2147352572
"""What Excel hands over for an optional argument that was left out: DISP_E_PARAMNOTFOUND."""
_ERROR_CELLS: Final = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#NULL!": -2146826288,
    "#NUM!": -2146826252,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
}
_RANGE_INTERFACE: Final = "{00020846-0000-0000-C000-000000000046}"


class ComError(Exception):
    """Stands for ``pywintypes.com_error``."""


class FakeRange:
    """A range of cells as Excel hands it to a function: a rectangle, its values read as one.

    Parameters
    ----------
    rows
        What the cells hold, row by row: a number, a text, a bool, a datetime, None for a blank
        cell, the text of an error for an error cell.
    address
        Where it stands, in the A1 style with dollar signs.
    sheet, book
        The names of the sheet and of the workbook.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[object]],
        address: str = "$A$1",
        sheet: str = "Sheet1",
        book: str = "Book1.xlsx",
    ) -> None:
        self._rows = rows
        self._oleobj_ = _TypeInformation()
        self.Address = address
        self.Row = self.Column = 1
        self.Rows = SimpleNamespace(Count=len(rows))
        self.Columns = SimpleNamespace(Count=len(rows[0]))
        self.Count = len(rows) * len(rows[0])
        self.Application = SimpleNamespace(Hwnd=1)
        workbook = SimpleNamespace(Name=book, Application=self.Application)
        self.Worksheet = SimpleNamespace(Name=sheet, Parent=workbook, Application=self.Application)

    @property
    def Value(self) -> Any:  # noqa: ANN401, N802 - as Excel names it
        """The cells: one value for one cell, otherwise a tuple of rows."""
        rows = tuple(tuple(map(_handed_over, row)) for row in self._rows)
        return rows[0][0] if self.Count == 1 else rows

    def GetAddress(self, *_: object, **__: object) -> str:  # noqa: N802 - as Excel names it
        """Return where the range stands."""
        return self.Address


class _TypeInformation:
    """What xlwings asks an object to learn whether it is a range."""

    def GetTypeInfo(self) -> "_TypeInformation":  # noqa: N802
        return self

    def GetTypeAttr(self) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(iid=_RANGE_INTERFACE)


def _handed_over(value: object) -> object:
    """Return a cell's content as Excel hands it over: errors and whole numbers have their own."""
    if isinstance(value, str):
        return _ERROR_CELLS.get(value, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


class _AnyLibrary:
    """A library of Windows: any name in it, any call of it."""

    def __init__(self, *_: object) -> None:
        """Load nothing."""

    def __getattr__(self, name: str) -> "_AnyLibrary":
        return self

    def __call__(self, *_: object, **__: object) -> "_AnyLibrary":
        return self


def install() -> ModuleType:
    """Put the stand-ins in place, once for the process, and return the real `xlwings.udfs`."""
    if "xlwings.udfs" not in sys.modules:
        _stand_in_for_pywin32()
        _let_xlwings_use_excel()
    return importlib.import_module("xlwings.udfs")


def call(
    module: ModuleType, name: str, arguments: Sequence[object], caller: FakeRange | None = None
) -> Any:  # noqa: ANN401 - whatever the function gives
    """Return what VBA gets when a cell calls a function: a value, a row, or rows.

    An exception of the function comes out as it is; Excel would show its text in the cell.

    Parameters
    ----------
    module
        The module with the decorated functions; it need not be importable by its name.
    name
        The function, as Python names it.
    arguments
        Values, `FakeRange` and `MISSING`, by position.
    caller
        The cell with the formula; any where it does not matter.
    """
    udfs = install()
    udfs.udf_modules[module.__name__] = {"filename": "", "filetime": None, "module": module}
    server = importlib.import_module("xlwings.com_server").XLPython()
    given = tuple(arguments)
    return server.CallUDF(module.__name__, name, given, None, caller or FakeRange([[None]]))


def vba_wrappers(module: ModuleType, book: str = "addin.xlam") -> str:
    """Return the VBA that xlwings' own generator writes for the functions of a module."""
    udfs, text = install(), io.StringIO()
    udfs.generate_vba_wrapper(module.__name__, module, text, SimpleNamespace(Name=book))
    return text.getvalue()


def _module(name: str, **names: object) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(names)
    module.__file__ = ctypes.__file__
    sys.modules[name] = module
    return module


def _stand_in_for_pywin32() -> None:
    _module("pywintypes", com_error=ComError, error=Exception, TimeType=dt.datetime, IID=str)
    _module(
        "pythoncom",
        CoInitialize=lambda: None,
        ole_error=ComError,
        IID_IDispatch=0,
        TypeIIDs={0: _TypeInformation},
        Missing=object(),
    )
    for name in ("win32api", "win32con", "win32gui", "win32event"):
        _module(name)
    _module("win32process", GetWindowThreadProcessId=lambda _: (0, 1))
    _module("win32timezone", TimeZoneInfo=SimpleNamespace(utc=lambda: dt.UTC))
    _module("win32com", client=_com_client(), server=_com_server())


def _com_client() -> ModuleType:
    """Return `win32com.client`, whose wrapping of an object is the object itself."""
    kinds = {
        name: type(name, (), {}) for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass")
    }
    return _module(
        "win32com.client",
        Dispatch=lambda thing, **_: thing,
        DispatchEx=lambda thing: thing,
        gencache=SimpleNamespace(EnsureModule=lambda *_, **__: None),
        **kinds,
    )


def _com_server() -> ModuleType:
    parts = {name: _module(f"win32com.server.{name}") for name in ("dispatcher", "policy", "util")}
    return _module("win32com.server", **parts)


def _let_xlwings_use_excel() -> None:
    """Do what `import xlwings` does on Windows: its engine, and the decorators that register."""
    for name in ("oledll", "windll"):
        setattr(ctypes, name, _AnyLibrary())
    python_library, ctypes.PyDLL = ctypes.PyDLL, _AnyLibrary  # type: ignore[assignment, misc]
    try:
        windows = importlib.import_module("xlwings._xlwindows")
    finally:
        ctypes.PyDLL = python_library  # type: ignore[misc]
    xlwings: Any = importlib.import_module("xlwings")
    xlwings.engines.add(xlwings.Engine(impl=windows.engine))
    xlwings.engines.active = xlwings.engines["excel"]
    udfs = importlib.import_module("xlwings.udfs")
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    xlwings.script = xlwings.sub = udfs.xlsub
