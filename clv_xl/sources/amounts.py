"""Text to amounts: signs, currencies, and which mark is the decimal one, decided per column.

A value with both marks, with a repeated mark, or with other than three digits after its only mark
shows which mark is decimal. Where only values like ``1.234`` stand, whole numbers of four digits
or more without a mark say that it is decimal, whole numbers of up to three digits that it groups
thousands. Where neither stands beside them the column is refused: the two readings differ a
thousandfold.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Floats
from clv_xl.errors import DataError
from clv_xl.remarks import Remark
from clv_xl.sources.currencies import currency_of
from clv_xl.sources.values import BLANK_WORDS, ColumnText, with_ascii_digits

_STRAYS = 0.01
"""Share of values that may contradict the others before the column is refused as mixed."""

_BESIDE = r"(?:[^\W\d_]++[./]?+(?:[^\W\d_]++)?+|[^\w\s().,'+\-٫])"
_WRITTEN = re.compile(
    rf"(?P<open>\()?\s*(?P<sign1>[+-])?\s*(?P<before>(?:{_BESIDE}\s*+)*+)(?P<sign2>[+-])?\s*"
    r"(?P<core>[.,٫]?\d[\d.,'٫ ]*)(?:(?<=[.,])-{1,2})?(?P<sign3>[+-])?\s*"
    rf"(?P<after>(?:{_BESIDE}\s*+)*+)(?P<sign4>[+-])?\s*(?P<close>\))?"
)
_UNDECIDED = r"[+-]?[1-9]\d{0,2}\.\d{3}"
_GROUP = r"[1-9]\d{0,2}[.,]\d{3}"
_LONG, _SHORT = r"[+-]?[1-9]\d{3,}", r"[+-]?[1-9]\d{0,2}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AmountsRead:
    """Amounts, NaN where blank or unreadable; the currencies that stood beside them."""

    amounts: Floats
    unreadable: Bools
    currency: pd.Series | None = None
    notes: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """One amount as written: its sign, the currency beside it, its digits and marks."""

    sign: int
    currency: str
    core: str


def parse_amounts(column: ColumnText, role: str = "amount") -> AmountsRead:
    """Return the amounts of a column of text, or say why it holds none.

    Parameters
    ----------
    column
        The cells.
    role
        What the column is for, for messages.

    Examples
    --------
    >>> def column(*cells):
    ...     return ColumnText(text=pd.Series(cells, dtype=str), header="Total",
    ...                       source="orders.csv", rows=np.arange(2, 2 + len(cells)))
    >>> parse_amounts(column("1.234,56 €", "(7,50)", "")).amounts
    array([1234.56,   -7.5 ,     nan])
    """
    written = replace(column, text=with_ascii_digits(column.text))
    values = np.array(pd.to_numeric(written.text, errors="coerce"), dtype=np.float64)
    values[~np.isfinite(values)] = np.nan
    failing = written.filled & np.isnan(values)
    undecided = _where(written, _UNDECIDED)
    pointed = written.text.str.contains(".", regex=False).to_numpy(dtype=np.bool_)
    if column.numbers is not None:
        undecided = undecided & ~column.numbers
        pointed = pointed & ~column.numbers
    decided = pointed & ~undecided & ~failing
    if not failing.any() and (decided.any() or not undecided.any()):
        return AmountsRead(amounts=values, unreadable=failing)
    read = _settled(written, values, failing | undecided, int(decided.sum()))
    written.refuse_mostly_unreadable(read.unreadable, role, "number")
    return read


def _where(column: ColumnText, pattern: str) -> Bools:
    return column.text.str.fullmatch(pattern).to_numpy(dtype=np.bool_)


def _settled(column: ColumnText, values: Floats, unsettled: Bools, pointed: int) -> AmountsRead:
    """Read the cells that are no plain numbers, each distinct one once."""
    codes, cells = pd.factorize(column.text[unsettled])
    rows = np.bincount(codes, minlength=len(cells))
    parts = [_taken_apart(str(cell)) for cell in cells]
    votes = Counter({".": pointed})
    for part, count in zip(parts, rows.tolist(), strict=True):
        votes[_vote(part)] += count
    decimal = _decimal_mark(column, votes, unsettled)
    amounts = [part.sign * _number(part.core, decimal) if part else np.nan for part in parts]
    values = values.copy()
    values[unsettled] = np.array(amounts, dtype=np.float64)[codes]
    blank = np.array([str(cell).casefold() in BLANK_WORDS for cell in cells], dtype=np.bool_)
    unreadable = np.zeros(len(values), dtype=np.bool_)
    unreadable[unsettled] = np.isnan(np.array(amounts))[codes] & ~blank[codes]
    marked = np.full(len(values), "", dtype=object)
    marked[unsettled] = np.array([p.currency if p else "" for p in parts], dtype=object)[codes]
    return AmountsRead(
        amounts=values,
        unreadable=unreadable,
        currency=_currencies(marked),
        notes=_notes(column, votes, decimal),
    )


def _taken_apart(cell: str) -> _Written | None:
    """Cut an amount into sign, currency and digits; None where it is something else."""
    found = _WRITTEN.fullmatch(cell)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [sign for sign in found.group("sign1", "sign2", "sign3", "sign4") if sign]
    beside = [mark.strip() for mark in found.group("before", "after") if mark.strip()]
    currencies = {currency_of(mark) for mark in beside}
    if len(signs) > 1 or None in currencies or len(currencies) > 1:
        return None
    negative = "-" in signs or bool(found["open"])
    core = found["core"].strip().replace(" ", "'")
    return _Written(-1 if negative else 1, next(iter(currencies), None) or "", core)


def _shows(core: str) -> str:
    """Return the mark that one amount shows to be decimal, "?." or "?," where it may group."""
    points, commas = core.count("."), core.count(",")
    if "٫" in core or not points + commas:
        return ""
    if points and commas:
        return "." if core.rfind(".") > core.rfind(",") else ","
    mark, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    whole, fraction = core.split(mark)
    if len(fraction) != 3 or not 1 <= len(whole) <= 3 or "'" in whole or whole[0] == "0":  # noqa: PLR2004 - digits of a group
        return mark
    return f"?{mark}"


def _vote(part: _Written | None) -> str:
    """Return what an amount shows; one that cannot be read so shows nothing."""
    shown = _shows(part.core) if part else ""
    stray = part is None or (shown in {".", ","} and np.isnan(_number(part.core, shown)))
    return "" if stray else shown


def _decimal_mark(column: ColumnText, votes: Counter[str], unsettled: Bools) -> str:
    """Return the decimal mark of the column, or say why it cannot be known."""
    point, comma = votes["."], votes[","]
    if min(point, comma) > _STRAYS * (point + comma):
        raise DataError(
            f"{column.source}: the column {column.header} writes some amounts with a decimal point "
            f"and some with a decimal comma, such as {column.example(unsettled)}: write all alike"
        )
    if point or comma or not votes["?."] + votes["?,"]:
        return "," if comma > point else "."
    both = votes["?."] and votes["?,"]
    mark, other = (".", ",") if votes["?."] else (",", ".")
    text = column.text if column.numbers is None else column.text[~column.numbers]
    if not both and text.str.fullmatch(_LONG).any():
        return mark
    if not both and text.str.fullmatch(_SHORT).any():
        return other
    ambiguous = unsettled & column.text.str.contains(_GROUP).to_numpy(dtype=np.bool_)
    core = re.findall(_GROUP, column.text[ambiguous].iloc[0])[0]
    raise DataError(
        f"{column.source}: the amount column {column.header} can be read in two ways: is "
        f"{column.example(ambiguous)} {re.sub('[.,]', '', core)} or {core.replace(',', '.')}? "
        "Write the amounts without separators for thousands and with two decimals"
    )


def _number(core: str, decimal: str) -> float:
    """Read digits with one decimal mark; NaN where the others do not stand between groups."""
    if "٫" in core:
        decimal = "٫"
    whole, _, fraction = core.partition(decimal)
    groups = re.split(r"[.,']", whole)
    grouped = (
        len(groups) == 1
        or (
            1 <= len(groups[0]) <= 3  # noqa: PLR2004 - digits of a group
            and len(groups[-1]) == 3  # noqa: PLR2004
            and all(len(group) in {2, 3} for group in groups[1:-1])  # India groups by two
        )
    )
    if not grouped or (fraction and not fraction.isdecimal()):
        return float("nan")
    return float(f"{''.join(groups) or 0}.{fraction or 0}")


def _currencies(marked: np.ndarray) -> pd.Series | None:
    """Return the currency of every amount; an amount without one shares the only one there is."""
    distinct = set(marked.tolist()) - {""}
    if not distinct:
        return None
    if len(distinct) == 1:
        marked[:] = next(iter(distinct))
    return pd.Series(marked, dtype=str)


def _notes(column: ColumnText, votes: Counter[str], decimal: str) -> tuple[Remark, ...]:
    """Say what was decided where another reading was possible."""
    if decimal == ",":
        return (Remark("remark.amount.decimal_comma", column=column.header),)
    if votes["?,"] and not votes["."]:
        return (Remark("remark.amount.comma_groups", column=column.header),)
    return ()
