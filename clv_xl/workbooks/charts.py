"""Charts, drawn after every sheet is written so that their series stand somewhere."""

from collections.abc import Mapping
from typing import Any

from clv_xl.reports.layout import Block
from clv_xl.reports.report import Chart, Format, Line, Series
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.sheets import Canvas, Sheet

_SMALL = {"size": 8, "color": look.QUIET, "name": look.FONT}
_KINDS: Mapping[str, dict[str, str]] = {
    "line": {"type": "line"},
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "curve": {"type": "scatter", "subtype": "straight"},
}


_LINES: Mapping[Line, dict[str, Any]] = {
    Line.SOLID: {"width": 2, "color": look.BLUE},
    Line.DASHED: {"width": 2, "color": look.ORANGE, "dash_type": "dash"},
    Line.BAND: {"width": 1, "color": look.QUIET, "dash_type": "round_dot"},
}


def write_chart(sheet: Sheet, block: Block) -> None:
    """Insert a chart: where the layout puts it, or into the room that is kept for it.

    Parameters
    ----------
    sheet
        Where it stands, all other blocks written.
    block
        Its place and size; `names` are charts of which the first that there is stands at a cell.
        Where there is none, it is said why.
    """
    charts = sheet.canvas.report.charts
    if "at" not in block.settings:
        room = sheet.rooms.get(block.name)
        if room is not None:
            _insert(sheet, block, charts[block.name], (room.first_row, room.first_column))
        return
    row, column = sheet.start(block.settings["at"])
    name = next((name for name in block.names if name in charts), block.names[-1])
    sheet.mark("chart", name, row, column, (1, 1))
    if name in charts:
        _insert(sheet, block, charts[name], (row, column))
        return
    missing = sheet.canvas.texts.say(f"chart.missing.{name}")
    sheet.write(row, column, missing, sheet.canvas.styles.quiet)


def _insert(sheet: Sheet, block: Block, chart: Chart, at: tuple[int, int]) -> None:
    """Draw a chart with its description."""
    drawn = sheet.canvas.book.add_chart({**_KINDS[chart.kind], "name": chart_name(chart.key)})
    for number, series in enumerate(chart.series):
        drawn.add_series(_series(sheet.canvas, chart, series, number))
    _axes(sheet.canvas.styles, drawn, chart)
    drawn.set_size({"width": block.settings["width"], "height": block.settings["height"]})
    said = "".join(sign for sign in chart.alt_text if sign.isprintable())  # goes into XML as it is
    options = {"description": said, "object_position": 2}
    options["x_offset"] = block.settings.get("x_offset", 0)
    sheet.page.insert_chart(*at, drawn, options)


def chart_name(key: str) -> str:
    """Return the name of a chart as an object of its sheet.

    Examples
    --------
    >>> chart_name("whale")
    'clv whale'
    """
    return f"clv {key}"


def _series(canvas: Canvas, chart: Chart, series: Series, number: int) -> dict[str, Any]:
    options: dict[str, Any] = {
        "name": series.title,
        "values": f"={canvas.columns[series.values].first_rows(series.rows).reference}",
        "categories": f"={canvas.columns[series.categories].first_rows(series.rows).reference}",
    }
    if chart.kind in {"bar", "column"}:
        colour = look.SERIES[number % len(look.SERIES)]
        return options | {"fill": {"color": colour}, "gap": 60}
    return options | {"line": _LINES[series.line], "marker": {"type": "none"}}


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
        drawn.set_x_axis(along | whole | _labelled(chart))
        most = {} if chart.y_most is None else {"max": chart.y_most}
        drawn.set_y_axis(value | whole | most)
    title = {"size": 10, "bold": True, "color": look.HEAD, "name": look.FONT}
    drawn.set_title({"name": chart.title, "name_font": title, "overlay": False})
    bands = [n for n, series in enumerate(chart.series) if series.line is Line.BAND]
    several = {"position": "bottom", "font": _SMALL, "delete_series": bands}
    drawn.set_legend(several if len(chart.series) > 1 else {"none": True})
    drawn.set_chartarea({"border": {"color": look.LINE}})


def _labelled(chart: Chart) -> dict[str, Any]:
    """Return which of the points along x have a label: all, or as a program sees fit."""
    every = chart.x_every
    return {} if every is None else {"interval_unit": every, "interval_tick": every}


def _axis(styles: look.Styles, title: str, shown_as: Format) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "num_font": _SMALL,
        "line": {"color": look.LINE},
        "num_format": styles.code(shown_as),
    }
    return axis | {"name": title, "name_font": _SMALL | {"bold": False}} if title else axis
