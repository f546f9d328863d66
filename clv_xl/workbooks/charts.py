"""Charts, drawn after every sheet is written so that their series stand somewhere."""

from collections.abc import Mapping
from typing import Any

from clv_xl.reports.layout import Block
from clv_xl.reports.report import Chart, Format, Series
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.sheets import Canvas, Sheet

_SMALL = {"size": 8, "color": look.QUIET, "name": look.FONT}
_KINDS: Mapping[str, dict[str, str]] = {
    "line": {"type": "line"},
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "curve": {"type": "scatter", "subtype": "straight"},
}


def write_chart(sheet: Sheet, block: Block) -> None:
    """Insert a chart with its description, or say why there is none."""
    row, column = sheet.start(block.settings.get("at"))
    chart = sheet.canvas.report.charts.get(block.name)
    sheet.mark("chart", block.name, row, column, (1, 1))
    if chart is None:
        missing = sheet.canvas.texts.say(f"chart.missing.{block.name}")
        sheet.write(row, column, missing, sheet.canvas.styles.quiet)
        return
    drawn = sheet.canvas.book.add_chart({**_KINDS[chart.kind], "name": chart_name(chart.key)})
    for number, series in enumerate(chart.series):
        drawn.add_series(_series(sheet.canvas, chart, series, number))
    _axes(sheet.canvas.styles, drawn, chart)
    drawn.set_size({"width": block.settings["width"], "height": block.settings["height"]})
    said = "".join(sign for sign in chart.alt_text if sign.isprintable())  # goes into XML as it is
    options = {"description": said, "object_position": 2}
    options["x_offset"] = block.settings.get("x_offset", 0)
    sheet.page.insert_chart(row, column, drawn, options)


def chart_name(key: str) -> str:
    """Return the name of a chart as an object of its sheet.

    Examples
    --------
    >>> chart_name("whale")
    'clv whale'
    """
    return f"clv {key}"


def _series(canvas: Canvas, chart: Chart, series: Series, number: int) -> dict[str, Any]:
    colour = look.SERIES[number % len(look.SERIES)]
    options: dict[str, Any] = {
        "name": series.title,
        "values": f"={canvas.columns[series.values].first_rows(series.rows).reference}",
        "categories": f"={canvas.columns[series.categories].first_rows(series.rows).reference}",
    }
    if chart.kind in {"bar", "column"}:
        return options | {"fill": {"color": colour}, "gap": 60}
    line: dict[str, Any] = {"color": colour, "width": 2}
    if series.dashed:
        line |= {"dash_type": "dash", "width": 1.25, "color": look.QUIET}
    return options | {"line": line, "marker": {"type": "none"}}


def _axes(styles: look.Styles, drawn: Any, chart: Chart) -> None:
    along = _axis(styles, chart.x_title, chart.x_format)
    value = _axis(styles, chart.y_title, chart.y_format)
    value |= {"major_gridlines": {"visible": True, "line": {"color": look.LINE, "width": 0.5}}}
    value |= {"min": 0}
    if chart.kind == "bar":  # the value axis of a bar chart lies along x; categories run upwards
        drawn.set_x_axis(value)
        every = {"reverse": True, "crossing": "max", "interval_unit": 1}
        drawn.set_y_axis(along | every)
    else:
        whole = {"min": 0, "max": 1} if chart.kind == "curve" else {}
        drawn.set_x_axis(along | whole)
        drawn.set_y_axis(value | whole)
    title = {"size": 10, "bold": True, "color": look.HEAD, "name": look.FONT}
    drawn.set_title({"name": chart.title, "name_font": title, "overlay": False})
    several = {"position": "bottom", "font": _SMALL}
    drawn.set_legend(several if len(chart.series) > 1 else {"none": True})
    drawn.set_chartarea({"border": {"color": look.LINE}})


def _axis(styles: look.Styles, title: str, shown_as: Format) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "num_font": _SMALL,
        "line": {"color": look.LINE},
        "num_format": styles.code(shown_as),
    }
    return axis | {"name": title, "name_font": _SMALL | {"bold": False}} if title else axis
