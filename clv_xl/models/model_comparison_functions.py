"""Models compared and held against later orders, as a worksheet asks for it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from clv_xl.arrays import Dates, Day, Texts, day_number
from clv_xl.customers.orders import order_log
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.holdout import HIGHEST_FREQUENCY, CalibrationSplit, Holdout, split_at
from clv_xl.models.model_comparison import ComparedModel, compare_models
from clv_xl.models.model_names import model_named
from clv_xl.models.purchase_models import noted
from clv_xl.models.remembered_fits import purchase_fit


def model_comparison_table(
    customers: Texts, dates: Dates, holdout_days: int | None = None
) -> pd.DataFrame:
    """Purchase models side by side on the same orders, one a row, and which of them to use.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    holdout_days
        Days at the end that the models are tested on, a whole number; default the last quarter.

    Returns
    -------
    DataFrame
        model, log_likelihood, aic and bic (the smaller, the better), status, holdout_days, actual
        and predicted order days in them, relative_error, root_mean_squared_error per customer, used
        (TRUE for one row), note: why it is or is not used, and what the status means. The test is
        blank where the days before it hold too few repeat buyers.

    Notes
    -----
    Used is the first model, in the order of the rows, that no other beats: by more than 2 in AIC
    and with no larger root_mean_squared_error. All have four parameters; the usual one is first.

    References
    ----------
    Burnham & Anderson (2004), Multimodel inference: understanding AIC and BIC in model selection,
    Sociological Methods & Research 33(2), 261-304.

    Examples
    --------
    >>> days = ["2024-01-01", "2024-02-01", "2024-02-01", "2024-03-31"]
    >>> model_comparison_table(["a", "a", "b", "b"], days)[["model", "status", "used"]]
            model   status   used
    0     mbg_nbd  TOO_FEW   True
    1      bg_nbd  TOO_FEW  False
    2  pareto_nbd  TOO_FEW  False
    """
    found = compare_models(order_log(customers, dates), holdout_days)
    days = np.nan if found.calibration is None else found.calibration.days
    rows = [_compared(model) | {"used": model is found.chosen} for model in found.models]
    table = pd.DataFrame(rows)
    table.insert(5, "holdout_days", days)
    table["note"] = [noted([*found.reasons(model), *model.fit.remarks]) for model in found.models]
    return table


def _compared(model: ComparedModel) -> dict[str, object]:
    fit, held = model.fit, model.holdout
    error = None if held is None else held.relative_error
    return {
        "model": model.name,
        "log_likelihood": fit.log_likelihood,
        "aic": fit.aic,
        "bic": fit.bic,
        "status": fit.status.value,
        "actual": np.nan if held is None else held.actual,
        "predicted": np.nan if held is None else held.predicted,
        "relative_error": np.nan if error is None else error,
        "root_mean_squared_error": np.nan if held is None else held.root_mean_squared_error,
    }


def holdout_table(
    customers: Texts, dates: Dates, split_date: Day, model: str = "mbg_nbd"
) -> pd.DataFrame:
    """Purchases predicted from the orders up to a day against those after it, and the errors.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    split_date
        Last day of the orders that the model is fitted to, before the last order.
    model
        mbg_nbd, bg_nbd or pareto_nbd; default mbg_nbd.

    Returns
    -------
    DataFrame
        part and group of the rows: total; status (OK, BOUNDARY, TOO_FEW) and note of the fit, under
        group; frequency 0 to 6 and 7+ before the split; week, up to the end of each; error (mean
        absolute, root mean squared). Then customers, actual and predicted order days, the same per
        customer (errors: predicted_per_customer), relative_error. Later customers are left out.

    Notes
    -----
    relative_error is predicted/actual − 1; mean_absolute Σ |predicted − actual|/n and
    root_mean_squared √(Σ (predicted − actual)²/n) over the n customers.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
    Pareto/NBD model, Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> days = ["2024-01-01", "2024-02-01", "2024-02-01", "2024-02-12"]
    >>> table = holdout_table(["a", "a", "b", "b"], days, "2024-02-05")
    >>> table.loc[0, ["part", "customers", "actual"]].tolist() == ["total", 2, 1]
    True
    """
    kind = model_named(model)
    calibration = split_at(order_log(customers, dates), day_number("split_date", split_date))
    s = calibration.summary
    fit = purchase_fit(kind, s.frequency, s.recency, s.T)
    held, tracked = calibration.held_against(fit), calibration.tracked(fit)
    total, *frequencies = _totals(held)
    weeks = _weeks(calibration, held.customers, tracked)
    table = pd.DataFrame([total, *_trust(fit), *frequencies, *weeks])
    with np.errstate(divide="ignore", invalid="ignore"):
        by_customer = table[["actual", "predicted"]].to_numpy() / table[["customers"]].to_numpy()
        error = table["predicted"].to_numpy() / table["actual"].to_numpy() - 1
    by_customer[~np.isfinite(by_customer)] = np.nan
    table["actual_per_customer"], table["predicted_per_customer"] = by_customer.T
    table["relative_error"] = np.where(np.isfinite(error), error, np.nan)
    errors = {
        "mean_absolute": held.mean_absolute_error,
        "root_mean_squared": held.root_mean_squared_error,
    }
    rows = [
        {"part": "error", "group": name, "predicted_per_customer": value}
        for name, value in errors.items()
    ]
    return pd.concat([table, pd.DataFrame(rows)], ignore_index=True)


def _trust(fit: FittedPurchases) -> Iterable[dict[str, object]]:
    """Return how far the fit may be trusted, beside the total where it is read."""
    yield {"part": "status", "group": fit.status.value}
    yield {"part": "note", "group": fit.note}


def _totals(held: Holdout) -> Iterable[dict[str, object]]:
    yield _row("total", "all", held.customers, held.actual, held.predicted)
    names = [*map(str, range(HIGHEST_FREQUENCY)), f"{HIGHEST_FREQUENCY}+"]
    for name, *figures in zip(names, *held.by_frequency(), strict=True):
        yield _row("frequency", name, *figures)


def _weeks(
    calibration: CalibrationSplit, customers: int, tracked: Iterable[float]
) -> Iterable[dict[str, object]]:
    actual = calibration.bought_until(calibration.week_ends)
    for week, (bought, expected) in enumerate(zip(actual, tracked, strict=True), start=1):
        yield _row("week", str(week), customers, bought, expected)


def _row(part: str, group: str, *figures: float) -> dict[str, object]:
    numbers = zip(("customers", "actual", "predicted"), map(float, figures), strict=True)
    return {"part": part, "group": group, **dict(numbers)}
