"""BG/BB as a worksheet asks for it: a fit as a table, answers one a row."""

import pandas as pd

from clv_xl.arrays import Figures, Numbers, Range, Table
from clv_xl.models import fit_answers
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.customer_columns import counted_periods
from clv_xl.models.remembered_fits import purchase_fit


def bg_bb_fit(
    frequency: Range, recency: Range, periods: Range, weights: Range | None = None
) -> pd.DataFrame:
    """BG/BB model of purchases at counted opportunities: parameters, standard errors, status.

    Parameters
    ----------
    frequency
        Periods with a purchase after the first one of each customer, whole numbers, one a row.
    recency
        Number of the period of the last purchase, whole numbers; 0 where frequency is 0.
    periods
        Periods that each customer has had since the first purchase, whole numbers.
    weights
        How many customers each row stands for, counts; default 1.

    Returns
    -------
    DataFrame
        parameter, value, standard_error: alpha, beta, gamma, delta, the log-likelihood, AIC, BIC,
        customers, unique rows, status (OK, BOUNDARY, TOO_FEW), model and a note.

    Notes
    -----
    The maximum of Σ ln L over alpha, beta, gamma and delta, with L = B(alpha + x, beta + n −
    x)/B(alpha, beta) · B(gamma, delta + n)/B(gamma, delta) + Σ B(alpha + x, beta + m − x)/B(alpha,
    beta) · B(gamma + 1, delta + m)/B(gamma, delta) over m from t to n − 1, frequency x, recency t,
    periods n.

    References
    ----------
    Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual setting,
    Marketing Science 29(6), 1086-1108.

    Examples
    --------
    >>> table = bg_bb_fit([0, 1, 2, 3], [0, 4, 3, 6], [6, 6, 6, 6])
    >>> table["value"].tolist()[-3:-1]
    ['TOO_FEW', 'BG/BB']
    """
    return purchase_fit(BgBbFit, frequency, recency, periods, weights, None).table()


def bg_bb_expected(
    fit: Table, periods: float, frequency: Numbers, recency: Numbers, age: Numbers
) -> Figures:
    """Purchases expected of each customer in the next periods under BG/BB, a number.

    Parameters
    ----------
    fit
        The table of CLV_BGBB_FIT; of the rows, alpha, beta, gamma and delta are enough.
    periods
        Periods ahead, a whole number.
    frequency
        Periods with a purchase after the first one, whole numbers, one a row.
    recency
        Number of the period of the last purchase, whole numbers.
    age
        Periods since the first purchase, whole numbers.

    Returns
    -------
    float or array
        Expected number of periods with a purchase, one per row; the header names the periods.

    Notes
    -----
    P(alive at n) · (alpha + x)/(alpha + beta + n) · Σ B(gamma, delta + n + k)/B(gamma, delta + n)
    over k from 1 to periods, with frequency x, age n.

    References
    ----------
    Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual setting,
    Marketing Science 29(6), 1086-1108.

    Examples
    --------
    >>> fit = [["alpha", 1.204], ["beta", 0.75], ["gamma", 0.657], ["delta", 2.783]]
    >>> round(bg_bb_expected(fit, 5, 6, 6, 6), 2)
    3.75
    """
    known = fit_answers.fit_in(fit, BgBbFit.from_table)
    ahead = float(counted_periods("periods", periods))
    columns = fit_answers.customers_of(frequency, recency, age)
    called = f"{ahead:.15g}_period{'' if ahead == 1 else 's'}"
    return fit_answers.named(
        f"expected_purchases_{called}", known.expected_purchases(ahead, *columns)
    )


def bg_bb_alive(fit: Table, frequency: Numbers, recency: Numbers, age: Numbers) -> Figures:
    """Probability under BG/BB that each customer is still one in the next period, from 0 to 1.

    Parameters
    ----------
    fit
        The table of CLV_BGBB_FIT; of the rows, alpha, beta, gamma and delta are enough.
    frequency
        Periods with a purchase after the first one, whole numbers, one a row.
    recency
        Number of the period of the last purchase, whole numbers.
    age
        Periods since the first purchase, whole numbers.

    Returns
    -------
    float or array
        A probability, one per row.

    Notes
    -----
    B(alpha + x, beta + n − x)/B(alpha, beta) · B(gamma, delta + n + 1)/B(gamma, delta)/L, with
    frequency x, age n and L as in CLV_BGBB_FIT.

    References
    ----------
    Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual setting,
    Marketing Science 29(6), 1086-1108.

    Examples
    --------
    >>> fit = [["alpha", 1.204], ["beta", 0.75], ["gamma", 0.657], ["delta", 2.783]]
    >>> round(bg_bb_alive(fit, 6, 6, 6), 2)
    0.93
    """
    return fit_answers.probability_alive(BgBbFit, fit, frequency, recency, age)
