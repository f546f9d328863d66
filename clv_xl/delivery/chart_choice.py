"""The one chart of a message: which it is, its numbers, and its words for those who cannot see."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from clv_xl.delivery.header_text import readable
from clv_xl.delivery.shown_values import shown
from clv_xl.errors import shortened
from clv_xl.reports.report import Chart, Line, Report
from clv_xl.reports.texts import Texts

_ORDER = ("segments", "renewals", "retention", "whale")
_FEWEST = {"line": 3, "bar": 2, "curve": 3}
"""Fewer bars or points compare nothing."""
_LEAST_FOLLOWED = 20
"""Customers on whom a retention curve must rest: of fewer it is a saw."""
_MOST = {"line": 12, "bar": 8, "curve": 10}


@dataclass(frozen=True, slots=True)
class ChartData:
    """What is drawn.

    Parameters
    ----------
    kind
        ``bar`` compares groups, ``line`` follows something.
    title, x_title
        What is shown, and along what.
    labels
        Name of each bar or point.
    series
        Title, values (shares, 0 to 1) and values in words, of each colour.
    """

    kind: str
    title: str
    x_title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...], tuple[str, ...]], ...]

    @property
    def legend(self) -> tuple[str, ...]:
        """Titles of the colours; none where the chart's own title says it."""
        titles = tuple(title for title, _, _ in self.series)
        return () if titles == (self.title,) else titles

    def rows(self) -> list[tuple[str, ...]]:
        """Return the name of each bar or point with its values in words."""
        return list(zip(self.labels, *(words for _, _, words in self.series), strict=True))

    def alt_text(self, texts: Texts) -> str:
        """Return the chart as a sentence that has its numbers."""
        separator = texts.say("list.separator")
        rows = "; ".join(
            texts.say("mail.chart.row", name=row[0], values=" / ".join(row[1:]))
            for row in self.rows()
        )
        titles = separator.join(title for title, _, _ in self.series)
        return texts.say("mail.chart.alt", title=self.title, series=titles, rows=rows)


def chosen_chart(report: Report, texts: Texts) -> ChartData | None:
    """Return the chart that says most: segments where there are several, else retention."""
    for key in _ORDER:
        chart = report.charts.get(key)
        data = _data(report, chart, texts) if chart is not None else None
        if data is not None:
            return data
    return None


def _followed(report: Report, chart: Chart) -> int:
    """Return how many customers the first point of a retention curve rests on."""
    if chart.key != "retention":
        return _LEAST_FOLLOWED
    return int(max(report.tables["Curve"].column("pooled_eligible").values, default=0))


def _data(report: Report, chart: Chart, texts: Texts) -> ChartData | None:
    if _followed(report, chart) < _LEAST_FOLLOWED:
        return None
    drawn = [series for series in chart.series if series.line is Line.SOLID]  # what was seen
    every = [_values(report, series.values) for series in drawn]
    known = np.all([np.isfinite(values) for values in every], axis=0)
    limit = chart.series[0].rows or len(known)
    rows = _thinned(chart, list(islice(np.flatnonzero(known), limit)))
    if len(rows) < _FEWEST.get(chart.kind, 1):
        return None
    names = _named(report, chart, texts, rows)
    series = tuple(
        (
            readable(one.title),
            tuple(float(values[row]) for row in rows),
            tuple(shown(texts, float(values[row]), chart.y_format) for row in rows),
        )
        for one, values in zip(drawn, every, strict=True)
    )
    kind = "bar" if chart.kind in {"bar", "column"} else "line"
    return ChartData(kind, readable(chart.title), readable(chart.x_title), names, series)


def _thinned(chart: Chart, rows: list[np.intp]) -> list[np.intp]:
    """Return the first bars, or points spread over the whole line."""
    most = _MOST.get(chart.kind, len(rows))
    if len(rows) <= most or chart.kind != "curve":
        return rows[:most]
    return [rows[at] for at in np.linspace(0, len(rows) - 1, most + 1).round().astype(int)]


def _named(report: Report, chart: Chart, texts: Texts, rows: list[np.intp]) -> tuple[str, ...]:
    table, key = chart.series[0].categories.split(".")
    column = report.tables[table].column(key)
    if column.values.dtype == object:
        return tuple(readable(shortened(str(column.values[row]))) for row in rows)
    return tuple(shown(texts, float(column.values[row]), chart.x_format) for row in rows)


def _values(report: Report, reference: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    table, key = reference.split(".")
    return np.asarray(report.tables[table].column(key).values, dtype=np.float64).ravel()
