"""The chart of segments beside the cards."""

from clv_xl.reports.divisions import Division
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Chart, Format, Series

MOST_BARS = 8
"""The largest segments; more bars cannot be read in a small chart."""


def add_segment_chart(plan: Plan, division: Division) -> None:
    """Add the shares of customers and of revenue by segment, side by side."""
    say = plan.texts.say
    series = tuple(
        Series(
            title=say(f"column.{key}"),
            values=f"{division.table}.{key}",
            categories=f"{division.table}.segment",
            rows=MOST_BARS,
        )
        for key in ("customer_share", "revenue_share")
    )
    header, count = division.shown_header(plan.texts), division.groups
    title = say("chart.segments", header=header)
    if count > MOST_BARS:
        title = say("chart.largest_segments", header=header, shown=MOST_BARS, count=count)
    plan.charts["segments"] = Chart(
        key="segments",
        kind="bar",
        title=title,
        series=series,
        x_title="",
        y_title="",
        y_format=Format.SHARE,
        alt_text=say("chart.alt.segments", header=header),
    )
