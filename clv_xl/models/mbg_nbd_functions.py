"""MBG/NBD as a worksheet asks for it: a fit as a table, answers one a row."""

import pandas as pd

from clv_xl.arrays import Figures, Horizon, Numbers, Range, Table
from clv_xl.models import fit_answers
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.remembered_fits import purchase_fit


def mbg_nbd_fit(
    frequency: Range,
    recency: Range,
    age: Range,
    weights: Range | None = None,
    unit: str = "day",
) -> pd.DataFrame:
    """MBG/NBD model of purchases fitted to customers: parameters, standard errors, status.

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
    x) · B(a, b + x + 1)/B(a, b) · (1 + a/(b + x) · ((alpha + T)/(alpha + t))^(r + x)), frequency
    x, recency t, age T.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
    customer base analysis, International Journal of Research in Marketing 24(3), 201-209.

    Examples
    --------
    >>> table = mbg_nbd_fit([0, 1, 0, 2], [0, 4, 0, 9], [10, 12, 30, 31])
    >>> table["value"].tolist()[-3:-1]
    ['TOO_FEW', 'MBG/NBD']
    """
    return purchase_fit(MbgNbdFit, frequency, recency, age, weights, unit).table()


def mbg_nbd_expected(
    fit: Table, horizon: Horizon, frequency: Numbers, recency: Numbers, age: Numbers
) -> Figures:
    """Purchases expected of each customer within a horizon from now under MBG/NBD, a number.

    Parameters
    ----------
    fit
        The table of CLV_MBGNBD_FIT; of the rows, r, alpha, a and b are enough.
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
    P(alive) · E((1 − (1 + p · h/(alpha + T))^−(r + x))/p) over p ~ beta(a, b + x + 1), with
    frequency x, age T, horizon h.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
    customer base analysis, International Journal of Research in Marketing 24(3), 201-209.

    Examples
    --------
    >>> fit = [["r", 0.5248], ["alpha", 6.183], ["a", 0.8914], ["b", 1.614], ["time_unit", "week"]]
    >>> round(mbg_nbd_expected(fit, 39, 2, 30.43, 38.86), 3)
    1.263
    """
    return fit_answers.expected_purchases(MbgNbdFit, fit, horizon, frequency, recency, age)


def mbg_nbd_alive(fit: Table, frequency: Numbers, recency: Numbers, age: Numbers) -> Figures:
    """Probability under MBG/NBD that each customer is still one, from 0 to 1.

    Parameters
    ----------
    fit
        The table of CLV_MBGNBD_FIT; of the rows, r, alpha, a and b are enough.
    frequency
        Repeat order days, whole numbers, one a row.
    recency
        Time from the first order to the last, in the fit's unit.
    age
        T: time from the first order to the as-of day, in the fit's unit.

    Returns
    -------
    float or array
        A probability, one per row.

    Notes
    -----
    1/(1 + a/(b + x) · ((alpha + T)/(alpha + t))^(r + x)), with frequency x, recency t, age T.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
    customer base analysis, International Journal of Research in Marketing 24(3), 201-209.

    Examples
    --------
    >>> fit = [["r", 0.5248], ["alpha", 6.183], ["a", 0.8914], ["b", 1.614], ["time_unit", "week"]]
    >>> round(mbg_nbd_alive(fit, 2, 30.43, 38.86), 3)
    0.706
    """
    return fit_answers.probability_alive(MbgNbdFit, fit, frequency, recency, age)


def mbg_nbd_new(fit: Table, horizon: Horizon) -> float:
    """Repeat purchases expected of a new customer within a horizon under MBG/NBD, a number.

    Parameters
    ----------
    fit
        The table of CLV_MBGNBD_FIT; of the rows, r, alpha, a and b are enough.
    horizon
        Time since the first order: a number in the fit's unit, or text such as "12 months".

    Returns
    -------
    float
        Expected number of order days after the first.

    Notes
    -----
    b/(a + b) · E((1 − (1 + p · h/alpha)^−r)/p) over p ~ beta(a, b + 1), with horizon h.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
    customer base analysis, International Journal of Research in Marketing 24(3), 201-209.

    Examples
    --------
    >>> fit = [["r", 0.5248], ["alpha", 6.183], ["a", 0.8914], ["b", 1.614], ["time_unit", "week"]]
    >>> round(mbg_nbd_new(fit, 52), 3)
    1.419
    """
    return fit_answers.expected_purchases_new(MbgNbdFit, fit, horizon)
