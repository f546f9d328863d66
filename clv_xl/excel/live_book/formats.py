"""Formats of cells in Excel: copied from other cells, and kept while a change may be taken back."""

from collections.abc import Callable
from typing import Any

from clv_xl.excel.live_book.model import Model


def copy_formats(source: Any, target: Any) -> None:
    """Give cells the formats, merges and validations of other cells, as xlwings knows both."""
    source.copy()
    for kind in ("formats", "validation"):
        target.paste(kind)
    target.sheet.book.app.cut_copy_mode = False


class KeptFormats:
    """Formats that a change takes away, kept on a sheet of the pattern, which is never saved.

    Parameters
    ----------
    model
        The pattern.
    """

    def __init__(self, model: Model) -> None:
        """Keep nothing yet."""
        self._model = model
        self._sheet: Any = None
        self._free = 1

    def keep(self, cells: Callable[[], Any]) -> Callable[[], None]:
        """Keep the formats of some cells, and return the step that puts them back.

        Parameters
        ----------
        cells
            Returns the cells: those of before when they are kept, and when they are put back.
        """
        held = cells()
        rows, columns = held.shape
        if self._sheet is None:
            sheets = self._model.opened().sheets
            self._sheet = sheets.add("clv kept formats", after=sheets[-1])
        kept = self._sheet.range((self._free, 1), (self._free + rows - 1, columns))
        self._free += rows
        copy_formats(held, kept)
        return lambda: copy_formats(kept, cells())
