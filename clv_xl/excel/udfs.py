"""The worksheet functions: one for each line of the catalogue, in the form that xlwings takes.

xlwings reads names, arguments and texts from these objects; nothing here is written by hand. Every
argument is asked for as rows of raw values, since the hosts convert differently: `cells` does it
for all of them. `from clv_xl.excel.udfs import *` makes the functions known to xlwings Lite.

An error of a table is the sentence in its first cell. An error of a single value is that sentence
too where the host's wrapper makes a real error of it (classic xlwings), and an exception, which the
host shows as an error with the sentence on hover, where it runs Office.js.
"""

import inspect
import logging
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Gives
from clv_xl.errors import ClvError
from clv_xl.excel.cells import Answer, call, sentence

try:
    from xlwings import arg, func
except ImportError:  # the functions are plain Python too

    def _undecorated(*_: object, **__: object) -> Any:  # noqa: ANN401 - as xlwings' own
        return lambda function: function

    arg = func = _undecorated

WorksheetFunction: TypeAlias = Callable[..., Answer]

HEADING = "CLV"
"""What the functions stand under in the function wizard."""
_LONGEST_TEXT = 255
_log = logging.getLogger(__name__)


class WorksheetError(Exception):
    """A single value is an error; the host shows the sentence."""


def answer(entry: CatalogueEntry, arguments: tuple[object, ...]) -> Answer:
    """Return what a worksheet shows for a call, errors included.

    Parameters
    ----------
    entry
        The function.
    arguments
        In worksheet order, as the host hands them over.

    Returns
    -------
    float, str, bool or list of lists
        The result, or a sentence that begins with #CLV!.

    Raises
    ------
    WorksheetError
        Where the host runs Office.js and the function gives a single value.
    """
    try:
        return call(entry, arguments)
    except Exception as fault:
        if not isinstance(fault, ClvError):
            _log.exception("%s failed", entry.excel_name)
        told = sentence(fault)
        if entry.gives is Gives.TABLE or not _host_raises():
            return told
        raise WorksheetError(told) from fault


def _host_raises() -> bool:
    return sys.platform == "emscripten" or "xlwings.server" in sys.modules


def worksheet_function(entry: CatalogueEntry) -> WorksheetFunction:
    """Return an entry of the catalogue as a function for xlwings to register."""

    def function(*arguments: object) -> Answer:
        return answer(entry, arguments)

    function.__name__ = function.__qualname__ = entry.excel_name.lower()
    function.__doc__ = entry.summary
    function.__annotations__ = {}  # a host would convert by them
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    function.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
        inspect.Parameter(
            parameter.name,
            positional,
            default=inspect.Parameter.empty if parameter.required else None,
        )
        for parameter in entry.parameters
    ])  # fmt: skip
    decorated: WorksheetFunction = function
    for parameter in entry.parameters:
        text = parameter.description[:_LONGEST_TEXT]
        decorated = arg(parameter.name, doc=text, ndim=2, err_to_str=True)(decorated)
    registered: WorksheetFunction = func(category=HEADING)(decorated)
    return registered


FUNCTIONS: dict[str, WorksheetFunction] = {
    entry.excel_name.lower(): worksheet_function(entry) for entry in CATALOGUE
}
globals().update(FUNCTIONS)

__all__ = list(FUNCTIONS)
