"""What a cell of LibreOffice shows for a call: rows of cells, or an error.

An error of a table is the sentence in its first cell. A single value becomes a real error, #VALUE!,
since totals would pass over a text in silence; `CLV_WHY` tells the sentence of any cell that shows
an error (`explanations`).
"""

import logging
from collections.abc import Sequence
from typing import Any

from clv_xl.catalogue import CatalogueEntry, Gives, find_entry, why
from clv_xl.errors import ClvError, DataError
from clv_xl.excel.cell_results import CellValue
from clv_xl.excel.cells import Answer, call, sentence
from clv_xl.excel.libreoffice.arguments import Rows, taken
from clv_xl.excel.libreoffice.explanations import explained

_log = logging.getLogger(__name__)


class SingleValueError(Exception):
    """A single value is an error; LibreOffice shows #VALUE! for any exception."""


def answer(name: str, arguments: Sequence[Any], document: Any) -> Rows:  # noqa: ANN401
    """Return the rows of cells that a formula shows.

    Parameters
    ----------
    name
        The function under its worksheet name.
    arguments
        In worksheet order, as LibreOffice hands them over.
    document
        LibreOffice's document with the formula.

    Raises
    ------
    SingleValueError
        With the sentence, where the function gives no table.
    """
    entry = find_entry(name)
    try:
        return _rows(_answered(entry, arguments, document))
    except ModuleNotFoundError as fault:
        package = str(fault.name).partition(".")[0]
        mend = "install it there with pip, and start LibreOffice anew"
        return ((DataError(f"LibreOffice's Python has no {package}: {mend}").cell_text,),)
    except Exception as fault:
        if not isinstance(fault, ClvError):
            _log.exception("%s failed", name)
        told = sentence(fault)
        if entry.gives is Gives.TABLE:
            return ((told,),)
        raise SingleValueError(told) from fault


def _answered(entry: CatalogueEntry, arguments: Sequence[Any], document: Any) -> Answer:  # noqa: ANN401
    if entry.function is why:
        return explained(arguments[0], document)
    return call(entry, taken(entry, arguments, document))


def _rows(result: Answer) -> Rows:
    rows = result if isinstance(result, list) else [[result]]
    return tuple(tuple(map(_cell, row)) for row in rows)


def _cell(value: CellValue) -> CellValue:
    """Return a cell as LibreOffice takes it: every truth value in a table would be TRUE there."""
    return float(value) if isinstance(value, bool) else value
