"""Arguments as LibreOffice hands them over, made into what the adapter `cells` takes.

LibreOffice gives numbers (dates and truth values among them), texts, and rows of these; None for
an argument left out; an empty text for a blank cell of a range, and 0 for a blank cell that stands
alone. A range with an error in it never arrives: LibreOffice then shows the error Err:502 itself.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from clv_xl.arrays import Kind
from clv_xl.catalogue import CatalogueEntry, Parameter

Rows: TypeAlias = "tuple[tuple[Any, ...], ...]"
"""Cells of a range, row by row."""

_EPOCH = date(1899, 12, 30)
"""Day 0 of the adapter, and of LibreOffice unless a document says otherwise."""
_WHOLE_COLUMN = 1_000_000
_NO_DAY = 100_000
"""A number from here on is no day number but a date such as 20240131."""
_NEVER_ZERO = frozenset({Kind.TEXT, Kind.DATE, Kind.DATES})


def taken(entry: CatalogueEntry, arguments: Sequence[Any], document: Any) -> list[Any]:  # noqa: ANN401
    """Return arguments as the adapter takes them.

    Parameters
    ----------
    entry
        The function.
    arguments
        In worksheet order: numbers, texts, rows of these, or None.
    document
        LibreOffice's document; its property `NullDate` is the day its day numbers count from.

    Examples
    --------
    >>> from clv_xl.catalogue import find_entry
    >>> taken(find_entry("CLV_MAX_CAC"), [((366.0,), ("",)), None], None)
    [((366.0,), ('',)), None]
    """
    values = _without_rows_below(arguments)
    pairs = zip(entry.parameters, values, strict=False)
    read = [_taken(parameter, value, document) for parameter, value in pairs]
    return read + values[len(read) :]  # too many are refused by the adapter


def _taken(parameter: Parameter, value: Any, document: Any) -> Any:  # noqa: ANN401
    if parameter.kind in _NEVER_ZERO and value == 0:
        return None  # a blank cell
    if parameter.kind in {Kind.DATE, Kind.DATES} and (later := _days_after_epoch(document)):
        return _moved(value, later)
    return value


def _without_rows_below(arguments: Sequence[Any]) -> list[Any]:
    """Return arguments in which whole columns end with the last row that one of them fills."""
    last = max([1, *map(_filled, filter(_is_whole_column, arguments))])
    return [one[:last] if _is_whole_column(one) else one for one in arguments]


def _is_whole_column(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, tuple) and len(value) >= _WHOLE_COLUMN


def _filled(rows: Rows) -> int:
    """Return how many rows there are without the blank ones below."""
    blank, length = ("",) * len(rows[0]), len(rows)
    while length and rows[length - 1] == blank:
        length -= 1
    return length


def _days_after_epoch(document: Any) -> int:  # noqa: ANN401
    """Return how many days later than usual the day numbers of a document begin."""
    if document is None:
        return 0
    first = document.getPropertyValue("NullDate")
    return (date(first.Year, first.Month, first.Day) - _EPOCH).days


def _moved(value: Any, days: int) -> Any:  # noqa: ANN401
    if isinstance(value, tuple):
        return tuple(tuple(_moved(cell, days) for cell in row) for row in value)
    return value + days if isinstance(value, float) and value < _NO_DAY else value
