"""Pareto/NBD as a worksheet asks for it: a fit as a table, answers one a row."""

import pandas as pd

from clv_xl.arrays import Figures, Horizon, Numbers, Range, Table
from clv_xl.models import fit_answers
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.remembered_fits import purchase_fit


def pareto_nbd_fit(
    frequency: Range,
    recency: Range,
    age: Range,
    weights: Range | None = None,
    unit: str = "day",
) -> pd.DataFrame:
    """Pareto/NBD model of purchases fitted to customers: parameters, standard errors, status.

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
        parameter, value, standard_error: r, alpha, s, beta, the log-likelihood, AIC, BIC,
        customers, unique rows, time unit, status (OK, BOUNDARY, TOO_FEW), model and a note.

    Notes
    -----
    The maximum of Σ ln L over r, alpha, s and beta, with L = Γ(r + x)/Γ(r) · alpha^r · beta^s ·
    ((alpha + T)^−(r + x) · (beta + T)^−s + s · ∫ (alpha + u)^−(r + x) · (beta + u)^−(s + 1) du from
    t to T), frequency x, recency t, age T.

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), Counting your customers: who are they and what will they
    do next?, Management Science 33(1), 1-24.

    Examples
    --------
    >>> table = pareto_nbd_fit([0, 1, 0, 2], [0, 4, 0, 9], [10, 12, 30, 31])
    >>> table["value"].tolist()[-3:-1]
    ['TOO_FEW', 'Pareto/NBD']
    """
    return purchase_fit(ParetoNbdFit, frequency, recency, age, weights, unit).table()


def pareto_nbd_expected(
    fit: Table, horizon: Horizon, frequency: Numbers, recency: Numbers, age: Numbers
) -> Figures:
    """Purchases expected of each customer within a horizon from now under Pareto/NBD, a number.

    Parameters
    ----------
    fit
        The table of CLV_PNBD_FIT; of the rows, r, alpha, s and beta are enough.
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
    P(alive) · (r + x)/(alpha + T) · (beta + T)/(s − 1) · (1 − ((beta + T)/(beta + T + h))^(s − 1)),
    with frequency x, age T, horizon h.

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), Counting your customers: who are they and what will they
    do next?, Management Science 33(1), 1-24.

    Examples
    --------
    >>> fit = [["r", 0.553], ["alpha", 10.58], ["s", 0.606], ["beta", 11.67], ["time_unit", "week"]]
    >>> round(pareto_nbd_expected(fit, 52, 26, 30.86, 31), 2)
    25.46
    """
    return fit_answers.expected_purchases(ParetoNbdFit, fit, horizon, frequency, recency, age)


def pareto_nbd_alive(fit: Table, frequency: Numbers, recency: Numbers, age: Numbers) -> Figures:
    """Probability under Pareto/NBD that each customer is still one, from 0 to 1.

    Parameters
    ----------
    fit
        The table of CLV_PNBD_FIT; of the rows, r, alpha, s and beta are enough.
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
    1/(1 + s · ∫ ((alpha + T)/(alpha + u))^(r + x) · ((beta + T)/(beta + u))^s/(beta + u) du from t
    to T), with frequency x, recency t, age T.

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), Counting your customers: who are they and what will they
    do next?, Management Science 33(1), 1-24.

    Examples
    --------
    >>> fit = [["r", 0.553], ["alpha", 10.58], ["s", 0.606], ["beta", 11.67], ["time_unit", "week"]]
    >>> round(pareto_nbd_alive(fit, 2, 30.43, 38.86), 3)
    0.869
    """
    return fit_answers.probability_alive(ParetoNbdFit, fit, frequency, recency, age)


def pareto_nbd_new(fit: Table, horizon: Horizon) -> float:
    """Repeat purchases expected of a new customer within a horizon under Pareto/NBD, a number.

    Parameters
    ----------
    fit
        The table of CLV_PNBD_FIT; of the rows, r, alpha, s and beta are enough.
    horizon
        Time since the first order: a number in the fit's unit, or text such as "12 months".

    Returns
    -------
    float
        Expected number of order days after the first.

    Notes
    -----
    r · beta/(alpha · (s − 1)) · (1 − (beta/(beta + h))^(s − 1)), with horizon h.

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), Counting your customers: who are they and what will they
    do next?, Management Science 33(1), 1-24.

    Examples
    --------
    >>> fit = [["r", 0.553], ["alpha", 10.58], ["s", 0.606], ["beta", 11.67], ["time_unit", "week"]]
    >>> round(pareto_nbd_new(fit, 52), 3)
    1.473
    """
    return fit_answers.expected_purchases_new(ParetoNbdFit, fit, horizon)


def pareto_nbd_dert(
    fit: Table, annual_discount_rate: float, frequency: Numbers, recency: Numbers, age: Numbers
) -> Figures:
    """Discounted purchases still expected of each customer, without end, under Pareto/NBD (DERT).

    Parameters
    ----------
    fit
        The table of CLV_PNBD_FIT; of the rows, r, alpha, s and beta are enough.
    annual_discount_rate
        Effective annual discount rate, a decimal, above 0 and below 1.
    frequency
        Repeat order days, whole numbers, one a row.
    recency
        Time from the first order to the last, in the fit's unit.
    age
        T: time from the first order to the as-of day, in the fit's unit.

    Returns
    -------
    float or array
        Expected number of order days, each worth less the later it comes; times the margin of an
        order it is the residual lifetime value.

    Notes
    -----
    P(alive) · (r + x)/(alpha + T) · ∫ (1 + d)^(−u/year) · ((beta + T)/(beta + T + u))^s du from
    0 to ∞, with frequency x, age T.

    References
    ----------
    Fader, Hardie & Lee (2005), RFM and CLV: using iso-value curves for customer base analysis,
    Journal of Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> fit = [["r", 0.553], ["alpha", 10.58], ["s", 0.606], ["beta", 11.67], ["time_unit", "week"]]
    >>> round(pareto_nbd_dert(fit, 0.15, 2, 30.43, 38.86), 2)
    6.52
    """
    known = fit_answers.fit_in(fit, ParetoNbdFit.from_table)
    columns = fit_answers.customers_of(frequency, recency, age)
    found = known.discounted_purchases(annual_discount_rate, *columns)
    return fit_answers.named("discounted_purchases", found)
