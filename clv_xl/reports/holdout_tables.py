"""How the model did on orders it had not seen: by week, and by how often customers had ordered."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Floats, Ints
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.holdout import DAYS_PER_WEEK, HIGHEST_FREQUENCY, CalibrationSplit, Holdout
from clv_xl.models.purchase_models import Status
from clv_xl.reports.disclosure import enough
from clv_xl.reports.forecast import forecast
from clv_xl.reports.live_functions import total
from clv_xl.reports.plan import Plan, label_step
from clv_xl.reports.report import Chart, Format, Line, Series

MOST_POINTS = 60
"""Weeks that are shown; of more only every second, third, … and the last."""


@dataclass(frozen=True, eq=False)
class Tested:
    """A model fitted to the orders before a split, and what it says of those after it."""

    calibration: CalibrationSplit
    fit: FittedPurchases
    result: Holdout


def held_out(calibration: CalibrationSplit | None, model: str) -> Tested | None:
    """Return the test of a model; None without a split, or where too few had bought again before.

    What orders are worth plays no part in it: whether spend could be fitted does not matter.
    """
    if calibration is None:
        return None
    fit = forecast(calibration.summary, model).fit
    if fit.status is Status.TOO_FEW:
        return None
    return Tested(calibration, fit, calibration.held_against(fit))


def add_holdout(plan: Plan, found: Tested | None, fewest: int) -> None:
    """Add the table by frequency, and the weeks with their chart; nothing without a test."""
    if found is None:
        return
    _add_by_frequency(plan, found.result, fewest)
    _add_weeks(plan, found)
    _add_chart(plan)


def highest_shown(frequency: Floats, fewest: int) -> int:
    """Return from which frequency on customers share a row, so that each row has enough of them.

    Examples
    --------
    >>> often = np.repeat([0.0, 1, 2, 3, 9], [50, 20, 6, 4, 3])
    >>> highest_shown(often, 1), highest_shown(often, 5)
    (7, 3)
    """
    for highest in range(HIGHEST_FREQUENCY, 0, -1):
        sizes = np.bincount(np.minimum(frequency, highest).astype(np.int64), minlength=highest + 1)
        if all(enough(int(size), fewest) for size in sizes):
            return highest
    return 0


def _add_by_frequency(plan: Plan, result: Holdout, fewest: int) -> None:
    say, highest = plan.texts.say, highest_shown(result.frequency, fewest)
    names = [say("holdout.frequency", count=n) for n in range(highest)]
    names.append(say("holdout.highest", count=highest))
    abouts = [say("holdout.about", count=n) for n in range(highest)]
    abouts.append(say("holdout.about_highest", count=highest))
    customers, actual, predicted = result.by_frequency(highest)
    counts = {
        "holdout_customers": (customers.astype(np.float64), Format.COUNT),
        "holdout_actual": (actual, Format.COUNT),
        "holdout_predicted": (predicted, Format.COUNT),
    }
    plan.table(
        "Holdout",
        plan.data("holdout_frequency", np.array(names, dtype=object), Format.TEXT),
        plan.data("holdout_about", np.array(abouts, dtype=object), Format.TEXT),
        *(
            plan.data(key, values, shown_as, total=total(plan.whole("Holdout", column)))
            for key, (values, shown_as) in counts.items()
            for column in [plan.data(key, values, shown_as)]
        ),
        total_label=say("word.total"),
    )


def shown_weeks(weeks: int) -> Ints:
    """Return which weeks, counted from 0, are shown: evenly spread, the last one among them.

    Examples
    --------
    >>> shown_weeks(3), len(shown_weeks(200))
    (array([0, 1, 2]), 50)
    """
    step = -(-weeks // MOST_POINTS)
    return np.arange((weeks - 1) % step, weeks, step)


def _add_weeks(plan: Plan, found: Tested) -> None:
    ends = found.calibration.week_ends
    shown = shown_weeks(len(ends))
    days = ends[shown]
    until = (found.calibration.split + days.astype(np.int64)).astype("datetime64[D]")
    plan.table(
        "Tracking",
        plan.data("tracking_week", np.ceil(days / DAYS_PER_WEEK), Format.COUNT),
        plan.data("tracking_until", until, Format.DATE),
        plan.data("holdout_actual", found.calibration.bought_until(days), Format.COUNT),
        plan.data("holdout_predicted", found.calibration.tracked(found.fit)[shown], Format.COUNT),
    )


def _add_chart(plan: Plan) -> None:
    say = plan.texts.say
    lines = {"holdout_actual": Line.SOLID, "holdout_predicted": Line.DASHED}
    series = tuple(
        Series(
            title=say(f"column.{key}"),
            values=f"Tracking.{key}",
            categories="Tracking.tracking_week",
            line=line,
        )
        for key, line in lines.items()
    )
    plan.charts["tracking"] = Chart(
        key="tracking",
        kind="line",
        title=say("chart.tracking"),
        series=series,
        x_title=say("chart.tracking_x"),
        y_title="",
        y_format=Format.COUNT,
        x_every=label_step(plan.tables["Tracking"].rows),
        alt_text=say("chart.alt.tracking"),
    )
