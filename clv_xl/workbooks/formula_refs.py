"""References to cells in the text of a formula, moved as their cells move."""

import re
from collections.abc import Callable

from clv_xl.workbooks.areas import LAST_COLUMN, LAST_ROW, Area
from clv_xl.workbooks.sheet_xml import column_letters, column_position

Mover = Callable[[Area], Area | None]
"""Where an area goes; None where it is gone."""

_COLUMN, _ROW = r"\$?[A-Z]{1,3}", r"\$?[1-9]\d{0,6}"
_PIECE = re.compile(
    rf"""
    (?P<string>"(?:[^"]|"")*")
    | (?P<foreign>(?:\[\d+\][^\s'!,;()+\-*/^&<>=]*|'(?:[^']|'')*\[(?:[^']|'')*'|[\w.]+:[\w.]+
        |'(?:[^']|'')*:(?:[^']|'')*')!\$?\w+(?::\$?\w+)?)
    | (?P<inside>\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])
    | (?:'(?P<quoted>(?:[^']|'')+)'!|(?P<plain>[^\W\d][\w.]*)!)?
      (?P<reference>{_COLUMN}{_ROW}(?::{_COLUMN}{_ROW})?|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW})
      (?![\w.(!\[])
    | (?P<word>'(?:[^']|'')+'!|[^\W\d][\w.\\?]*|\d[\w.]*)
    """,
    re.VERBOSE,
)
_MAY_REFER = re.compile(r"[A-Z]\$?\d|[A-Z]:\$?[A-Z]|\d:\$?\d")
_END = re.compile(r"(\$?)([A-Z]*)(\$?)(\d*)")


def moved_formula(text: str, sheet: str, where: Mover, shift: tuple[int, int] | None = None) -> str:
    """Return a formula whose references follow their cells.

    Parameters
    ----------
    text
        The formula, without its equals sign.
    sheet
        The sheet it stands on: what references without a sheet mean.
    where
        Where an area goes.
    shift
        For the formula of a rule, how far the first cell of the rule went, down and across: what
        is relative in a reference goes as far. None: a reference goes where its cell goes.

    Examples
    --------
    >>> down = lambda area: Area(area.sheet, area.top + 2, area.left, area.bottom + 2, area.right)
    >>> moved_formula("SUM($B$4:B9)*2+LOG10('A 1'!C3)", "Data", down)
    "SUM($B$6:B11)*2+LOG10('A 1'!C5)"
    >>> moved_formula('"B4"&Sales[B4]&A1', "Data", lambda area: None)
    '"B4"&Sales[B4]&#REF!'
    """
    if not _MAY_REFER.search(text):
        return text

    def replaced(piece: re.Match[str]) -> str:
        if piece["reference"] is None:
            return piece[0]
        named = piece["quoted"].replace("''", "'") if piece["quoted"] else piece["plain"]
        prefix = piece[0][: -len(piece["reference"])]
        there = _moved(piece["reference"], named or sheet, where, shift)
        return "#REF!" if there is None else prefix + there

    return _PIECE.sub(replaced, text)


def _moved(reference: str, sheet: str, where: Mover, shift: tuple[int, int] | None) -> str | None:
    ends = [_END.fullmatch(end) for end in reference.split(":")]
    first, last = ends[0], ends[-1]
    if first is None or last is None:
        return reference
    area = Area(
        sheet,
        int(first[4] or 1),
        column_position(first[2] or "A"),
        int(last[4] or LAST_ROW),
        column_position(last[2]) if last[2] else LAST_COLUMN,
    )
    there = where(area) if area.top <= area.bottom and area.left <= area.right else area
    if shift is not None:
        there = _shifted(area, there, (first, last), shift)
    if there == area:
        return reference
    if there is None:
        return None
    texts = (_end(first, there.top, there.left), _end(last, there.bottom, there.right))
    return ":".join(texts[: len(ends)])


def _shifted(
    area: Area,
    there: Area | None,
    ends: tuple[re.Match[str], re.Match[str]],
    shift: tuple[int, int],
) -> Area | None:
    """Return where an area goes whose relative ends go as far as the cell they are relative to."""
    rows = [end[3] if end[2] else end[1] or end[3] for end in ends]
    columns = [end[1] for end in ends]
    fixed = any(rows) or any(columns)
    if there is None and fixed:
        return None
    kept = there or area
    down, across = shift
    return Area(
        area.sheet,
        kept.top if rows[0] or not ends[0][4] else area.top + down,
        kept.left if columns[0] or not ends[0][2] else area.left + across,
        kept.bottom if rows[1] or not ends[1][4] else area.bottom + down,
        kept.right if columns[1] or not ends[1][2] else area.right + across,
    )


def _end(was: re.Match[str], row: int, column: int) -> str:
    """Return one end of a reference, with dollar signs where it had them."""
    letters = f"{was[1]}{column_letters(column)}" if was[2] else ""
    absolute = was[3] if was[2] else was[1] or was[3]
    return f"{letters}{absolute}{row}" if was[4] else letters


def translated(formula: str, origin: str, there: str) -> str:
    """Return a formula as it reads when it is copied from one cell to another.

    Examples
    --------
    >>> translated("B4*$C$1", "D4", "D6")
    'B6*$C$1'
    """
    from openpyxl.formula.translate import Translator  # noqa: PLC0415 - slow to import, rarely needed

    text = Translator(f"={formula}", origin=origin).translate_formula(there)
    return str(text).removeprefix("=")
