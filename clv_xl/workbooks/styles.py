"""Colours, number formats and cell formats of a workbook.

Colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart; no meaning is
carried by colour alone.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format as CellFormat

from clv_xl.reports.report import Format, Origin
from clv_xl.reports.texts import Texts

INK = "#1B2733"
QUIET = "#5B6875"
LINE = "#D5DBE1"
PANEL = "#F4F6F8"
HEAD = "#14395B"
BLUE = "#0072B2"
SKY = "#56B4E9"
GREEN = "#009E73"
ORANGE = "#E69F00"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
INPUT_FILL = "#FFF8DC"
INPUT_INK = "#0B4F9E"
REFRESH_FILL = "#ECECEC"
HEAT_LOW = "#F2F8FC"
HEAT_HIGH = "#2B8CC4"
SERIES = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)

FONT = "Calibri"

NUMBER_FORMATS = {
    Format.TEXT: "@",
    Format.COUNT: "#,##0",
    Format.MONEY: "[>=999950]{millions|#,##0.00,,};[>=9999.5]{thousands|#,##0.0,};#,##0.00",
    Format.MONEY_WHOLE: "[>=999950]{millions|#,##0.00,,};[>=9999.5]{thousands|#,##0.0,};#,##0",
    Format.MONEY_SHORT: "[>=9999.5]{thousands|#,##0.0,};[>=99.995]#,##0;0.00",
    Format.MONEY_EXACT: "[>=99999999.5]{millions|#,##0.0,,};[>=9999.5]#,##0;#,##0.00",
    Format.RATE: "0.0%",
    Format.SHARE: "0%",
    Format.POINTS: "{points|+0.0};{points|-0.0};{points|0.0}",
    Format.CHANGE: "+0.0%;-0.0%;0.0%",
    Format.RATIO: '0.00" : 1"',
    Format.NUMBER: "#,##0.00",
    Format.PARAMETER: "0.000000",
    Format.MONTHS: "0",
    Format.DATE: "yyyy-mm-dd",
    Format.MOMENT: "yyyy-mm-dd hh:mm",
}

"""In braces: the text of an amount, whose words go around the digits behind the bar."""

_LARGE = "[>=999950000]{billions|#,##0.00,,,};[>=999950]{millions|#,##0.00,,};#,##0"
LARGE_AMOUNTS = {
    Format.MONEY: _LARGE,
    Format.MONEY_WHOLE: _LARGE,
    Format.MONEY_SHORT: _LARGE,
    Format.MONEY_EXACT: (
        "[>=999950000]{billions|#,##0.00,,,};[>=99999999.5]{millions|#,##0.0,,};#,##0"
    ),
}
"""Where revenue runs into billions: a number format has room for two thresholds only."""
LARGE_FROM = 500_000_000
_WORDED = re.compile(r"\{(\w+)\|([^}]+)\}")

_ORIGIN_STYLES: dict[Origin, dict[str, Any]] = {
    Origin.INPUT: {"font_color": INPUT_INK, "bg_color": INPUT_FILL, "locked": False},
    Origin.NEEDS_REFRESH: {"font_color": QUIET, "bg_color": REFRESH_FILL},
    Origin.FACT: {},
    Origin.DERIVED: {},
}


@dataclass(slots=True)
class Styles:
    """Cell formats of one workbook, each made once; `texts` has the words beside amounts."""

    book: xlsxwriter.Workbook
    texts: Texts
    large_amounts: bool = False
    _made: dict[tuple[tuple[str, Any], ...], CellFormat] = field(default_factory=dict)

    def of(self, **properties: object) -> CellFormat:
        """Return the format with these properties, on the workbook's own font."""
        every = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        every |= properties
        key = tuple(sorted(every.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(dict(every))
        return self._made[key]

    def number(self, shown_as: Format, **properties: object) -> CellFormat:
        """Return the format of a value; texts stand left and off the number before them."""
        if shown_as is Format.TEXT and "align" not in properties:
            properties |= {"align": "left", "indent": 1}
        return self.of(num_format=self.code(shown_as), **properties)

    def code(self, shown_as: Format) -> str:
        """Return the number format of a kind of value, on the scale of this workbook's money."""
        if shown_as is Format.TEXT:
            return "General"
        code = NUMBER_FORMATS[shown_as]
        if self.large_amounts:
            code = LARGE_AMOUNTS.get(shown_as, code)
        return _WORDED.sub(self._worded, code)

    def _worded(self, found: re.Match[str]) -> str:
        """Return digits with the words of an amount around them, quoted as a format has it."""
        before, after = self.texts.get(f"amount.{found[1]}").split("{amount}")
        quoted = [f'"{word}"' if word else "" for word in (before, after)]
        return found[2].join(quoted)

    def value(self, shown_as: Format, origin: Origin) -> CellFormat:
        """Return the format of a named value."""
        align = "left" if shown_as is Format.TEXT else "right"
        return self.number(
            shown_as, align=align, border=1, border_color=LINE, **_ORIGIN_STYLES[origin]
        )

    def head(self, shown_as: Format = Format.TEXT) -> CellFormat:
        """Return a header's format: LibreOffice draws no table styles, so it is explicit."""
        side = {"align": "left", "indent": 1} if shown_as is Format.TEXT else {"align": "right"}
        colours = {"font_color": "#FFFFFF", "bg_color": HEAD, "border": 1, "border_color": HEAD}
        return self.of(bold=True, text_wrap=True, **side, **colours)

    @property
    def title(self) -> CellFormat:
        """Format of a sheet's title."""
        return self.of(bold=True, font_size=16, font_color=HEAD)

    @property
    def heading(self) -> CellFormat:
        """Format of a block's heading."""
        return self.of(bold=True, font_size=12, font_color=HEAD)

    @property
    def quiet(self) -> CellFormat:
        """Format of an explanation."""
        return self.of(font_color=QUIET, font_size=9)

    @property
    def body(self) -> CellFormat:
        """Format of a sentence."""
        return self.of()

    @property
    def wrapped(self) -> CellFormat:
        """Format of a sentence that may take several lines."""
        return self.of(text_wrap=True, valign="top")
