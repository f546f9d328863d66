"""BG/NBD as a worksheet asks for it: a fit as a table, answers one a row."""

import pandas as pd

from clv_xl.arrays import Figures, Horizon, Numbers, Range, Table
from clv_xl.models import fit_answers
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.remembered_fits import purchase_fit


def bg_nbd_fit(
    frequency: Range,
    recency: Range,
    age: Range,
    weights: Range | None = None,
    unit: str = "day",
) -> pd.DataFrame:
    """BG/NBD model of purchases fitted to customers: parameters, standard errors, status.

    Parameters
    ----------
    frequency
        Repeat order days of each customer, whole numbers, one a row.
    recency
        Time from each customer's first order to the last, in unit; 0 where frequency is 0.
    age
        T: time from each customer's first order to the as-of day, in unit.
    weights
        How many customers each row stands for, counts; default 1.
    unit
        Unit of recency and age: day, week, month or year; default day.

    Returns
    -------
    DataFrame
        parameter, value, standard_error: r, alpha, a, b, the log-likelihood, AIC, BIC, customers,
        unique rows, time unit, status (OK, BOUNDARY, TOO_FEW), model and a note.

    Notes
    -----
    The maximum of Σ ln L over r, alpha, a and b, with L = Γ(r + x)/Γ(r) · alpha^r/(alpha + T)^(r +
    x) · B(a, b + x)/B(a, b) · (1 + [x > 0] · a/(b + x − 1) · ((alpha + T)/(alpha + t))^(r + x)),
    frequency x, recency t, age T.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
    Pareto/NBD model, Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> table = bg_nbd_fit([0, 1, 0, 2], [0, 4, 0, 9], [10, 12, 30, 31])
    >>> table["value"].tolist()[-3:-1]
    ['TOO_FEW', 'BG/NBD']
    """
    return purchase_fit(BgNbdFit, frequency, recency, age, weights, unit).table()


def bg_nbd_expected(
    fit: Table, horizon: Horizon, frequency: Numbers, recency: Numbers, age: Numbers
) -> Figures:
    """Purchases expected of each customer within a horizon from now under BG/NBD, a number.

    Parameters
    ----------
    fit
        The table of CLV_BGNBD_FIT; of the rows, r, alpha, a and b are enough.
    horizon
        Time ahead: a number in the fit's unit, or text such as "12 months".
    frequency
        Repeat order days, whole numbers, one a row.
    recency
        Time from the first order to the last, in the fit's unit.
    age
        T: time from the first order to the as-of day, in the fit's unit.

    Returns
    -------
    float or array
        Expected number of order days, one per row; the header names the horizon.

    Notes
    -----
    P(alive) · E((1 − (1 + p · h/(alpha + T))^−(r + x))/p) over p ~ beta(a, b + x), with frequency
    x, age T, horizon h.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
    Pareto/NBD model, Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> fit = [["r", 0.2426], ["alpha", 4.4136], ["a", 0.793], ["b", 2.426], ["time_unit", "week"]]
    >>> round(bg_nbd_expected(fit, 39, 2, 30.43, 38.86), 3)
    1.226
    """
    return fit_answers.expected_purchases(BgNbdFit, fit, horizon, frequency, recency, age)


def bg_nbd_alive(fit: Table, frequency: Numbers, recency: Numbers, age: Numbers) -> Figures:
    """Probability under BG/NBD that each customer is still one, from 0 to 1; 1 for one-time buyers.

    Parameters
    ----------
    fit
        The table of CLV_BGNBD_FIT; of the rows, r, alpha, a and b are enough.
    frequency
        Repeat order days, whole numbers, one a row.
    recency
        Time from the first order to the last, in the fit's unit.
    age
        T: time from the first order to the as-of day, in the fit's unit.

    Returns
    -------
    float or array
        A probability, one per row; a one-time buyer cannot be lost under this model.

    Notes
    -----
    1/(1 + a/(b + x − 1) · ((alpha + T)/(alpha + t))^(r + x)), with frequency x, recency t, age T.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
    Pareto/NBD model, Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> fit = [["r", 0.2426], ["alpha", 4.4136], ["a", 0.793], ["b", 2.426], ["time_unit", "week"]]
    >>> round(bg_nbd_alive(fit, 2, 30.43, 38.86), 3)
    0.727
    """
    return fit_answers.probability_alive(BgNbdFit, fit, frequency, recency, age)


def bg_nbd_new(fit: Table, horizon: Horizon) -> float:
    """Repeat purchases expected of a new customer within a horizon under BG/NBD, a number.

    Parameters
    ----------
    fit
        The table of CLV_BGNBD_FIT; of the rows, r, alpha, a and b are enough.
    horizon
        Time since the first order: a number in the fit's unit, or text such as "12 months".

    Returns
    -------
    float
        Expected number of order days after the first.

    Notes
    -----
    E((1 − (1 + p · h/alpha)^−r)/p) over p ~ beta(a, b), with horizon h.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
    Pareto/NBD model, Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> fit = [["r", 0.2426], ["alpha", 4.4136], ["a", 0.793], ["b", 2.426], ["time_unit", "week"]]
    >>> round(bg_nbd_new(fit, 52), 3)
    1.444
    """
    return fit_answers.expected_purchases_new(BgNbdFit, fit, horizon)
