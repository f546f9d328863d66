"""The charts of a workbook that is open in Excel: redrawn, hidden, shown, drawn anew."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from clv_xl.excel.seen import SeriesRanges

Step = Callable[[], None]
"""What takes a change back."""


def redraw(book: Any, chart: str, series: Sequence[SeriesRanges]) -> None:
    """Let a chart of ours show other ranges; one that the user took away stays away."""
    drawn = _chart(book, chart)
    if drawn is not None:
        for number, ranges in enumerate(series, start=1):
            one = drawn.api[1].SeriesCollection(number)
            one.XValues = f"={ranges.categories.reference}"
            one.Values = f"={ranges.values.reference}"


def show(book: Any, chart: str, undo: list[Step], *, visible: bool) -> bool:
    """Let a chart be seen or not, and return whether there is such a chart."""
    drawn = _chart(book, chart)
    if drawn is None:
        return False
    if bool(drawn.api[0].Visible) != visible:
        undo.append(lambda: _set(drawn, visible=not visible))
        _set(drawn, visible=visible)
    return True


def draw(chart: str, at: Any, like: Any, undo: list[Step]) -> bool:
    """Copy a chart of the pattern, and return whether Excel made the copy.

    Parameters
    ----------
    chart
        Its name.
    at, like
        The cell that it hangs on, here and in the pattern, as xlwings knows them.
    undo
        Takes the step that takes the copy away.
    """
    there = len(at.sheet.charts)
    with suppress(Exception):  # the chart can be missed; the rest of the refresh cannot
        model = next(one for one in like.sheet.charts if str(one.name) == chart)
        model.api[0].Copy()
        at.sheet.api.Paste(at.api)
    if len(at.sheet.charts) == there:
        return False
    made = at.sheet.charts[there]
    undo.append(made.delete)
    made.name = chart
    made.left, made.top = at.left + model.left - like.left, at.top + model.top - like.top
    return True


def hang(book: Any, chart: str, at: Any, like: Any) -> None:
    """Let a chart hang on a cell as that of the pattern does; cells as xlwings knows them."""
    drawn = _chart(book, chart)
    model = next((one for one in like.sheet.charts if str(one.name) == chart), None)
    if drawn is not None and model is not None:
        drawn.left, drawn.top = at.left + model.left - like.left, at.top + model.top - like.top


def _chart(book: Any, name: str) -> Any:
    charts = (drawn for sheet in book.sheets for drawn in sheet.charts)
    return next((drawn for drawn in charts if str(drawn.name) == name), None)


def _set(drawn: Any, *, visible: bool) -> None:
    drawn.api[0].Visible = visible
