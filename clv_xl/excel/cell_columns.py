"""Cells of one kind: numbers, texts or days, each judged for the whole column at once.

A cell that is not what its argument needs is refused with its row, never dropped in silence; only
functions that count unreadable cells get them as they are.
"""

from datetime import date
from operator import methodcaller

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Cell, Floats
from clv_xl.customers.coded_text import LARGEST_EXACT_NUMBER, as_text, text_labels
from clv_xl.customers.order_columns import DayColumn
from clv_xl.errors import CELL_MARK, DataError, row_number
from clv_xl.excel.cell_ranges import Cells, is_blank

ERRORS = frozenset({
    "#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA", "#FIELD!", "#BUSY!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!", "#EXTERNAL!",
    "#PYTHON!",
})  # fmt: skip
"""What hosts hand over for a cell that shows an error."""

_NUMBERS = frozenset({"floating", "integer", "mixed-integer-float", "decimal", "empty"})
_SERIAL_EPOCH = np.datetime64("1899-12-30", "D")
_SERIALS = (20_000, 80_000)  # 1954 to 2119; other numbers are no dates of orders
_COMPACT = (19_000_101, 22_991_231)
_LONGEST_QUOTED = 40
_DAY_OR_MONTH_FIRST = r"\d{1,2}[-/. ]+\d{1,2}[-/. ]+\d{2}"
_GIVE_A_DATE = "give a date, or text such as 2024-03-31"


def refuse_error(argument: str, cell: Cell, position: int | None = None) -> None:
    """Refuse a cell that shows an error; one with a sentence of ours passes the sentence on."""
    if isinstance(cell, str) and cell.startswith(CELL_MARK):
        raise DataError(cell.removeprefix(CELL_MARK).strip())
    if isinstance(cell, str) and cell in ERRORS:
        raise DataError(f"{_place(position)}{argument} is {cell}: mend the cell or leave it out")


def numbers(argument: str, cells: Cells, *, keep_unreadable: bool = False) -> Floats | Cells:
    """Return cells as numbers, NaN for blanks; text that is a plain number counts as one.

    Examples
    --------
    >>> numbers("amounts", np.array([12.5, None, " 7 "], dtype=object))
    array([12.5,  nan,  7. ])
    >>> numbers("amounts", np.array([12.5, "12,5"], dtype=object))
    Traceback (most recent call last):
    clv_xl.errors.DataError: row 2: amounts is the text '12,5': give a number
    """
    found = pd.api.types.infer_dtype(cells, skipna=True)
    if found in _NUMBERS:
        return cells.astype(np.float64)
    told = np.asarray(pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce"), dtype=float)
    odd = ~np.isfinite(told) & ~is_blank(cells)
    if odd.any():
        odd[odd] = ~_only_spaces(cells[odd])
    if found != "string":
        odd |= _of(_kinds(cells), bool, date)
    if keep_unreadable:
        return _with_odd_as_text(told, odd, cells)
    if odd.any():
        _refuse(argument, cells, odd, "give a number")
    return told


def texts(argument: str, cells: Cells, *, keep_unreadable: bool = False) -> pd.Series:
    """Return cells as ids or labels; a whole number has no decimal point, blanks are missing.

    Examples
    --------
    >>> texts("customers", np.array([1001.0, "007", None], dtype=object)).tolist()
    ['1001', '007', None]
    """
    found = pd.api.types.infer_dtype(cells, skipna=True)
    if found in _NUMBERS and (whole := _whole(cells)) is not None:
        return whole
    wrong = pd.Series(cells, dtype=object).isin(ERRORS).to_numpy(dtype=np.bool_)
    if wrong.any():
        if not keep_unreadable:
            _refuse(argument, cells, wrong, "")
        cells = cells.copy()
        cells[wrong] = None
    if found in {"string", "empty"}:
        return pd.Series(cells)
    codes, uniques = pd.factorize(cells)
    labels = text_labels([*map(_label, np.asarray(uniques, dtype=object).tolist()), None])
    return pd.Series(labels[codes], dtype=object)


def days(argument: str, cells: Cells, *, keep_unreadable: bool = False) -> DayColumn | Cells:
    """Return cells as days: dates, day numbers of a spreadsheet, ISO text, other text if certain.

    Examples
    --------
    >>> days("dates", np.array([45292.0, None, "2024-01-02"], dtype=object))
    array(['2024-01-01',        'NaT', '2024-01-02'], dtype='datetime64[D]')
    """
    if pd.api.types.infer_dtype(cells, skipna=True) in {"datetime", "date"}:
        return _days_in_moments(cells)
    codes, uniques = pd.factorize(cells)
    distinct = np.empty(len(uniques), dtype=np.object_)
    distinct[:] = list(uniques)
    known, odd = _distinct_days(argument, distinct, refuse=not keep_unreadable)
    if keep_unreadable and odd.any():
        mixed = _with_odd_as_text(known, odd, distinct)
        return text_labels([*mixed.tolist(), None])[codes]
    if odd.any():
        rows = np.append(odd, False)[codes]
        _refuse(argument, cells, rows, _GIVE_A_DATE)
    return np.append(known, np.datetime64("NaT"))[codes]


def day(argument: str, cell: Cell) -> date | str:
    """Return one cell as a date; text is left to the function, which reads ISO dates only.

    Examples
    --------
    >>> day("as_of", 45292.0)
    datetime.date(2024, 1, 1)
    """
    if isinstance(cell, str):
        return cell
    column = np.empty(1, dtype=np.object_)
    column[0] = cell
    known, odd = _distinct_days(argument, column, refuse=True)
    if odd[0]:
        raise DataError(f"{argument} is {shown(cell)}: {_GIVE_A_DATE}")
    found: date = known[0].item()
    return found


def shown(cell: Cell) -> str:
    """Return what a cell holds, as a sentence quotes it.

    Examples
    --------
    >>> shown("ten"), shown(12.50), shown(True), shown(date(2024, 3, 31))
    ("the text 'ten'", '12.5', 'TRUE', 'the date 2024-03-31')
    """
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).upper()
    if isinstance(cell, date):
        return f"the date {cell:%Y-%m-%d}"
    if isinstance(cell, str):
        cut = cell if len(cell) <= _LONGEST_QUOTED else f"{cell[: _LONGEST_QUOTED - 1]}…"
        return cut if cell in ERRORS else f"the text '{cut}'"
    return f"{cell:.15g}" if isinstance(cell, float | int) else str(cell)


def _distinct_days(argument: str, cells: Cells, *, refuse: bool) -> tuple[DayColumn, Bools]:
    """Return the days of cells, NaT for blanks, and which cells are no days."""
    found = np.full(len(cells), np.datetime64("NaT", "D"))
    odd = np.zeros(len(cells), dtype=np.bool_)
    kinds = _kinds(cells)
    moments = _of(kinds, date)
    if moments.any():
        found[moments] = _days_in_moments(cells[moments])
    words = _of(kinds, str)
    if words.any():
        found[words], odd[words] = _days_in_text(argument, cells[words], refuse=refuse)
    rest = ~moments & ~words & ~is_blank(cells)
    if rest.any():
        found[rest], odd[rest] = _days_in_numbers(cells[rest], kinds[rest])
    return found, odd


def _days_in_moments(cells: Cells) -> DayColumn:
    """Return the days of dates and moments as their own clocks show them."""
    moments = pd.Series(cells, dtype=object)
    try:
        read = pd.to_datetime(moments)
    except ValueError:  # some with a time zone, some without, or of several zones
        read = pd.to_datetime(moments.map(methodcaller("isoformat")).str.slice(0, 10))
    return read.dt.tz_localize(None).to_numpy().astype("datetime64[D]")


def _days_in_numbers(cells: Cells, kinds: pd.Series) -> tuple[DayColumn, Bools]:
    told = np.asarray(pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce"), dtype=float)
    serial = (told >= _SERIALS[0]) & (told < _SERIALS[1])
    compact = (told >= _COMPACT[0]) & (told <= _COMPACT[1]) & (told == np.floor(told))
    whole = np.where(serial, np.floor(told), 0).astype(np.int64)
    found = _SERIAL_EPOCH + whole.astype("timedelta64[D]")
    written = pd.Series(np.where(compact, told, 0).astype(np.int64)).astype(str)
    named = pd.to_datetime(written, format="%Y%m%d", errors="coerce").to_numpy()
    found = np.where(compact, named.astype("datetime64[D]"), found)
    odd = ~(serial | compact) | np.isnat(found) | _of(kinds, bool)
    return np.where(odd, np.datetime64("NaT", "D"), found), odd


def _days_in_text(argument: str, cells: Cells, *, refuse: bool) -> tuple[DayColumn, Bools]:
    """Return days written as text: as the readers of files do, where plain ISO dates are not all.

    Whether day or month stands first is decided by all of them; where nothing decides, they are
    refused.
    """
    text = pd.Series(cells, dtype=str).str.strip()
    filled = (text != "").to_numpy(dtype=np.bool_)
    plain = pd.to_datetime(text.where(text.str.match(r"[12]\d{3}-\d\d-\d\d")),
                           format="ISO8601", errors="coerce", utc=True)  # fmt: skip
    found = plain.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    before_1600 = found < np.datetime64("1600-01-01")
    other = filled & (np.isnat(found) | before_1600)  # early years may be of another calendar
    if other.any():
        found[other] = _days_in_other_forms(argument, text[other], refuse=refuse)
    return found, filled & np.isnat(found)


def _days_in_other_forms(argument: str, text: pd.Series, *, refuse: bool) -> DayColumn:
    from clv_xl.sources.dates import parse_dates  # noqa: PLC0415 - plain dates need no parser
    from clv_xl.sources.values import ColumnText  # noqa: PLC0415

    nothing = np.full(len(text), np.datetime64("NaT", "D"))
    read = ColumnText(
        text=text.reset_index(drop=True), header=argument, source="", rows=np.arange(len(text))
    )
    try:
        return parse_dates(read).days
    except DataError as fault:
        known = text[~text.isin(ERRORS)]
        looks_like_date = known.str.match(_DAY_OR_MONTH_FIRST)
        if not refuse or not looks_like_date.any():
            return nothing
        raise DataError(
            f"{argument} holds texts such as {known[looks_like_date].iloc[0]!r}, in which day and "
            f"month cannot be told apart: enter real dates, or text such as 2024-03-31"
        ) from fault


def _kinds(cells: Cells) -> pd.Series:
    return pd.Series(cells, dtype=object).map(type)


def _of(kinds: pd.Series, *wanted: type) -> Bools:
    """Mark the cells whose content is of one of the kinds; a moment is a date."""
    found = {kind: issubclass(kind, wanted) for kind in kinds.unique()}
    return kinds.map(found).to_numpy(dtype=np.bool_)


def _with_odd_as_text(known: Floats | DayColumn, odd: Bools, cells: Cells) -> Cells:
    """Return what could be read, and the rest as text for whoever counts it."""
    mixed = known.astype(np.object_)
    mixed[odd] = list(map(str, cells[odd].tolist()))
    return mixed


def _only_spaces(cells: Cells) -> Bools:
    return np.array([isinstance(cell, str) and cell.isspace() for cell in cells.tolist()])


def _whole(cells: Cells) -> pd.Series | None:
    """Return numbers as whole ones, None where some are missing, broken or too large."""
    told = cells.astype(np.float64)
    if not (np.abs(told) < LARGEST_EXACT_NUMBER).all() or (told != np.floor(told)).any():
        return None
    return pd.Series(told.astype(np.int64))


def _label(cell: Cell) -> str:
    return str(cell).upper() if isinstance(cell, bool) else as_text(cell)


def _refuse(argument: str, cells: Cells, odd: Bools, mend: str) -> None:
    """Refuse the first odd cell: what it is, where it stands, what to do."""
    position = int(np.argmax(odd))
    refuse_error(argument, cells[position], position)
    raise DataError(f"{_place(position)}{argument} is {shown(cells[position])}: {mend}")


def _place(position: int | None) -> str:
    return "" if position is None else f"row {row_number(position)}: "
