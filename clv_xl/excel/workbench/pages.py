"""A page of the workbench while it is written: its sheet, and the looks of its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format as CellFormat
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from clv_xl.excel.cell_results import CellValue
from clv_xl.excel.workbench.result_formats import ColumnLook
from clv_xl.reports.report import Format
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.styles import Styles

START, DATA, EXPECTED = "Start", "Data", "Expected"
"""The sheets that show no functions."""
OK, DIFFERS = "ok", "differs"
"""What a check says."""
_PAPER_A4 = 9
_RIGHT: Mapping[str, object] = {"align": "right"}
_LEFT: Mapping[str, object] = {"align": "left", "indent": 1}


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet."""

    sheet: Worksheet
    styles: Styles

    def titled(self, title: str, about: str, *, tab: str) -> None:
        """Write the title, and set up the paper."""
        sheet = self.sheet
        sheet.set_tab_color(tab)
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        sheet.hide_gridlines(2)
        sheet.set_column_pixels(0, 0, 18)
        sheet.set_row_pixels(1, 28)
        sheet.write_string(1, 1, title, self.styles.title)
        sheet.write_string(2, 1, about, self.styles.quiet)

    def link(self, row: int, column: int, target: str, text: str) -> None:
        """Write a link to a place in this workbook."""
        shape = self.styles.of(font_color=look.BLUE, underline=1)
        self.sheet.write_url(row, column, f"internal:{target}", shape, text)

    def value(self, row: int, column: int, content: "CellValue | None", shape: CellFormat) -> None:
        """Write a constant; an empty text as a blank cell."""
        if content is None or content == "":
            self.sheet.write_blank(row, column, None, shape)
        elif isinstance(content, bool):
            self.sheet.write_boolean(row, column, content, shape)
        elif isinstance(content, str):
            self.sheet.write_string(row, column, content, shape)
        else:
            self.sheet.write_number(row, column, content, shape)

    def result_format(self, column: ColumnLook, *, bold: bool = False) -> CellFormat:
        """Return the look of a result."""
        side = _RIGHT if column.of_numbers else _LEFT
        line = {"border": 1, "border_color": look.LINE}
        return self.styles.number(column.shown_as, bold=bold, **side, **line)

    def head(self, *, of_numbers: bool) -> CellFormat:
        """Return the look of a result's header, which may be longer than its column is wide."""
        return self.styles.of(
            bold=True,
            text_wrap=True,
            font_size=9,
            font_color="#FFFFFF",
            bg_color=look.HEAD,
            border=1,
            border_color=look.HEAD,
            num_format="General",
            **(_RIGHT if of_numbers else _LEFT),
        )

    def input_format(self, shown_as: Format) -> CellFormat:
        """Return the look of a cell to type in."""
        return self.styles.number(
            shown_as,
            align="right",
            border=1,
            border_color=look.LINE,
            font_color=look.INPUT_INK,
            bg_color=look.INPUT_FILL,
        )

    def colour_checks(self, cells: Sequence[str]) -> None:
        """Let checks be seen from afar; their words say the same.

        Parameters
        ----------
        cells
            References such as C5 or E20:E78.
        """
        first = xl_cell_to_rowcol(cells[0].partition(":")[0])
        for word, ink, fill in ((OK, look.BLUE, "#E3F1FA"), (DIFFERS, look.VERMILION, "#FBE9DF")):
            shape = self.styles.book.add_format({"font_color": ink, "bg_color": fill, "bold": True})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": shape}
            rule |= {"multi_range": " ".join(cells)}
            self.sheet.conditional_format(*first, *first, rule)
