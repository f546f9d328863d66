"""How a sheet goes to paper: its size and margins, what is printed, and where a page ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from xlsxwriter.worksheet import Worksheet

from clv_xl.reports.layout import SheetLayout
from clv_xl.reports.texts import Texts
from clv_xl.workbooks.sheets import COLUMN_PIXELS, GAP, Sheet

_DPI = 96
_LEFT = _RIGHT = 0.4
_TOP, _BOTTOM = 0.5, 0.6
_SLACK_ACROSS, _SLACK_DOWN = 0.94, 0.97
"""Programs measure columns by their own font: what just fits here must fit there too."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of paper that lies on its longer side: its number in the file, and its inches."""

    number: int
    width: float
    height: float

    @property
    def pixels(self) -> tuple[float, float]:
        """Width and height within the margins, at full size."""
        across, down = self.width - _LEFT - _RIGHT, self.height - _TOP - _BOTTOM
        return across * _DPI * _SLACK_ACROSS, down * _DPI * _SLACK_DOWN


PAPERS = MappingProxyType({"a4": Paper(9, 11.69, 8.27), "letter": Paper(1, 11.0, 8.5)})


def set_up_page(page: Worksheet, layout: SheetLayout, texts: Texts, paper: str) -> None:
    """Set paper, margins, footer, and the rows and columns that stand on every page.

    Parameters
    ----------
    page
        The worksheet.
    layout
        Its ``pages_wide`` and ``pages_tall`` (0: as many as it takes); ``repeat_rows`` and
        ``repeat_columns``, the first and the last of those on every page, counted from 0.
    texts
        Has the footer.
    paper
        A key of `PAPERS`.
    """
    settings = layout.settings
    page.set_paper(PAPERS[paper].number)
    page.set_landscape()
    page.set_margins(left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    page.set_footer(texts.say("print.footer"))
    page.fit_to_pages(int(settings.get("pages_wide", 1)), int(settings.get("pages_tall", 0)))
    if "repeat_rows" in settings:
        page.repeat_rows(*settings["repeat_rows"])
    if "repeat_columns" in settings:
        page.repeat_columns(*settings["repeat_columns"])


def end_pages(sheet: Sheet, layout: SheetLayout, paper: str) -> None:
    """Set what of a finished sheet is printed, and end pages before blocks that would not fit.

    Parameters
    ----------
    sheet
        The sheet, all blocks written.
    layout
        Its ``print_columns`` and ``print_rows``: how many columns go to paper, counted from A, and
        how many rows (else down to the last block). ``largest_scale``, in per cent: no page ends
        within a block that fits on a page. Programs heed that only where the scale is a number:
        the largest at which all columns of the layout fit the page, this one at most.
    paper
        A key of `PAPERS`.
    """
    if "print_columns" in layout.settings:
        columns = int(layout.settings["print_columns"])
        rows = int(layout.settings.get("print_rows", sheet.next_row))
        sheet.page.print_area(0, 0, rows - 1, columns - 1)
    if "largest_scale" not in layout.settings:
        return
    wide, tall = PAPERS[paper].pixels
    width = sum(layout.column_pixels)
    width += COLUMN_PIXELS * max(sheet.last_column + 1 - len(layout.column_pixels), 0)
    scale = min(int(layout.settings["largest_scale"]), int(100 * wide / width))
    sheet.page.set_print_scale(scale)
    sheet.page.set_h_pagebreaks(list(_breaks(sheet, tall * 100 / scale)))


def _breaks(sheet: Sheet, height: float) -> Iterator[int]:
    used = 0.0
    for first, last in sheet.blocks:
        rows = [sheet.height(row) for row in range(first, last + 1)]
        gap, tall = sum(rows[:GAP]) if first else 0, sum(rows)
        if used and used + tall > height and tall - gap <= height:
            yield first + GAP
            used, rows = 0.0, rows[GAP:]
        used = _after(used, rows, height)


def _after(used: float, rows: Sequence[int], height: float) -> float:
    """Return how much of a page is used after some rows, which go on to the next where it ends."""
    for pixels in rows:
        used = used + pixels if used + pixels <= height else float(pixels)
    return used
