"""Charts, drawn after every sheet is written so that their series stand somewhere."""

from collections.abc import Mapping
from typing import Any

from clv_xl.reports.layout import Block
from clv_xl.reports.report import Chart, Series
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.sheets import Canvas, Sheet

_KINDS: Mapping[str, dict[str, str]] = {
    "line": {"type": "line"},
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "curve": {"type": "scatter", "subtype": "straight"},
}


def write_chart(sheet: Sheet, block: Block) -> None:
    """Insert a chart with its description for those who cannot see it."""
    chart = sheet.canvas.report.charts[block.name]
    row, column = sheet.start(block.settings.get("at"))
    drawn = sheet.canvas.book.add_chart(dict(_KINDS[chart.kind]))
    for number, series in enumerate(chart.series):
        drawn.add_series(_series(sheet.canvas, chart, series, number))
    _axes(drawn, chart)
    drawn.set_size({"width": block.settings["width"], "height": block.settings["height"]})
    sheet.page.insert_chart(
        row, column, drawn, {"description": chart.alt_text, "object_position": 2}
    )


def _series(canvas: Canvas, chart: Chart, series: Series, number: int) -> dict[str, Any]:
    colour = look.SERIES[number % len(look.SERIES)]
    options: dict[str, Any] = {
        "name": series.title,
        "values": f"={canvas.columns[series.values].reference}",
        "categories": f"={canvas.columns[series.categories].reference}",
    }
    if chart.kind in {"bar", "column"}:
        return options | {"fill": {"color": colour}, "gap": 60}
    line: dict[str, Any] = {"color": colour, "width": 2}
    if series.dashed:
        line |= {"dash_type": "dash", "width": 1.25, "color": look.QUIET}
    return options | {"line": line, "marker": {"type": "none"}}


def _axes(drawn: Any, chart: Chart) -> None:
    small = {"size": 8, "color": look.QUIET, "name": look.FONT}
    numbers = {"num_font": small, "line": {"color": look.LINE}}
    x_axis = numbers | {"num_format": look.NUMBER_FORMATS[chart.x_format]}
    y_axis = numbers | {
        "num_format": look.NUMBER_FORMATS[chart.y_format],
        "major_gridlines": {"visible": True, "line": {"color": look.LINE, "width": 0.5}},
        "min": 0,
    }
    if chart.x_title:
        x_axis |= {"name": chart.x_title, "name_font": small | {"bold": False}}
    if chart.y_title:
        y_axis |= {"name": chart.y_title, "name_font": small | {"bold": False}}
    if chart.kind == "bar":  # a bar chart's categories run from the bottom up
        x_axis |= {"reverse": True}
        y_axis |= {"label_position": "low"}
    if chart.kind == "curve":
        x_axis |= {"min": 0}
        if chart.x_format == "rate":
            x_axis |= {"max": 1}
    drawn.set_x_axis(x_axis)
    drawn.set_y_axis(y_axis)
    title = {"size": 10, "bold": True, "color": look.HEAD, "name": look.FONT}
    drawn.set_title({"name": chart.title, "name_font": title, "overlay": False})
    one = len(chart.series) == 1
    drawn.set_legend({"none": True} if one else {"position": "bottom", "font": small})
    drawn.set_chartarea({"border": {"color": look.LINE}})
